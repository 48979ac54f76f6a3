"""Cases decided by an engine, and expressions of a property evaluated over what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic import BaseModel

from dte_rules.analysis.prove.model import Shown, Side
from dte_rules.engine import reference
from dte_rules.engine.decide import CompiledPrepared
from dte_rules.engine.face import Face
from dte_rules.engine.facts import read
from dte_rules.engine.plan import Plan, plan
from dte_rules.engine.reference import Run
from dte_rules.feel import core
from dte_rules.feel.evaluate import Environment, evaluate
from dte_rules.feel.values import PartialList, Unknown
from dte_rules.program.nodes import Decision
from dte_rules.vocabulary import Vocabulary

WHOLE = ("verdict", "granted", "amount", "effect")
"""The parts of a case for which all of its decision's rules are needed."""


def plan_of(side: Side, day: date, choices: Mapping[str, Any], parts: frozenset[str] | None = None) -> Plan:
    """The plan of a case on a day: its decision's, with the slots that the property reads besides.

    With ``parts``, the flat names that are read, no more rules than these need.
    """
    program = side.policy.program
    decision = program.decisions[side.decision]
    extra = tuple((f"?{slot}", slot) for slot in side.slots)
    if parts is not None and not is_whole(parts):
        decision = Decision(decision.id, decision.title, decision.modality, values=extra)
    else:
        # a date is no condition of the verdict: further slots may be asked for as such
        decision = replace(decision, dates=decision.dates + tuple((n, s) for n, s in extra if s not in decision.slots))
    asked = replace(program, decisions={**program.decisions, side.decision: decision})
    made = plan(asked, side.decision, day, side.departures(choices))
    if side.settles and (made.decision.requires or made.decision.excludes or made.decision.grants):
        made = replace(made, decision=replace(made.decision, delegates=()))
    return made


def is_whole(parts: frozenset[str]) -> bool:
    """Whether flat names ask for a verdict, or what rests on one."""
    return any(part.partition("=")[0] in WHOLE for part in parts)


def supposed_of(choices: Mapping[str, Any]) -> dict[str, bool]:
    """The truth values that are tried for open points."""
    return {name: value for name, value in choices.items() if isinstance(value, bool)}


_NONE = object()


@dataclass(frozen=True, slots=True)
class Actual:
    """A case as an engine decided it."""

    side: Side
    plan: Plan
    facts: BaseModel
    as_of: date
    run: Run

    def value(self, part: str) -> Any:
        """What a flat name stands for."""
        if part.startswith("slot."):
            slot = part.removeprefix("slot.")
            value = self.run.values.get(slot, _NONE)
            return Unknown([slot]) if value is _NONE else value
        if part.startswith("facts."):
            root = part.removeprefix("facts.")
            return read(self.side.policy.program.facts[root], getattr(self.facts, root, None), root)
        if part.startswith("verdict="):
            return self.run.verdict == part.removeprefix("verdict=")
        match part:
            case "as_of":
                return self.as_of
            case "verdict":
                return self.run.verdict
            case "granted":
                return Unknown(["verdict"]) if self.run.verdict == "undetermined" else self.run.verdict != "not_met"
            case "amount" | "effect":
                return self._result(getattr(self.plan.decision, part))
            case _:
                raise LookupError(part)

    def _result(self, slot: str | None) -> Any:
        if self.run.verdict == "undetermined":
            return Unknown(["verdict"])
        return None if self.run.verdict == "not_met" or slot is None else self.run.values.get(slot, Unknown([slot]))


def decided(side: Side, made: Plan, facts: BaseModel, day: date, supposed: Mapping[str, Any]) -> Actual:
    """A case decided by the reference interpreter; ``facts`` are closed under their implications."""
    return Actual(side, made, facts, day, reference.run(side.policy.program, made, facts, day, supposed))


def value_over(expr: core.Expr, cases: Mapping[str, Actual], names: Mapping[str, Any]) -> Any:
    """The value of an expression over decided cases; ``names`` are its other names."""
    if isinstance(expr, core.Const):
        return expr.value  # `given`, where a property has none

    def lookup(name: str) -> Any:
        case, colon, part = name.partition(":")
        return cases[case].value(part) if colon else names[name]

    calendar = next(iter(cases.values())).side.policy.program.calendar if cases else None
    env = Environment(lookup) if calendar is None else Environment(lookup, calendar)
    return evaluate(expr, env)


def facts_in(vocabulary: Vocabulary, facts: Mapping[str, Any]) -> BaseModel:
    """Plain facts in a vocabulary, as an engine reads them.

    Raises:
        pydantic.ValidationError: for a value that the vocabulary does not allow.
    """
    return vocabulary.closed(vocabulary.model.model_validate(facts))


def shown(
    actual: Actual, facts: Mapping[str, Any], choices: Mapping[str, Any], parts: frozenset[str] = frozenset(), *, whole: bool = True
) -> Shown:
    """A case for a report, with the decision of the default engine; ``parts`` are the flat names that its property reads."""
    side = replace(actual.side, slots={})
    plain = plan_of(side, actual.as_of, choices)
    decision = Face(side.policy.program, CompiledPrepared(side.policy.program, plain, ())).decision(actual.facts, actual.as_of)
    asked = plan_of(replace(side, settles=False), actual.as_of, choices).decision.delegates if side.settles else ()
    settled = tuple(slot.rpartition(".")[2] for slot in asked) if not plain.decision.delegates else ()
    values: dict[str, Any] = {}
    for part in sorted(parts):
        slot = part.removeprefix("slot.")
        if slot in actual.side.slots or part in ("amount", "effect"):
            value = actual.value(part)
            if not isinstance(value, Unknown | tuple | PartialList):
                values[actual.side.slots.get(slot, part)] = value
    return Shown(actual.side, facts, actual.as_of, decision, settled, dict(side.departures(choices)), values, whole=whole)


def then_word(value: Any) -> Any:
    """What a statement is that is not true."""
    return "unknown" if isinstance(value, Unknown) else "null" if value is None else "false"
