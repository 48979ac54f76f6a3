"""Facts as data, and data as facts: what sessions and receipts keep, by the names of the vocabulary, whatever the model is like.

A model may give its fields aliases, be strict, want fields to be given, or hold enums, sets and floats. The data knows none of this:
it has the fields' own names, texts, true and false, numbers as Decimals, days as ISO text and lists.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from dte_rules.feel.types import ListOf, Record, Type
from dte_rules.vocabulary import FactModel, Vocabulary
from dte_rules.vocabulary.coerce import read_date, read_integer
from dte_rules.vocabulary.shape import Shape, shapes_of

NUMBER = "$number"
"""The key of a number in JSON that a float would not keep."""
Reading = Callable[[Any], Any]


def plain(value: Any, type_: Type | None = None) -> Any:
    """A value as data; with its type, a model's instance without the fields that the vocabulary does not have.

    Unknown fields of an instance are left out, unless the model would then presume something else.

    Raises:
        TypeError: for what is no fact.
    """
    match value:
        case BaseModel():
            wanted = type_.fields if isinstance(type_, Record) else None
            return {
                name: plain(part, None if wanted is None else wanted[name])
                for name, field in type(value).model_fields.items()
                if (wanted is None or name in wanted) and ((part := getattr(value, name)) is not None or _presumes(field))
            }
        case Mapping():
            fields = type_.fields if isinstance(type_, Record) else {}
            return {str(name): plain(part, fields.get(str(name))) for name, part in value.items()}
        case list() | tuple():
            element = type_.element if isinstance(type_, ListOf) else None
            return [plain(item, element) for item in value]
        case set() | frozenset():
            return sorted(map(plain, value))
        case enum.Enum():
            return plain(value.value)
        case bool() | None | str() | Decimal():
            return value
        case int():
            return Decimal(value)
        case float():
            return Decimal(repr(value))
        case datetime.datetime():
            raise TypeError("a fact is dated by a day")
        case datetime.date():
            return value.isoformat()
        case _:
            raise TypeError(f"a value of type {type(value).__name__} is no fact")


def _presumes(field: FieldInfo) -> bool:
    """Whether a model takes something for a field that is not given."""
    return field.default_factory is not None or not (field.default is None or field.is_required())


def to_json(value: Any) -> Any:
    """Data as Python's ``json`` writes it, without losing a digit."""
    match value:
        case dict():
            return {name: to_json(part) for name, part in value.items()}
        case list():
            return [to_json(item) for item in value]
        case Decimal() if value == value.to_integral_value() and abs(value) < 2**53:
            return int(value)
        case Decimal():
            return {NUMBER: str(value)}
        case _:
            return value


def from_json(value: Any) -> Any:
    """What `to_json` was given. Raises ValueError for a number that is none."""
    match value:
        case dict() if value.keys() == {NUMBER}:
            try:
                return Decimal(str(value[NUMBER]))
            except InvalidOperation:
                raise ValueError(f"{value[NUMBER]!r} is no number") from None
        case dict():
            return {name: from_json(part) for name, part in value.items()}
        case list():
            return [from_json(item) for item in value]
        case bool():
            return value
        case int():
            return Decimal(value)
        case _:
            return value


class Instances:
    """Makes instances of a vocabulary's model of data."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.model = vocabulary.model
        self._read = _reader(vocabulary.model)

    def of(self, data: Any) -> BaseModel:
        """The instance. Raises `pydantic.ValidationError` for what are no facts, as validation does."""
        given = data if self._read is None else self._read(data)
        return self.model.model_validate(given, by_name=True, by_alias=False)


def _reader(model: type[BaseModel]) -> Reading | None:
    """What gives data the types that a model's fields have, so that a strict one takes it too; None where it does so by itself."""
    own = issubclass(model, FactModel)
    readings = {name: reading for name, shape in shapes_of(model).items() if (reading := _reading(shape, own)) is not None}
    if own and not readings:
        return None
    wanted = [] if own else [name for name, field in model.model_fields.items() if field.is_required()]
    shapes = shapes_of(model)

    def read(data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        found = {name: readings[name](part) if name in readings and part is not None else part for name, part in data.items()}
        for name in wanted:  # what must be given, and may be unknown, is given as unknown
            if name not in found and shapes[name].optional:
                found[name] = None
            elif name not in found and shapes[name].model is not None and not shapes[name].many:
                found[name] = readings[name]({}) if name in readings else {}
        return found

    return read


def _reading(shape: Shape, own: bool) -> Reading | None:
    """What is done to the data of a field; ``own`` is a field of a `FactModel`, which reads values itself."""
    member = _reader(shape.model) if shape.model is not None else None if own else _leaf(shape)
    if not shape.many:
        return member
    if member is None and own:
        return None
    container = shape.container if shape.container in (list, set, frozenset) else tuple

    def read_list(value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return container(value if member is None else map(member, value))

    return read_list


def _leaf(shape: Shape) -> Reading | None:
    base = shape.base
    if shape.kind == "date":
        return read_date
    if base is int:
        return read_integer
    if base is float:
        return lambda value: float(value) if isinstance(value, Decimal) else value
    if isinstance(base, type) and issubclass(base, enum.Enum):
        members = {member.value: member for member in base}
        return lambda value: members.get(value, value) if isinstance(value, str) else value
    return None
