"""Reads JSON that is plainly right many times as fast as Pydantic's validation, and leaves everything else to it.

For each model one function is generated. It takes JSON's values, and gives the instance that validation would give. Whatever it has
no plain rule for (a value out of bounds, an unknown key, a validator of somebody's own) makes it give up; validation then says what
is wrong.
"""

from __future__ import annotations

import datetime
import typing
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError, from_json

from dte_rules.generated import Lines
from dte_rules.vocabulary.coerce import UNKNOWN
from dte_rules.vocabulary.formats import FORMATS, TextFormat, division_code
from dte_rules.vocabulary.implication import Implication, contradiction, implied
from dte_rules.vocabulary.jsontext import read_json
from dte_rules.vocabulary.making import make
from dte_rules.vocabulary.meaning import Constraint, Meaning, Whole
from dte_rules.vocabulary.shape import Shape, shapes_of

if TYPE_CHECKING:
    from dte_rules.vocabulary.model import FactModel

MOST_KNOWN = 1024
"""For how many combinations of values, and how many codes of places, it is kept that they are right."""
LARGEST = 30
"""Numbers of more digits, before or behind the point, are left to validation."""
TOO_LARGE = 10 ** (LARGEST + 1)
HOOKS = frozenset({"_read_field", "_read_record", "_dump_known"})
"""The validators and serializers that every fact model has."""

SHOWN = frozenset({"title", "json_schema_extra", "use_attribute_docstrings"})
"""Settings of a model that bear on how it is shown alone."""

Read = Callable[[Any], Any]
Implied = Callable[[Any], tuple[Implication, ...]]
"""The implications of a model."""


class Unusual(Exception):
    """Raised for what has no plain reading; validation decides."""


class QuickReader:
    """Reads instances of one model from JSON's text. Raises `Unusual` for a model that it can't read.

    ``base`` is the class of all fact models. With ``closing`` the instances have what they imply, and are for engines only, which
    read nothing of them but fields.
    """

    def __init__(self, model: type[FactModel], base: type[FactModel], implications: Implied, *, closing: bool = False) -> None:
        self._read = _Writer(base, implications, closing=closing).reader(model)

    def __call__(self, text: str | bytes) -> Any:
        """The instance that validation would give; None where only validation can tell."""
        try:
            made, pairs = self._read(from_json(text, cache_strings="keys"))
            # each pair has a colon: as many as there are pairs left, and no key was said twice
            if pairs == (text.count(":") if isinstance(text, str) else text.count(b":")):
                return made
        except (Unusual, ValueError, TypeError):  # TypeError: a list or an object where a text should be
            pass
        try:  # fractions keep their digits here, and texts may have colons
            return self._read(read_json(text))[0]
        except (Unusual, ValueError, TypeError):  # JsonError is a ValueError, as is what no date is
            return None


class _Writer(Lines):
    """Writes the function that reads a model: from JSON's value to the instance, and how many pairs of keys and values it has."""

    def __init__(self, base: type[FactModel], implications: Implied, *, closing: bool) -> None:
        super().__init__()
        self._base, self._implications, self._closing = base, implications, closing
        self._within: list[type[FactModel]] = []

    def reader(self, model: type[FactModel]) -> Callable[[Any], tuple[Any, int]]:
        """The function."""
        self.line("pairs = 0")
        self.line(f"return {self._record(model, 'data')}, pairs")
        return self.function("data", NAMES)[0]

    def _record(self, model: type[FactModel], source: str) -> str:
        """The code of an instance; its fields are read before."""
        _check_plain(model, self._base)
        if model in self._within:
            raise Unusual  # a record within one of its own kind
        self._within.append(model)
        blank: dict[str, Any] = dict.fromkeys(model.model_fields)
        values, name = self.fresh(), self.constant(model)
        self.line(f"if type({source}) is not dict: raise Unusual")
        self.line(f"{values} = {self.constant(blank)} | {source}")
        self.line(f"if len({values}) != {len(blank)}: raise Unusual")  # a key that is no field
        self.line(f"pairs += len({source})")
        for field, shape in shapes_of(model).items():
            self._field(f"{values}[{self.constant(field)}]", shape, model.model_fields[field])
        self._consequences(values, self._implications(model))
        self._within.pop()
        known = self.constant(set(model.model_fields)) if self._closing else f"set({source})"
        return f"make({name}, {values}, {known})"

    def _field(self, place: str, shape: Shape, field: FieldInfo) -> None:
        value = self.fresh()
        self.line(f"{value} = {place}")
        with self.block(f"if {value} is not None:"):
            before = len(self.lines)
            try:
                if not _plain(field) or field.alias is not None or field.validation_alias is not None:
                    raise Unusual
                self._value(value, place, shape)
            except Unusual:
                del self.lines[before:]
                self.line("raise Unusual")

    def _value(self, value: str, place: str, shape: Shape) -> None:
        """Reads a value that is there into its place; one that stands there as it is read already stays."""
        if shape.many:
            self.line(f"if type({value}) is not list or {UNKNOWN!r} in {value}: raise Unusual")
            if shape.model is None:
                self.line(f"{place} = tuple([{self.constant(_member(shape))}(each) for each in {value}])")
                return
            items, item = self.fresh(), self.fresh()
            self.line(f"{items} = []")
            with self.block(f"for {item} in {value}:"):
                self.line(f"{items}.append({self._record(_fact_model(shape), item)})")
            self.line(f"{place} = tuple({items})")
            return
        if shape.model is not None:
            self.line(f"{place} = {self._record(_fact_model(shape), value)}")
            return
        member = _member(shape)
        read = self.constant(member)
        match shape.kind:
            case "boolean":
                stays = f"{value} is True or {value} is False"
            case "enum":
                stays = f"{value} in {self.constant(frozenset(shape.values) - {UNKNOWN})}"
            case "string" if shape.constraint.format is None:
                stays = f"type({value}) is str and {value} != {UNKNOWN!r}"
            case "string" if isinstance(member, _Codes):
                stays = f"{value} in {self.constant(member.known)}"
            case "date":  # of the one form that there is; a day that no calendar has is a ValueError
                plain = f"type({value}) is str and len({value}) == 10 and {value}[4] == {value}[7] == '-'"
                self.line(f"{place} = from_iso({value}) if {plain} else {read}({value})")
                return
            case _:
                stays = ""
        self.line((f"if not ({stays}): " if stays else "") + f"{place} = {read}({value})")

    def _consequences(self, values: str, implications: tuple[Implication, ...]) -> None:
        if not implications:
            return
        follows = _Follows(implications)
        key = "(" + "".join(f"{values}[{self.constant(name)}], " for name in follows.tested) + ")"
        found = self.fresh()
        self.line(f"{found} = {self.constant(follows.known)}.get({key})")
        self.line(f"if {found} is None: {found} = {self.constant(follows)}({values})")
        if self._closing:
            self.line(f"if {found}: {values}.update({found})")


