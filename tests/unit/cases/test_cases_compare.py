"""Expectations against decisions: only what is named is compared, lists must hold what they name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dte_rules.cases import Case, compare, read_cases
from dte_rules.cases.compare import names_tail
from dte_rules.engine.decision import Alternative, Clause, Decision, MissingSet, PackRef

DECISION = Decision(
    region="jinhua",
    decision="training_subsidy",
    as_of=date(2025, 6, 12),
    verdict="met",
    amount=Decimal("3900.00"),
    dates={"claim_deadline": date(2025, 6, 12)},
    failed=("hours", "in_time"),
    missing=("person.insurance[1].paying_now", "claims"),
    missing_sets=(MissingSet(facts=("person.insurance[1].paying_now", "claims"), verdicts=("met", "not_met")),),
    values={"credited_year": Decimal(2025), "title": "工程师", "sure": True},
    flags=("rest_day", "needs_clarification"),
    alternatives=(
        Alternative(interpretation="rest_day", reading="stays", verdict="not_met"),
        Alternative(interpretation="cap_year", reading="rolling_12_months", verdict="undetermined", missing=("claims[1].applied_on",)),
    ),
    citations=(Clause(source="zj-2023-36", locator="四（四）"),),
    readings={"rest_day": "rolls"},
    pack=PackRef(name="jinhua", version="1", digest="0"),
)


def differ(expect: str, decision: Decision = DECISION) -> list[str]:
    """The fields in which the decision is not as expected."""
    [case] = read_cases("c.yaml", text=f"- {{id: a, region: r, decision: d, as_of: 2024-01-01, expect: {{{expect}}}}}\n").cases
    assert isinstance(case, Case), case
    assert case.expect is not None
    return [difference.field for difference in compare(case.expect, decision)]


@pytest.mark.parametrize(
    "expect",
    [
        "",
        "verdict: met",
        "amount: 3900",
        "amount: 3900.0",
        "effect: null",
        "dates: {}",
        "dates: {claim_deadline: 2025-06-12, banned_until: null}",
        "dates: {claim_deadline: '2025-06-12'}",
        "failed: [in_time]",
        "missing: [paying_now]",
        "missing: ['insurance[1].paying_now', claims]",
        "missing_sets: [{facts: [claims, paying_now]}]",
        "missing_sets: [[claims, paying_now]]",
        "missing_sets: [{verdicts: [not_met, met]}]",
        "values: {credited_year: 2025.0, sure: true}",
        "flags: []",
        "flags: [rest_day]",
        "flags: [needs_clarification, rest_day], exactly: [flags]",
        "missing: [claims, paying_now], exactly: [missing]",
        "alternatives: [{interpretation: rest_day}]",
        "alternatives: [{interpretation: rest_day, amount: null, verdict: not_met}]",
        "alternatives: [{reading: stays}, {interpretation: cap_year, missing: [applied_on]}], exactly: [alternatives]",
        "citations: [zj-2023-36, {source: zj-2023-36, locator: 四（四）}, 'zj-2023-36 四（四）']",
        "readings: {rest_day: rolls}",
    ],
)
def test_what_is_named_agrees(expect: str) -> None:
    assert differ(expect) == []


@pytest.mark.parametrize(
    ("expect", "fields"),
    [
        ("verdict: not_met", ["verdict"]),
        ("amount: 3900.01", ["amount"]),
        ("amount: null", ["amount"]),
        ("effect: removal", ["effect"]),
        ("dates: {claim_deadline: null}", ["dates.claim_deadline"]),
        ("dates: {claim_deadline: 2025-06-11, x: 2025-01-01}", ["dates.claim_deadline", "dates.x"]),
        ("missing: [now]", ["missing"]),
        ("missing: [insurance.paying_now]", ["missing"]),
        ("missing_sets: [[claims]]", ["missing_sets"]),
        ("missing_sets: [{facts: [claims, paying_now], verdicts: [met]}]", ["missing_sets"]),
        ("values: {credited_year: true}", ["values.credited_year"]),
        ("values: {sure: 1}", ["values.sure"]),
        ("flags: [month_end]", ["flags"]),
        ("flags: [rest_day], exactly: [flags]", ["flags"]),
        ("exactly: [flags]", ["flags"]),
        ("missing: [paying_now, 'insurance[1].paying_now'], exactly: [missing]", ["missing"]),
        ("alternatives: [{interpretation: rest_day, verdict: met}]", ["alternatives"]),
        ("alternatives: [{interpretation: rest_day, amount: 3900}]", ["alternatives"]),
        ("alternatives: [{interpretation: rest_day}], exactly: [alternatives]", ["alternatives"]),
        ("citations: [jh-2024-15]", ["citations"]),
        ("readings: {rest_day: stays}", ["readings.rest_day"]),
        ("failed: [hours], verdict: not_met", ["verdict"]),
    ],
)
def test_what_is_named_differs(expect: str, fields: list[str]) -> None:
    assert differ(expect) == fields


def test_a_difference_shows_what_is_absent_and_what_is_too_much() -> None:
    [case] = read_cases("c.yaml", text="- {id: a, region: r, decision: d, as_of: 2024-01-01, expect: {flags: [x], exactly: [flags]}}").cases
    assert isinstance(case, Case)
    assert case.expect
    [found] = compare(case.expect, DECISION)
    values: tuple[Any, ...] = (found.expected, found.actual, found.surplus)
    assert values == (("x",), ("rest_day", "needs_clarification"), ("rest_day", "needs_clarification"))


def test_a_tail_begins_at_a_dot() -> None:
    assert names_tail("paying_now", "person.insurance[1].paying_now")
    assert names_tail("claims", "claims")
    assert not names_tail("now", "person.insurance[1].paying_now")
