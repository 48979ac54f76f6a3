"""The types of FEEL expressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import assert_never


@dataclass(frozen=True, slots=True)
class Simple:
    """A type without parts; the instances below are all there are."""

    name: str


NUMBER = Simple("number")
STRING = Simple("string")
BOOLEAN = Simple("boolean")
DATE = Simple("date")
MONTHS = Simple("years and months duration")
DAYS = Simple("days and time duration")
NULL = Simple("null")
ANY = Simple("any")
"""The type of what is not known to the checker; everything conforms to it and it to everything."""


@dataclass(frozen=True, slots=True)
class Enum:
    """A closed list of texts, as 初级, 中级, 高级. Conforms to string. Two enums are comparable if they share a value."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; ``element`` is the type of its members."""

    element: Type


@dataclass(frozen=True)
class Record:
    """A record with named fields. Two records of one name are the same type."""

    name: str
    fields: Mapping[str, Type] = field(compare=False, repr=False)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The fields' names, in their order."""
        return tuple(self.fields)

    def __reduce__(self) -> tuple[type[Record], tuple[str, dict[str, Type]]]:
        return Record, (self.name, dict(self.fields))


@dataclass(frozen=True, slots=True)
class RangeOf:
    """An interval between two values of one ordered type."""

    element: Type


Type = Simple | Enum | ListOf | Record | RangeOf

ORDERED = (NUMBER, STRING, DATE, MONTHS, DAYS)
"""The types whose values can be compared by ``<``."""


def describe(type_: Type) -> str:
    """The type as a person reads it: ``list of certificate``, ``初级 | 中级 | 高级``."""
    match type_:
        case Simple(name):
            return name
        case Enum(name, _):
            return name
        case ListOf(element):
            return f"list of {describe(element)}"
        case Record(name, _):
            return name
        case RangeOf(element):
            return f"range of {describe(element)}"
        case _:
            assert_never(type_)


def conforms(actual: Type, wanted: Type) -> bool:
    """Whether a value of type ``actual`` may stand where ``wanted`` is asked for."""
    if actual in (wanted, NULL) or ANY in (actual, wanted):
        return True
    if isinstance(actual, Enum):
        return wanted == STRING or (isinstance(wanted, Enum) and bool(set(actual.values) & set(wanted.values)))
    if isinstance(actual, ListOf) and isinstance(wanted, ListOf):
        return conforms(actual.element, wanted.element)
    if isinstance(actual, RangeOf) and isinstance(wanted, RangeOf):
        return conforms(actual.element, wanted.element)
    return False


def join(a: Type, b: Type) -> Type | None:
    """The narrowest type that holds the values of both, or None where there is none (``number`` and ``date``)."""
    if a == b or b in (NULL, ANY):
        return a
    if a in (NULL, ANY):
        return b
    if isinstance(a, Enum) and isinstance(b, Enum):
        return Enum(a.name, tuple(dict.fromkeys(a.values + b.values)))
    if (isinstance(a, Enum) and b == STRING) or (isinstance(b, Enum) and a == STRING):
        return STRING
    if isinstance(a, ListOf) and isinstance(b, ListOf):
        element = join(a.element, b.element)
        return None if element is None else ListOf(element)
    return None
