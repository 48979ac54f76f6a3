"""Builds Pydantic models with the facts that a pack declares, nested under their paths.

The classes are made at run time, so pickle can't find them by name. An instance is pickled as the recipe of its class
(the root model, the declarations, the path) and its values; the class is built again, once, where it is unpickled.
"""

from __future__ import annotations

import datetime
import keyword
import unicodedata
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, Field, Strict, create_model

from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError
from dte_rules.vocabulary.coerce import is_unknown
from dte_rules.vocabulary.declaration import Declaration, check_declaration
from dte_rules.vocabulary.diagnostics import BadFactDeclaration, BadFactName, FactExists, FactPathThroughValue
from dte_rules.vocabulary.formats import TextFormat
from dte_rules.vocabulary.meaning import Constraint, Whole
from dte_rules.vocabulary.model import FactModel, reading_of, record_name
from dte_rules.vocabulary.shape import Shape, shape_of

Declared = tuple[tuple[str, Declaration], ...]
Root = TypeVar("Root", bound=BaseModel)

_TYPES: Mapping[str, Any] = MappingProxyType({"boolean": bool, "number": Decimal, "string": str, "date": datetime.date})


class DeclaredFacts(FactModel):
    """The empty root on which a vocabulary is built that is declared in YAML alone."""

    __record__ = "facts"


def extend(root_model: type[Root], declared: Mapping[str, Declaration]) -> type[Root]:
    """The root model with the declared facts; the root model itself where none are declared.

    A path (``person.veteran``) leads through records and through lists to their member records; a record that is not
    there is made. The same declarations give the same class again.

    Raises:
        DiagnosticsError: with everything that is wrong: ``FactExists``, ``FactPathThroughValue``, ``BadFactName``,
            ``BadFactDeclaration``; none has a span, each has the path.
    """
    base, before = recipe_of(root_model)
    if not declared:
        return root_model
    problems = [problem for path, declaration in declared.items() for problem in _problems(path, declaration)]
    problems += _clashes(root_model, declared)
    if problems:
        raise DiagnosticsError(problems)
    return cast(type[Root], _extended(base, (*before, *declared.items())))


def root_from(declared: Mapping[str, Declaration]) -> type[FactModel]:
    """A root model with the declared facts and no others: a vocabulary without any Python.

    Raises:
        DiagnosticsError: as ``extend``.
    """
    return extend(DeclaredFacts, declared)


def recipe_of(model: type[BaseModel]) -> tuple[type[BaseModel], Declared]:
    """The model that a root model was built on, and the facts declared on it; the model itself and none if it was not built."""
    recipe = model.__dict__.get("__recipe__")
    return (model, ()) if recipe is None else (recipe.root, recipe.declared)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to build a class again: the root model, what is declared on it, and where in the result the class stands."""

    root: type[BaseModel]
    declared: Declared
    path: tuple[str, ...]


class Rebuilt:
    """Mixed into every class made here: its instances are pickled by the class's recipe."""

    __recipe__: ClassVar[Recipe]

    def __reduce__(self) -> tuple[Any, ...]:
        return _revive, (type(self).__recipe__, cast(BaseModel, self).__getstate__())


def _revive(recipe: Recipe, state: dict[Any, Any]) -> BaseModel:
    model: type[BaseModel] = _extended(recipe.root, recipe.declared)
    for name in recipe.path:
        model = cast(type[BaseModel], shape_of(model, name, model.model_fields[name]).model)
    instance = model.__new__(model)
    instance.__setstate__(state)
    return instance


@dataclass(slots=True)
class _Node:
    """The declarations as a tree."""

    declaration: Declaration | None = None
    below: dict[str, _Node] = field(default_factory=dict)


@lru_cache(maxsize=64)
def _extended(root: type[BaseModel], declared: Declared) -> type[BaseModel]:
    tree = _Node()
    for path, declaration in declared:
        node = tree
        for name in path.split("."):
            node = node.below.setdefault(name, _Node())
        _plant(node, declaration)
    return _Builder(root, declared).derived(root, tree, ())


def _plant(node: _Node, declaration: Declaration) -> None:
    node.declaration = declaration
    for name, below in declaration.fields:
        _plant(node.below.setdefault(name, _Node()), below)


