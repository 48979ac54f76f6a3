"""The pass that warns of names that nothing reads: often a condition was forgotten, or a name in it is another's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dte_rules.compiler.diagnostics import Unused
from dte_rules.compiler.draft import Draft
from dte_rules.compiler.expressions import expressions
from dte_rules.compiler.names import FUNCTION, INTERPRETATION, OPEN_POINT, PARAMETER, TABLE, TERM, functions_called, place_of
from dte_rules.compiler.snippets import rule_snippets
from dte_rules.feel import core
from dte_rules.feel.words import Words
from dte_rules.pack.model import Pack
from dte_rules.program.nodes import Rule
from dte_rules.source.span import Span

_WORD = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def with_unused_names(draft: Draft) -> Draft:
    """The draft with a warning for each of the pack's own names that nothing reads. Names inherited or of a library are others' to use."""
    texts = [snippet.text for snippet in (*rule_snippets(draft.pack), *(f.body for f in draft.pack.functions))]
    read = {name for rule in draft.rules for name in _read(rule)}
    if draft.broken:  # what the rules with errors read is known by its words only
        read |= {word for text in texts for word in _WORD.findall(text)}
    used = {
        FUNCTION: frozenset[str]().union(*map(functions_called, texts)),
        INTERPRETATION: read | {name for rule in draft.rules for name, _ in rule.under},
        TABLE: {name.partition(".")[0] for name in read},
    }
    found = [
        Unused(span=span, name=name, kind=kind)
        for kind, name, span in _own(draft.pack)
        if name not in used.get(kind, read) and not any(group in read for group in _groups(name))
    ]
    return draft.found(found)


def _groups(name: str) -> Iterator[str]:
    """The groups of parameters to which one belongs: where one is read as a whole, which is an error, its parts are meant."""
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _read(rule: Rule) -> Iterator[str]:
    """The names that a rule reads."""
    for expr, _ in expressions(rule):
        for node in core.walk(expr):
            if isinstance(node, core.Ref):
                yield node.name
            elif isinstance(node, core.Missing):
                yield from node.needs


def _own(pack: Pack) -> Iterator[tuple[Words, str, Span | None]]:
    file = pack.span.file if pack.span is not None else None
    for kind, items in ((PARAMETER, pack.parameters), (TERM, pack.terms), (TABLE, pack.tables), (FUNCTION, pack.functions)):
        for item in items:
            if item.pack == pack.name:
                yield kind, item.path.partition(".")[2], item.span
    for interpretation in pack.interpretations.values():
        if file is None or (interpretation.span is not None and interpretation.span.file == file):
            yield INTERPRETATION, interpretation.id, interpretation.span
    for point in pack.open_points.values():
        span = place_of(point)
        if file is None or (span is not None and span.file == file):
            yield OPEN_POINT, point.id, span
