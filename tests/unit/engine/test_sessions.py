"""Sessions: what one of them tells, keeps and refuses, with the shipped facts and with models of other kinds."""

from __future__ import annotations

import asyncio
import enum
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from dte_rules import Facts, LoadedPack, load_packs
from dte_rules.engine.session import Session
from dte_rules.engine.session_changes import Change

PACKS = load_packs()
SHANGHAI = PACKS["shanghai"]
DAY = date(2026, 5, 4)
REPORT = {"kind": "培训结业", "event_on": "2026-05-04", "made": False}
ENGINES: list[Any] = ["compiled", "durable"]
LENDING = """pack: lending
version: "1"
title: {zh: 借阅示例, en: an example of lending}
sources: {rules: {number: 借阅规则}}
decisions:
  lend:
    title: {zh: 外借, en: lending}
    requires:
      few: {cite: rules 1, title: {zh: 册数未满, en: not too many}, when: books < 3}
      paid: {cite: rules 2, title: {zh: 无欠费, en: nothing owed}, when: not(owes)}
"""


def watched(*decisions: str, as_of: date = DAY, engine: Any = "compiled") -> Session:
    return SHANGHAI.session(decisions, as_of=as_of, engine=engine)


def overdue(session: Session, to: date) -> list[tuple[date, date]]:
    """The days that passed, and the days on which that was told."""
    return [(change.before, change.as_of) for change in session.advance(to) if change.kind == "passed"]


# --- days ---


@pytest.mark.parametrize("engine", ENGINES)
def test_every_report_that_is_not_made_is_told_as_it_falls_due(engine: Any) -> None:
    session = watched("reporting_duty", as_of=date(2026, 6, 10), engine=engine)
    for event in ("2026-06-10", "2026-05-20", "2026-05-20"):
        session.put("institution.reports", {**REPORT, "event_on": event})
    late = session.put("institution.reports", {**REPORT, "event_on": "2026-06-09"})
    days = [date(2026, 6, 22), date(2026, 7, 9), date(2026, 7, 10)]
    assert [day for day, _, _ in session.deadlines()] == days
    assert session.decision("reporting_duty").dates == {"report_due": days[0]}
    session.advance(date(2026, 6, 15))
    session.change(late, {**REPORT, "event_on": "2026-06-09", "made": True, "reported_on": "2026-06-15"})
    assert overdue(session, date(2026, 12, 31)) == [(days[0], date(2026, 6, 23)), (days[2], date(2026, 7, 11))]
    assert session.decision("reporting_duty").dates == {"report_due": days[0]}


def test_a_deadline_that_was_kept_is_over_too() -> None:
    session = watched("reporting_duty")
    session.put("institution.reports", {**REPORT, "made": True, "reported_on": "2026-05-04"})
    assert overdue(session, date(2026, 12, 31)) == [(date(2026, 6, 3), date(2026, 6, 4))]
    assert session.obligations() == {"reporting_duty": "met"}


def test_a_report_that_may_have_been_made_hides_none_that_was_not() -> None:
    session = watched("reporting_duty")
    session.put("institution.reports", {"kind": "考核结果", "event_on": "2026-04-30"})
    session.put("institution.reports", REPORT)
    session.put("institution.reports", {**REPORT, "event_on": "2026-05-03"})
    assert session.decision("reporting_duty").dates == {"report_due": date(2026, 6, 1)}
    assert session.decision("reporting_duty").latest == {"report_due": date(2026, 6, 2)}
    assert [day for day, _, _ in session.deadlines()] == [date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 3)]
    assert overdue(session, date(2026, 12, 31)) == [(date(2026, 6, 2), date(2026, 6, 3)), (date(2026, 6, 3), date(2026, 6, 4))]


