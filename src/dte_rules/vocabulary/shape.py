"""Reads a Pydantic field's annotation: what kind of value it holds, of what model, within what bounds."""

from __future__ import annotations

import collections.abc
import datetime
import enum
import re
import types
import typing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from dte_rules.vocabulary.formats import TextFormat
from dte_rules.vocabulary.meaning import NO_MEANING, UNCONSTRAINED, Constraint, Meaning, Whole

Kind = Literal["number", "string", "boolean", "date", "enum", "record"]

_SIMPLE: dict[Any, Kind] = {bool: "boolean", int: "number", float: "number", Decimal: "number", str: "string", datetime.date: "date"}
_LISTS = (tuple, list, set, frozenset, collections.abc.Sequence)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a field holds: one value of a kind, or many."""

    kind: Kind
    base: Any
    """The Python type of a value: ``Decimal``, ``int``, a ``Literal``, an ``Enum`` class, a model."""
    many: bool = False
    container: Any = None
    """The Python type of the list, where ``many``."""
    optional: bool = False
    values: tuple[str, ...] = ()
    model: type[BaseModel] | None = None
    constraint: Constraint = UNCONSTRAINED
    meaning: Meaning = NO_MEANING


def shapes_of(model: type[BaseModel]) -> dict[str, Shape]:
    """The shapes of a model's fields, by name.

    Raises:
        TypeError: for a field of a type that a vocabulary has no word for, naming the model and the field.
    """
    if not model.__pydantic_complete__:
        model.model_rebuild()
    return {name: shape_of(model, name, field) for name, field in model.model_fields.items()}


def shape_of(model: type[BaseModel], name: str, field: FieldInfo) -> Shape:
    """The shape of one field.

    Raises:
        TypeError: as ``shapes_of``.
    """
    try:
        shape = _read(field.annotation)
    except _Unsupported as unsupported:
        raise TypeError(
            f"{model.__name__}.{name}: a vocabulary has no facts of type {unsupported}; use bool, Decimal, str, datetime.date, "
            "a Literal of texts, a Pydantic model, or tuple[X, ...] of one of these, each with `| None`"
        ) from None
    marks = list(_marks(field.metadata))
    meaning = next((mark for mark in marks if isinstance(mark, Meaning)), shape.meaning)
    if not meaning.label("en") and field.title:
        meaning = replace(meaning, en=field.title)
    return replace(shape, meaning=meaning, constraint=_constrained(shape.constraint, marks))


class _Unsupported(Exception):
    """An annotation that is no fact's type."""

    def __init__(self, annotation: Any) -> None:
        super().__init__(annotation.__name__ if isinstance(annotation, type) else str(annotation))


def _read(annotation: Any) -> Shape:
    if (kind := _SIMPLE.get(annotation) if isinstance(annotation, collections.abc.Hashable) else None) is not None:
        return Shape(kind, annotation, constraint=Constraint(whole=True) if annotation is int else UNCONSTRAINED)
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *metadata = get_args(annotation)
        marks = list(_marks(metadata))
        shape = _read(inner)
        meaning = next((mark for mark in marks if isinstance(mark, Meaning)), shape.meaning)
        return replace(shape, meaning=meaning, constraint=_constrained(shape.constraint, marks))
    if origin in (Union, types.UnionType):
        return _read_union(annotation)
    if origin is Literal:
        return _read_literal(annotation)
    if origin in _LISTS:
        return _read_list(annotation, origin)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Shape("record", annotation, model=annotation)
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        values = tuple(member.value for member in annotation)
        if not values or not all(isinstance(value, str) for value in values):
            raise _Unsupported(annotation)
        return Shape("enum", annotation, values=values)
    if (alias := getattr(annotation, "__value__", None)) is not None:
        return _read(alias)
    if isinstance(annotation, typing.NewType):
        return _read(annotation.__supertype__)
    raise _Unsupported(annotation)


def _read_union(annotation: Any) -> Shape:
    members = get_args(annotation)
    values = [member for member in members if member is not type(None)]
    if len(values) != 1:
        raise _Unsupported(annotation)
    return replace(_read(values[0]), optional=True)


def _read_literal(annotation: Any) -> Shape:
    members = get_args(annotation)
    values = tuple(value for value in members if value is not None)
    optional = len(values) < len(members)
    if values and all(isinstance(value, str) and not isinstance(value, enum.Enum) for value in values):
        return Shape("enum", annotation, values=values, optional=optional)
    if values and all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        bounds = Constraint(ge=Decimal(min(values)), le=Decimal(max(values)), whole=True)
        return Shape("number", int, optional=optional, constraint=bounds)
    raise _Unsupported(annotation)


def _read_list(annotation: Any, origin: Any) -> Shape:
    members = get_args(annotation)
    if origin is tuple and (len(members) != 2 or members[1] is not Ellipsis):
        raise _Unsupported(annotation)
    shape = _read(members[0])
    if shape.many or shape.optional:
        raise _Unsupported(annotation)
    return replace(shape, many=True, container=origin)


def _marks(metadata: Iterable[Any]) -> Iterator[Any]:
    for mark in metadata:
        yield mark
        if isinstance(mark, FieldInfo):
            yield from _marks(mark.metadata)


def _constrained(constraint: Constraint, marks: Iterable[Any]) -> Constraint:
    found: dict[str, Any] = {}
    for mark in marks:
        if isinstance(mark, Whole):
            found["whole"] = True
        elif isinstance(mark, TextFormat):
            found["format"] = mark.name
        elif not isinstance(mark, Meaning | FieldInfo):
            for bound in ("ge", "gt", "le", "lt"):
                if isinstance(value := getattr(mark, bound, None), int | float | Decimal):
                    found[bound] = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
            for length in ("min_length", "max_length"):
                if isinstance(value := getattr(mark, length, None), int):
                    found[length] = value
            pattern = getattr(mark, "pattern", None)
            if isinstance(pattern, str | re.Pattern):
                found["pattern"] = pattern if isinstance(pattern, str) else pattern.pattern
            if getattr(mark, "multiple_of", None) == 1:
                found["whole"] = True
    return replace(constraint, **found) if found else constraint
