"""The notices in a folder: which text is which document, and where one ends and the next begins in the same file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from dte_rules.program.nodes import Source
from dte_rules.register.text import is_rule, lines_of

_LEAST_TITLE, _HEAD = 8, 6
"""A shorter title tells nothing, and titles stand in the first lines, broken over several of them perhaps."""

_NUMBER = re.compile(r"^[\u4e00-\u9fff]{2,12}[〔\[(【]\d{4}[〕\])】]第?\d+号$")
_SIGNED = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日(印发|发布)?$")


@dataclass(frozen=True, slots=True)
class Notice:
    """A document's text, and where it begins: a file and a line."""

    source: str
    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Folder:
    """What was found in a folder: the texts of known documents, the files of unknown ones, and files that can't be read."""

    notices: tuple[Notice, ...]
    unknown: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()


def read_folder(folder: Path, sources: Mapping[str, Source]) -> Folder:
    """The documents in the text files of a folder, told by their number, or by their title where they have no number."""
    notices: list[Notice] = []
    unknown: list[str] = []
    unreadable: list[str] = []
    for path in sorted(folder.glob("*.txt")):
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            unreadable.append(path.name)
            continue
        found = split(text, path.name, sources.values())
        notices += found
        if not found:
            unknown.append(path.name)
    return Folder(tuple(notices), tuple(unknown), tuple(unreadable))


def split(text: str, file: str, sources: Iterable[Source]) -> list[Notice]:
    """The documents in a text that are among the sources, in their order."""
    raw = text.splitlines()
    marks = _marks(text, sources)
    starts = [0, *(_start(raw, before, line) for (before, _), (line, _) in pairwise(marks))]
    ends = [*starts[1:], len(raw)]
    return [
        Notice(source, file, start + 1, "\n".join(raw[start:end]))
        for (_, source), start, end in zip(marks, starts, ends, strict=False)
        if source is not None
    ]


def _marks(text: str, sources: Iterable[Source]) -> list[tuple[int, str | None]]:
    """Where documents show what they are: a line with nothing but a number, or the title of one without. In order of lines.

    A number that no source has marks another document, which is none of the sources.
    """
    lines = [(line.number, line.plain) for line in lines_of(text)]
    by_number = {_plain(source.number): source.id for source in sources if source.number}
    marks: dict[str, tuple[int, str | None]] = {}
    for line, plain in lines:
        if plain in by_number or _NUMBER.match(plain):
            marks.setdefault(plain, (line, by_number.get(plain)))
    if marks:
        return sorted(marks.values())
    head = "".join(plain for _, plain in lines[:_HEAD])
    for source in sources:
        names = (_plain(source.number), _plain(source.title.zh if source.title else ""))
        if any(len(name) >= _LEAST_TITLE and name in head for name in names):
            return [(lines[0][0], source.id)]
    return []


def _plain(text: str) -> str:
    return "".join(line.plain for line in lines_of(text))


def _start(raw: list[str], before: int, line: int) -> int:
    """The first line, from 0, of the document whose number stands in a line: after the last rule or signature between the two marks."""
    for index in range(line - 2, before - 1, -1):
        if is_rule(raw[index]) or _SIGNED.search(_plain(raw[index])):
            return index + 1
    return line - 1