def test_a_deadline_between_two_days_stands_until_the_later_one_is_over() -> None:
    """2028 has no notice on its holidays: the deadline lies between the 9th and the 19th of January."""
    session = PACKS["jinhua"].session(["training_subsidy"], as_of=date(2027, 1, 10), engine="compiled")
    session.set("training.occupation", "大数据工程技术人员")
    session.set("training.level", "中级")
    session.put("certificates", {"kind": "专业技术等级证书", "occupation": "大数据工程技术人员", "level": "中级", "issued": "2027-01-09"})
    session.advance(date(2028, 1, 19))
    assert session.deadlines() == [(date(2028, 1, 9), "training_subsidy", "claim_deadline")]
    assert overdue(session, date(2028, 1, 20)) == [(date(2028, 1, 19), date(2028, 1, 20))]
    assert session.deadlines() == []


@pytest.mark.parametrize("name", PACKS)
def test_a_decision_is_that_of_the_day_whether_or_not_it_reads_the_day(name: str) -> None:
    session = PACKS[name].session(as_of=DAY, engine="compiled")
    for decision in session.decisions:
        session.decision(decision)
    session.advance(date(2026, 5, 6))
    for decision in session.decisions:
        assert session.decision(decision) == PACKS[name].decide(decision, session.facts, as_of=session.as_of)


def test_the_last_day_there_is() -> None:
    session = watched(as_of=date(9999, 12, 29))
    session.advance(date.max)
    assert session.as_of == date.max


# --- lists ---


def test_something_put_into_a_list_that_was_said_to_be_unknown() -> None:
    for unknown in ("unknown", None):
        session = watched("institution_exit")
        session.set("institution.breaches", unknown)
        session.put("institution.breaches", {"kind": "违规培训", "verified_on": "2026-05-04"})
        assert session.facts.model_dump()["institution"]["breaches"] == ({"kind": "违规培训", "verified_on": date(2026, 5, 4)},)


def test_plain_values_that_were_put_are_in_their_own_order() -> None:
    one, other = watched("catalogue_listing"), watched("catalogue_listing")
    levels = ["初级", "高级", "中级"]
    for level in levels:
        one.put("institution.application.levels", level)
    for level in reversed(levels):
        other.put("institution.application.levels", level)
    assert one.facts == other.facts
    said = watched("catalogue_listing")
    said.set("institution.application.levels", levels)
    assert said.facts == Facts.model_validate({"institution": {"application": {"levels": levels}}})


def test_a_field_that_is_said_to_be_unknown_does_not_matter_for_the_order() -> None:
    members = [{**REPORT, "made": None, "reported_on": None}, {**REPORT, "made": True}]
    one, other = watched("reporting_duty"), watched("reporting_duty")
    for member in members:
        one.put("institution.reports", member)
    for member in ({"kind": REPORT["kind"], "event_on": REPORT["event_on"]}, members[1]):
        other.put("institution.reports", member)
    assert one.facts == other.facts


def test_personal_data_is_not_shown_where_assertions_are_printed() -> None:
    session = watched("institution_exit")
    session.set("person.identity_number", "11010519491231002X")
    assert "11010519491231002X" not in repr(session.assertions)
    assert "person.identity_number" in repr(session.assertions)


@pytest.mark.parametrize("path", [None, 3, "", "institution.report"])
def test_a_path_that_is_none(path: Any) -> None:
    session = watched("institution_exit")
    for update in (session.set, session.put):
        with pytest.raises(KeyError):
            update(path, 1)
    assert not session.assertions


# --- snapshots ---


@pytest.mark.parametrize(
    ("part", "value", "told"),
    [
        ("readings", {"rest_day": "zz"}, "no 'rest_day: zz'"),
        ("readings", {"zz": "stays"}, "no 'zz'"),
        ("decisions", ["zz"], "no 'zz'"),
        ("facts", [["f1", "value", "training.hours_completed", {"$number": "x"}]], "'x' is no number"),
        ("facts", [["f1", "value", "training.hours_completed", {"$number": ["x"]}]], "no number"),
        ("facts", [["f9", "value", "person.sex", "男"]], "damaged"),
        ("facts", [["first", "value", "person.sex", "男"]], "damaged"),
        ("facts", [["f1", "value", "person.sex", "男"], ["f1", "value", "person.sex", "女"]], "damaged"),
        ("last", 0, "damaged"),
    ],
)
def test_a_damaged_snapshot_is_refused(part: str, value: Any, told: str) -> None:
    session = watched("reporting_duty")
    session.put("institution.reports", REPORT)
    with pytest.raises(ValueError, match=told):
        SHANGHAI.restore({**session.snapshot(), part: value})


