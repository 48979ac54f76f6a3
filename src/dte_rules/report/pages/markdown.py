"""Markdown from parts: headings, tables, code, lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_MARKS = re.compile(r"([\\*<>\[\]]|(?<!\w)_|_(?!\w))")
_BLANKS = re.compile(r"\s+")


def generated(command: str) -> str:
    """The first line of a page that nobody edits."""
    return f"<!-- Written by `{command}`: edit what it is made from, then run it again. -->"


def text(words: str) -> str:
    """Words as they are meant, whatever signs stand in them; what stands between backticks is code."""
    parts = _BLANKS.sub(" ", words.strip()).split("`")
    if len(parts) % 2 == 0:
        return _MARKS.sub(r"\\\1", "\\`".join(parts))
    return "`".join(part if number % 2 else _MARKS.sub(r"\\\1", part) for number, part in enumerate(parts))


def code(words: str) -> str:
    """Words as code on one line."""
    shown = _BLANKS.sub(" ", words.strip())
    fence = "``" if "`" in shown else "`"
    padding = " " if "`" in shown else ""
    return f"{fence}{padding}{shown}{padding}{fence}" if shown else ""


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table; bars within cells are escaped."""
    lines = [_row(header), _row(["---"] * len(header))]
    return [*lines, *(_row(row) for row in rows), ""]


def page(lines: Iterable[str]) -> str:
    """The page as text: no blanks at the ends of lines, no two empty lines in a row, one line break at the end."""
    joined = "\n".join(line.rstrip() for line in lines)
    return re.sub(r"\n{3,}", "\n\n", joined).strip() + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
