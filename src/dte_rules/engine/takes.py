"""The kinds of values that the plain functions of the compiled engine take; on others they are null."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dte_rules.engine.runtime import NULL
from dte_rules.feel.builtins import INTEGERS
from dte_rules.feel.values import Months

_LETTERS = {"n": Decimal, "t": str, "b": bool, "d": date, "l": tuple, "m": Months, "s": timedelta}
_SHAPES = {
    "n n?": "floor;ceiling;round half up;round half down;round up;round down",
    "n n": f"decimal;modulo;{INTEGERS}",
    "n": "odd;even",
    "nms": "abs",
    "t n n?": "substring",
    "t": "string length;upper case;lower case;duration",
    "t t": "contains;starts with;ends with;substring before;substring after;division_within",
    "l t?": "string join",
    "l": "mean;product;distinct values;reverse;flatten",
    "l *": "index of",
    "l *+": "append",
    "l+": "union",
    "l n *": "insert before",
    "l n": "remove",
    "l n n?": "sublist",
    "*": "string",
    "tn t? t?": "number",
    "td|n n n": "date",
    "d d": "years and months duration",
    "d": "day of year;day of week;month of year;week of year;last_day_of_month",
}
"""What each plain function takes: kinds of values by letter, ``*`` for anything, ``?`` for null or nothing, ``+`` for one or more."""


_Place = tuple[tuple[type, ...] | None, bool, bool]


def _place(written: str) -> _Place:
    """The types that a place takes (None: any), whether it may be null or left out, and whether it may be repeated."""
    kinds = written.rstrip("?+")
    return None if kinds == "*" else tuple(_LETTERS[k] for k in kinds), written.endswith("?"), written.endswith("+")


_PLACES = {
    name: tuple(tuple(map(_place, shape.split())) for shape in shapes.split("|"))
    for shapes, names in _SHAPES.items()
    for name in names.split(";")
}


_LIST = (tuple,)


def as_taken(name: str, arguments: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """The arguments if they are of the kinds that a plain function takes, a single value as a list where it takes one."""
    for places in _PLACES[name]:
        found = _taken(places, arguments)
        if found is not None:
            return found
    return None


def _taken(places: tuple[_Place, ...], arguments: tuple[Any, ...]) -> tuple[Any, ...] | None:
    given = len(arguments)
    if (given > len(places) and not places[-1][2]) or any(not optional for _, optional, _ in places[given:]):
        return None
    for at, argument in enumerate(arguments):
        kinds, optional, _ = places[at if at < len(places) else -1]
        if kinds is None or type(argument) in kinds or (optional and argument is NULL):
            continue
        if kinds != _LIST or argument is NULL:
            return None
        arguments = (*arguments[:at], (argument,), *arguments[at + 1 :])
    return arguments
