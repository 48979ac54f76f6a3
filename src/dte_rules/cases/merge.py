"""A case with the file's defaults under it, as one tree whose nodes keep their places."""

from __future__ import annotations

from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from dte_rules.source.span import Span


def merged(defaults: Node | None, node: Node) -> Node:
    """The node laid over the defaults: mappings merge key by key, everything else replaces. Nothing is copied."""
    if not isinstance(defaults, MappingNode) or not isinstance(node, MappingNode):
        return node
    own = node.by_key
    entries = [_merged_entry(entry, own[entry.key.raw]) if entry.key.raw in own else entry for entry in defaults.entries]
    entries += [entry for entry in node.entries if entry.key.raw not in defaults.by_key]
    return MappingNode(tuple(entries), node.span)


def _merged_entry(default: Entry, own: Entry) -> Entry:
    value = merged(default.value, own.value)
    return own if value is own.value else Entry(own.key, value)


def problems_within(node: Node, diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Those diagnostics of the reader that stand inside of the node, or of something that it takes over by an alias."""
    if not diagnostics:
        return ()
    spans: list[Span] = []
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        spans.append(current.span)
        match current:
            case MappingNode():
                waiting += [entry.value for entry in current.entries]
            case SequenceNode():
                waiting += current.items
            case ScalarNode():
                pass
    return tuple(d for d in diagnostics if d.span is not None and any(_holds(span, d.span) for span in spans))


def _holds(outer: Span, inner: Span) -> bool:
    start = (outer.line, outer.column) <= (inner.line, inner.column)
    return start and (inner.line, inner.column) < (outer.end_line, outer.end_column)
