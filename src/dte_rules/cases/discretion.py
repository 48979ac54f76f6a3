"""Shows lines of a case file without what they say about a person: values are veiled unless they are known to be harmless.

A diagnostic shows the line that it is about. In a case file that line can hold an identity number, or a name that somebody
wrote as a comment or under a key that doesn't exist. What stays readable are keys, what the question is made of, and facts
that the vocabulary knows as numbers, truth values, choices or codes that are not personal data.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator

from dte_rules.cases.case import CASE_KEYS
from dte_rules.source.diagnostic import Diagnostic, Lang
from dte_rules.source.document import Document
from dte_rules.source.lines import Lines
from dte_rules.source.nodes import MappingNode, Node, ScalarNode, SequenceNode
from dte_rules.source.render import render
from dte_rules.source.span import Span

IsPublic = Callable[[str], bool]
"""Whether the values of a fact's path, without positions, may be shown."""

_OPEN_KEYS = frozenset(CASE_KEYS) - {"title", "facts"}
_KEY = re.compile(r"""["']?[A-Za-z_][A-Za-z0-9_]*["']?(?=\s*[:：])""")
_NUMBER_OF_A_PERSON = re.compile(r"[0-9]{14,17}[0-9Xx]?")


class Discreet:
    """Renders the diagnostics of one case file."""

    def __init__(self, document: Document, is_public: IsPublic) -> None:
        self.document = document
        self._lines = Lines(document.text, document.file)
        self._open: dict[int, list[Span]] | None = None
        self._is_public = is_public

    def render(self, diagnostic: Diagnostic, lang: Lang, *, colour: bool = False) -> str:
        """The diagnostic as text, its line veiled."""
        span = diagnostic.span
        if span is None or span.file != self.document.file:
            return without_numbers(render(diagnostic, None, lang, colour=colour))
        # only the one line is looked at, at its own place
        text = "\n" * (span.line - 1) + self.line(span.line)
        return without_numbers(render(diagnostic, text, lang, colour=colour))

    def line(self, number: int) -> str:
        """A line of the file, veiled; every sign keeps its width."""
        line = self._lines.line(number)
        shown = [False] * len(line)
        if self.document.root is None:
            for found in _KEY.finditer(line):
                shown[found.start() : found.end()] = [True] * (found.end() - found.start())
        for span in self._spans().get(number, ()):
            end = span.end_column - 1 if span.end_line == number else len(line)
            start = span.column - 1 if span.line == number else 0
            shown[start:end] = [True] * len(shown[start:end])
        return "".join(char if is_shown else _veil(char) for char, is_shown in zip(line, shown, strict=True))

    def _spans(self) -> dict[int, list[Span]]:
        """By line, what may be shown of it."""
        if self._open is None:
            self._open = defaultdict(list)
            seen: set[int] = set()
            root = self.document.root
            parts = _cases(root) if root is not None else ()
            for part in parts:
                for span in self._of_case(part, seen):
                    for line in range(span.line, span.end_line + 1):
                        self._open[line].append(span)
        return self._open

    def _of_case(self, node: Node, seen: set[int]) -> Iterator[Span]:
        if not isinstance(node, MappingNode):
            return
        for entry in node.entries:
            yield entry.key.span
            key = entry.key.raw
            if key == "facts":
                yield from self._of_facts(entry.value, "", seen)
            elif key in _OPEN_KEYS:
                yield from _everything(entry.value)

    def _of_facts(self, node: Node, path: str, seen: set[int]) -> Iterator[Span]:
        if id(node) in seen:
            return
        seen.add(id(node))
        match node:
            case MappingNode():
                for entry in node.entries:
                    yield entry.key.span
                    yield from self._of_facts(entry.value, f"{path}.{entry.key.raw}" if path else entry.key.raw, seen)
            case SequenceNode():
                for item in node.items:
                    yield from self._of_facts(item, path, seen)
            case ScalarNode():
                if self._is_public(path):
                    yield node.span


def without_numbers(text: str) -> str:
    """The text with everything veiled that has the form of an identity number."""
    return _NUMBER_OF_A_PERSON.sub(lambda found: "*" * len(found[0]), text)


def _cases(root: Node) -> Iterator[Node]:
    """The parts of a file that are made like a case; the file's own mapping among them, for its keys."""
    yield root
    if isinstance(root, SequenceNode):
        yield from root.items
    if isinstance(root, MappingNode):
        for key, entry in root.by_key.items():
            if key == "cases" and isinstance(entry.value, SequenceNode):
                yield from entry.value.items
            elif key in ("cases", "defaults"):
                yield entry.value


def _everything(node: Node) -> Iterator[Span]:
    match node:
        case MappingNode():
            for entry in node.entries:
                yield entry.key.span
                yield from _everything(entry.value)
        case SequenceNode():
            for item in node.items:
                yield from _everything(item)
        case ScalarNode():
            yield node.span


def _veil(char: str) -> str:
    """A sign of the same width for letters and digits; the marks of the notation stay."""
    if not char.isalnum():
        return char
    return "＊" if unicodedata.east_asian_width(char) in "WF" else "*"
