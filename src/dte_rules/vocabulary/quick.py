"""Reads JSON that is plainly right several times as fast as Pydantic's validation, and leaves everything else to it.

The reader of a model takes JSON's values, an object as a tuple of its pairs, and gives the instance that validation would give.
Whatever it has no plain rule for (a value out of bounds, an unknown key, a validator of somebody's own) makes it give up;
validation then says what is wrong.
"""

from __future__ import annotations

import datetime
import typing
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from dte_rules.vocabulary.coerce import UNKNOWN
from dte_rules.vocabulary.formats import FORMATS, TextFormat
from dte_rules.vocabulary.implication import Implication, contradiction, implied
from dte_rules.vocabulary.making import make
from dte_rules.vocabulary.meaning import Constraint, Meaning, Whole
from dte_rules.vocabulary.shape import Shape, shapes_of

if TYPE_CHECKING:
    from dte_rules.vocabulary.model import FactModel

MOST_KNOWN = 1024
"""For how many combinations of values, and how many codes of places, it is kept that they are right."""
LARGEST = 30
"""Numbers of more digits, before or behind the point, are left to validation."""
HOOKS = frozenset({"_read_field", "_read_record", "_dump_known"})
"""The validators and serializers that every fact model has."""

Read = Callable[[Any], Any]


Implied = Callable[[Any], tuple[Implication, ...]]
"""The implications of a model."""


class Unusual(Exception):
    """Raised for what has no plain reading; validation decides."""


class QuickReader:
    """Reads instances of one model. Raises `Unusual` for what it can't read.

    With ``closing`` the instances have what they imply, and are for engines only: which fields were given is not kept.
    """

    __slots__ = ("_blank", "_closing", "_implications", "_known", "_known_fields", "_model", "_readers", "_tested")

    def __init__(self, model: type[FactModel], implications: Implied, *, closing: bool = False) -> None:
        own = model.__pydantic_decorators__
        validators = {*own.validators, *own.field_validators, *own.root_validators, *own.model_validators}
        plain = validators <= HOOKS and not model.__pydantic_post_init__ and not model.__private_attributes__
        if not plain or model.model_config.get("extra") != "forbid" or model.model_config.get("alias_generator"):
            raise Unusual
        self._model, self._closing = model, closing
        self._blank: dict[str, Any] = dict.fromkeys(model.model_fields)
        self._known_fields = set(self._blank)
        fields = model.model_fields
        self._readers = {name: _reader(shape, fields[name], implications, closing) for name, shape in shapes_of(model).items()}
        self._implications = implications(model)
        self._tested = tuple(dict.fromkeys(name for each in self._implications for name in (each.field, each.then)))
        self._known: dict[tuple[Any, ...], dict[str, Any]] = {}

    def __call__(self, data: Any) -> Any:
        """The instance that validation would give."""
        if type(data) is not tuple:
            raise Unusual
        values = self._blank.copy()
        readers = self._readers
        plain = True
        try:
            for name, value in data:
                read = readers[name]
                if values[name] is not None:
                    raise Unusual  # said twice
                values[name] = said = None if value is None else read(value)
                if said is None:
                    plain = False
        except KeyError:
            raise Unusual from None
        if not plain and len({name for name, _ in data}) < len(data):
            raise Unusual
        if not self._closing:
            if self._tested:
                self._follows(values)
            return make(self._model, values, {name for name, _ in data})
        if self._tested:
            values.update(self._follows(values))
        return make(self._model, values, self._known_fields)

    def _follows(self, values: dict[str, Any]) -> dict[str, Any]:
        """What the values imply, once for each combination of those on which it depends."""
        key = tuple([values[name] for name in self._tested])
        found = self._known.get(key)
        if found is None:
            if contradiction(values, self._implications) is not None:
                raise Unusual
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            found = self._known[key] = implied(values, self._implications)
        return found


def _reader(shape: Shape, field: FieldInfo, implications: Implied, closing: bool) -> Read:
    if not _plain(field) or field.alias is not None or field.validation_alias is not None:
        return _unusual
    member = _member(shape, implications, closing)
    return _list_of(member) if shape.many else member


