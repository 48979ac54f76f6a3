"""A root model as the rest of the library sees it: paths, types, labels and questions, bounds, events, implications."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, STRING, Enum, ListOf, Record, Type
from dte_rules.source.diagnostic import Lang
from dte_rules.vocabulary.closed import Closer
from dte_rules.vocabulary.declaration import Declaration
from dte_rules.vocabulary.extend import extend, recipe_of
from dte_rules.vocabulary.implication import Implication
from dte_rules.vocabulary.jsontext import exact
from dte_rules.vocabulary.meaning import Constraint, Meaning, Mutable
from dte_rules.vocabulary.model import FactModel, implications_of, json_data, nothing, record_name
from dte_rules.vocabulary.shape import Shape, shapes_of

_POSITION = re.compile(r"\[\d+\]")
_SIMPLE: Mapping[str, Type] = MappingProxyType({"number": NUMBER, "string": STRING, "boolean": BOOLEAN, "date": DATE})


@dataclass(frozen=True, eq=False, repr=False)
class Vocabulary:
    """Everything there is to know about the facts of one root model. Make it by ``Vocabulary.of``.

    Paths are dotted and lead through lists without positions: ``certificates.issued``. Where a path is asked about, it
    may carry positions counted from 1, as they stand in ``missing``: ``certificates[2].issued``.
    """

    model: type[BaseModel]
    root: Record
    types: Mapping[str, Type]
    """The type of every path, records and lists included, in the order of the models."""
    meanings: Mapping[str, Meaning]
    constraints: Mapping[str, Constraint]
    """The bounds of the paths that have any; those of a list's members stand at the list's own path."""
    records: Mapping[str, Record]
    """The record types by name, the root's included."""
    events: Mapping[str, str]
    """By record name, the date field that says when what the record tells of happened."""
    implications: Mapping[str, tuple[Implication, ...]]
    """By record name, what one field says about another, contrapositives included."""

    @classmethod
    def of(cls, root_model: type[BaseModel], extra: Mapping[str, Declaration] | None = None) -> Vocabulary:
        """The vocabulary of a root model, together with the facts that a pack declares.

        Raises:
            TypeError: for a field of a type that no fact can have, a model that contains itself, two models of one record
                name, an implication or event over a field that is not there; it names the model and the field.
            DiagnosticsError: for a declaration that does not fit the model.
        """
        model = extend(root_model, extra) if extra else root_model
        reader = _Reader()
        root = reader.record(model, (), "")
        return cls(
            model,
            root,
            MappingProxyType(reader.types),
            MappingProxyType(reader.meanings),
            MappingProxyType(reader.constraints),
            MappingProxyType(reader.records),
            MappingProxyType(reader.events),
            MappingProxyType(reader.implications),
        )

    @property
    def paths(self) -> tuple[str, ...]:
        """Every dotted path, in the order of the models."""
        return tuple(self.types)

    @cached_property
    def personal(self) -> frozenset[str]:
        """The paths whose values are personal data and stand in no message."""
        return frozenset(path for path, meaning in self.meanings.items() if meaning.personal)

    def mutable(self, path: str) -> Mutable:
        """Who can change a fact; of a list, who can add a member to it.

        What a field does not say is taken from the record that it stands in, up to the list that the record is a member of:
        what is recorded in a list is fixed unless its field says otherwise. So is what nothing is said of at all.
        """
        plain = _plain(path)
        while plain:
            if (found := self.meanings[plain].mutable) is not None:
                return found
            plain = plain.rpartition(".")[0]
            if isinstance(self.types.get(plain), ListOf):
                break
        return "fixed"

    def type_at(self, path: str) -> Type | None:
        """The type of a path, ``None`` where there is no such path; the type of a list's member for a path that ends in a position."""
        found = self.root if path == "" else self.types.get(_plain(path))
        return found.element if path.endswith("]") and isinstance(found, ListOf) else found

    def describe(self, path: str, lang: Lang = "en") -> str:
        """The label of a path, made from its name where none was given; a position is told with the list's label.

        Raises:
            KeyError: for a path that the vocabulary does not have.
        """
        if path == "":
            return "事实" if lang == "zh" else "facts"
        label = self._label(_plain(path), lang)
        owner = self._owner(path, lang)
        if path.endswith("]"):
            return owner
        return (f"{owner}：{label}" if lang == "zh" else f"{owner}: {label}") if owner else label

    def question(self, path: str, lang: Lang = "en") -> str:
        """The question to ask for a path's value, made from its label where none was given.

        Raises:
            KeyError: for a path that the vocabulary does not have.
        """
        plain = _plain(path)
        label = self._label(plain, lang)
        text = self.meanings[plain].question(lang) or _default_question(self.types[plain], label, lang)
        owner = self._owner(path, lang)
        return (f"{owner}：{text}" if lang == "zh" else f"{owner}: {text}") if owner else text

    def closed(self, instance: BaseModel) -> BaseModel:
        """The facts as an engine reads them; the given instance is not changed, and is returned where nothing has to be.

        Implied facts are filled in, through nested records and lists. The result is of this vocabulary's own classes: an
        instance of the root model that a pack extended has the pack's facts, unknown. For plain Pydantic models also:
        every number is a ``Decimal``, every list a tuple, every enum member its text.

        Raises:
            ValueError: for NaN or an infinity in a plain Pydantic model.
        """
        return self._closer(instance)

    def closed_json(self, text: str | bytes) -> BaseModel:
        """The facts of a JSON document as `closed` gives them, keeping every digit.

        Raises:
            pydantic.ValidationError: as validation, and for a text that is no JSON, or that repeats a key.
            ValueError: for an infinity in a plain Pydantic model.
        """
        quickly: BaseModel | None = self._quickly(text)
        if quickly is not None:
            return quickly
        model = self.model
        if issubclass(model, FactModel):
            return self.closed(model.from_json(text))
        return self.closed(model.model_validate_json(json.dumps(exact(json_data(model, text)))))

    @cached_property
    def _quickly(self) -> Callable[[str | bytes], Any]:
        return self.model._quickly(closing=True) if issubclass(self.model, FactModel) else nothing

    @cached_property
    def _closer(self) -> Closer:
        return Closer(self.model)

    def _label(self, plain: str, lang: Lang) -> str:
        return self.meanings[plain].label(lang) or plain.rpartition(".")[2].replace("_", " ")

    def _owner(self, path: str, lang: Lang) -> str:
        """The lists that a path leads through by position: 参保记录第1条."""
        told: list[str] = []
        for found in re.finditer(r"\[(\d+)\]", path):
            label = self._label(_plain(path[: found.start()]), lang)
            told.append(f"{label}第{found[1]}项" if lang == "zh" else f"{label} no. {found[1]}")
        return "，".join(told) if lang == "zh" else ", ".join(told)

    def __repr__(self) -> str:
        return f"Vocabulary({self.model.__name__}, {len(self.types)} paths)"

    def __reduce__(self) -> tuple[Any, ...]:
        base, declared = recipe_of(self.model)
        return _restore, (base, declared)