class _Builder:
    """Builds the classes of one root."""

    def __init__(self, root: type[BaseModel], declared: Declared) -> None:
        self.root = root
        self.declared = declared

    def derived(self, base: type[BaseModel], node: _Node, path: tuple[str, ...]) -> type[BaseModel]:
        """A subclass of ``base`` with the fields below the node added, or their records extended."""
        fields: dict[str, Any] = {}
        for name, below in node.below.items():
            at = (*path, name)
            if name in base.model_fields:
                original = base.model_fields[name]
                shape = shape_of(base, name, original)
                member = self.derived(cast(type[BaseModel], shape.model), below, at)
                info = copy(original)
                info.annotation = _wrapped(member, shape.many, shape.container)
                fields[name] = (info.annotation, info)
            else:
                fields[name] = self._new(below, at, strict=not issubclass(base, FactModel))
        return self._made(base, base.__name__, fields, path, base.__module__)

    def _new(self, node: _Node, path: tuple[str, ...], *, strict: bool) -> tuple[Any, Any]:
        declaration = node.declaration or Declaration("record")
        many = declaration.type == "list"
        constraint = declaration.constraint
        shape: Shape
        if node.below:
            member: Any = self._record(node, declaration, path)
            shape = Shape("record", member, many=many, model=member)
        else:
            kind = declaration.of if many else declaration.type
            member = Literal[kind] if isinstance(kind, tuple) else _TYPES[cast(str, kind)]
            shape = Shape(cast(Any, "enum" if isinstance(kind, tuple) else kind), member, many=many)
        annotation = _wrapped(Annotated[(member, *_marks(constraint))] if constraint else member, many, tuple)
        marks: list[Any] = [declaration.meaning]
        if strict:
            reading = reading_of(shape)
            marks += [Strict(), BeforeValidator(lambda value: None if is_unknown(value) else reading(value))]
        return Annotated[(annotation, *marks)], None

    def _record(self, node: _Node, declaration: Declaration, path: tuple[str, ...]) -> type[BaseModel]:
        fields = {name: self._new(below, (*path, name), strict=False) for name, below in node.below.items()}
        name = declaration.record or "_".join(path)
        made = self._made(FactModel, "".join(part.capitalize() for part in name.split("_")), fields, path, __name__)
        type.__setattr__(made, "__record__", name)
        type.__setattr__(made, "__event__", declaration.event)
        return made

    def _made(self, base: type[BaseModel], name: str, fields: dict[str, Any], path: tuple[str, ...], module: str) -> type[BaseModel]:
        made = cast(type[BaseModel], create_model(name, __base__=(Rebuilt, base), __module__=module, __doc__=base.__doc__, **fields))
        type.__setattr__(made, "__recipe__", Recipe(self.root, self.declared, path))
        type.__setattr__(made, "__record__", record_name(base))
        return made


def _marks(constraint: Constraint) -> Iterator[Any]:
    if constraint.ge is not None or constraint.le is not None:
        yield Field(ge=constraint.ge, le=constraint.le)
    if constraint.whole:
        yield Whole()
    if constraint.format is not None:
        yield TextFormat(constraint.format)


def _wrapped(member: Any, many: bool, container: Any) -> Any:
    if not many:
        return member | None
    return (tuple[member, ...] if container is tuple else container[member]) | None


def _problems(path: str, declaration: Declaration) -> Iterator[Diagnostic]:
    try:
        check_declaration(path, declaration)
    except DiagnosticsError as error:
        yield from error.diagnostics
    for name in (*path.split("."), *_names(declaration)):
        if not _is_name(name):
            yield BadFactName(path=path, name=name)


def _names(declaration: Declaration) -> Iterator[str]:
    if declaration.record is not None:
        yield declaration.record
    for name, below in declaration.fields:
        yield name
        yield from _names(below)


def _is_name(name: str) -> bool:
    """Whether a name can be a field's: an identifier in its normal form that neither Python nor Pydantic keeps for itself."""
    return (
        name.isidentifier()
        and not name.startswith("_")
        and not keyword.iskeyword(name)
        and not hasattr(FactModel, name)
        and unicodedata.normalize("NFKC", name) == name
    )


def _clashes(root: type[BaseModel], declared: Mapping[str, Declaration]) -> Iterator[Diagnostic]:
    made: set[str] = set()
    single: dict[str, str] = {}
    for path, declaration in declared.items():
        for each, below in _flat(path, declaration):
            if each in made:
                yield FactExists(path=each)
            made.add(each)
            if not below.fields:
                single[each] = each
    yield from _record_clashes(root, declared)
    for path in declared:
        yield from _clash(root, path)
        parts = path.split(".")
        for count in range(1, len(parts)):
            if (above := ".".join(parts[:count])) in single:
                yield FactPathThroughValue(path=path, value=above)


def _record_clashes(root: type[BaseModel], declared: Mapping[str, Declaration]) -> Iterator[Diagnostic]:
    """Record types that would be made under a name that another has."""
    named = dict.fromkeys(_record_names(root, set()), "")
    for path, declaration in declared.items():
        parts = path.split(".")
        above = (".".join(parts[:count]) for count in range(1, len(parts)))
        made = [(each, each.replace(".", "_")) for each in above if not _exists(root, each)]
        for each, below in _flat(path, declaration):
            if below.fields:
                made.append((each, below.record or each.replace(".", "_")))
        for each, name in made:
            if named.setdefault(name, each) != each:
                zh, en = f"记录类型 `{name}` 已经存在，请另取名称", f"the record type `{name}` exists already; choose another name"
                yield BadFactDeclaration(path=each, reason_zh=zh, reason_en=en)


def _record_names(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[str]:
    seen.add(model)
    yield record_name(model)
    for name, field_ in model.model_fields.items():
        below = shape_of(model, name, field_).model
        if below is not None and below not in seen:
            yield from _record_names(below, seen)


def _exists(root: type[BaseModel], path: str) -> bool:
    model: type[BaseModel] | None = root
    for name in path.split("."):
        if model is None or name not in model.model_fields:
            return False
        model = shape_of(model, name, model.model_fields[name]).model
    return True


def _flat(path: str, declaration: Declaration) -> Iterator[tuple[str, Declaration]]:
    yield path, declaration
    for name, below in declaration.fields:
        yield from _flat(f"{path}.{name}", below)


def _clash(root: type[BaseModel], path: str) -> Iterator[Diagnostic]:
    model: type[BaseModel] | None = root
    parts = path.split(".")
    for count, name in enumerate(parts, 1):
        if model is None:
            yield FactPathThroughValue(path=path, value=".".join(parts[: count - 1]))
            return
        if name not in model.model_fields:
            return
        model = shape_of(model, name, model.model_fields[name]).model
    yield FactExists(path=path)
