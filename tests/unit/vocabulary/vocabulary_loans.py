"""A vocabulary of another field: library loans, once as fact models, once as plain Pydantic models."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from dte_rules.vocabulary import FactModel, Implication, Meaning, Whole


class Loan(FactModel):
    __event__ = "lent_on"
    __implications__ = (Implication("returned", False, "overdue_fee_paid", False),)

    lent_on: date | None = None
    returned: bool | None = None
    overdue_fee_paid: bool | None = None
    copies: int | None = None


class Borrower(FactModel):
    __record__ = "member"

    name: Annotated[str | None, Meaning("姓名", "name", "借阅人叫什么？", "What is the borrower's name?", personal=True)] = None
    card: Literal["child", "adult"] | None = None
    loans: tuple[Loan, ...] | None = None
    fee: Annotated[Decimal, Field(ge=0, le=100.5)] | None = None
    pin: Annotated[str | None, Field(pattern="^[0-9]{4}$")] = None
    since: Annotated[Decimal | None, Field(gt=1900), Whole()] = None


class Library(FactModel):
    borrower: Annotated[Borrower | None, Meaning("借阅人", "borrower")] = None
    open_today: bool | None = None


class Card(StrEnum):
    CHILD = "child"
    ADULT = "adult"


class PlainLoan(BaseModel):
    lent_on: date
    price: float = Field(0.1, title="price of the book")


class PlainBorrower(BaseModel):
    card: Card = Card.ADULT
    loans: list[PlainLoan] = []
    seen: Sequence[Card] | None = None
    visits: int = 0
    level: Literal[1, 2, 3] = 1
    rates: list[float] = []


class PlainLibrary(BaseModel):
    borrower: PlainBorrower
    open_today: bool | None = None


class Number(Enum):
    ONE = 1
