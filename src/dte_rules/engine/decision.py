"""What a decision holds: the contract with users (vocabulary.md, "What a decision holds")."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, PlainSerializer

from dte_rules.engine.verdict import Verdict
from dte_rules.vocabulary.making import make


def json_number(value: Any) -> Any:
    """A decimal as JSON's number: an integer where it is one."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


Number = Annotated[Decimal, PlainSerializer(json_number, when_used="json")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)
    every: ClassVar[set[str]]
    """All fields, as those that were given: one set for all instances that are `made`, since none ever changes."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        cls.every = set(cls.model_fields)

    @classmethod
    def made(cls, values: dict[str, Any]) -> Self:
        """An instance of values that are known to be right, all fields given: several times as fast as `model_construct`."""
        made: Self = make(cls, values, cls.every)
        return made


class Alternative(_Frozen):
    """What another reading of a clause would give, where that differs; ``missing`` is what it would need to know."""

    interpretation: str
    reading: str
    verdict: Verdict
    amount: Number | None = None
    effect: str | None = None
    missing: tuple[str, ...] = ()


class MissingSet(_Frozen):
    """Unknown things which together can settle the verdict, none of them to spare, and the verdicts they can settle it to."""

    facts: tuple[str, ...]
    verdicts: tuple[Verdict, ...]


class Clause(_Frozen):
    """A clause that decided: the document's id and the locator in it."""

    source: str
    locator: str


class PackRef(_Frozen):
    """The pack that decided, so that the decision can be repeated; ``digest`` is over its whole content."""

    name: str
    version: str
    digest: str


class Decision(_Frozen):
    """A verdict with all that it rests on.

    ``amount`` is yuan. A date that is known only to lie between two days stands in ``dates`` with the earlier and in ``latest``
    with the later. ``failed`` are the ids of the conditions that fail, in the pack's order. ``missing`` is everything unknown
    that can still change the verdict, the most telling first. ``citations`` are the clauses that decided. ``readings`` are those
    chosen for each interpretation on which the decision may rest.
    """

    region: str
    decision: str
    as_of: date
    verdict: Verdict
    amount: Number | None = None
    effect: str | None = None
    dates: dict[str, date] = {}
    latest: dict[str, date] = {}
    failed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    missing_sets: tuple[MissingSet, ...] = ()
    values: dict[str, Annotated[Any, PlainSerializer(json_number, when_used="json")]] = {}
    flags: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    citations: tuple[Clause, ...] = ()
    readings: dict[str, str] = {}
    pack: PackRef
