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


def _place(written: str) -> tuple[tuple[type, ...] | None, bool, bool]:
    """The types that a place takes (None: any), whether it may be null or left out, and whether it may be repeated."""
    kinds = written.rstrip("?+")
    return None if kinds == "*" else tuple(_LETTERS[k] for k in kinds), written.endswith("?"), written.endswith("+")


_PLACES = {
    name: tuple(tuple(map(_place, shape.split())) for shape in shapes.split("|"))
    for shapes, names in _SHAPES.items()
    for name in names.split(";")
}


def _taken(places: tuple[tuple[tuple[type, ...] | None, bool, bool], ...], arguments: tuple[Any, ...]) -> bool:
    most = len(arguments) if places[-1][2] else len(places)
    if len(arguments) > most or any(not optional for _, optional, _ in places[len(arguments) :]):
        return False
    for at, argument in enumerate(arguments):
        kinds, optional, _ = places[at if at < len(places) else -1]
        if kinds is not None and type(argument) not in kinds and not (optional and argument is NULL):
            return False
    return True


def takes(name: str, arguments: tuple[Any, ...]) -> bool:
    """Whether the arguments are of the kinds that a plain function takes."""
    return any(_taken(places, arguments) for places in _PLACES[name])
