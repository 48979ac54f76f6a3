"""Text formats that a field can be held to: the codes by which China numbers places, organisations and people.

They are national standards for identifiers and say nothing of any policy. The checks come from python-stdnum, which is
loaded when the first such value is checked, so that importing a vocabulary stays cheap.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

_SIX_DIGITS = re.compile(r"[0-9]{6}")


def division_code(text: str) -> str:
    """An administrative division code, GB/T 2260: six digits, the first two those of a province.

    A code that the table does not list is accepted if its province is known, since codes of cities and counties change.

    Raises:
        PydanticCustomError: of type ``division_code``.
    """
    if not _SIX_DIGITS.fullmatch(text) or not _is_province(text[:2]):
        raise PydanticCustomError("division_code", "must be a division code of six digits (GB/T 2260), as `330700`")
    return text


def credit_code(text: str) -> str:
    """A unified social credit code, GB 32100: 18 characters, the last of which is a check character.

    Raises:
        PydanticCustomError: of type ``credit_code``.
    """
    from stdnum.cn import uscc

    if not text.isascii() or uscc.compact(text) != text or not uscc.is_valid(text):
        raise PydanticCustomError("credit_code", "must be a valid unified social credit code (GB 32100)")
    return text


def identity_number(text: str) -> str:
    """A resident identity number, GB 11643: place, day of birth, serial number and check character.

    Raises:
        PydanticCustomError: of type ``identity_number``; the number is in no part of it.
    """
    from stdnum.cn import ric

    if not text.isascii() or ric.compact(text) != text or not ric.is_valid(text):
        raise PydanticCustomError("identity_number", "must be a valid resident identity number (GB 11643)")
    return text


@lru_cache(maxsize=100)
def _is_province(digits: str) -> bool:
    from stdnum import numdb

    return any("province" in found for _, found in numdb.get("cn/loc").info(digits))


FORMATS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"division_code": division_code, "credit_code": credit_code, "identity_number": identity_number}
)
"""The formats by the names under which a pack may ask for them."""


@dataclass(frozen=True, slots=True)
class TextFormat:
    """Holds a text field to one of ``FORMATS``; put it in the ``Annotated`` of ``str``."""

    name: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(FORMATS[self.name], handler(source))
