"""What an unquoted YAML scalar means. Only what can't be mistaken resolves; everything else is text.

PyYAML's own rules read ``no`` as false, ``012`` as 10, ``1:30`` as 90 and ``3.10`` as a binary 3.1; none of that happens here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

from dte_rules.source.nodes import Value

# Longer numbers are no amounts or counts; unlimited ones would let a file stall the program that reads it.
MAX_DIGITS = 1000
MAX_EXPONENT = 6144

_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(\.[0-9]+)?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_WORDS: dict[str, Value] = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A scalar that looks like a date or a number but can't be one."""

    reason: Literal["date", "number"]


def resolve_plain(raw: str) -> Value | Unresolved:
    """The value of an unquoted scalar: true/false, null, a decimal number, a date, or else the text itself."""
    if raw in _WORDS:
        return _WORDS[raw]
    if raw[0] not in "+-0123456789":
        return raw
    if found := _NUMBER.fullmatch(raw):
        return resolve_number(raw, exact=found[1] is not None)
    if found := _DATE.fullmatch(raw):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            return Unresolved("date")
    return raw


def resolve_number(raw: str, *, exact: bool) -> int | Decimal | Unresolved:
    """A number's digits as an int, or as a Decimal where ``exact``; never a float."""
    if len(raw) > MAX_DIGITS:
        return Unresolved("number")
    if not exact:
        return int(raw)
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return Unresolved("number")
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > MAX_EXPONENT or abs(number.adjusted()) > MAX_EXPONENT:
        return Unresolved("number")
    return number
