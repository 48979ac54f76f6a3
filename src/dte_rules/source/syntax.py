"""Turns PyYAML's errors, which speak of scanners and tokens, into diagnostics that name what the author typed."""

from __future__ import annotations

import re

import yaml

from dte_rules.source import diagnostics as d
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.lines import Lines

_CLOSING = {"[": "]", "{": "}"}
_FULL_WIDTH = re.compile(r"[ \t]*(?:- +)*(?P<key>[^\s:：\"'#\[{][^\s:：]*)(?P<colon>：)")
_NO_SPACE = re.compile(r"[ \t]*(?:- +)*(?P<key>[^\s:\"'#\[{][^\s:]*)(?P<colon>:)(?=[^\s:/])")
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{0,2}|u[0-9a-fA-F]{0,4}|U[0-9a-fA-F]{0,8}|\S|)")
_TAG = re.compile(r"![^\s,\[\]{}]*")


def explain(error: yaml.YAMLError, lines: Lines, *, open_bracket: int | None, last_quoted: tuple[int, int] | None) -> Diagnostic:
    """What is wrong, in the author's terms.

    ``open_bracket`` is the offset of the bracket that was open when the error came; ``last_quoted`` the start and end of the
    value read last, if it was quoted.
    """
    if not isinstance(error, yaml.MarkedYAMLError):
        return d.UnexpectedText(span=lines.span(0, 1), found=lines.text[:1])
    return _Explainer(error, lines, open_bracket, last_quoted).explain()


