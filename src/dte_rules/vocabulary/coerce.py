"""The few readings that a fact's input gets, and no others: ISO text as a date, integers and floats as decimals, lists as tuples.

A value that has no such reading is passed on as it is, so that the field's strict validation names it and its place.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pydantic_core import PydanticCustomError

UNKNOWN = "unknown"
"""The text that stands for an unknown value, as null and absence do."""

LARGEST_EXPONENT = 1000
"""Numbers lie between 10^-1000 and 10^1000; a longer one could not be written out again within bounds of time and space."""

Reading = Callable[[Any], Any]

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_as_is(value: Any) -> Any:
    """The value itself."""
    return value


def read_date(value: Any) -> Any:
    """A text ``YYYY-MM-DD`` as the date it names; anything else as it is."""
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            return value
    return value


def read_number(value: Any) -> Any:
    """An integer exactly, a float by its shortest decimal form, as a ``Decimal``; anything else as it is.

    Raises:
        PydanticCustomError: of type ``number_size``, where the number is beyond ``LARGEST_EXPONENT``.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        if value.bit_length() > 4 * LARGEST_EXPONENT:
            raise _too_large()
        value = Decimal(value)
    elif isinstance(value, float):
        if not math.isfinite(value):
            return value
        value = Decimal(repr(value))
    if isinstance(value, Decimal) and value.is_finite():
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and (exponent < -LARGEST_EXPONENT or value.adjusted() > LARGEST_EXPONENT):
            raise _too_large()
    return value


def read_integer(value: Any) -> Any:
    """A whole ``Decimal`` as an ``int``, for fields that are declared as ``int``; anything else as it is."""
    if isinstance(value, Decimal) and value.is_finite() and value.adjusted() <= LARGEST_EXPONENT and value == value.to_integral_value():
        return int(value)
    return value


def reading_list(member: Reading, *, records: bool) -> Reading:
    """The reading of a list whose members are read by ``member``: the same members as a tuple.

    A member of a list of values can't be unknown; an unknown record is a record of which nothing is known.
    """

    def read_list(value: Any) -> Any:
        if not isinstance(value, list | tuple):
            return value
        if not records and any(is_unknown(item) for item in value):
            raise PydanticCustomError("unknown_member", "a member of a list can't be unknown; leave the whole list out")
        return tuple(value) if member is read_as_is else tuple(member(item) for item in value)

    return read_list


def is_unknown(value: Any) -> bool:
    """Whether the input stands for an unknown value."""
    return value is None or (isinstance(value, str) and value == UNKNOWN)


def decimal_of(value: float | Decimal) -> Decimal:
    """The number as a ``Decimal``, a float by its shortest decimal form.

    Raises:
        ValueError: for NaN and the infinities, without the value.
    """
    number = value if isinstance(value, Decimal) else Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise ValueError("a number must be finite")
    return number


def _too_large() -> PydanticCustomError:
    return PydanticCustomError("number_size", "must be a number between 10^-1000 and 10^1000")
