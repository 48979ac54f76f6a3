"""Makes of an instance what an engine reads: implied facts filled in, one numeric type, tuples, the vocabulary's own classes."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

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
    """Closes the instances of one model; ``idle`` where an instance of the model itself never changes."""

    __slots__ = ("_known", "changes", "foreign_changes", "idle", "implications", "model", "names", "tested")

    def __init__(self, model: type[BaseModel]) -> None:
        shapes = shapes_of(model)
        self.model = model
        self.names = tuple(shapes)
        self.implications: tuple[Implication, ...] = implications_of(model, shapes)
        self.changes: Mapping[str, Change] = {}
        """What is done to the fields of an instance of the model itself."""
        self.foreign_changes: Mapping[str, Change] = {}
        """What is done to those of an instance of another model: every nested record is made anew."""
        own = issubclass(model, FactModel)
        idle: dict[str, Change] = {}
        active: dict[str, Change] = {}
        for name, shape in shapes.items():
            change, needed = _change(shape, own)
            (active if needed else idle)[name] = change
        self.changes = active
        self.foreign_changes = active | idle
        self.idle = not active and not self.implications
        self.tested = tuple(dict.fromkeys(name for each in self.implications for name in (each.field, each.then)))
        """The fields on which it depends what is implied."""
        self._known: dict[tuple[Any, ...], dict[str, Any]] = {}

    def __call__(self, instance: BaseModel) -> BaseModel:
        """The closed instance; the same object where nothing changes."""
        if type(instance) is self.model:
            return instance if self.idle else self._close(instance)
        return self._adopt(instance)

    def _close(self, instance: BaseModel) -> BaseModel:
        values = instance.__dict__
        changed: dict[str, Any] | None = None
        for name, change in self.changes.items():
            value = values[name]
            if value is not None and (new := change(value)) is not value:
                if changed is None:
                    changed = {}
                changed[name] = new
        if self.tested and (found := self.implied(values if changed is None else values | changed)):
            changed = found if changed is None else changed | found
        if changed is None:
            return instance
        made: BaseModel = make(self.model, values | changed, instance.__pydantic_fields_set__ | changed.keys())
        return made

    def implied(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the values imply; it is worked out once for each combination of the values that are tested."""
        key = tuple([values[name] for name in self.tested])
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            found = self._known[key] = implied_by(values, self.implications)
        return found

    def _adopt(self, instance: BaseModel) -> BaseModel:
        values = {name: getattr(instance, name, None) for name in self.names}
        for name, change in self.foreign_changes.items():
            if values[name] is not None:
                values[name] = change(values[name])
        values |= implied_by(values, self.implications)
        made: BaseModel = make(self.model, values, {name for name, value in values.items() if value is not None})
        return made


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
        return _value_of, True
    return _same, False


def _value_of(value: Any) -> Any:
    return value.value if isinstance(value, enum.Enum) else value


def _same(value: Any) -> Any:
    return value