class _Explainer:
    def __init__(self, error: yaml.MarkedYAMLError, lines: Lines, open_bracket: int | None, last_quoted: tuple[int, int] | None) -> None:
        self.lines = lines
        self.text = lines.text
        self.problem = error.problem or ""
        self.context = error.context or ""
        mark = error.problem_mark or error.context_mark
        self.at = min(mark.index, len(self.text)) if mark else 0
        self.since = min(error.context_mark.index, len(self.text)) if error.context_mark else self.at
        self.char = self.text[self.at : self.at + 1]
        self.open_bracket = open_bracket
        self.last_quoted = last_quoted

    def explain(self) -> Diagnostic:
        return self._quotes() or self._signs() or self._brackets() or self._layout() or self._rest()

    def _quotes(self) -> Diagnostic | None:
        if "quoted scalar" in self.context:
            if "end of stream" in self.problem or "document" in self.problem:
                return d.UnclosedQuote(span=self.lines.span(self.since, self.since + 1), quote=self.text[self.since : self.since + 1])
            slash = max(self.text.rfind("\\", 0, self.at + 1), 0)
            found = _ESCAPE.match(self.text, slash)
            escape = found[0] if found else "\\"
            return d.UnknownEscape(span=self.lines.span(slash, slash + len(escape)), escape=escape)
        before = self.text[self.lines.line_start(self.at) : self.at].rstrip()
        if self.open_bracket is not None or not before.endswith(('"', "'")) or not self.char.strip():
            return None
        if self.last_quoted and self.last_quoted[1] == self.lines.line_start(self.at) + len(before):
            start = self.last_quoted[0]
            if self.lines.position(start)[0] < self.lines.position(self.at)[0]:
                return d.UnclosedQuote(span=self.lines.span(start, start + 1), quote=self.text[start])
        quote = before[-1]
        example = """'"甲" = x'""" if quote == '"' else '''"'甲' = x"'''
        return d.TextAfterQuote(span=self.lines.span(self.at, self.lines.line_end(self.at)), quote=quote, example=example)

    def _signs(self) -> Diagnostic | None:
        start = self.lines.line_start(self.at)
        indent = self.text[start : self.at + 1]
        indent = indent[: len(indent) - len(indent.lstrip(" \t"))]
        if self.open_bracket is None and ("\t" in indent or self.char == "\t"):
            tab = start + indent.index("\t") if "\t" in indent else self.at
            return d.TabIndentation(span=self.lines.span(tab, tab + 1))
        if "block scalar" in self.context:
            return d.BlockHeader(span=self.lines.span(self.since, self.since + 1), sign=self.text[self.since : self.since + 1])
        if "tag" in self.context or "tag handle" in self.problem:
            found = _TAG.match(self.text, self.since)
            tag = found[0] if found else "!"
            return d.ExplicitTag(span=self.lines.span(self.since, self.since + len(tag)), tag=tag)
        if any(word in self.context for word in ("alias", "anchor", "directive")):
            return d.ReservedStart(span=self.lines.span(self.since, self.since + 1), sign=self.text[self.since : self.since + 1])
        if "cannot start any token" in self.problem:
            return d.ReservedStart(span=self.lines.span(self.at, self.at + 1), sign=self.char)
        return None

    def _brackets(self) -> Diagnostic | None:
        if self.open_bracket is None:
            return None
        bracket = self.text[self.open_bracket]
        closing = _CLOSING.get(bracket, "]")
        line = self.lines.position(self.open_bracket)[0]
        runs_on = bracket == "[" and self.char == ":" and self.lines.position(self.at)[0] > line
        if not self.text[self.at :].strip() or runs_on:
            return d.UnclosedBracket(span=self.lines.span(self.open_bracket, self.open_bracket + 1), bracket=bracket, closing=closing)
        if "','" in self.problem:
            return d.MissingComma(span=self.lines.span(self.at, self.at + 1), bracket=bracket, closing=closing, line=line)
        return None

    def _layout(self) -> Diagnostic | None:
        start, end = self.lines.line_start(self.at), self.lines.line_end(self.at)
        if "mapping values are not allowed" in self.problem:
            before = self.text[start : self.at]
            if re.search(r":\s", before):
                return d.ColonInText(span=self.lines.span(self.at, self.at + 1))
            return self._colon(self._line_above(start)) or self._indentation(start + len(before) - len(before.lstrip()), end)
        if "could not find expected ':'" in self.problem:
            line_start = self.lines.line_start(self.since)
            return self._colon(line_start) or d.MissingColon(span=self.lines.span(self.since, self.lines.line_end(self.since)))
        if "sequence entries are not allowed" in self.problem:
            return d.ItemNotAllowed(span=self.lines.span(self.at, self.at + 1))
        in_block = "block mapping" in self.context or "block collection" in self.context
        if in_block and self.char.strip() and self.char not in "]},":
            return self._indentation(self.at, end)
        return None

    def _rest(self) -> Diagnostic:
        if "document start" in self.problem and self.text.startswith("...", self._line_above(self.lines.line_start(self.at))):
            return d.SeveralDocuments(span=self.lines.span(self.at, self.lines.line_end(self.at)))
        rest = self.text[self.at :].split(maxsplit=1)
        if not rest:
            return d.UnexpectedEnd(span=self.lines.span(self.at, self.at))
        found = self.char if self.char.strip() else rest[0]
        if found[0] in "[]{},:":
            found = found[0]
        return d.UnexpectedText(span=self.lines.span(self.at, self.at + len(found)), found=found)

    def _indentation(self, start: int, end: int) -> Diagnostic:
        return d.WrongIndentation(span=self.lines.span(start, end))

    def _line_above(self, start: int) -> int:
        """The start of the last line before that is neither empty nor a comment."""
        while start > 0:
            start = self.lines.line_start(start - 1)
            if (line := self.text[start : self.lines.line_end(start)].strip()) and not line.startswith("#"):
                break
        return start

    def _colon(self, line_start: int) -> Diagnostic | None:
        """A diagnostic of the line that starts here, if its key has the wrong colon."""
        if found := _FULL_WIDTH.match(self.text, line_start):
            return d.FullWidthColon(span=self.lines.span(*found.span("colon")), key=found["key"])
        if found := _NO_SPACE.match(self.text, line_start):
            return d.ColonWithoutSpace(span=self.lines.span(*found.span("colon")), key=found["key"])
        return None
