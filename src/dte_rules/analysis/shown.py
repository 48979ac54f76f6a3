"""When a decision shows a result differently from another: only what is known is shown, but of days also the bounds."""

from __future__ import annotations

from dte_rules.analysis.encode import Encoded
from dte_rules.analysis.logic import Bit, conj, disj, equal, iff, neg
from dte_rules.analysis.solver import NotEncoded
from dte_rules.analysis.values import UNKNOWN, Blank, Ordered, Text, Truth, Value, alignment, same_end


def result(encoded: Encoded, slot: str | None) -> Value:
    """A result of a plan; unknown where the decision has none of that name."""
    return UNKNOWN if slot is None else encoded.value(slot)


def shown_differs(old: Value, new: Value, *, bounds: bool = False) -> Bit:
    """Whether a result is shown differently.

    Raises:
        NotEncoded: for a list.
    """
    match alignment([old, new]):
        case [Truth() as x, Truth() as y]:
            return neg(conj(iff(x.t, y.t), iff(x.f, y.f)))
        case [Text() as x, Text() as y]:
            return disj(neg(iff(x.known, y.known)), conj(x.known, y.known, neg(equal(x.code, y.code))))
        case [Ordered() as x, Ordered() as y]:
            there = [disj(v.known, conj(v.low_on, v.high_on)) if bounds else v.known for v in (x, y)]
            same = conj(same_end(x.low, y.low), same_end(x.high, y.high) if bounds else True)
            return disj(neg(iff(*there)), conj(*there, neg(same)))
        case [Blank(), Blank()]:
            return False
        case _ if old is new:
            return False
        case _:
            raise NotEncoded("a result that is a list")
