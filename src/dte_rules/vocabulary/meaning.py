"""What a fact means to a person: its label and its question, in Chinese and English, and what is marked on a field."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from dte_rules.source.diagnostic import Lang

Mutable = Literal["person", "time", "fixed"]
"""Who can change a fact: the person it is about, nobody but time, or nothing any more."""
MUTABLE: tuple[Mutable, ...] = ("person", "time", "fixed")


@dataclass(frozen=True, slots=True)
class Meaning:
    """The label and the question of a field; put it in the field's ``Annotated``.

    Labels are short nouns (出生日期, date of birth); questions are whole sentences that a clerk can ask. What is left out
    is made from the label, and a label that is left out from the field's name. ``personal`` marks personal data (a birth
    date, an identity number): its value never appears in a message or in the record's ``repr``. ``mutable`` says who can
    change the fact, of a list who can add to it; what is left out is taken from the record around it (``Vocabulary.mutable``).
    """

    zh: str = ""
    en: str = ""
    question_zh: str = ""
    question_en: str = ""
    personal: bool = False
    mutable: Mutable | None = None

    def label(self, lang: Lang) -> str:
        """The label in one language, else in the other, else an empty text."""
        return (self.zh or self.en) if lang == "zh" else (self.en or self.zh)

    def question(self, lang: Lang) -> str:
        """The question in that language, or an empty text where none was written."""
        return self.question_zh if lang == "zh" else self.question_en


NO_MEANING = Meaning()
"""The meaning of a field for which nothing was written."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Marks a number field that takes whole numbers only (a year, a count); the value stays a ``Decimal``."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(whole, handler(source))


def whole(value: Decimal | None) -> Decimal | None:
    """The value itself if it is a whole number or unknown.

    Raises:
        PydanticCustomError: of type ``whole_number``, for a fraction.
    """
    if value is not None and value != value.to_integral_value():
        raise PydanticCustomError("whole_number", "must be a whole number")
    return value


@dataclass(frozen=True, slots=True)
class Constraint:
    """What a field's values are held to, beyond their type."""

    ge: Decimal | None = None
    gt: Decimal | None = None
    le: Decimal | None = None
    lt: Decimal | None = None
    whole: bool = False
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    format: str | None = None
    """The name of a text format, as ``division_code`` (see ``formats``)."""

    def __bool__(self) -> bool:
        return self != UNCONSTRAINED


UNCONSTRAINED = Constraint()
"""No constraint at all; it is false."""
