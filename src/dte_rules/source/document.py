"""A text that has been read: its tree, its problems, and where each value stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.lines import Lines
from dte_rules.source.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, plain
from dte_rules.source.snippet import snippet_of
from dte_rules.source.span import Snippet, Span

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """A text with all that is wrong with it; ``root`` is None where it could not be read to its end, or holds nothing.

    Paths are tuples of keys and list indices. A value that an alias stands for has the place where it was written out.
    """

    file: str
    text: str
    root: Node | None
    diagnostics: tuple[Diagnostic, ...] = ()

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text, self.file)

    def plain(self) -> Any:
        """The data alone: dict, list, str, int, Decimal, date, bool and None."""
        return plain(self.root)

    def node(self, path: Path) -> Node | None:
        """The node at the path; None where there is none."""
        node, _, rest = self._walk(path)
        return None if rest else node

    def span(self, path: Path) -> Span:
        """The span of the value at the path, or of the nearest thing around it that exists."""
        node = self._walk(path)[0]
        return node.span if node else Span(self.file, 1, 1, 1, 1)

    def key_span(self, path: Path) -> Span:
        """The span of the key at the path, or of the nearest thing around it; a list's item has no key, so its value's."""
        node, entry, _ = self._walk(path)
        if entry is not None:
            return entry.key.span
        return node.span if node else Span(self.file, 1, 1, 1, 1)

    def snippet(self, path: Path) -> Snippet:
        """The text of a single value with the place of each character. Raises LookupError where the path leads to none."""
        node = self.node(path)
        if not isinstance(node, ScalarNode):
            raise LookupError(f"no single value at {'.'.join(map(str, path)) or 'the root'}")
        return snippet_of(node, self._lines)

    def _walk(self, path: Path) -> tuple[Node | None, Entry | None, Path]:
        """The last node on the path that exists, its entry if it is a mapping's value, and the rest of the path."""
        node, entry = self.root, None
        for done, part in enumerate(path):
            step = child(node, part)
            if step is None:
                return node, entry, path[done:]
            node, entry = step
        return node, entry, ()


def child(node: Node | None, part: str | int) -> tuple[Node, Entry | None] | None:
    """What a key or an index leads to from a node, with the entry in case of a key; None where there is nothing."""
    if isinstance(node, MappingNode) and isinstance(part, str):
        entry = node.by_key.get(part)
        return (entry.value, entry) if entry else None
    if isinstance(node, SequenceNode) and isinstance(part, int) and 0 <= part < len(node.items):
        return node.items[part], None
    return None


def locate(document: Document, loc: Sequence[str | int], error_type: str) -> Span:
    """The place of a Pydantic error.

    ``loc`` is walked as far as the document has it; union tags of the form ``<tag>`` and Pydantic's own names with brackets
    in them, such as ``list[int]``, are passed over. A key that is not allowed, and one of the wrong form, is pointed at
    itself; a missing key at the key of the mapping that misses it.
    """
    path: Path = ()
    node: Node | None = document.root
    for part in loc:
        step = child(node, part)
        if step is not None:
            node = step[0]
            path = (*path, part)
        elif not (isinstance(part, str) and (part[:1] == "<" or "[" in part)):
            break
    is_key = error_type in ("extra_forbidden", "missing") or (bool(loc) and loc[-1] == "[key]")
    return document.key_span(path) if is_key else document.span(path)
