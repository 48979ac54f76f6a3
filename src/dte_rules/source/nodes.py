"""What a YAML or JSON text says, as a tree of frozen nodes that know where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, TypeAlias

from dte_rules.source.span import Span

Style = Literal["plain", "single", "double", "literal", "folded"]
Value: TypeAlias = bool | int | Decimal | date | str | None


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A single value.

    ``value`` is what it means; ``raw`` is its text, without quotes and with escapes undone, so that ``3.10`` is
    ``Decimal("3.10")`` and ``"3.10"``. ``style`` says how it was written. A key's value is always its text.
    """

    value: Value
    raw: str
    span: Span
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and its value."""

    key: ScalarNode
    value: Node


@dataclass(frozen=True)
class MappingNode:
    """A mapping from texts to nodes, in the order of the file; no key occurs twice."""

    entries: tuple[Entry, ...]
    span: Span

    @cached_property
    def by_key(self) -> dict[str, Entry]:
        """The entries by the text of their keys."""
        return {entry.key.raw: entry for entry in self.entries}


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode


def plain(node: Node | None) -> Any:
    """The data alone: dict, list, str, int, Decimal, date, bool and None. A node that is shared by aliases is copied."""
    match node:
        case None:
            return None
        case ScalarNode():
            return node.value
        case SequenceNode():
            return [plain(item) for item in node.items]
        case MappingNode():
            return {entry.key.raw: plain(entry.value) for entry in node.entries}
