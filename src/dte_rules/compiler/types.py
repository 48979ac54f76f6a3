"""The pass that works out the types of terms and tables, each after those it rests on.

Expressions are translated here only for their types' sake. What is wrong with them is reported by the passes that make rules of them,
where all types are known; a type that can't be worked out is ANY, from which no further error follows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from dte_rules.compiler.cells import concluded
from dte_rules.compiler.coverage import Standing
from dte_rules.compiler.diagnostics import CollectedType, TypesDiffer
from dte_rules.compiler.draft import Draft, Names
from dte_rules.compiler.scopes import Scopes
from dte_rules.feel import core
from dte_rules.feel.elaborate import elaborate_all
from dte_rules.feel.types import ANY, DATE, DAYS, MONTHS, NUMBER, STRING, Enum, ListOf, Record, Type, join
from dte_rules.feel.words import type_words
from dte_rules.pack.model import TableItem, Term
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.span import Snippet, Span

_WORD = re.compile(r'"(?:\\.|[^"\\])*"|([^\W\d]\w*)')
_LONGEST_ENUM = 100
_DEEPEST = 10

_Inferred = TableItem | Term


def with_types(draft: Draft) -> Draft:
    """The draft with the types of its terms and of its tables' outputs."""
    inference = _Inference(draft)
    for name in inference.order():
        inference[name]
    types = {name: inference[name] for name in draft.names.types}
    return replace(draft, names=replace(draft.names, types=types)).found(inference.found)


class _Inference(Mapping[str, Type]):
    """The global names with their types, each worked out when it is first asked for."""

    def __init__(self, draft: Draft) -> None:
        self.found: list[Diagnostic] = []
        self._depth = 0
        self._names: Names = draft.names
        self._scopes = Scopes(draft.names, draft.pack.interpretations, self)
        self._items: dict[str, list[_Inferred]] = defaultdict(list)
        items: tuple[_Inferred, ...] = (*draft.pack.terms, *draft.pack.tables)
        for item in items:
            self._items[item.id].append(item)
        self._types = {name: type_ for name, type_ in draft.names.types.items() if name not in self._items}

    def __getitem__(self, name: str) -> Type:
        if name in self._types:
            return self._types[name]
        if name not in self._items:
            raise KeyError(name)
        if self._depth == _DEEPEST:  # only in a circle, or among many terms that are named like fields of one another
            return ANY
        self._types[name] = ANY  # so that a circle comes to an end; it is reported where the rules are put in order
        self._depth += 1
        versions = self._items[name]
        tables = [v for v in versions if isinstance(v, TableItem)]
        self._types[name] = self._table(name, tables) if tables else self._term(name, [v for v in versions if isinstance(v, Term)])
        self._depth -= 1
        return self._types[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.types)

    def __len__(self) -> int:
        return len(self._names.types)

    def __contains__(self, name: object) -> bool:
        return name in self._names.types

    def order(self) -> Iterator[str]:
        """The terms and tables, each after those whose names stand in its text, so that working types out nests no deeper than it must."""
        words = {name: self._words(items) for name, items in self._items.items()}
        done: set[str] = set()
        for first in self._items:
            waiting = [first]
            while waiting:
                name = waiting[-1]
                rest = [] if name in done else [w for w in words[name] if w not in done]
                if rest and name in words:
                    words[name] = ()
                    waiting += rest
                    continue
                waiting.pop()
                if name not in done:
                    done.add(name)
                    yield name

    def _words(self, items: Sequence[_Inferred]) -> tuple[str, ...]:
        snippets = [s for item in items for s in _values(item)]
        functions = self._scopes.bodies(snippets)
        return tuple(dict.fromkeys(m[1] for s in (*snippets, *functions) for m in _WORD.finditer(s.text) if m[1] in self._items))

    def _term(self, name: str, versions: Sequence[Term]) -> Type:
        values: list[tuple[core.Expr | None, Span]] = []
        for term in versions:
            snippets = _values(term)
            for stretch in self._scopes.stretches(snippets, Standing(term.period, term.under)):
                values += ((elaborate_all(s, stretch.scope).expr, s.span(0, len(s.text))) for s in snippets)
        return self._joined(name, values)

    def _table(self, name: str, versions: Sequence[TableItem]) -> Type:
        values: dict[str, list[tuple[core.Expr | None, Span]]] = defaultdict(list)
        hits = {}
        for table in versions:
            columns = [_distinct(table, position) for position in range(len(table.outputs))]
            snippets = [s for column in columns for s, _ in column]
            for stretch in self._scopes.stretches(snippets, Standing(table.period, table.under)):
                for output, column in zip(table.outputs, columns, strict=True):
                    hits[output] = table
                    values[output] += ((concluded(s, bare, stretch.scope).expr, s.span(0, len(s.text))) for s, bare in column)
        return Record(name, {output: self._output(f"{name}.{output}", found, hits[output]) for output, found in values.items()})

    def _output(self, name: str, values: Sequence[tuple[core.Expr | None, Span]], table: TableItem) -> Type:
        joined = self._joined(name, values)
        texts = dict.fromkeys(e.value for e, _ in values if isinstance(e, core.Const) and isinstance(e.value, str))
        if len(texts) <= _LONGEST_ENUM and all(isinstance(e, core.Const) and e.value in texts for e, _ in values):
            joined = Enum(name, tuple(texts))
        match table.hit:
            case "unique" | "any" | "first" | "priority":
                return joined
            case "collect":
                return ListOf(joined)
            case "collect count":
                return NUMBER
            case "collect sum" | "collect min" | "collect max":
                wanted = (NUMBER, ANY) if table.hit == "collect sum" else (NUMBER, DATE, MONTHS, DAYS, ANY)
                if joined not in wanted:
                    self.found.append(
                        CollectedType(
                            span=table.hit_span, name=name, hit=table.hit, found=type_words(STRING if isinstance(joined, Enum) else joined)
                        )
                    )
                    return ANY
                return joined

    def _joined(self, name: str, values: Sequence[tuple[core.Expr | None, Span]]) -> Type:
        joined: Type = ANY
        for expr, span in values:
            if expr is None:
                continue
            wider = join(joined, expr.type)
            if wider is None:
                self.found.append(TypesDiffer(span=span, name=name, first=type_words(joined), other=type_words(expr.type)))
                return ANY
            joined = wider
        return joined


def _values(item: _Inferred) -> tuple[Snippet, ...]:
    """The texts on which the type of an item rests."""
    if isinstance(item, TableItem):
        return tuple(s for position in range(len(item.outputs)) for s, bare in _distinct(item, position) if not bare)
    formulas = (item.formula, *(rule.then for rule in item.rules), item.otherwise)
    return tuple(s for s in formulas if s is not None)


def _distinct(table: TableItem, position: int) -> tuple[tuple[Snippet, bool], ...]:
    """The different cells of an output's column, what holds otherwise among them."""
    column = len(table.inputs) + position
    cells: dict[tuple[str, bool], Snippet] = {}
    for row in table.rows:
        cells.setdefault((row.cells[column].text, row.bare[column]), row.cells[column])
    if table.otherwise is not None:
        text = table.otherwise[position].text
        cells.setdefault((text, (text, True) in cells), table.otherwise[position])
    return tuple((snippet, bare) for (_, bare), snippet in cells.items())
