"""Where each character of a scalar's text stands in the file, through quotes, escapes, folding and indentation.

The scalar is read again the way YAML reads it, this time with places; where the outcome is not the very text that PyYAML
gave, the places are dropped but for the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dte_rules.source.lines import Lines
from dte_rules.source.nodes import ScalarNode
from dte_rules.source.span import Snippet

_Placed = list[tuple[str, int]]  # each character with its offset in the file

_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_HEX_DIGITS = {"x": 2, "u": 4, "U": 8}
_LOW_SURROGATE = re.compile(r"\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def snippet_of(node: ScalarNode, lines: Lines) -> Snippet:
    """The node's text with the place of each of its characters."""
    start = lines.index(node.span.line, node.span.column)
    end = lines.index(node.span.end_line, node.span.end_column)
    candidates: Iterator[_Placed]
    if node.style in ("literal", "folded"):
        candidates = _block(lines.text, start, folded=node.style == "folded")
    else:
        candidates = iter([_flow(lines.text, start, end, node.style)])
    first: int | None = None
    for placed in candidates:
        if first is None and placed:
            first = placed[0][1]
        kept = placed[: len(node.raw)]
        if "".join(char for char, _ in kept) == node.raw and kept:
            return Snippet(node.raw, lines.file, tuple(_runs(kept, lines)))
    if first is None:
        first = start if node.style == "plain" else min(start + 1, end)
    return Snippet(node.raw, lines.file, ((0, *lines.position(first)),))


def _runs(placed: _Placed, lines: Lines) -> Iterator[tuple[int, int, int]]:
    before: int | None = None
    for offset, (_, index) in enumerate(placed):
        if before is None or index != before + 1 or lines.text[before] in "\r\n":
            yield offset, *lines.position(index)
        before = index


def _after_break(text: str, at: int) -> int:
    return at + 2 if text.startswith("\r\n", at) else at + 1


def _skip(text: str, at: int, stop: int, what: str) -> int:
    while at < stop and text[at] in what:
        at += 1
    return at


def _flow(text: str, start: int, end: int, style: str) -> _Placed:
    """A plain or a quoted scalar."""
    quoted = style != "plain"
    at, stop = start + quoted, end - quoted
    placed: _Placed = []
    while at < stop:
        char = text[at]
        if char in " \t\r\n":
            after = _skip(text, at, stop, " \t")
            if after < stop and text[after] in "\r\n":
                at = _fold(text, after, stop, placed, joins=True)
            else:
                placed.extend((text[i], i) for i in range(at, after))
                at = after
        elif char == "'" and style == "single":
            placed.append((char, at))
            at += 2
        elif char == "\\" and style == "double":
            at = _escape(text, at, stop, placed)
        else:
            placed.append((char, at))
            at += 1
    return placed


def _fold(text: str, at: int, stop: int, placed: _Placed, *, joins: bool) -> int:
    """A line break at ``at`` becomes a space, and each empty line after it a line break; gives the next text's offset."""
    first = at
    at = _skip(text, _after_break(text, at), stop, " \t")
    count = len(placed)
    while at < stop and text[at] in "\r\n":
        placed.append(("\n", at))
        at = _skip(text, _after_break(text, at), stop, " \t")
    if joins and len(placed) == count:
        placed.append((" ", first))
    return at


def _escape(text: str, at: int, stop: int, placed: _Placed) -> int:
    kind = text[at + 1 : at + 2]
    if kind and kind in "\r\n":
        return _fold(text, at + 1, stop, placed, joins=False)
    digits = _HEX_DIGITS.get(kind)
    if digits is None:
        placed.append((_ESCAPES.get(kind, kind), at))
        return at + 2
    after = at + 2 + digits
    try:
        code = int(text[at + 2 : after], 16)
        low = _LOW_SURROGATE.match(text, after) if 0xD800 <= code < 0xDC00 else None
        if low:
            code = 0x10000 + ((code - 0xD800) << 10) + int(low[1], 16) - 0xDC00
            after = low.end()
        placed.append((chr(code), at))
    except (ValueError, OverflowError):
        placed.append(("\ufffd", at))
    return after


def _block(text: str, start: int, *, folded: bool) -> Iterator[_Placed]:
    """A literal or a folded scalar, read with each indentation that is possible."""
    header = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?").match(text, start)
    at = header.end() if header else len(text)
    written = re.match(r"[|>][-+]?([1-9])?", text[start : start + 3])
    first = re.compile(r"(?:[ ]*(?:\r\n|\r|\n))*([ ]*)").match(text, at)
    indent = len(first[1]) if first else 0
    # empty lines that are longer than the text's indentation, or stand alone, count too
    deepest = max(map(len, re.findall(r"[ ]*", first[0]))) if first else 0
    if written and written[1]:
        # the digit counts from the parent's indentation, which is not known here
        yield from (_block_lines(text, at, n, folded=folded) for n in range(deepest, -1, -1))
    else:
        yield _block_lines(text, at, indent, folded=folded)
        yield _block_lines(text, at, deepest, folded=folded)


def _block_lines(text: str, at: int, indent: int, *, folded: bool) -> _Placed:
    placed: _Placed = []
    break_before: int | None = None
    begins_blank = False
    at, empty, column = _empty_lines(text, at, indent)
    while column == indent and at < len(text):
        was_blank, begins_blank = begins_blank, text[at] in " \t"
        if break_before is not None:
            if not folded or was_blank or begins_blank:
                placed.append(("\n", break_before))
            elif not empty:
                placed.append((" ", break_before))
        placed.extend(("\n", i) for i in empty)
        while at < len(text) and text[at] not in "\r\n":
            placed.append((text[at], at))
            at += 1
        if at == len(text):
            return placed
        break_before = at
        at, empty, column = _empty_lines(text, _after_break(text, at), indent)
    if break_before is not None:
        placed.append(("\n", break_before))
    placed.extend(("\n", i) for i in empty)
    return placed


def _empty_lines(text: str, at: int, indent: int) -> tuple[int, list[int], int]:
    """Skip empty lines and the indentation of the next one: its offset, the empty lines' breaks, the column reached."""
    empty: list[int] = []
    while True:
        begin = at
        at = _skip(text, at, min(begin + indent, len(text)), " ")
        if at >= len(text) or text[at] not in "\r\n":
            return at, empty, at - begin
        empty.append(at)
        at = _after_break(text, at)
