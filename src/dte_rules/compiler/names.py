"""The pass that gives each name its one meaning: facts, parameters, terms, tables, interpretations, open points, functions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from dte_rules.compiler.diagnostics import NameTaken, TypesDiffer, UnknownType
from dte_rules.compiler.draft import Draft, FunctionVersion, Names
from dte_rules.compiler.parameters import value_of
from dte_rules.feel.builtins import BUILTINS
from dte_rules.feel.lexer import KEYWORDS
from dte_rules.feel.scope import UserFunction
from dte_rules.feel.types import ANY, BOOLEAN, DATE, DAYS, MONTHS, NUMBER, STRING, Enum, ListOf, Record, Simple, Type, join
from dte_rules.feel.words import Words, type_words
from dte_rules.pack.model import Function, Item, Parameter
from dte_rules.program.nodes import OpenPoint
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError
from dte_rules.source.span import Span
from dte_rules.vocabulary.vocabulary import Vocabulary

AS_OF = "as_of"

FACT = Words("事实", "a fact")
RESERVED = Words("保留名称", "a name of FEEL's")
PARAMETER = Words("标准", "a parameter")
TERM = Words("术语", "a term")
TABLE = Words("表", "a table")
INTERPRETATION = Words("解释口径", "an interpretation")
OPEN_POINT = Words("未定事项", "an open point")
FUNCTION = Words("函数", "a function")

_CALL = re.compile(r'"(?:\\.|[^"\\])*"|([^\W\d]\w*)\s*\(')
_SIMPLE: Mapping[str, Type] = {t.name: t for t in (NUMBER, STRING, BOOLEAN, DATE, MONTHS, DAYS)}

AnyItem = TypeVar("AnyItem", bound=Item)


def with_names(draft: Draft) -> Draft:
    """The draft with the meaning of each name; what takes a name that is taken is left out of its pack."""
    reserved = dict.fromkeys((*BUILTINS, *KEYWORDS), RESERVED)
    taken: dict[str, Words] = {**dict.fromkeys(draft.vocabulary.root.fields, FACT), **reserved, AS_OF: RESERVED}
    called = dict(reserved)  # a call is told by its parenthesis, so that functions have names of their own
    found: list[Diagnostic] = []

    def free(name: str, kind: Words, span: Span | None) -> bool:
        """Whether the name can have this meaning; it has it from now on."""
        other = (called if kind is FUNCTION else taken).setdefault(name, kind)
        if other is not kind:
            found.append(NameTaken(span=span, name=name, kind=kind, other=other))
        return other is kind

    def kept(items: Sequence[AnyItem], kind: Words) -> tuple[AnyItem, ...]:
        return tuple(item for item in items if free(local_name(item).partition(".")[0], kind, item.span))

    pack = draft.pack
    pack = replace(
        pack,
        interpretations={k: v for k, v in pack.interpretations.items() if free(k, INTERPRETATION, v.span)},
        open_points={k: v for k, v in pack.open_points.items() if free(k, OPEN_POINT, place_of(v))},
        parameters=kept(pack.parameters, PARAMETER),
        functions=kept(pack.functions, FUNCTION),
        terms=kept(pack.terms, TERM),
        tables=kept(pack.tables, TABLE),
    )
    types: dict[str, Type] = {**draft.vocabulary.root.fields, AS_OF: DATE}
    types |= {k: Enum(k, tuple(r.id for r in v.readings)) for k, v in pack.interpretations.items()}
    known = _type_names(draft.vocabulary, types)
    types |= {k: _type(pack.open_types.get(k, "boolean"), known, place_of(v), found) for k, v in pack.open_points.items()}
    parts: dict[str, tuple[str, ...]] = {}
    types |= _parameters(pack.parameters, parts, found)
    types |= {term.id: ANY for term in pack.terms}
    for table in pack.tables:
        outputs = tuple(dict.fromkeys((*parts.get(table.id, ()), *table.outputs)))
        types[table.id] = Record(table.id, dict.fromkeys(outputs, ANY))
        parts[table.id] = outputs
    functions = _functions(pack.functions, known, found)
    kinds = {name: kind for name, kind in taken.items() if name in types}
    return replace(draft, pack=pack, names=Names(types, kinds, parts, functions)).found(found)


def local_name(item: Item) -> str:
    """An item's name without its section: ``retirement_ages.men.base`` for ``parameters.retirement_ages.men.base``."""
    return item.path.partition(".")[2] or item.path


