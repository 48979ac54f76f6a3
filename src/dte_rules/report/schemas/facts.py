"""The schema of a case's facts, from the vocabulary that a pack reads them in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, assert_never

from dte_rules.feel.types import DATE, NUMBER, Enum, ListOf, RangeOf, Record, Simple, Type
from dte_rules.report.phrases import Pair
from dte_rules.report.schemas.simplify import DAY_MESSAGE, DAY_PATTERN, Schema
from dte_rules.vocabulary import Constraint, Vocabulary

_UNKNOWN = "unknown"
_FORMATS: Mapping[str, tuple[str, Pair]] = MappingProxyType(
    {
        "division_code": ("[0-9]{6}", ("六位行政区划代码，加引号", "a division code of six digits, in quotes")),
        "credit_code": ("[0-9A-HJ-NPQRTUWXY]{18}", ("统一社会信用代码", "a unified social credit code")),
        "identity_number": ("[0-9]{17}[0-9X]", ("公民身份号码，加引号", "a resident identity number, in quotes")),
    }
)
_LEFT_OUT: Pair = ("不写、null 或 unknown 表示未知", "left out, null or unknown: not known")


def facts_schema(vocabularies: Iterable[Vocabulary]) -> Schema:
    """The schema of the facts that one of several packs may read: those that all share, and those that some declare."""
    made: Schema = {}
    for vocabulary in vocabularies:
        made = _together(made, _Facts(vocabulary).record(vocabulary.root, ""))
    return made | {"title": "事实 / facts", "description": f"案例的事实；{_LEFT_OUT[0]} / the facts of the case; {_LEFT_OUT[1]}"}


class _Facts:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def record(self, record: Record, path: str) -> Schema:
        """A record, or something that is not known."""
        fields = {name: self.fact(f"{path}.{name}" if path else name, type_) for name, type_ in record.fields.items()}
        return {"type": ["object", "null", "string"], "pattern": f"^{_UNKNOWN}$", "properties": fields, "additionalProperties": False}

    def fact(self, path: str, type_: Type) -> Schema:
        """One fact with its label and its question."""
        meaning = self.vocabulary
        zh, en = meaning.question(path, "zh"), meaning.question(path, "en")
        form = self.vocabulary.constraints.get(path)
        if form is not None and form.format is not None and form.format in _FORMATS:
            hint = _FORMATS[form.format][1]
            zh, en = f"{zh}（{hint[0]}）", f"{en} ({hint[1]})"
        told = {"title": f"{meaning.describe(path, 'zh')} / {meaning.describe(path, 'en')}", "description": f"{zh} / {en}"}
        return told | self.value(path, type_)

    def value(self, path: str, type_: Type) -> Schema:
        """What the value may be."""
        constraint = self.vocabulary.constraints.get(path, Constraint())
        match type_:
            case ListOf(element):
                made: Schema = {"type": ["array", "null", "string"], "pattern": f"^{_UNKNOWN}$", "items": self.member(path, element)}
                return made
            case Record():
                return self.record(type_, path)
            case Enum(_, values):
                return {"enum": [*values, None, _UNKNOWN]}
            case Simple():
                return _simple(type_, constraint)
            case RangeOf():
                return {}
            case _:
                assert_never(type_)

    def member(self, path: str, element: Type) -> Schema:
        """A list's member; a record of which nothing is known may be null, a single value may not."""
        if isinstance(element, Record):
            return self.record(element, path)
        made = self.value(path, element)
        if "enum" in made:
            return {"enum": [value for value in made["enum"] if value not in (None, _UNKNOWN)]}
        return made


def _simple(type_: Simple, constraint: Constraint) -> Schema:
    if type_ == DATE:
        return {"type": ["string", "null"], "pattern": f"^({DAY_PATTERN}|{_UNKNOWN})$", "patternErrorMessage": DAY_MESSAGE}
    if type_ == NUMBER:
        return {"type": ["integer" if constraint.whole else "number", "null", "string"], "pattern": f"^{_UNKNOWN}$", **_bounds(constraint)}
    if type_.name == "boolean":
        return {"enum": [True, False, None, _UNKNOWN]}
    found: Schema = {"type": ["string", "null"]}
    if constraint.format is not None and constraint.format in _FORMATS:
        found["pattern"] = f"^({_FORMATS[constraint.format][0]}|{_UNKNOWN})$"
    elif constraint.pattern is not None:
        found["pattern"] = constraint.pattern
    return found


def _bounds(constraint: Constraint) -> Schema:
    bounds = {
        "minimum": constraint.ge,
        "exclusiveMinimum": constraint.gt,
        "maximum": constraint.le,
        "exclusiveMaximum": constraint.lt,
    }
    return {name: _number(bound) for name, bound in bounds.items() if bound is not None}


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _together(one: Schema, other: Schema) -> Schema:
    """Two schemas of records with the fields of both."""
    merged: Any = dict(one)
    for key, value in other.items():
        merged[key] = _together(merged[key], value) if isinstance(value, dict) and isinstance(merged.get(key), dict) else value
    return dict(merged)
