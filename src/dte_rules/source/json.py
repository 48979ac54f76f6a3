"""The JSON reader: as strict as the standard, with exact decimals and the place of every value.

YAML reads most JSON, but not tabs between values, surrogate pairs, or ``1e2`` as a number; so JSON is read as what it is.
"""

from __future__ import annotations

import json
import re
from typing import NoReturn

from dte_rules.source import diagnostics as d
from dte_rules.source.builder import TreeBuilder
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.nodes import ScalarNode
from dte_rules.source.scalars import resolve_number
from dte_rules.source.span import Span

_BLANK = re.compile(r"[ \t\r\n]*")
_STRING_START = re.compile(r'"(?:[^"\\\x00-\x1f\ud800-\udfff]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?![0-9])([.][0-9]+)?([eE][-+]?[0-9]+)?")
_WORD = re.compile(r"-?[A-Za-z]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
_WORDS = {"true": True, "false": False, "null": None}

_EXPECTED = {
    "value": ("一个值", "a value"),
    "item": ("一个值或 `]`", "a value or `]`"),
    "first key": ("带双引号的键或 `}`", "a key in double quotes or `}`"),
    "key": ("带双引号的键", "a key in double quotes"),
    "colon": ("`:`", "`:`"),
    "]": ("`,` 或 `]`", "`,` or `]`"),
    "}": ("`,` 或 `}`", "`,` or `}`"),
    "end": ("文件末尾", "the end of the file"),
}


class NotJson(Exception):
    """The text is not JSON; ``diagnostic`` says where and why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(diagnostic)


def looks_like_json(text: str) -> bool:
    """Whether the text begins like a JSON list or object."""
    start = _BLANK.match(text)
    return start is not None and text[start.end() : start.end() + 1] in ("{", "[")


def read_json(builder: TreeBuilder) -> None:
    """Read the builder's text as JSON. Raises NotJson where it is not, StopReading past the limits."""
    _JsonReader(builder).read()


class _JsonReader:
    def __init__(self, builder: TreeBuilder) -> None:
        self.builder = builder
        self.text = builder.lines.text
        self.at = 0

    def read(self) -> None:
        closers: list[str] = []  # the closing brackets that are still to come, innermost last
        expects = "value"
        self._skip_blanks()
        if self.at == len(self.text):
            self.builder.diagnostics.append(d.EmptyDocument(span=Span(self.builder.lines.file, 1, 1, 1, 1)))
            return
        while expects != "end":
            expects = self._step(expects, closers)
            self._skip_blanks()
        if self.at < len(self.text):
            self._fail("end")

    def _step(self, expects: str, closers: list[str]) -> str:
        """Read one token; gives what is expected next."""
        char = self.text[self.at : self.at + 1]
        if expects in ("]", "}"):
            if char == ",":
                self.at += 1
                return "value" if expects == "]" else "key"
            return self._close(closers) if char == expects else self._fail(expects)
        if (expects, char) in (("item", "]"), ("first key", "}")):
            return self._close(closers)
        if expects in ("key", "first key"):
            if char != '"':
                self._fail(expects)
            self._string()
            return "colon"
        if expects == "colon":
            if char != ":":
                self._fail(expects)
            self.at += 1
            return "value"
        if char and char in "[{":
            self.builder.open("list" if char == "[" else "mapping", self.at, flow=True)
            self.at += 1
            closers.append("]" if char == "[" else "}")
            return "item" if char == "[" else "first key"
        self._scalar(expects, char)
        return closers[-1] if closers else "end"

    def _close(self, closers: list[str]) -> str:
        self.at += 1
        closers.pop()
        self.builder.close(self.at)
        return closers[-1] if closers else "end"

    def _scalar(self, expects: str, char: str) -> None:
        if char == '"':
            self._string()
            return
        if found := _NUMBER.match(self.text, self.at):
            span = self.builder.lines.span(self.at, found.end())
            value = resolve_number(found[0], exact=bool(found[1] or found[2]))
            node = ScalarNode(self.builder.checked(value, found[0], span), found[0], span)
        elif found := _WORD.match(self.text, self.at):
            span = self.builder.lines.span(self.at, found.end())
            if found[0] in ("NaN", "Infinity", "-Infinity"):
                self.builder.diagnostics.append(d.NotANumber(span=span, text=found[0]))
            elif found[0] not in _WORDS:
                self._fail(expects)
            node = ScalarNode(_WORDS.get(found[0]), found[0], span)
        else:
            self._fail(expects)
        self.builder.scalar(node, self.at, found.end())
        self.at = found.end()

    def _string(self) -> None:
        lines, start = self.builder.lines, self.at
        found = _STRING_START.match(self.text, start)
        end = found.end() if found else start + 1
        stop = self.text[end : end + 1]
        if stop in ("", "\r", "\n"):
            raise NotJson(d.UnclosedQuote(span=lines.span(start, start + 1), quote='"'))
        if stop == "\\":
            escape = self.text[end : end + 2].strip()
            raise NotJson(d.UnknownEscape(span=lines.span(end, end + len(escape)), escape=escape))
        if stop != '"':
            raise NotJson(d.ForbiddenCharacter(span=lines.span(end, end + 1), character=f"U+{ord(stop):04X}"))
        self.at = end + 1
        value: str = json.loads(self.text[start : self.at])
        if _SURROGATE.search(value):
            for half in _ESCAPED_SURROGATE.finditer(self.text, start, end):
                if half["lone"]:
                    self.builder.diagnostics.append(d.UnknownEscape(span=lines.span(*half.span()), escape=half["lone"]))
            value = _SURROGATE.sub("\ufffd", value)
        self.builder.scalar(ScalarNode(value, value, lines.span(start, self.at), "double"), start, self.at)

    def _skip_blanks(self) -> None:
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _fail(self, expects: str) -> NoReturn:
        zh, en = _EXPECTED[expects]
        raise NotJson(d.JsonProblem(span=self.builder.lines.span(self.at, self.at + 1), expected_zh=zh, expected_en=en))