def place_of(point: OpenPoint) -> Span | None:
    """Where an open point stands: at its clause."""
    return point.cites[0].span if point.cites else None


def functions_called(text: str) -> frozenset[str]:
    """The names that stand before a parenthesis in a FEEL text, built-in functions and keywords among them."""
    return frozenset(match[1] for match in _CALL.finditer(text) if match[1])


# --- types by name --------------------------------------------------------------------------------------------------


def _type_names(vocabulary: Vocabulary, interpretations: Mapping[str, Type]) -> Mapping[str, Type]:
    enums = {t.name: t for t in map(_member, vocabulary.types.values()) if isinstance(t, Enum)}
    readings = {k: t for k, t in interpretations.items() if isinstance(t, Enum)}
    return {**readings, **enums, **vocabulary.records, **_SIMPLE}


def _member(type_: Type) -> Type:
    return type_.element if isinstance(type_, ListOf) else type_


def _type(name: str, known: Mapping[str, Type], span: Span | None, found: list[Diagnostic]) -> Type:
    """The type of a name as a pack writes it; ANY where there is none, which is reported."""
    plain = " ".join(name.split())
    if plain.startswith("list of "):
        return ListOf(_type(plain.removeprefix("list of "), known, span, found))
    if plain not in known:
        simple = [n for n, t in known.items() if isinstance(t, Simple)]
        others = sorted(n for n, t in known.items() if not isinstance(t, Simple))
        found.append(UnknownType(span=span, name=plain, types=", ".join((*simple, *others))))
        return ANY
    return known[plain]


# --- the kinds of items ---------------------------------------------------------------------------------------------


def _parameters(parameters: Sequence[Parameter], parts: dict[str, tuple[str, ...]], found: list[Diagnostic]) -> dict[str, Type]:
    """The types of the parameters' first names: records of what their names have behind the dots."""
    leaves: dict[str, Type] = {}
    for parameter in parameters:
        name = local_name(parameter)
        for _, value, span in parameter.values:
            try:
                type_ = value_of(value, span).type
            except DiagnosticsError:
                continue  # reported where the rules are made
            joined = join(leaves[name], type_) if name in leaves else type_
            if joined is None:
                found.append(TypesDiffer(span=span, name=name, first=type_words(leaves[name]), other=type_words(type_)))
            else:
                leaves[name] = joined
        leaves.setdefault(name, ANY)
    children: dict[str, dict[str, None]] = {}
    for name in leaves:
        while "." in name:
            name, _, last = name.rpartition(".")
            children.setdefault(name, {})[last] = None
    parts |= {name: tuple(below) for name, below in children.items()}

    def type_of(name: str) -> Type:
        if name in children:
            return Record(name, {below: type_of(f"{name}.{below}") for below in children[name]})
        return leaves[name]

    return {name: type_of(name) for name in dict.fromkeys(leaf.partition(".")[0] for leaf in leaves)}


def _functions(functions: Sequence[Function], known: Mapping[str, Type], found: list[Diagnostic]) -> dict[str, tuple[FunctionVersion, ...]]:
    ids = {function.id for function in functions}
    versions: dict[str, tuple[FunctionVersion, ...]] = {}
    for item in functions:
        parameters = tuple((name, _type(type_, known, item.span, found)) for name, type_ in item.parameters)
        result = None if item.result is None else _type(item.result, known, item.span, found)
        version = FunctionVersion(item, UserFunction(item.id, parameters, result, item.body), functions_called(item.body.text) & ids)
        versions[item.id] = (*versions.get(item.id, ()), version)
    return versions
