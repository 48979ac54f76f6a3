"""Where a piece of text stands: files, lines and columns, counted from 1, in characters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a file; the end is exclusive. Lines and columns count from 1, columns count characters."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def through(self, other: Span) -> Span:
        """The span from the start of this one to the end of the other."""
        return Span(self.file, self.line, self.column, other.end_line, other.end_column)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A text (a FEEL expression, say) that knows where each of its characters stands in a file.

    ``runs`` holds ``(offset, line, column)`` in rising order of offset: from that offset on, each character of
    ``text`` stands one column to the right of the one before, until the next run begins.
    """

    text: str
    file: str
    runs: tuple[tuple[int, int, int], ...]

    @classmethod
    def of(cls, text: str, file: str = "<expression>") -> Snippet:
        """A snippet that is a whole text by itself, from line 1, column 1."""
        runs = [(0, 1, 1)]
        line = 1
        for offset, char in enumerate(text):
            if char == "\n":
                line += 1
                runs.append((offset + 1, line, 1))
        return cls(text, file, tuple(runs))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of the character at ``offset``; an offset past the end continues the last run."""
        start, line, column = self.runs[0]
        for run in self.runs:
            if run[0] > offset:
                break
            start, line, column = run
        return line, column + offset - start

    def span(self, start: int, end: int) -> Span:
        """The span of ``text[start:end]``; it is never empty, so that a caret can be drawn."""
        line, column = self.position(start)
        end_line, end_column = self.position(max(end - 1, start))
        return Span(self.file, line, column, end_line, end_column + 1)
