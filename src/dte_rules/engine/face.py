"""Puts a decision together from what an engine concluded: what is shown of it, its citations, and other readings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from dte_rules.engine.decision import Alternative, Clause, Decision, PackRef
from dte_rules.engine.missing import Finder
from dte_rules.engine.plan import Plan
from dte_rules.engine.reference import Run
from dte_rules.feel.values import is_known
from dte_rules.program.nodes import Citation, Program
from dte_rules.program.nodes import Decision as Question

GRANTING = ("met", "discretionary")
NO_ALTERNATIVES: tuple[tuple[Alternative, ...], tuple[str, ...]] = ((), ())
MOST_TOLD = 512
"""For how many different outcomes of the conditions it is kept what fails and what is cited."""
Told = tuple[tuple[str, ...], tuple[Clause, ...]]
"""The conditions that fail, and the clauses that decided."""


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

    def truths(self, run: Run) -> Any:
        """How each of `conditions_of` came out: a key under which to keep what follows from that alone."""


def conditions_of(decision: Question) -> tuple[str, ...]:
    """The conditions on which it depends, once all is known, what fails and what is cited."""
    return decision.requires + decision.excludes + decision.soft + decision.empowers


class Face:
    """How a prepared question's decisions are shown; what is the same for all of them is worked out once."""

    def __init__(self, program: Program, question: Prepared) -> None:
        self.program, self.question = program, question
        self._missing = Finder(program, question.base)
        self._missing_under = [Finder(program, other.plan) for other in question.others]
        chosen = dict(question.base.readings)
        rests_on = dict.fromkeys(other.interpretation for other in question.others)
        self._readings = {i: chosen.get(i, program.interpretations[i].default) for i in rests_on}
        wanted = question.base.decision
        self._holding = wanted.requires + wanted.excludes + wanted.grants
        self._told: dict[Any, Told] = {}
        self._same: dict[str, Any] = {
            **dict.fromkeys(Decision.model_fields),
            "region": program.name,
            "decision": wanted.id,
            "missing": (),
            "missing_sets": (),
            "pack": PackRef(name=program.name, version=program.version, digest=program.digest),
        }
        """What is the same in all decisions, those about which nothing is missing."""

    def decision(self, facts: Any, as_of: date, *, alternatives: bool = True, run: Run | None = None) -> Decision:
        """The decision for facts on a day, with what other readings give if that is wanted; ``run`` is what the rules concluded."""
        question = self.question
        wanted = question.base.decision
        if run is None:
            run = question.run(facts, as_of)
        values = self._same.copy()
        values["as_of"], values["verdict"] = as_of, run.verdict
        values["readings"] = self._readings.copy()
        if run.verdict in GRANTING:
            values["amount"], values["effect"] = run.known(wanted.amount), run.known(wanted.effect)
        elif run.verdict == "undetermined":
            lacking = self._missing.missing(facts, as_of, run)
            values["missing"], values["missing_sets"] = lacking.names, lacking.sets
        values["alternatives"], values["flags"] = self._alternatives(facts, as_of, run) if alternatives else NO_ALTERNATIVES
        values["failed"], values["citations"] = self._tell(run)
        values["dates"] = dates = {}
        values["latest"] = latest = {}
        for name, slot in wanted.dates:
            between = run.days(slot)
            if between is not None:
                dates[name], last = between
                if last != dates[name]:
                    latest[name] = last
        values["values"] = found = {}
        for name, slot in wanted.values:
            value = run.known(slot)
            if value is not None:
                found[name] = value
        return Decision.made(values)

    def _alternatives(self, facts: Any, as_of: date, run: Run) -> tuple[tuple[Alternative, ...], tuple[str, ...]]:
        base = outcome(self.question.base.decision, run)
        found: list[Alternative] = []
        flags: dict[str, None] = {}
        results = self.question.run_others(facts, as_of, run)
        for other, finder, result in zip(self.question.others, self._missing_under, results, strict=True):
            if result is None:
                continue
            reached = outcome(other.plan.decision, result)
            if reached == base:
                continue
            lacking = finder.names(facts, as_of, result) if reached[0] == "undetermined" else ()
            verdict, amount, effect = reached
            found.append(
                Alternative.made(
                    {
                        "interpretation": other.interpretation,
                        "reading": other.reading,
                        "verdict": verdict,
                        "amount": amount,
                        "effect": effect,
                        "missing": lacking,
                    }
                )
            )
            if not any(is_fact(self.program, name) for name in lacking):
                flags[other.interpretation] = None
        if any(self.program.interpretations[i].clarify for i in flags):
            return tuple(found), (*flags, "needs_clarification")
        return tuple(found), tuple(flags)

    def _tell(self, run: Run) -> Told:
        """What fails, and the clauses that decided: of what fails, else of what is not known, else of all conditions and grants."""
        if run.verdict == "undetermined":  # which grants are not known is told by no condition
            return self._worked_out(run)
        key = self.question.truths(run)
        found = self._told.get(key)
        if found is None:
            if len(self._told) >= MOST_TOLD:
                self._told.clear()
            found = self._told[key] = self._worked_out(run)
        return found

    def _worked_out(self, run: Run) -> Told:
        wanted = self.question.base.decision
        failed = failing(wanted, run) if run.verdict != "met" else ()
        if run.verdict == "not_met":
            slots = failed
        elif run.verdict == "undetermined":
            values = run.values
            every = wanted.requires + wanted.excludes + wanted.soft + wanted.empowers + wanted.grants
            slots = tuple([s for s in every if not is_known(values.get(s))] + [s for s in wanted.delegates if values.get(s) is not False])
        else:
            slots = self._holding + tuple(run.those(wanted.soft, False) + run.those(wanted.empowers, True))
        return tuple([slot.rpartition(".")[2] for slot in failed]), clauses_of(self.question.base, slots)


def is_fact(program: Program, name: str) -> bool:
    """Whether the name of something missing is a fact's path."""
    return name.split(".")[0].split("[")[0] in program.facts


def outcome(decision: Question, run: Run) -> tuple[Any, Any, Any]:
    """Verdict, amount and effect."""
    if run.verdict not in GRANTING:
        return run.verdict, None, None
    return run.verdict, run.known(decision.amount), run.known(decision.effect)


def known(run: Run, slot: str | None) -> Any:
    """A slot's value if it is known."""
    return run.known(slot)


def failing(decision: Question, run: Run) -> tuple[str, ...]:
    """The conditions that fail, in the pack's order; soft ones count where the hard part holds."""
    return tuple(run.those(decision.requires, False) + run.those(decision.excludes, True) + run.those(decision.soft, False))


def clauses_of(plan: Plan, slots: Iterable[str]) -> tuple[Clause, ...]:
    """The clauses on which slots rest, each once."""
    cites: dict[Citation, None] = {}
    for slot in slots:
        rule = plan.by_slot.get(slot)
        cites.update(dict.fromkeys(rule.cites if rule else ()))
    return tuple(Clause.model_construct(source=c.source, locator=c.locator) for c in cites)
