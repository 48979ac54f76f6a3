"""Proved properties for programs, and their examples as a case file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dte_rules.analysis.prove.model import Branch, Example, Proved, Shown
from dte_rules.cases import Case, Expect
from dte_rules.report.prove_words import horizon_words
from dte_rules.source.diagnostic import Lang


def proved_data(proved: Iterable[Proved], lang: Lang) -> list[dict[str, Any]]:
    """The properties with their outcomes as plain data; ``lang`` is that of titles and horizons."""
    return [_property(one, lang) for one in proved]


def _property(proved: Proved, lang: Lang) -> dict[str, Any]:
    ready = proved.ready
    return {
        "id": ready.id,
        "title": ready.title.text(lang),
        "cite": list(ready.cites),
        "outcome": proved.outcome,
        "expected": ready.expect,
        "as_expected": proved.as_expected,
        "by": ready.way,
        "checked": proved.checked or None,
        "horizon": horizon_words(proved, lang),
        "because": ready.because.text(lang) if ready.because is not None else None,
        "open": [
            {"id": choice.name, "question": choice.question.text(lang), "cite": [str(cite) for cite in choice.cites]}
            for choice in ready.choices
        ],
        "branches": [_branch(branch) for branch in proved.branches],
    }


def _branch(branch: Branch) -> dict[str, Any]:
    return {
        "choices": dict(branch.choices),
        "outcome": branch.outcome,
        "given_is_never_true": branch.idle,
        "why": branch.why or None,
        "example": _example(branch.example) if branch.example is not None else None,
    }


def _example(example: Example) -> dict[str, Any]:
    return {
        "then": example.then,
        "variables": dict(example.variables),
        "missing": list(example.missing),
        "cases": [_case(case) for case in example.cases],
        "claims": [_case(step) for step in example.steps],
        "claims_in_another_order": [_case(step) for step in example.other],
    }


def _case(case: Shown) -> dict[str, Any]:
    decision = case.decision
    return {
        "case": case.side.name,
        "region": case.side.policy.program.name,
        "decision": case.side.decision,
        "as_of": case.as_of,
        "readings": dict(case.readings),
        "taken_as_fulfilled": list(case.settled),
        "facts": case.facts,
        "verdict": decision.verdict,
        "amount": decision.amount,
        "effect": decision.effect,
        "failed": list(decision.failed),
        "missing": list(decision.missing),
        "values": dict(case.values),
    }


def example_cases(proved: Sequence[Proved], lang: Lang) -> Iterator[Case]:
    """The examples as cases that `dte test` passes: each expects what its pack decides, delegations included."""
    for one in proved:
        for number, branch in enumerate(one.branches, 1):
            if branch.example is None:
                continue
            head = one.ready.id if len(one.branches) == 1 else f"{one.ready.id}.{number}"
            example = branch.example
            steps = [*example.steps, *example.other]
            names = [c.side.name for c in example.cases] + [f"claim-{n}" for n in range(1, len(steps) + 1)]
            for name, case in zip(names, [*example.cases, *steps], strict=True):
                yield _as_case(f"{head}.{name}", case, one.ready.title.text(lang))


def _as_case(id_: str, case: Shown, title: str) -> Case:
    policy = case.side.policy
    facts = policy.vocabulary.model.model_validate(case.facts)
    decision = policy.decide(case.side.decision, facts, as_of=case.as_of, readings=case.readings)
    expected: dict[str, Any] = {"verdict": decision.verdict}
    if decision.amount is not None:
        expected["amount"] = decision.amount
    if decision.effect is not None:
        expected["effect"] = decision.effect
    if decision.failed:
        expected["failed"] = list(decision.failed)
    return Case(
        id=id_,
        title=title,
        region=policy.program.name,
        decision=case.side.decision,
        as_of=case.as_of,
        readings=dict(case.readings),
        facts=dict(case.facts),
        expect=Expect(expected),
    )
