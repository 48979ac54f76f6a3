"""Makes of an instance what an engine reads: implied facts filled in, one numeric type, tuples, the vocabulary's own classes."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from dte_rules.generated import Lines
from dte_rules.vocabulary.coerce import decimal_of
from dte_rules.vocabulary.implication import Implication
from dte_rules.vocabulary.implication import implied as implied_by
from dte_rules.vocabulary.making import make
from dte_rules.vocabulary.model import FactModel, implications_of
from dte_rules.vocabulary.shape import Shape, shapes_of

MOST_KNOWN = 1024
"""For how many combinations of values it is kept what they imply."""

Change = Callable[[Any], Any]


class Closer:
    """Closes the instances of one model; ``idle`` where an instance of the model itself never changes.

    What is done to an instance of the model itself is one generated function, since every decision pays for it.
    """

    def __init__(self, model: type[BaseModel]) -> None:
        shapes = shapes_of(model)
        self.model = model
        self.names = tuple(shapes)
        self.implications: tuple[Implication, ...] = implications_of(model, shapes)
        self.changes: dict[str, tuple[Change, Shape]] = {}
        """What is done to the fields of an instance of the model itself."""
        self.foreign_changes: dict[str, Change] = {}
        """What is done to those of an instance of another model: every nested record is made anew."""
        own = issubclass(model, FactModel)
        idle: dict[str, Change] = {}
        for name, shape in shapes.items():
            change, needed = _change(shape, own)
            if needed:
                self.changes[name] = change, shape
            else:
                idle[name] = change
        self.foreign_changes = {name: change for name, (change, _) in self.changes.items()} | idle
        self.idle = not self.changes and not self.implications
        self.tested = tuple(dict.fromkeys(name for each in self.implications for name in (each.field, each.then)))
        """The fields on which it depends what is implied."""
        self.known: dict[tuple[Any, ...], dict[str, Any]] = {}
        """What combinations of values of those imply."""
        self._close: Change = _same if self.idle else _Writer().function_of(self)

    def __call__(self, instance: BaseModel) -> BaseModel:
        """The closed instance; the same object where nothing changes."""
        closed: BaseModel = self._close(instance) if type(instance) is self.model else self._adopt(instance)
        return closed

    def implied(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the values imply; it is worked out once for each combination of the values that are tested."""
        key = tuple([values[name] for name in self.tested])
        found = self.known.get(key)
        if found is None:
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            found = self.known[key] = implied_by(values, self.implications)
        return found

    def _adopt(self, instance: BaseModel) -> BaseModel:
        values = {name: getattr(instance, name, None) for name in self.names}
        for name, change in self.foreign_changes.items():
            if values[name] is not None:
                values[name] = change(values[name])
        values |= implied_by(values, self.implications)
        made: BaseModel = make(self.model, values, {name for name, value in values.items() if value is not None})
        return made


class _Writer(Lines):
    """Writes the function that closes an instance of a model itself, and the records in it."""

    def function_of(self, closer: Closer) -> Change:
        """The function."""
        self.line(f"return {self._record(closer, 'instance')}")
        return self.function("instance", {"make": make, "type": type})[0]

    def _record(self, closer: Closer, instance: str) -> str:
        """The code of a closed instance; what it needs stands before."""
        values, changed = self.fresh(), self.fresh()
        self.line(f"{values} = {instance}.__dict__")
        self.line(f"{changed} = None")
        for name, (change, shape) in closer.changes.items():
            field = self.constant(name)
            value, new = self.fresh(), self.fresh()
            self.line(f"{value} = {values}[{field}]")
            with self.block(f"if {value} is not None:"):
                if isinstance(change, Closer) and not shape.many:
                    with self.block(f"if type({value}) is {self.constant(change.model)}:"):
                        self.line(f"{new} = {self._record(change, value)}")
                    self.line(f"else: {new} = {self.constant(change)}({value})")
                else:
                    self.line(f"{new} = {self.constant(change)}({value})")
                with self.block(f"if {new} is not {value}:"):
                    self.line(f"if {changed} is None: {changed} = {{}}")
                    self.line(f"{changed}[{field}] = {new}")
        if closer.tested:
            full, found = values, self.fresh()
            if closer.changes:
                full = self.fresh()
                self.line(f"{full} = {values} if {changed} is None else {values} | {changed}")
            key = "".join(f"{full}[{self.constant(name)}], " for name in closer.tested)
            self.line(f"{found} = {self.constant(closer.known)}.get(({key}))")
            self.line(f"if {found} is None: {found} = {self.constant(closer.implied)}({full})")
            self.line(f"if {found}: {changed} = {found} if {changed} is None else {changed} | {found}")
        made = f"make({self.constant(closer.model)}, {values} | {changed}, {instance}.__pydantic_fields_set__)"
        return f"{instance} if {changed} is None else {made}"


def _change(shape: Shape, own: bool) -> tuple[Change, bool]:
    """What is done to a value of this shape, and whether a value that its own model validated needs it."""
    member, needed = _member_change(shape)
    if not shape.many:
        return member, needed

    def change(value: Any) -> Any:
        members = tuple([member(item) for item in value])
        if type(value) is tuple and all(new is old for new, old in zip(members, value, strict=True)):
            return value
        return members

    return change, needed or not own


def _member_change(shape: Shape) -> tuple[Change, bool]:
    if shape.model is not None:
        closer = Closer(shape.model)
        return closer, not closer.idle
    if shape.kind == "number":
        return decimal_of, shape.base is not Decimal
    if isinstance(shape.base, type) and issubclass(shape.base, enum.Enum):
        return value_of, True
    return _same, False


def value_of(value: Any) -> Any:
    """The text of an enum's member; a text, as a model may keep instead, as it is."""
    return value.value if isinstance(value, enum.Enum) else value


def _same(value: Any) -> Any:
    return value