def test_the_reference_engine_is_no_sessions() -> None:
    engine: Any = "reference"
    with pytest.raises(ValueError, match="durable or compiled"):
        SHANGHAI.session(["reporting_duty"], as_of=DAY, engine=engine)
    with pytest.raises(ValueError, match="durable or compiled"):
        SHANGHAI.restore(watched("reporting_duty").snapshot(), engine=engine)


# --- listeners ---


def broken(_: Change) -> None:
    raise ValueError("broken")


def test_what_a_listener_raises_names_the_handle_of_what_was_put() -> None:
    session = watched("reporting_duty")
    session.on_change(broken)
    with pytest.raises(ValueError, match="broken") as raised:
        session.put("institution.reports", REPORT)
    (handle,) = session.assertions
    assert any(handle in note for note in raised.value.__notes__)
    with pytest.raises(ValueError, match="broken") as raised:
        session.advance(date(2026, 8, 1))
    assert any("2026-08-01" in note for note in raised.value.__notes__)


def test_async_listeners_hear_everything_where_one_of_them_raises() -> None:
    async def run() -> list[str]:
        heard: list[str] = []
        async with SHANGHAI.async_session(["reporting_duty"], as_of=DAY, engine="compiled") as session:
            session.on_change(broken)
            session.on_change(lambda change: heard.append(change.kind))
            with pytest.raises(ValueError, match="broken"):
                await session.put("institution.reports", REPORT)
            assert heard == ["date"]
            with pytest.raises(ValueError, match="broken"):
                await session.advance(date(2026, 8, 1))
        return heard

    assert asyncio.run(run()) == ["date", "verdict", "passed"]


def test_an_async_listener_of_a_decision_that_is_not_followed() -> None:
    async def run() -> None:
        session = SHANGHAI.async_session(["reporting_duty"], as_of=DAY, engine="compiled")
        end = session.on_change(broken, "institution_exit")
        with pytest.raises(KeyError):
            await session.__aenter__()
        end()
        async with session:
            with pytest.raises(KeyError):
                session.on_change(broken, "institution_exit")

    asyncio.run(run())


def test_what_a_cancelled_update_changed_is_told_before_the_session_ends() -> None:
    async def run() -> tuple[list[Change], bool]:
        heard: list[Change] = []
        async with SHANGHAI.async_session(["reporting_duty"], as_of=DAY, engine="compiled") as session:
            await session.put("institution.reports", REPORT)
            session.on_change(heard.append)
            task = asyncio.create_task(session.advance(date(2027, 5, 4)))
            await asyncio.sleep(0)  # it has its turn
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        return heard, task.cancelled()

    heard, cancelled = asyncio.run(run())
    assert cancelled
    assert [change.kind for change in heard] == ["verdict", "passed"]


def test_where_a_listener_is_cancelled_the_others_hear_the_change_later() -> None:
    async def run() -> list[str]:
        heard: list[str] = []
        started = asyncio.Event()

        async def slow(_: Change) -> None:
            started.set()
            await asyncio.Event().wait()

        async with SHANGHAI.async_session(["reporting_duty"], as_of=DAY, engine="compiled") as session:
            end = session.on_change(slow)
            session.on_change(lambda change: heard.append(change.kind))
            task = asyncio.create_task(session.put("institution.reports", REPORT))
            await started.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            end()
            await session.set("person.sex", "男")
            assert heard == ["date"]
        return heard

    assert asyncio.run(run()) == ["date"]


# --- models of other kinds ---


class Shelf(enum.Enum):
    OPEN = "open"
    CLOSED = "closed"


class Aliased(BaseModel):
    books: int | None = Field(None, alias="Books")
    owes: bool | None = Field(None, validation_alias="Owes")


