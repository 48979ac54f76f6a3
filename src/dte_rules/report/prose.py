"""Running text that breaks where Chinese and English may break: rich by itself breaks at blanks alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

from dte_rules.source.render import display_width

_NOT_FIRST = frozenset("，。、；：？！）》〉」』】〕”’…·,.;:?!)]}%元→")
_NOT_LAST = frozenset("（《〈「『【〔“‘([{")
_LEAST = 8


class Prose:
    """A text that fills the width it is given: broken at blanks and between Chinese characters, never before a closing mark.

    ``whole`` are words that stay in one line where they can: a document's number, a clause. ``hang`` is by how much lines after the
    first stand further in, as under a bullet.
    """

    def __init__(self, text: Text | str, *, whole: Iterable[str] = (), hang: int = 0) -> None:
        self.text = Text(text) if isinstance(text, str) else text
        self.hang = hang
        self.whole = tuple(sorted({word for word in whole if word}, key=len, reverse=True))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self.text.split("\n", allow_blank=True):
            yield from filled(line, max(options.max_width, 1), self.whole, hang=self.hang)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = max(map(display_width, self.text.plain.split("\n")))
        return Measurement(min(widest, _LEAST), widest).clamp(max_width=options.max_width)


def filled(line: Text, width: int, whole: tuple[str, ...], *, hang: int = 0) -> Iterator[Text]:
    """A line broken into lines of so many columns, those after the first ``hang`` columns further in."""
    plain = line.plain
    start, end = 0, 0

    def room() -> int:
        return max(width - hang, 1) if start else width

    for piece_start, piece_end in _pieces(plain, whole):
        if end > start and display_width(plain[start:piece_end].rstrip()) > room():
            yield _part(line, start, end, hang)
            start = piece_start
        # what is wider than a line by itself is broken anywhere
        while display_width(plain[start:piece_end].rstrip()) > room():
            cut = start + 1
            while cut < piece_end and display_width(plain[start : cut + 1]) <= room():
                cut += 1
            yield _part(line, start, cut, hang)
            start = cut
        end = piece_end
    if start < len(plain) or not plain:
        yield _part(line, start, len(plain), hang)


def _part(line: Text, start: int, end: int, hang: int) -> Text:
    part = line[start:end]
    part.rstrip()
    if start and hang:
        part.pad_left(hang)
    return part


def _pieces(plain: str, whole: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """The stretches between the places where a line may end."""
    kept = {i for word in whole for found in re.finditer(re.escape(word), plain) for i in range(found.start() + 1, found.end())}
    breaks = [0, *(i for i, (a, b) in enumerate(pairwise(plain), 1) if i not in kept and _may_break(a, b)), len(plain)]
    yield from pairwise(breaks)


def _may_break(before: str, after: str) -> bool:
    if after.isspace() or after in _NOT_FIRST or before in _NOT_LAST:
        return False
    return before.isspace() or display_width(before) > 1 or display_width(after) > 1
