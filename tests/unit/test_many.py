"""Many decisions at once, in one process and in several; and from JSON to JSON."""

from __future__ import annotations

import asyncio
import enum
import gc
import json
import os
import subprocess
import sys
import threading
import time
import tracemalloc
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError
from tests.properties.random_facts import Maker
from tests.properties.random_programs import Seeded

from dte_rules import DiagnosticsError, Facts, load_packs
from dte_rules.engine.session_changes import Change
from dte_rules.many import Answers, Rows
from dte_rules.vocabulary.closed import Closer

PACKS = load_packs()
JINHUA, SHANGHAI = PACKS["jinhua"], PACKS["shanghai"]
DAY = date(2024, 9, 2)
MAKER = Maker(JINHUA)
MANY = [MAKER.valid(MAKER.facts(Seeded(seed), DAY)) for seed in range(40)]


def test_many_are_decided_as_one_by_one() -> None:
    expected = [JINHUA.decide("training_subsidy", f, as_of=DAY) for f in MANY]
    assert JINHUA.decide_many("training_subsidy", iter(MANY), as_of=DAY) == expected
    plain = JINHUA.decide_many("training_subsidy", MANY, as_of=DAY, alternatives=False)
    assert [d.model_copy(update={"flags": (), "alternatives": ()}) for d in expected] == plain


def test_another_process_decides_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spawned, so that nothing is inherited; several chunks, so that both work."""
    monkeypatch.setattr("dte_rules.many._alone", lambda: False)
    many = MANY * 30
    readings = {"annex_hours": "certificate_conclusive"}
    expected = JINHUA.decide_many("training_subsidy", many, as_of=DAY, readings=readings)
    found = JINHUA.decide_many("training_subsidy", many, as_of=DAY, readings=readings, processes=2)
    assert found == expected
    assert [d.model_dump_json() for d in found] == [d.model_dump_json() for d in expected]


FORKING = """
import sys, threading
from datetime import date
from dte_rules import load_packs, many
from tests.unit.test_many import DAY, JINHUA, MANY

asked = {"as_of": DAY, "readings": {"annex_hours": "certificate_conclusive"}}
expected = JINHUA.decide_many("training_subsidy", MANY * 30, **asked)
assert many._alone()
started = []
made = many._workers
many._workers = lambda *given: started.append(made(*given)) or started[-1]
assert JINHUA.decide_many("training_subsidy", MANY * 30, **asked, processes=2) == expected
assert started[0]._mp_context.get_start_method() == "fork"
stay = threading.Event()
threading.Thread(target=stay.wait).start()
assert not many._alone(), "a thread may hold what a child would wait for"
stay.set()
try:
    JINHUA.decide_many("training_subsidy", [*MANY, 1], **asked, processes=2)
