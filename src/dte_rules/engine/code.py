"""What an engine's generated code is made of: values, what they may turn out to be, and the names that the code may use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dte_rules.engine import builtins, runtime
from dte_rules.generated import Lines

U, B, N, P, E = "u", "b", "n", "p", "e"
"""What a value may be: unknown, within bounds, null, a partial list, one of several records."""
ANYTHING = frozenset({U, B, N, P, E})
KNOWN: frozenset[str] = frozenset()
UNKNOWN = frozenset({U})

NAMESPACE: Mapping[str, Any] = {
    "NULL": runtime.NULL,
    "Partial": runtime.Partial,
    "members": runtime.members,
    "ALL_SURE": runtime.ALL_SURE,
    "zip": zip,
    "_eq": runtime.eq,
    "_ne": runtime.ne,
    "_lt": runtime.lt,
    "_le": runtime.le,
    "_add": runtime.add,
    "_sub": runtime.sub,
    "_mul": runtime.mul,
    "_div": runtime.div,
    "_pow": runtime.power,
    "_neg": runtime.neg,
    "_not": runtime.not_,
    "_get": runtime.get,
    "_part": runtime.part,
    "_any_field": runtime.any_field,
    "_join": runtime.join,
    "_index": runtime.index,
    "_happened": runtime.happened,
    "_as_list": runtime.as_list,
    "_call": builtins.call,
    "_shift": runtime.shift,
    "_later": runtime.later,
    "_number": runtime.number,
    "_plus": runtime.CONTEXT.add,
    "_minus": runtime.CONTEXT.subtract,
    "_times": runtime.CONTEXT.multiply,
    "_floor": runtime.floor,
    "_min": min,
    "_max": max,
    "Decimal": Decimal,
    "date": date,
    "bool": bool,
    "str": str,
    "len": len,
    "type": type,
    "tuple": tuple,
}


@dataclass(frozen=True, slots=True)
class Value:
    """A value in the code: an atom (a name or a literal), and what it may be."""

    code: str
    may: frozenset[str]


class Writer(Lines):
    """Collects the lines of one function, and values by their names."""

    def let(self, code: str, may: frozenset[str]) -> Value:
        """Binds a new name to a piece of code."""
        name = self.fresh()
        self.line(f"{name} = {code}")
        return Value(name, may)


def guarded(values: Iterable[Value], code: str) -> str:
    """Code that gives None where one of the values is unknown."""
    tests = [f"{v.code} is None" for v in values if U in v.may]
    return f"None if {' or '.join(dict.fromkeys(tests))} else {code}" if tests else code