class Loan(BaseModel):
    model_config = ConfigDict(strict=True)
    title: str
    due: date | None
    shelf: Shelf | None = None


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)
    books: int | None = None
    owes: bool | None = None
    since: date | None = None
    fee: Decimal | None = None
    rate: float | None = None
    shelf: Shelf | None = None
    marks: frozenset[str] | None = None
    loans: tuple[Loan, ...] | None = None


class Required(BaseModel):
    books: int
    owes: bool
    name: str | None
    last: Loan


class Presuming(BaseModel):
    books: int | None = 9
    owes: bool | None = True


def lending(folder: Path, model: type[BaseModel]) -> LoadedPack:
    (folder / "lending.yaml").write_text(LENDING, encoding="utf-8")
    return load_packs(folder, facts=model)["lending"]


LOAN = Loan(title="红楼梦", due=None)
SAMPLES = [
    Aliased.model_validate({"Books": 2, "Owes": False}),
    Strict(
        books=2,
        owes=False,
        since=DAY,
        fee=Decimal("0.12345678901234567890123"),
        rate=0.1,
        shelf=Shelf.OPEN,
        marks=frozenset(["a", "b"]),
        loans=(Loan(title="水浒传", due=DAY, shelf=Shelf.CLOSED), LOAN),
    ),
    Strict(),
    Required(books=2, owes=False, name=None, last=LOAN),
    Presuming(),
    Presuming(books=None, owes=None),
]


@pytest.mark.parametrize("facts", SAMPLES, ids=lambda facts: type(facts).__name__)
def test_a_session_and_a_receipt_take_the_models_that_decide_takes(facts: BaseModel, tmp_path: Path) -> None:
    pack = lending(tmp_path, type(facts))
    made = pack.decide("lend", facts, as_of=DAY)
    session = pack.session(as_of=DAY, facts=facts, engine="compiled")
    restored = pack.restore(json.loads(json.dumps(session.snapshot())))
    replayed = pack.replay(json.loads(json.dumps(session.log)))
    for each in (session, restored, replayed):
        assert each.facts == facts
        assert each.decision("lend") == made
    receipt = pack.receipt(made, facts)
    assert pack.repeat(receipt).text == receipt.text


@pytest.mark.parametrize("model", [Aliased, Strict, Presuming])
def test_facts_of_such_models_are_said_by_the_vocabularys_names(model: type[BaseModel], tmp_path: Path) -> None:
    session = lending(tmp_path, model).session(as_of=DAY, engine="compiled")
    handle = session.set("books", 2)
    session.set("owes", False)
    assert session.decision("lend").verdict == "met"
    session.change(handle, 3)
    assert session.decision("lend").verdict == "not_met"
    session.change(handle, None)
    assert session.decision("lend").verdict == "undetermined"


def test_members_of_a_strict_model(tmp_path: Path) -> None:
    session = lending(tmp_path, Strict).session(as_of=DAY, engine="compiled")
    session.put("loans", LOAN)
    session.put("loans", {"title": "水浒传", "due": "2026-05-04", "shelf": "closed"})
    assert session.facts == Strict(loans=(Loan(title="水浒传", due=DAY, shelf=Shelf.CLOSED), LOAN))


def test_a_model_that_wants_fields_says_which(tmp_path: Path) -> None:
    pack = lending(tmp_path, Required)
    with pytest.raises(ValueError, match="books"):
        pack.session(as_of=DAY)
    session = pack.session(as_of=DAY, facts=SAMPLES[3], engine="compiled")
    books = next(handle for handle, each in session.assertions.items() if each.path == "books")
    with pytest.raises(ValueError, match="books"):
        session.retract(books)
    assert session.facts == SAMPLES[3]


def test_of_a_subclass_only_what_the_vocabulary_has_is_taken() -> None:
    class More(Facts):
        office: str | None = None

    facts = More.model_validate({"office": "x", "institution": {"removals": []}})
    made = SHANGHAI.decide("institution_reapplication", facts, as_of=DAY)
    session = SHANGHAI.session(["institution_reapplication"], as_of=DAY, facts=facts, engine="compiled")
    assert session.decision("institution_reapplication") == made
    assert SHANGHAI.repeat(SHANGHAI.receipt(made, facts)).data["result"]["verdict"] == made.verdict