class _Reader:
    """Collects what a walk over the models finds."""

    def __init__(self) -> None:
        self.types: dict[str, Type] = {}
        self.meanings: dict[str, Meaning] = {}
        self.constraints: dict[str, Constraint] = {}
        self.records: dict[str, Record] = {}
        self.events: dict[str, str] = {}
        self.implications: dict[str, tuple[Implication, ...]] = {}
        self._models: dict[str, type[BaseModel]] = {}

    def record(self, model: type[BaseModel], above: tuple[type[BaseModel], ...], prefix: str) -> Record:
        if model in above:
            raise TypeError(f"{model.__name__}: a record of facts can't contain itself ({' > '.join(m.__name__ for m in (*above, model))})")
        name = record_name(model)
        if self._models.setdefault(name, model) is not model:
            raise TypeError(f"{model.__name__}: another model of the vocabulary makes the record type `{name}` already; set __record__")
        shapes = shapes_of(model)
        fields = {field: self._field(shape, (*above, model), f"{prefix}{field}") for field, shape in shapes.items()}
        record = self.records.setdefault(name, Record(name, MappingProxyType(fields)))
        event: str | None = getattr(model, "__event__", None)
        if event is not None:
            if event not in shapes or shapes[event].kind != "date" or shapes[event].many:
                raise TypeError(f"{model.__name__}: __event__ names {event}, which is no date field of the model")
            self.events[name] = event
        if implications := implications_of(model, shapes):
            self.implications[name] = implications
        return record

    def _field(self, shape: Shape, above: tuple[type[BaseModel], ...], path: str) -> Type:
        self.types[path] = NUMBER  # takes the place before the fields below it
        self.meanings[path] = shape.meaning
        if shape.constraint:
            self.constraints[path] = shape.constraint
        element: Type
        if shape.model is not None:
            element = self.record(shape.model, above, f"{path}.")
        elif shape.kind == "enum":
            element = Enum(" | ".join(shape.values), shape.values)
        else:
            element = _SIMPLE[shape.kind]
        self.types[path] = ListOf(element) if shape.many else element
        return self.types[path]


def _restore(base: type[BaseModel], declared: tuple[tuple[str, Declaration], ...]) -> Vocabulary:
    return Vocabulary.of(base, dict(declared))


def _plain(path: str) -> str:
    return _POSITION.sub("", path)


def _default_question(type_: Type, label: str, lang: Lang) -> str:
    if type_ == BOOLEAN:
        return f"是否符合：{label}？" if lang == "zh" else f"Does this hold: {label}?"
    if isinstance(type_, ListOf):
        return f"{label}有哪些？" if lang == "zh" else f"Which are the {label}?"
    return f"{label}是什么？" if lang == "zh" else f"What is the {label}?"
