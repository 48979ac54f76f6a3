"""Builds the node tree from a stream of events, whoever reads them: depth, size, repeated keys and aliases are watched here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, NoReturn

from dte_rules.source import diagnostics as d
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.lines import Lines
from dte_rules.source.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, Value
from dte_rules.source.scalars import Unresolved
from dte_rules.source.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may cost at most."""

    size: int = 16 * 1024 * 1024
    depth: int = 100
    values: int = 1_000_000
    repeated: int = 200_000


class StopReading(Exception):
    """The rest of the text is not worth reading; the reason is among the builder's diagnostics already."""


@dataclass(slots=True)
class _Built:
    """A node with what it costs when written out: ``size`` counts its values, ``height`` its levels of nesting."""

    node: Node
    size: int
    height: int


@dataclass(slots=True)
class _Frame:
    """A list or mapping whose end has not come yet."""

    kind: Literal["list", "mapping"]
    start: int
    end: int
    flow: bool
    anchor: str | None
    size: int = 1
    height: int = 1
    items: list[Node] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    first_lines: dict[str, int] = field(default_factory=dict)
    expects_key: bool = True
    key: ScalarNode | None = None  # None after a key that was refused: its value is read and dropped


class TreeBuilder:
    """Takes events in the order of the text and grows one tree. Places are offsets into the text."""

    def __init__(self, lines: Lines, limits: Limits) -> None:
        self.lines = lines
        self.limits = limits
        self.diagnostics: list[Diagnostic] = []
        self.root: Node | None = None
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Built | _Frame] = {}
        self._values = 0
        self._repeated = 0

    @property
    def open_bracket(self) -> int | None:
        """The offset of the innermost ``[`` or ``{`` that is still open, if the innermost open thing is one."""
        return self._stack[-1].start if self._stack and self._stack[-1].flow else None

    @property
    def expects_key(self) -> bool:
        """Whether the next scalar is a key."""
        return bool(self._stack) and self._stack[-1].kind == "mapping" and self._stack[-1].expects_key

    @property
    def at_root(self) -> bool:
        """Whether nothing is open."""
        return not self._stack

    def checked(self, value: Value | Unresolved, raw: str, span: Span) -> Value:
        """A scalar's value; one that only looks like a value is reported, and its text stands in for it."""
        if not isinstance(value, Unresolved):
            return value
        problem = d.ImpossibleDate(span=span, text=raw) if value.reason == "date" else d.NumberTooLong(span=span)
        self.diagnostics.append(problem)
        return raw

    def open(self, kind: Literal["list", "mapping"], start: int, *, flow: bool, anchor: str | None = None) -> None:
        """Begin a list or a mapping. Raises StopReading past the limits."""
        if len(self._stack) >= self.limits.depth:
            self._stop(d.TooDeep(span=self.lines.span(start, start + 1), limit=self.limits.depth))
        self._count(start)
        frame = _Frame(kind, start, start, flow, anchor)
        self._stack.append(frame)
        if anchor is not None:
            self._anchors[anchor] = frame

    def close(self, end: int) -> None:
        """End the innermost list or mapping; where it has no bracket, it ends with its last value."""
        frame = self._stack.pop()
        end = end if frame.flow else frame.end
        span = self.lines.span(frame.start, end)
        node: Node = SequenceNode(tuple(frame.items), span) if frame.kind == "list" else MappingNode(tuple(frame.entries), span)
        built = _Built(node, frame.size, frame.height)
        if frame.anchor is not None and self._anchors.get(frame.anchor) is frame:
            self._anchors[frame.anchor] = built
        self._add(built, frame.start, end)

    def scalar(self, node: ScalarNode, start: int, end: int, *, anchor: str | None = None) -> None:
        """Add a single value or a key. Raises StopReading past the limits."""
        self._count(start)
        built = _Built(node, 1, 0)
        if anchor is not None:
            self._anchors[anchor] = built
        self._add(built, start, end)

    def alias(self, name: str, start: int, end: int) -> None:
        """Add what an anchor before stands for, without copying it. Raises StopReading past the limits."""
        span = self.lines.span(start, end)
        nothing = _Built(ScalarNode(None, "", span), 1, 0)
        found = self._anchors.get(name)
        match found:
            case None:
                self.diagnostics.append(d.UnknownAlias(span=span, name=name))
                self._add(nothing, start, end)
            case _Frame():
                self.diagnostics.append(d.RecursiveAlias(span=span, name=name))
                self._add(nothing, start, end)
            case _Built():
                self._repeated += found.size
                if self._repeated > self.limits.repeated:
                    self._stop(d.AliasBomb(span=span, name=name, limit=self.limits.repeated))
                if len(self._stack) + found.height > self.limits.depth:
                    self._stop(d.TooDeep(span=span, limit=self.limits.depth))
                self._add(found, start, end)

    def _count(self, start: int) -> None:
        self._values += 1
        if self._values > self.limits.values:
            self._stop(d.TooManyValues(span=self.lines.span(start, start + 1), limit=self.limits.values))

    def _stop(self, diagnostic: Diagnostic) -> NoReturn:
        self.diagnostics.append(diagnostic)
        raise StopReading

    def _add(self, built: _Built, start: int, end: int) -> None:
        if not self._stack:
            self.root = built.node
            return
        frame = self._stack[-1]
        frame.size += built.size
        frame.height = max(frame.height, built.height + 1)
        frame.end = max(frame.end, end)
        if frame.kind == "list":
            frame.items.append(built.node)
        elif frame.expects_key:
            frame.key = self._accept_key(frame, built.node, start, end)
            frame.expects_key = False
        else:
            if frame.key is not None:
                frame.entries.append(Entry(frame.key, built.node))
            frame.expects_key = True

    def _accept_key(self, frame: _Frame, node: Node, start: int, end: int) -> ScalarNode | None:
        span = self.lines.span(start, end)
        if not isinstance(node, ScalarNode):
            self.diagnostics.append(d.KeyNotText(span=span))
            return None
        key = replace(node, value=node.raw, span=span)
        if key.raw == "<<" and key.style == "plain":
            self.diagnostics.append(d.MergeKey(span=span))
            return None
        first = frame.first_lines.get(key.raw)
        if first is not None:
            self.diagnostics.append(d.RepeatedKey(span=span, key=key.raw, first_line=first))
            return None
        frame.first_lines[key.raw] = span.line
        return key
