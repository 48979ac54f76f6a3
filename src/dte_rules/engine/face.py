"""Puts a decision together from what an engine concluded: what is shown of it, its citations, and other readings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from dte_rules.engine.decision import Alternative, Clause, Decision, PackRef
from dte_rules.engine.missing import Missing, missing_of, needs_of_run
from dte_rules.engine.plan import Plan
from dte_rules.engine.reference import Run
from dte_rules.feel.values import Unknown, is_known
from dte_rules.program.nodes import Citation, Program
from dte_rules.program.nodes import Decision as Question

GRANTING = ("met", "discretionary")
NOTHING_MISSING = Missing()
MOST_CITATIONS = 512
"""For how many different sets of deciding conditions the citations are kept."""


@dataclass(frozen=True)
class Other:
    """Another reading of an interpretation, and the plan under it."""

    interpretation: str
    reading: str
    plan: Plan


class Prepared(Protocol):
    """A question made ready by an engine."""

    base: Plan
    others: tuple[Other, ...]

    def run(self, facts: Any, as_of: date) -> Run:
        """What the rules conclude."""

    def run_others(self, facts: Any, as_of: date, base: Run) -> list[Run | None]:
        """What they conclude under each other reading; None where that is the same."""


class Face:
    """How a prepared question's decisions are shown; what is the same for all of them is worked out once."""

    def __init__(self, program: Program, question: Prepared) -> None:
        self.program, self.question = program, question
        self._pack = PackRef(name=program.name, version=program.version, digest=program.digest)
        chosen = dict(question.base.readings)
        rests_on = dict.fromkeys(other.interpretation for other in question.others)
        self._readings = {i: chosen.get(i, program.interpretations[i].default) for i in rests_on}
        self._citations: dict[tuple[str, ...], tuple[Clause, ...]] = {}

    def decision(self, facts: Any, as_of: date) -> Decision:
        """The decision for facts on a day."""
        question, program = self.question, self.program
        wanted = question.base.decision
        run = question.run(facts, as_of)
        verdict = run.verdict
        shown = verdict in GRANTING
        lacking = missing_of(program, question.base, facts, as_of, run) if verdict == "undetermined" else NOTHING_MISSING
        alternatives, flags = self._alternatives(facts, as_of, run)
        dates: dict[str, date] = {}
        latest: dict[str, date] = {}
        for name, slot in wanted.dates:
            first, last = days(run, slot)
            if first is not None:
                dates[name] = first
                if last != first and last is not None:
                    latest[name] = last
        failed = failing(wanted, run) if verdict != "met" else ()
        return Decision.model_construct(
            _FIELDS,
            region=program.name,
            decision=wanted.id,
            as_of=as_of,
            verdict=verdict,
            amount=known(run, wanted.amount) if shown else None,
            effect=known(run, wanted.effect) if shown else None,
            dates=dates,
            latest=latest,
            failed=tuple([slot.rpartition(".")[2] for slot in failed]),
            missing=lacking.names,
            missing_sets=lacking.sets,
            values={name: value for name, slot in wanted.values if (value := known(run, slot)) is not None},
            flags=flags,
            alternatives=alternatives,
            citations=self._cited(verdict, wanted, run, failed),
            readings=dict(self._readings),
            pack=self._pack,
        )

    def _alternatives(self, facts: Any, as_of: date, run: Run) -> tuple[tuple[Alternative, ...], tuple[str, ...]]:
        base = outcome(self.question.base.decision, run)
        found: list[Alternative] = []
        flags: dict[str, None] = {}
        for other, result in zip(self.question.others, self.question.run_others(facts, as_of, run), strict=True):
            if result is None:
                continue
            reached = outcome(other.plan.decision, result)
            if reached == base:
                continue
            lacking = needs_of_run(self.program, other.plan, facts, as_of, result) if reached[0] == "undetermined" else ()
            verdict, amount, effect = reached
            found.append(
                Alternative.model_construct(
                    interpretation=other.interpretation,
                    reading=other.reading,
                    verdict=verdict,
                    amount=amount,
                    effect=effect,
                    missing=lacking,
                )
            )
            if not any(is_fact(self.program, name) for name in lacking):
                flags[other.interpretation] = None
        if any(self.program.interpretations[i].clarify for i in flags):
            return tuple(found), (*flags, "needs_clarification")
        return tuple(found), tuple(flags)

    def _cited(self, verdict: str, wanted: Question, run: Run, failed: tuple[str, ...]) -> tuple[Clause, ...]:
        """The clauses that decided: of what fails, else of what is not known, else of all conditions and grants."""
        values = run.values
        if verdict == "not_met":
            slots = failed
        elif verdict == "undetermined":
            every = wanted.requires + wanted.excludes + wanted.soft + wanted.empowers + wanted.grants
            slots = tuple([s for s in every if not is_known(values.get(s))] + [s for s in wanted.delegates if values.get(s) is not False])
        else:
            slots = wanted.requires + wanted.excludes + wanted.grants
            if wanted.soft or wanted.empowers:
                slots += tuple(s for s in wanted.soft if values.get(s) is False) + tuple(
                    s for s in wanted.empowers if values.get(s) is True
                )
        if slots not in self._citations:
            if len(self._citations) >= MOST_CITATIONS:
                self._citations.clear()
            self._citations[slots] = clauses_of(self.question.base, slots)
        return self._citations[slots]


_FIELDS = set(Decision.model_fields)


def is_fact(program: Program, name: str) -> bool:
    """Whether the name of something missing is a fact's path."""
    return name.split(".")[0].split("[")[0] in program.facts


def outcome(decision: Question, run: Run) -> tuple[Any, Any, Any]:
    """Verdict, amount and effect."""
    if run.verdict not in GRANTING:
        return run.verdict, None, None
    return run.verdict, known(run, decision.amount), known(run, decision.effect)


def known(run: Run, slot: str | None) -> Any:
    """A slot's value if it is known."""
    value = None if slot is None else run.values.get(slot)
    return value if is_known(value) else None


def days(run: Run, slot: str) -> tuple[date | None, date | None]:
    """The days between which a date lies, both the same where it is known; None where there is no date."""
    value = run.values.get(slot)
    if isinstance(value, Unknown):
        first, last = (value.low, value.high) if value.high is not None else (None, None)
    else:
        first = last = value
    return (first, last) if isinstance(first, date) else (None, None)


def failing(decision: Question, run: Run) -> tuple[str, ...]:
    """The conditions that fail, in the pack's order; soft ones count where the hard part holds."""
    values = run.values
    found = [slot for slot in decision.requires if values.get(slot) is False]
    found += [slot for slot in decision.excludes if values.get(slot) is True]
    found += [slot for slot in decision.soft if values.get(slot) is False]
    return tuple(found)


def clauses_of(plan: Plan, slots: Iterable[str]) -> tuple[Clause, ...]:
    """The clauses on which slots rest, each once."""
    cites: dict[Citation, None] = {}
    for slot in slots:
        rule = plan.by_slot.get(slot)
        cites.update(dict.fromkeys(rule.cites if rule else ()))
    return tuple(Clause.model_construct(source=c.source, locator=c.locator) for c in cites)
