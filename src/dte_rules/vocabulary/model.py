"""The base class of fact models: strict in what it takes in, frozen, with ``None`` for what is unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Self, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from dte_rules.vocabulary.coerce import Reading, is_unknown, read_as_is, read_date, read_integer, read_number, reading_list
from dte_rules.vocabulary.implication import Implication, Value, contradiction, with_contrapositives
from dte_rules.vocabulary.jsontext import JsonError, json_number, read_json, write_json
from dte_rules.vocabulary.quick import QuickReader, Unusual
from dte_rules.vocabulary.shape import Shape, shapes_of


@dataclass(frozen=True, slots=True)
class Table:
    """What a fact model looks up while it validates and dumps, read off its fields once."""

    readings: Mapping[str, Reading]
    numbers: frozenset[str]
    implications: tuple[Implication, ...]
    hidden: frozenset[str]


class FactModel(BaseModel):
    """A record of facts, each of which may be unknown.

    A subclass declares its fields as ``name: X | None = None``, where ``X`` is ``bool``, ``Decimal``, ``str``,
    ``datetime.date``, a ``Literal`` of texts, another fact model, or ``tuple[X, ...]``; ``int`` is allowed for whole
    numbers. Labels and questions go into ``Annotated`` as a ``Meaning``.

    Input is what ``yaml.safe_load`` or ``json.loads`` gives. Dates are ``date`` or the text ``YYYY-MM-DD``; numbers are
    integers, decimals, or floats, which are read by their shortest decimal form; nothing else is converted. ``None``,
    the text ``unknown`` and absence mean unknown, for every field; a list that is empty is known to be empty. In the
    place of a record, ``None`` in a list or at the root is a record of which nothing is known.

    Raises:
        pydantic.ValidationError: for input that is not of this form, unknown keys included (the nearest name is given),
            and for facts that contradict each other. Values stand in no message.
        TypeError: when a subclass is first used, for a field that is no fact's (see ``shape``), naming the field.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True, protected_namespaces=())

    __record__: ClassVar[str | None] = None
    """The record type's name in the vocabulary; the class's name in snake case unless given."""

    __event__: ClassVar[str | None] = None
    """The date field that says when what the record tells of happened; ``None`` if it tells of no event."""

    __implications__: ClassVar[tuple[Implication, ...]] = ()
    """What one field of the record says about another."""

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Facts from a JSON document, keeping every digit of its numbers.

        Raises:
            pydantic.ValidationError: as validation, and of type ``json_invalid`` for a text that is no JSON, or that
                repeats a key.
        """
        if (quickly := cls._quickly()(text)) is not None:
            return cast(Self, quickly)
        return cls.model_validate(json_data(cls, text))

    @classmethod
    def _quickly(cls, *, closing: bool = False) -> Callable[[str | bytes], Any]:
        """What reads an instance where everything in the text is plainly right, else gives None; with ``closing``, with what it implies."""
        name = "__closing_reader__" if closing else "__reader__"
        reader: Callable[[str | bytes], Any] | None = cls.__dict__.get(name)
        if reader is None:
            try:
                reader = QuickReader(cls, FactModel, lambda model: _table(model).implications, closing=closing)
            except Unusual:
                reader = nothing
            type.__setattr__(cls, name, reader)
        return reader

    def to_json(self) -> str:
        """The known facts as JSON; ``from_json`` gives the same facts again, digit by digit."""
        return write_json(self)

    @field_validator("*", mode="before")
    @classmethod
    def _read_field(cls, value: Any, info: ValidationInfo) -> Any:
        if is_unknown(value):
            return None
        return _table(cls).readings[info.field_name or ""](value)

    @model_validator(mode="wrap")
    @classmethod
    def _read_record(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            record = handler({} if is_unknown(data) else data)
        except ValidationError as error:
            if not any(len(line["loc"]) == 1 and line["type"] == "extra_forbidden" for line in error.errors(include_input=False)):
                raise
            raise _with_nearest_names(cls, error) from None
        implications = _table(cls).implications
        if implications and (broken := contradiction(record.__dict__, implications)) is not None:
            raise _contradiction(cls.__name__, broken)
        return record

    @model_serializer(mode="wrap")
    def _dump_known(self, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any]:
        known = {name: value for name, value in handler(self).items() if value is not None}
        if info.mode == "json":
            for name in _table(type(self)).numbers & known.keys():
                value = getattr(self, name)
                known[name] = [json_number(Decimal(item)) for item in value] if isinstance(value, tuple) else json_number(Decimal(value))
        return known

    def __repr_args__(self) -> Any:
        hidden = _table(type(self)).hidden
        for name, value in self.__dict__.items():
            if value is not None:
                yield name, _HIDDEN if name in hidden else value


def json_data(model: type[BaseModel], text: str | bytes) -> Any:
    """What stands in a JSON document, each number as a ``Decimal`` of the same digits.

    Raises:
        pydantic.ValidationError: of type ``json_invalid``, for a text that is no JSON, or that repeats a key.
    """
    try:
        return read_json(text)
    except JsonError as error:
        details = InitErrorDetails(type="json_invalid", loc=(), input=None, ctx={"error": str(error)})
        raise ValidationError.from_exception_data(model.__name__, [details], "json", hide_input=True) from None


def nothing(text: str | bytes) -> None:
    """Reads no text quickly."""


class _Hidden:
    """Stands for a personal value where a record is shown."""

    def __repr__(self) -> str:
        return "<hidden>"


_HIDDEN = _Hidden()


def record_name(model: type[BaseModel]) -> str:
    """The name of a model's record type: its ``__record__``, else its class's name in snake case."""
    name: str | None = getattr(model, "__record__", None)
    if name:
        return name
    letters = (
        f"_{c.lower()}" if c.isupper() and i and not model.__name__[i - 1].isupper() else c.lower() for i, c in enumerate(model.__name__)
    )
    return "".join(letters).strip("_")


def implications_of(model: type[BaseModel], shapes: Mapping[str, Shape]) -> tuple[Implication, ...]:
    """The implications of a model, with those of their contrapositives that name a value.

    Raises:
        TypeError: for an implication over a field that the model does not have.
    """
    given: tuple[Implication, ...] = getattr(model, "__implications__", ())
    for implication in given:
        for name in (implication.field, implication.then):
            if name not in shapes:
                raise TypeError(f"{model.__name__}: an implication names the field {name}, which the model does not have")
    return with_contrapositives(given, {name: _domain(shape) for name, shape in shapes.items()})


def reading_of(shape: Shape) -> Reading:
    """How the input of a field of this shape is read before it is validated."""
    if shape.kind == "date":
        member = read_date
    elif shape.kind == "number":
        member = read_integer if shape.base is int else read_number
    else:
        member = read_as_is
    return reading_list(member, records=shape.kind == "record") if shape.many else member


def _domain(shape: Shape) -> tuple[Value, ...] | None:
    if shape.many:
        return None
    if shape.kind == "boolean":
        return (True, False)
    return shape.values if shape.kind == "enum" else None


def _table(model: type[FactModel]) -> Table:
    found = model.__dict__.get("__table__")
    if isinstance(found, Table):
        return found
    shapes = shapes_of(model)
    for name, shape in shapes.items():
        _check_field(model, name, shape)
    table = Table(
        readings={name: reading_of(shape) for name, shape in shapes.items()},
        numbers=frozenset(name for name, shape in shapes.items() if shape.kind == "number"),
        implications=implications_of(model, shapes),
        hidden=frozenset(name for name, shape in shapes.items() if shape.meaning.personal),
    )
    type.__setattr__(model, "__table__", table)
    return table


def _check_field(model: type[FactModel], name: str, shape: Shape) -> None:
    field = model.model_fields[name]
    if not shape.optional or field.default is not None or field.default_factory is not None:
        raise TypeError(f"{model.__name__}.{name}: every fact may be unknown; declare it as `{name}: ... | None = None`")
    if shape.many and shape.container is not tuple:
        raise TypeError(f"{model.__name__}.{name}: a list of facts is kept as a tuple; declare it as tuple[..., ...]")
    if shape.base is float:
        raise TypeError(f"{model.__name__}.{name}: no binary float is a fact; declare it as Decimal")


def _with_nearest_names(model: type[FactModel], error: ValidationError) -> ValidationError:
    """The same error, its unknown keys at this level with the nearest field's name."""
    from dte_rules.source.suggest import nearest

    lines: list[InitErrorDetails] = []
    for line in error.errors(include_url=False):
        kind: Any = line["type"]
        message: Any = line["msg"]
        context: dict[str, Any] = dict(line.get("ctx", {}))
        if kind == "extra_forbidden" and len(line["loc"]) == 1:
            found = nearest(str(line["loc"][0]), tuple(model.model_fields))
            message = f"unknown fact; did you mean `{found}`?" if found else "unknown fact"
            context = {"nearest": found} if found else {}
        custom = PydanticCustomError(kind, message, context)
        lines.append(InitErrorDetails(type=custom, loc=line["loc"], input=line["input"]))
    return ValidationError.from_exception_data(error.title, lines, hide_input=True)


def _contradiction(title: str, broken: Implication) -> ValidationError:
    message = "`{field}` and `{then}` contradict each other"
    custom = PydanticCustomError("contradictory_facts", message, {"field": broken.field, "then": broken.then})
    return ValidationError.from_exception_data(title, [InitErrorDetails(type=custom, loc=(broken.then,), input=None)], hide_input=True)