class _Follows:
    """What the values of a record imply, kept for each combination of those on which it depends. Raises `Unusual` for a contradiction."""

    def __init__(self, implications: tuple[Implication, ...]) -> None:
        self.tested = tuple(dict.fromkeys(name for each in implications for name in (each.field, each.then)))
        self.known: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._implications = implications

    def __call__(self, values: Mapping[str, Any]) -> dict[str, Any]:
        if contradiction(values, self._implications) is not None:
            raise Unusual
        if len(self.known) >= MOST_KNOWN:
            self.known.clear()
        key = tuple([values[name] for name in self.tested])
        found = self.known[key] = implied(values, self._implications)
        return found


NAMES: Mapping[str, Any] = {
    **{function.__name__: function for function in (make, type, len, dict, list, tuple, set, str)},
    "from_iso": datetime.date.fromisoformat,
    "Unusual": Unusual,
}
"""What the generated functions use besides their constants."""


def _check_plain(model: type[FactModel], base: type[FactModel]) -> None:
    """Raises `Unusual` for a model that reads its input in ways of its own."""
    own = model.__pydantic_decorators__
    validators = {*own.validators, *own.field_validators, *own.root_validators, *own.model_validators}
    if not validators <= HOOKS or model.__pydantic_post_init__ or model.__private_attributes__:
        raise Unusual
    config, usual = model.model_config, base.model_config
    if any(config.get(name) != usual.get(name) for name in {*config, *usual} - SHOWN):
        raise Unusual
    between = model.__mro__[: model.__mro__.index(base)]
    if any(name in each.__dict__ for each in between for name in (*HOOKS, "__init__", "__new__")):
        raise Unusual


def _fact_model(shape: Shape) -> type[FactModel]:
    return typing.cast("type[FactModel]", shape.model)


def _member(shape: Shape) -> Read:
    """What reads one value that is no record and not null."""
    match shape.kind:
        case "boolean":
            return _truth
        case "enum" if typing.get_origin(shape.base) is typing.Literal:
            return _one_of(frozenset(shape.values) - {UNKNOWN})
        case "date":
            return _day
        case "number" if shape.base is Decimal:
            return _number(shape.constraint)
        case "string":
            return _text(shape.constraint)
        case _:
            raise Unusual


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
        if type(value) is int:
            if not -TOO_LARGE < value < TOO_LARGE:
                raise Unusual
            value = Decimal(value)
        elif type(value) is not Decimal:  # a float has lost its digits
            return _otherwise(value)
        elif not value.is_finite():
            raise Unusual
        else:
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


class _Codes:
    """Reads division codes; those that are known to be right are kept."""

    def __init__(self) -> None:
        self.known: set[str] = set()

    def __call__(self, value: Any) -> str | None:
        read = _formatted(division_code, value)
        if read is not None:
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            self.known.add(read)
        return read


def _text(constraint: Constraint) -> Read:
    if constraint.format is None:
        return _any_text
    if constraint.format == "division_code":
        return _Codes()
    return partial(_formatted, FORMATS[constraint.format])  # these name people and organisations: none is kept


def _formatted(check: Read, value: Any) -> str | None:
    read = _any_text(value)
    if read is None:
        return None
    try:
        check(read)
    except PydanticCustomError:
        raise Unusual from None
    return read


def _any_text(value: Any) -> str | None:
    if type(value) is not str:
        raise Unusual
    return None if value == UNKNOWN else value