def _member(shape: Shape, implications: Implied, closing: bool) -> Read:
    if shape.model is not None:
        try:
            return QuickReader(typing.cast("type[FactModel]", shape.model), implications, closing=closing)
        except Unusual:
            return _unusual
    match shape.kind:
        case "boolean":
            return _truth
        case "enum" if typing.get_origin(shape.base) is typing.Literal:
            return _one_of(frozenset(shape.values))
        case "date":
            return _day
        case "number" if shape.base is Decimal:
            return _number(shape.constraint)
        case "string":
            return _text(shape.constraint)
        case _:
            return _unusual


def _plain(field: FieldInfo) -> bool:
    """Whether nothing bears on the field but what the readers here know."""
    return all(isinstance(mark, Meaning | TextFormat | Whole | Ge | Gt | Le | Lt) for mark in _marks(field.annotation, field.metadata))


def _marks(annotation: Any, metadata: Any) -> Iterator[Any]:
    for mark in metadata:
        if isinstance(mark, FieldInfo):
            yield from mark.metadata
        else:
            yield mark
    if typing.get_origin(annotation) is typing.Annotated:
        inner, *more = typing.get_args(annotation)
        yield from _marks(inner, more)
    elif typing.get_origin(annotation) is not typing.Literal:
        for part in typing.get_args(annotation):
            yield from _marks(part, ())


def _unusual(value: Any) -> Any:
    raise Unusual


def _otherwise(value: Any) -> Any:
    """What a value is read as that is none of its kind: unknown, if it says so."""
    if type(value) is not str or value != UNKNOWN:
        raise Unusual
    return None


def _truth(value: Any) -> Any:
    if value is True or value is False:
        return value
    return _otherwise(value)


def _one_of(values: frozenset[str]) -> Read:
    def read(value: Any) -> Any:
        if type(value) is str and value in values:
            return value
        return _otherwise(value)

    return read


def _day(value: Any) -> Any:
    if type(value) is str and len(value) == 10 and value[4] == value[7] == "-":
        try:
            return _from_iso(value)
        except ValueError:
            raise Unusual from None
    return _otherwise(value)


_from_iso = datetime.date.fromisoformat


def _number(constraint: Constraint) -> Read:
    ge, gt, le, lt, whole = constraint.ge, constraint.gt, constraint.le, constraint.lt, constraint.whole

    def read(value: Any) -> Any:
        if type(value) is not Decimal:
            return _otherwise(value)
        if not value.is_finite():
            raise Unusual
        exponent = value.as_tuple().exponent
        if not isinstance(exponent, int) or abs(exponent) > LARGEST or value.adjusted() > LARGEST:
            raise Unusual
        if (
            (ge is not None and value < ge)
            or (gt is not None and value <= gt)
            or (le is not None and value > le)
            or (lt is not None and value >= lt)
            or (whole and value != value.to_integral_value())
        ):
            raise Unusual
        return value

    return read


def _text(constraint: Constraint) -> Read:
    if constraint.format is None:
        return _any_text
    check = FORMATS[constraint.format]
    known: set[str] = set()
    keeps = constraint.format == "division_code"  # the others name people and organisations

    def read(value: Any) -> str | None:
        if type(value) is not str:
            raise Unusual
        if value not in known:
            if value == UNKNOWN:
                return None
            try:
                check(value)
            except PydanticCustomError:
                raise Unusual from None
            if keeps:
                if len(known) >= MOST_KNOWN:
                    known.clear()
                known.add(value)
        return value

    return read


def _any_text(value: Any) -> str | None:
    if type(value) is not str:
        raise Unusual
    return None if value == UNKNOWN else value


def _list_of(member: Read) -> Read:
    def read(value: Any) -> tuple[Any, ...]:
        if type(value) is not list or UNKNOWN in value:
            raise Unusual
        return tuple([member(item) for item in value])

    return read