except TypeError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
def test_a_process_of_one_thread_is_forked_and_decides_the_same() -> None:
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run([sys.executable, "-c", FORKING], cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout == "facts must be an instance of Facts, not int\n"


ENDLESS = """
import os, signal, sys, time
from dte_rules import many
from tests.unit.test_many import DAY, JINHUA, MANY

def slow(pack, asked, facts):
    if os.getpid() != first:
        print(os.getpid(), flush=True)
    time.sleep(600)

if __name__ == "__main__":
    first = os.getpid()
    many.decide_here = slow
    JINHUA.decide_many("training_subsidy", MANY * 30, as_of=DAY, processes=3)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_workers_end_with_the_process_that_asked(tmp_path: Path) -> None:
    """Killed, it can tell them nothing; they look for themselves."""
    (tmp_path / "endless.py").write_text(ENDLESS, encoding="utf-8")
    root = Path(__file__).resolve().parents[2]
    asking = [sys.executable, str(tmp_path / "endless.py")]
    with subprocess.Popen(asking, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        workers = [int(process.stdout.readline()) for _ in range(2)]
        process.kill()
    for _ in range(200):
        if not any(Path(f"/proc/{worker}").exists() for worker in workers):
            return
        time.sleep(0.05)
    pytest.fail("workers are left")


PAIRS = """pack: pairs
version: "1"
jurisdiction: "330000"
title: {zh: 甲, en: a}
sources: {s: {number: s, issued: 2020-01-01}}
decisions:
  d:
    title: {zh: 问, en: question}
    modality: entitlement
    requires:
      same:
        cite: s 一
        title: {zh: 甲, en: first}
        when: '(if person.receives_pension then certificates[1] else certificates[2]).level = "初级"'
      both: {cite: s 一, title: {zh: 乙, en: second}, when: 'certificates[1] = certificates[2]'}
"""


def test_records_of_json_and_of_workers_can_be_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dte_rules.many._alone", lambda: False)
    (tmp_path / "pairs.yaml").write_text(PAIRS, encoding="utf-8")
    pack = load_packs(tmp_path)["pairs"]
    texts = ['{"certificates": [{"level": "初级"}, {"level": "初级"}]}', '{"certificates": [{"level": "初级"}, {"level": "中级"}]}']
    facts = [Facts.from_json(text) for text in texts]
    expected = [pack.decide("d", each, as_of=DAY) for each in facts]
    assert [made.verdict for made in expected] == ["met", "not_met"]
    assert [pack.decide_json("d", text, as_of=DAY) for text in texts] == [made.model_dump_json() for made in expected]
    assert pack.decide_many("d", facts * 20, as_of=DAY, processes=2) == expected * 20


class Shade(enum.Enum):
    DARK = "dark"


class Kept(BaseModel):
    """A model that keeps an enum's members as their texts."""

    model_config = ConfigDict(use_enum_values=True)

    shade: Shade | None = None


def test_rows_of_enum_members_that_are_texts() -> None:
    rows = Rows(Kept)
    assert deep(rows.closed(rows.row(Kept(shade=Shade.DARK)))) == {"shade": "dark"}


class Part(BaseModel):
    weight: float | None = None
    bought: date | None = None


class Whole(BaseModel):
    """A model of somebody's own, with types that an engine does not read."""

    name: str | None = None
    shade: Shade | None = None
    shades: list[Shade] | None = None
    words: list[str] | None = None
    count: int | None = None
    parts: list[Part] | None = None
    part: Part | None = None


def test_rows_of_a_model_of_ones_own_are_closed_as_they_are_one_by_one() -> None:
    rows, close = Rows(Whole), Closer(Whole)
    full = Whole(
        name="a", shade=Shade.DARK, shades=[Shade.DARK], words=["b", "c"], count=3, parts=[Part(weight=0.1), Part()], part=Part(bought=DAY)
    )
    for each in (full, Whole(), Whole(parts=[], words=[])):
        assert repr(deep(rows.closed(rows.row(each)))) == repr(deep(close(each)))


def test_the_collector_is_as_it_was_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        assert not gc.isenabled()
        raise KeyboardInterrupt

    monkeypatch.setattr("dte_rules.many.decide_here", broken)
    monkeypatch.setattr("dte_rules.many.Answers.decisions", broken)
    with pytest.raises(KeyboardInterrupt):
        JINHUA.decide_many("training_subsidy", MANY, as_of=DAY, processes=2)
    assert gc.isenabled()


def test_a_wrong_question_is_refused_before_anything_starts() -> None:
    with pytest.raises(DiagnosticsError):
        JINHUA.decide_many("nothing", MANY, as_of=DAY, processes=2)
    with pytest.raises(TypeError):
        JINHUA.decide_many("training_subsidy", ["x"], as_of=DAY)  # type: ignore[list-item]
    assert JINHUA.decide_many("training_subsidy", [], as_of=DAY, processes=2) == []


def deep(value: Any) -> Any:
    """What an engine can read of facts."""
    if isinstance(value, tuple):
        return tuple(map(deep, value))
    return {name: deep(part) for name, part in value.__dict__.items()} if isinstance(value, BaseModel) else value


def test_rows_and_answers_come_back_as_they_were() -> None:
    rows, answers = Rows(Facts), Answers()
    closed = [JINHUA.vocabulary.closed(f) for f in MANY]
    assert [deep(rows.closed(rows.row(f))) for f in MANY] == [deep(f) for f in closed]
    decided = JINHUA.decide_many("training_subsidy", MANY, as_of=DAY)
    assert answers.decisions(answers.rows(decided)) == decided


@pytest.mark.parametrize("seed", range(20))
def test_json_gives_json(seed: int) -> None:
    data = MAKER.facts(Seeded(seed), DAY)
    facts = MAKER.valid(data)
    text = facts.to_json()  # type: ignore[attr-defined]
    found = JINHUA.decide_json("training_subsidy", text, as_of=DAY)
    assert found == JINHUA.decide("training_subsidy", facts, as_of=DAY).model_dump_json()
    assert json.loads(found) == JINHUA.decide("training_subsidy", facts, as_of=DAY).model_dump(mode="json")
    assert found == JINHUA.decide_json("training_subsidy", text.encode(), as_of=DAY)


def test_json_that_is_wrong_is_refused() -> None:
    with pytest.raises(ValidationError):
        JINHUA.decide_json("training_subsidy", '{"person": {"sex": "x"}}', as_of=DAY)
    with pytest.raises(DiagnosticsError):
        JINHUA.decide_json("nothing", "{}", as_of=DAY)


def test_decisions_leave_nothing_behind() -> None:
    """Memory does not grow with the number of decisions, undetermined ones included.

    The first rounds are traced too: what the interpreter keeps for reuse comes once, and is no growth.
    """

    def work() -> None:
        for facts in MANY:
            JINHUA.decide("training_subsidy", facts, as_of=DAY)
        JINHUA.decide_json("training_subsidy", '{"person": {"sex": "男", "birth_date": "1990-01-01"}}', as_of=DAY)

    def traced() -> int:
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        for _ in range(3):
            work()
        before = traced()
        for _ in range(6):
            work()
        after = traced()
    finally:
        tracemalloc.stop()
    assert after - before < 40_000, f"{(after - before) / (6 * len(MANY)):.1f} bytes a decision"


def test_eight_threads_on_many_packs() -> None:
    """Every thread asks every pack, all at once."""
    facts = Facts.model_validate({"person": {"hukou": "330700", "sex": "女"}, "claims": []})
    asked = [(pack, decision) for pack in PACKS.values() for decision in pack.program.decisions]
    expected = [pack.decide(decision, facts, as_of=DAY, alternatives=False) for pack, decision in asked]
    failures: list[Any] = []
    barrier = threading.Barrier(8)

    def work(offset: int) -> None:
        barrier.wait()
        for number in range(len(asked)):
            at = (number + offset * 5) % len(asked)
            pack, decision = asked[at]
            if pack.decide(decision, facts, as_of=DAY, alternatives=False) != expected[at]:
                failures.append(asked[at])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


# --- sessions in threads and in asyncio ---


@pytest.mark.parametrize("engine", ["compiled", "durable"])
def test_threads_take_turns_in_a_session(engine: Any) -> None:
    session = SHANGHAI.session(["institution_exit", "reporting_duty"], as_of=date(2026, 5, 1), engine=engine)
    never = SHANGHAI.session(["institution_exit", "reporting_duty"], as_of=date(2026, 5, 1), engine="compiled")
    barrier = threading.Barrier(8)

    def work(number: int) -> None:
        barrier.wait()
        for step in range(6):
            handle = session.put("institution.removals", {"decided_on": date(2026, 1, 1) + timedelta(days=10 * number + step)})
            session.decision("institution_exit")
            if step % 2:
                session.retract(handle)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(8):
        for step in (0, 2, 4):
            never.put("institution.removals", {"decided_on": date(2026, 1, 1) + timedelta(days=10 * number + step)})
    assert session.facts == never.facts
    assert session.decision("institution_exit") == never.decision("institution_exit")


@pytest.mark.parametrize("engine", ["compiled", "durable"])
def test_a_session_in_asyncio_never_holds_up_the_loop(engine: Any) -> None:
    heard: list[Change] = []
    plain = SHANGHAI.session(["institution_exit", "reporting_duty"], as_of=date(2026, 5, 1), engine="compiled")

    async def listener(change: Change) -> None:
        await asyncio.sleep(0)
        heard.append(change)

    async def ticking(longest: list[float]) -> None:
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(0.001)
            longest.append(loop.time() - before)

    async def main() -> tuple[Any, Any]:
        longest: list[float] = []
        ticks = asyncio.create_task(ticking(longest))
        async with SHANGHAI.async_session(["institution_exit", "reporting_duty"], as_of=date(2026, 5, 1), engine=engine) as session:
            session.on_change(listener)
            await session.set("institution.removals", [])
            await asyncio.gather(
                *(session.put("institution.listings", {"occupation": f"o{n}", "listed_on": "2026-04-01"}) for n in range(20))
            )
            handle = await session.put("institution.reports", {"kind": "培训结业", "event_on": "2026-05-01", "made": False})
            await session.advance(date(2029, 1, 1))
            await session.change(handle, {"kind": "培训结业", "event_on": "2026-05-01", "reported_on": "2026-05-02"})
            found = await session.decision("reporting_duty"), await session.snapshot()
        ticks.cancel()
        assert len(longest) > 5
        return found

    decision, snapshot = asyncio.run(main())
    plain.set("institution.removals", [])
    for n in range(20):
        plain.put("institution.listings", {"occupation": f"o{n}", "listed_on": "2026-04-01"})
    plain.put("institution.reports", {"kind": "培训结业", "event_on": "2026-05-01", "reported_on": "2026-05-02"})
    plain.advance(date(2029, 1, 1))
    assert decision == plain.decision("reporting_duty")
    assert [c.number for c in heard] == sorted(c.number for c in heard)
    assert ("report due passed",) in [c.words for c in heard]
    assert SHANGHAI.restore(snapshot).decision("reporting_duty") == decision


def test_a_cancelled_update_is_done_and_told_with_the_next() -> None:
    heard: list[Change] = []

    async def main() -> str:
        async with SHANGHAI.async_session(["institution_exit"], as_of=date(2026, 5, 1), engine="compiled") as session:
            session.on_change(heard.append)
            task = asyncio.create_task(session.put("institution.removals", {"decided_on": "2026-04-01"}))
            await asyncio.sleep(0)  # it has its turn
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert heard == []
            await session.advance(date(2026, 5, 2))
            return (await session.decision("institution_exit")).verdict

    verdict = asyncio.run(main())
    plain = SHANGHAI.session(["institution_exit"], as_of=date(2026, 5, 1), engine="compiled")
    plain.put("institution.removals", {"decided_on": "2026-04-01"})
    assert verdict == plain.decision("institution_exit").verdict
    assert [change.number for change in heard] == list(range(1, len(heard) + 1))
    assert heard


def test_an_update_is_done_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    session = SHANGHAI.session(["institution_exit", "reporting_duty"], as_of=date(2026, 5, 1), engine="compiled")
    session.set("institution.removals", [])
    before, log = session.snapshot(), list(session.log)
    renew = session._renew

    def interrupted(name: str, by: tuple[str, str]) -> Any:
        yield from renew(name, by)
        raise KeyboardInterrupt

    monkeypatch.setattr(session, "_renew", interrupted)
    for update in (
        lambda: session.put("institution.removals", {"decided_on": "2026-04-01"}),
        lambda: session.advance(date(2026, 6, 1)),
    ):
        with pytest.raises(KeyboardInterrupt):
            update()
    assert session.snapshot() == before
    assert session.log == log
    monkeypatch.undo()
    session.put("institution.removals", {"decided_on": "2026-04-01"})
    fresh = SHANGHAI.session(["institution_exit", "reporting_duty"], as_of=date(2026, 5, 1), engine="compiled")
    fresh.put("institution.removals", {"decided_on": "2026-04-01"})
    assert session.decision("institution_exit") == fresh.decision("institution_exit")


def test_a_listener_may_not_update() -> None:
    session = SHANGHAI.session(["institution_exit"], as_of=date(2026, 5, 1), engine="compiled")
    end = session.on_change(lambda change: session.advance(date(2027, 1, 1)))
    with pytest.raises(RuntimeError, match="listener"):
        session.put("institution.removals", {"decided_on": "2026-04-01"})
    assert session.as_of == date(2026, 5, 1)
    end()
    end()
    session.advance(date(2026, 5, 2))
    with pytest.raises(KeyError, match="training_subsidy"):
        session.on_change(print, "training_subsidy")


@pytest.mark.parametrize(
    "damage",
    [
        {"pack": "jinhua"},
        {"digest": "0"},
        {"facts": "none"},
        {"facts": [["f1", "value", "institution.removals"]]},
        {"facts": [["f1", "value", "institution.removals", "soon"]]},
        {"as_of": "yesterday"},
        {"decisions": ["no_such"]},
        {"readings": {"no_such": "a"}},
        {"engine": "clips"},
    ],
)
def test_a_damaged_snapshot_is_refused(damage: dict[str, Any]) -> None:
    snapshot = SHANGHAI.session(["institution_exit"], as_of=date(2026, 5, 1), engine="compiled").snapshot()
    with pytest.raises(ValueError, match=r"."):
        SHANGHAI.restore({**snapshot, **damage})
