"""Offsets in a text as lines and columns, the way an editor counts them."""

from __future__ import annotations

import re
from bisect import bisect_right

from dte_rules.source.span import Span

_BREAK = re.compile(r"\r\n|\r|\n")


class Lines:
    """The lines of a text. Only ``\\n``, ``\\r\\n`` and ``\\r`` end a line: editors count no others."""

    __slots__ = ("_starts", "file", "text")

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self._starts = [0, *(match.end() for match in _BREAK.finditer(text))]

    def position(self, index: int) -> tuple[int, int]:
        """Line and column, from 1, of the character at ``index``."""
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1

    def index(self, line: int, column: int) -> int:
        """The offset of a line and a column; a place outside the text gives the nearest offset inside."""
        line = min(max(line, 1), len(self._starts))
        return min(self._starts[line - 1] + max(column, 1) - 1, len(self.text))

    def span(self, start: int, end: int) -> Span:
        """The span of ``text[start:end]``."""
        line, column = self.position(start)
        end_line, end_column = self.position(max(start, end))
        return Span(self.file, line, column, end_line, end_column)

    def line_start(self, index: int) -> int:
        """The offset at which the line of ``index`` begins."""
        return self._starts[bisect_right(self._starts, index) - 1]

    def line_end(self, index: int) -> int:
        """The offset at which the line of ``index`` ends, before its line break."""
        line = bisect_right(self._starts, index)
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        return len(self.text[self._starts[line - 1] : end].rstrip("\r\n")) + self._starts[line - 1]

    def line(self, number: int) -> str:
        """The text of a line, from 1, without its break; empty for a line that there is not."""
        if not 1 <= number <= len(self._starts):
            return ""
        start = self._starts[number - 1]
        return self.text[start : self.line_end(start)]
