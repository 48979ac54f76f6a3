"""Expressions of a property as terms of the solver, over the results of several encoded cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from dte_rules.analysis.days import Definitions
from dte_rules.analysis.encode import Encoded, Encoder
from dte_rules.analysis.logic import when
from dte_rules.analysis.prove.context import VERDICT
from dte_rules.analysis.solver import NotEncoded
from dte_rules.analysis.space import Space
from dte_rules.analysis.texts import Pool
from dte_rules.analysis.values import NULL, UNKNOWN, Blank, Entry, Listing, Rec, Text, Truth, Value, exactly, picked, settled
from dte_rules.engine.verdict import Verdict

_MARK = "|"


@dataclass(frozen=True)
class Posed:
    """A case whose plan is encoded over its facts."""

    space: Space
    encoded: Encoded


class _Spaces:
    """Several spaces as one: their paths are told apart by the case's name before them."""

    def __init__(self, cases: Mapping[str, Posed]) -> None:
        self.cases = cases
        first = next(iter(cases.values())).space
        self.pool: Pool = first.pool
        self.define: Definitions = first.define
        self.types: Mapping[str, Any] = {}
        self.as_of = first.as_of
        self.horizon = first.horizon

    def field(self, path: str, name: str) -> Value:
        """A field of a record of one of the cases."""
        case, _, own = path.partition(_MARK)
        return marked(self.cases[case].space.field(own, name), case)


def marked(value: Value, case: str) -> Value:
    """A value of a case whose records say which case they are of."""
    match value:
        case Rec(options, _, _):
            return replace(value, options=tuple((guard, f"{case}{_MARK}{path}") for guard, path in options))
        case Listing(entries, _, _):
            return replace(value, entries=tuple(Entry(marked(e.value, case), e.possible, e.certain) for e in entries))
        case _:
            return value


class Across(Encoder):
    """Encodes expressions that read several cases; ``names`` are truth values that are chosen."""

    def __init__(self, cases: Mapping[str, Posed], names: Mapping[str, Any]) -> None:
        spaces: Any = _Spaces(cases)
        super().__init__(next(iter(cases.values())).encoded.program, spaces, {})
        self.cases, self.names = cases, names

    def _ref(self, name: str) -> Value:
        case, colon, part = name.partition(":")
        if not colon:
            return settled(self.names[name])
        posed = self.cases[case]
        encoded = posed.encoded
        if part.startswith("slot."):
            return marked(encoded.value(part.removeprefix("slot.")), case)
        if part.startswith("facts."):
            return marked(posed.space.root(part.removeprefix("facts.")), case)
        if part.startswith("verdict="):
            wanted: Any = part.removeprefix("verdict=")
            return settled(encoded.verdict(wanted) if wanted in VERDICT.values else False)
        match part:
            case "as_of":
                return exactly("date", posed.space.as_of)
            case "granted":
                return Truth(encoded.grants, encoded.verdict("not_met"))
            case "amount" | "effect":
                return self._result(encoded, getattr(encoded.plan.decision, part))
            case "verdict":
                return self._verdict(encoded)
            case _:
                raise NotEncoded(f"the result {part}")

    def _verdict(self, encoded: Encoded) -> Value:
        """The verdict as a number beyond those of texts: two cases' verdicts may be compared."""
        code: Any = -len(VERDICT.values)
        verdicts: tuple[Verdict, ...] = get_args(Verdict)
        for verdict in verdicts:
            if verdict != VERDICT.values[-1]:
                code = when(encoded.verdict(verdict), -VERDICT.values.index(verdict) - 1, code)
        return Text(code)

    def _result(self, encoded: Encoded, slot: str | None) -> Value:
        refused = encoded.verdict("not_met")
        if slot is None:
            return picked(encoded.verdict("undetermined"), UNKNOWN, NULL)
        return picked(encoded.grants, encoded.value(slot), Blank(refused))
