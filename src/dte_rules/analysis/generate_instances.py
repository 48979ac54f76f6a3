"""Instances of a vocabulary's models, made from plain facts that are known to be valid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from dte_rules.vocabulary import FactModel, Vocabulary
from dte_rules.vocabulary.making import make
from dte_rules.vocabulary.shape import Shape, shapes_of


class Instances:
    """Makes instances; those of plain Pydantic models are validated, since nothing is known of their validators."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.model = vocabulary.model
        self.quick = issubclass(self.model, FactModel)
        self._shapes: dict[type[BaseModel], Mapping[str, Shape]] = {}

    def __call__(self, facts: Mapping[str, Any]) -> BaseModel:
        """The facts as an instance of the vocabulary's model."""
        return self._made(self.model, facts) if self.quick else self.model.model_validate(facts)

    def _made(self, model: type[BaseModel], facts: Mapping[str, Any]) -> BaseModel:
        shapes = self._shapes.get(model)
        if shapes is None:
            shapes = self._shapes[model] = shapes_of(model)
        values: dict[str, Any] = dict.fromkeys(shapes)
        for name, value in facts.items():
            shape = shapes[name]
            below = shape.model
            if shape.many:
                values[name] = tuple(value) if below is None else tuple([self._made(below, item) for item in value])
            else:
                values[name] = value if below is None or value is None else self._made(below, value)
        made: BaseModel = make(model, values, {name for name, value in facts.items() if value is not None})
        return made
