"""Programs as text, and back: the form in which they are kept from one start to the next.

The text is JSON: a table of the objects that a program is made of, each after those it contains. It is read by making plain records
of a fixed list of classes, none of which does anything when it is made; so whatever the text says, reading it runs no code.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final, get_args

from dte_rules.feel import core, types
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.values import Months
from dte_rules.program import nodes
from dte_rules.source.span import Span
from dte_rules.vocabulary.declaration import Declaration
from dte_rules.vocabulary.meaning import Constraint, Meaning

RECORDS: Final[Mapping[str, type]] = {
    cls.__name__ if cls.__module__ != core.__name__ else f"core.{cls.__name__}": cls
    for cls in (
        *get_args(core.Expr),
        *(types.Simple, types.Enum, types.ListOf, types.Record, types.RangeOf),
        *(nodes.Label, nodes.Citation, nodes.Period, nodes.Formula, nodes.Group, nodes.Row, nodes.Table, nodes.Rule, nodes.Reading),
        *(nodes.Interpretation, nodes.Source, nodes.OpenPoint, nodes.Target, nodes.Decision, nodes.Program),
        *(Calendar, Months, Span, Declaration, Meaning, Constraint),
    )
}
"""The classes of which the text may make instances."""
_NAMES: Final = {cls: name for name, cls in RECORDS.items()}
_FIELDS: Final = {cls: tuple(f.name for f in fields(cls)) for cls in RECORDS.values() if is_dataclass(cls)}


class Unreadable(ValueError):
    """The text is no program."""


def to_text(value: Any) -> str:
    """The text of a program, or of a tuple or mapping of programs and what belongs to them. Raises TypeError for anything else."""
    writer = _Writer()
    writer.place(value)
    return json.dumps(writer.table, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Any:
    """What was written as a text. Raises `Unreadable`."""
    collecting = gc.isenabled()
    gc.disable()  # nothing of this is garbage, and looking for it takes longer than reading
    try:
        table = json.loads(text)
        if type(table) is not list:
            raise Unreadable("no table")
        values: list[Any] = []
        for entry in table:
            if type(entry) is str or entry is None or type(entry) is bool:
                values.append(entry)
            else:
                values.append(_MAKERS[entry[0]](values, entry[1:]))
        return values[-1]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError, InvalidOperation) as error:
        raise Unreadable(type(error).__name__) from None
    finally:
        if collecting:
            gc.enable()


class _Writer:
    """Collects the table; equal texts and same objects are written once."""

    def __init__(self) -> None:
        self.table: list[Any] = []
        self._texts: dict[str, int] = {}
        self._places: dict[int, int] = {}
        self._kept: list[Any] = []

    def place(self, value: Any) -> int:
        """The value's place in the table."""
        if type(value) is str:
            if value not in self._texts:
                self._texts[value] = self._add(value)
            return self._texts[value]
        found = self._places.get(id(value))
        if found is None:
            found = self._add(self._entry(value))
            self._places[id(value)] = found
            self._kept.append(value)  # so that its id stays its own
        return found

    def _add(self, entry: Any) -> int:
        self.table.append(entry)
        return len(self.table) - 1

    def _entry(self, value: Any) -> Any:
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is int:
            return ["int", value]
        if kind is Decimal:
            return ["Decimal", str(value)]
        if kind is date:
            return ["date", value.toordinal()]
        if kind is timedelta:
            return ["timedelta", value.days, value.seconds, value.microseconds]
        if kind is Span:
            return ["Span", self.place(value.file), value.line, value.column, value.end_line, value.end_column]
        if kind in _FIELDS:
            return [_NAMES[kind], *[self.place(getattr(value, name)) for name in _FIELDS[kind]]]
        if kind is tuple:
            return ["tuple", *map(self.place, value)]
        if kind is frozenset:
            return ["frozenset", *map(self.place, sorted(value))]
        if isinstance(value, Mapping):
            return ["dict", *[self.place(part) for pair in value.items() for part in pair]]
        raise TypeError(f"no form for {kind.__name__}")


Maker = Callable[[list[Any], list[Any]], Any]


def _span(values: list[Any], rest: list[Any]) -> Span:
    file, line, column, end_line, end_column = rest
    return Span(values[file], int(line), int(column), int(end_line), int(end_column))


def _dict(values: list[Any], rest: list[Any]) -> dict[Any, Any]:
    return {values[key]: values[value] for key, value in zip(rest[::2], rest[1::2], strict=True)}


def _record(cls: Any) -> Maker:
    names = _FIELDS[cls]
    if hasattr(cls, "__slots__"):
        defaulted = cls.__init__

        def with_slots(values: list[Any], rest: list[Any]) -> Any:
            made = cls.__new__(cls)
            defaulted(made, **dict(zip(names, [values[at] for at in rest], strict=True)))
            return made

        return with_slots

    def plain(values: list[Any], rest: list[Any]) -> Any:
        made = cls.__new__(cls)
        made.__dict__.update(zip(names, [values[at] for at in rest], strict=True))
        return made

    return plain


_MAKERS: Final[Mapping[str, Maker]] = {
    **{name: _record(cls) for name, cls in RECORDS.items()},
    "Span": _span,
    "Months": lambda values, rest: Months(int(values[rest[0]])),
    "int": lambda values, rest: int(rest[0]),
    "Decimal": lambda values, rest: Decimal(rest[0]),
    "date": lambda values, rest: date.fromordinal(rest[0]),
    "timedelta": lambda values, rest: timedelta(*rest),
    "tuple": lambda values, rest: tuple([values[at] for at in rest]),
    "frozenset": lambda values, rest: frozenset([values[at] for at in rest]),
    "dict": _dict,
}
