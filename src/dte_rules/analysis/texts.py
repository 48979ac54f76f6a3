"""Texts as numbers: those that occur in the rules, places for every division that they name, and some others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from dte_rules.analysis.logic import Bit, disj, equal
from dte_rules.analysis.solver import NotEncoded
from dte_rules.engine.plan import Plan, expressions
from dte_rules.feel import core
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.functions import call
from dte_rules.feel.types import Enum, ListOf, Record, Type

OTHERS = 6
"""How many texts there are beside those that occur."""
OTHER = "其他"
"""What they begin with."""
_PLACES = ("110105", "440305", "510104", "420106", "610113")


class Pool:
    """The texts of the solver, each with its number. Enums come first."""

    def __init__(self, enums: Iterable[tuple[str, ...]], constants: Iterable[str], outers: Iterable[str], more: Iterable[str] = ()) -> None:
        self._codes: dict[str, int] = {}
        for text in (text for values in enums for text in values):
            self._code(text)
        plain = [*constants, *more]
        self.places = tuple(dict.fromkeys([*_representatives(tuple(outers)), *(t for t in plain if len(t) == 6 and t.isdigit())]))
        free = [*plain, *self.places, *(f"{OTHER}{n}" for n in range(1, OTHERS + 1))]
        self.free = tuple(dict.fromkeys(self._code(text) for text in free))
        """The numbers that a text of no closed list may have."""

    @classmethod
    def of(cls, facts: Mapping[str, Type], plans: Iterable[Plan], more: Iterable[str] = ()) -> Pool:
        """The texts of some plans."""
        constants: dict[str, None] = {}
        outers: dict[str, None] = {}
        for plan in plans:
            for node in (node for rule in plan.rules for expr in expressions(rule) for node in core.walk(expr)):
                if isinstance(node, core.Const):
                    constants.update(dict.fromkeys(_texts(node.value)))
                if isinstance(node, core.Call) and node.function == "division_within" and isinstance(node.arguments[1], core.Const):
                    outers.update(dict.fromkeys(_texts(node.arguments[1].value)))
        return cls(dict.fromkeys(_enums(Record("", facts))), constants, outers, more)

    def _code(self, text: str) -> int:
        return self._codes.setdefault(text, len(self._codes))

    def code(self, text: str) -> int:
        """The number of a text.

        Raises:
            NotEncoded: for a text that is not in the pool.
        """
        if text not in self._codes:
            raise NotEncoded(f"the text “{text}”, which the analysis did not meet before")
        return self._codes[text]

    def knows(self, text: str) -> bool:
        """Whether the text is in the pool."""
        return text in self._codes

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The texts by their numbers."""
        return tuple(self._codes)

    def within(self, code: Any, outer: str) -> Bit:
        """Whether a text is a division within another."""
        calendar = Calendar()
        return self.holds(code, lambda text: call("division_within", [text, outer], calendar) is True)

    def holds(self, code: Any, test: Any) -> Bit:
        """Whether a test holds of a text."""
        if isinstance(code, int):
            return bool(test(self.texts[code]))
        return disj(*(equal(code, number) for number, text in enumerate(self.texts) if test(text)))


def _representatives(outers: tuple[str, ...]) -> Iterable[str]:
    """For each division its own code, a place right within it, one within its province, and some elsewhere."""
    calendar = Calendar()

    def within(code: str, outer: str) -> bool:
        return call("division_within", [code, outer], calendar) is True

    for outer in outers:
        yield outer
        if not (len(outer) == 6 and outer.isdigit()):
            continue
        prefix = outer[:2] if outer.endswith("0000") else outer[:4] if outer.endswith("00") else outer
        rests: tuple[str, ...] = {2: ("0100", "0200", "0101"), 4: ("02", "03")}.get(len(prefix), ())
        candidates = [prefix + rest for rest in rests]
        inner = [o for o in outers if o != outer and within(o, outer)]
        yield from [c for c in candidates if not any(within(c, o) for o in inner)][:2]
        if len(prefix) > 2:
            others = [prefix[:2] + rest for rest in ("0100", "0200", "0300")]
            yield from [c for c in others if not any(within(c, o) for o in outers if not o.endswith("0000"))][:1]
    yield from [place for place in _PLACES if not any(within(place, o) for o in outers)][:2]


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)


def _enums(type_: Type) -> Iterable[tuple[str, ...]]:
    match type_:
        case Enum(_, values):
            yield values
        case ListOf(element):
            yield from _enums(element)
        case Record(_, fields):
            for inner in fields.values():
                yield from _enums(inner)
        case _:
            return
