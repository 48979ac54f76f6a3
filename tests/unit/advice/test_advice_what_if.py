"""What would change a verdict: thresholds, days, members of lists, who can do it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from dte_rules import load_packs
from dte_rules.advice.nearest import nearest_day, nearest_value, trimmed
from dte_rules.advice.paths import changed, plain
from dte_rules.advice.what_if import Flip, WhatIf
from dte_rules.cases import Case, facts_of, read_cases

PACKS = load_packs()
FILE = Path(__file__).parents[2] / "cases" / "subsidy-jinhua.yaml"
CASES = {case.id: case for case in read_cases(FILE).cases if isinstance(case, Case)}


def found(id_: str, changes: dict[str, object] | None = None, as_of: date | None = None) -> WhatIf:
    case = CASES[id_]
    pack = PACKS[case.region]
    data = plain(facts_of(case, pack.Facts, pack.vocabulary))
    facts = pack.Facts.model_validate(changed(data, changes or {}))
    return pack.what_if(case.decision, facts, as_of=as_of or case.as_of, readings=case.readings)


def by_path(result: WhatIf) -> dict[str, Flip]:
    return {flip.changes[0].path: flip for flip in result.flips if len(flip.changes) == 1}


def test_hours_are_told_to_the_threshold() -> None:
    result = found("JZ-01", {"training.hours_completed": Decimal(124)})
    assert result.verdict == "not_met"
    [change] = by_path(result)["training.hours_completed"].changes
    assert (change.after, change.difference, change.mutable) == (128, 4, "person")
    assert by_path(result)["training.hours_completed"].amount == 3900


def test_the_last_day_to_apply_is_told() -> None:
    result = found("JZ-01", as_of=date(2025, 7, 1))
    flip = by_path(result)["as_of"]
    assert (flip.changes[0].after, flip.who, flip.verdict) == (date(2025, 6, 10), "person", "met")


def test_what_only_waiting_does() -> None:
    result = found("JZ-01", {"person.birth_date": date(2008, 9, 20)})
    flips = by_path(result)
    assert (flips["as_of"].changes[0].after, flips["as_of"].who) == (date(2024, 9, 20), "time")
    assert (flips["person.birth_date"].changes[0].after, flips["person.birth_date"].who) == (date(2008, 9, 2), "fixed")


def test_two_failures_take_two_changes() -> None:
    result = found("JZ-01", {"training.hours_completed": Decimal(100), "person.employment.in_establishment": True})
    assert all(len(flip.changes) > 1 for flip in result.flips)
    sets = [{change.path for change in flip.changes} for flip in result.of("person")]
    assert {"training.hours_completed", "person.employment.in_establishment"} in sets


def test_an_insurance_record_is_one_more_member() -> None:
    result = found("JZ-01", {"person.insurance": []})
    [change] = by_path(result)["person.insurance"].changes
    assert change.kind == "added"
    assert change.after == {"region": "330700", "scheme": "职工", "has_paid": True, "paying_now": True}
    assert by_path(result)["person.insurance"].who == "person"


def test_a_met_decision_is_told_what_would_lose_it() -> None:
    result = found("JZ-01")
    assert result.wanted == ("not_met",)
    assert by_path(result)["training.hours_completed"].changes[0].after == 127


def test_days_within_four_years_are_tried_and_no_others() -> None:
    start = date(2024, 1, 1)
    assert nearest_day(start, lambda day: day == start - timedelta(days=1400)) == start - timedelta(days=1400)
    assert nearest_day(start, lambda day: day == start + timedelta(days=1500)) is None
    assert nearest_day(start, lambda day: day != start) == start + timedelta(days=1)


@pytest.mark.parametrize(("limit", "step"), [("37.5", "0.1"), ("40", "1"), ("12.34", "0.01")])
def test_numbers_are_bisected_to_the_step(limit: str, step: str) -> None:
    assert nearest_value(Decimal(10), [Decimal(1000)], lambda value: value >= Decimal(limit), Decimal(step)) == Decimal(limit)


def test_the_nearer_side_is_taken() -> None:
    day = date(2024, 1, 31)
    values = [date(2020, 1, 1), date(2026, 1, 1)]
    assert nearest_value(day, values, lambda value: value <= date(2024, 1, 1) or value >= date(2025, 1, 1), Decimal(1)) == date(2024, 1, 1)


def test_a_new_member_says_only_what_matters() -> None:
    member = SimpleNamespace(kind="a", level="b", issued=date(2020, 1, 1))
    [kept] = trimmed((member,), date(2024, 1, 1), lambda members: members[-1].kind == "a" and members[-1].issued is not None)
    assert vars(kept) == {"kind": "a", "level": None, "issued": date(2024, 1, 1)}


def asked(region: str, decision: str, as_of: date, facts: dict[str, object]) -> WhatIf:
    pack = load_packs()[region]
    return pack.what_if(decision, pack.Facts.model_validate(facts), as_of=as_of)


def test_a_usual_requirement_is_told_how_to_be_met() -> None:
    result = asked("shanghai", "online_share", date(2025, 6, 1), {"training": {"hours_online": 65, "hours_total": 128}})
    assert result.verdict == "discretionary"
    assert result.wanted == ("met", "not_met")
    [flip] = result.flips
    assert (flip.verdict, flip.changes[0].path, flip.changes[0].after) == ("met", "training.hours_online", Decimal(64))


def test_an_earlier_day_is_for_the_person_only_where_somebody_applies() -> None:
    report = {"kind": "考核结果", "event_on": date(2026, 10, 14), "made": False}
    result = asked("shanghai", "reporting_duty", date(2026, 11, 16), {"institution": {"reports": [report]}})
    assert by_path(result)["as_of"].who == "fixed"
    notice = {"application": {"expert_review_passed": True}, "notice": {"posted_on": date(2026, 9, 28), "objection": False}}
    listed = asked("shanghai", "catalogue_listing", date(2026, 10, 12), {"institution": notice})
    assert listed.verdict == "met"
    assert by_path(listed)["as_of"].who == "fixed"  # nobody sets out to be refused
