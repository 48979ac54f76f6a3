"""A diagnostic as text for a terminal: the place, the message, the line with a caret below it, and the help."""

from __future__ import annotations

import unicodedata

from dte_rules.source.diagnostic import Diagnostic, Lang, Severity
from dte_rules.source.lines import Lines
from dte_rules.source.span import Span

WIDTH = 100
_TAB = 4
_CUT = "..."
_CONTEXT = 30  # columns kept before the caret where a line is cut

_LABELS: dict[Lang, dict[Severity, str]] = {
    "zh": {Severity.ERROR: "错误", Severity.WARNING: "警告"},
    "en": {Severity.ERROR: "error", Severity.WARNING: "warning"},
}
_BOLD, _RED, _YELLOW, _BLUE = "1", "1;31", "1;33", "1;34"


def render(diagnostic: Diagnostic, text: str | None, lang: Lang, *, colour: bool = False) -> str:
    """The diagnostic in lines of at most 100 columns of source; ``text`` is the file's text, None where it is not at hand.

    Control characters of the file never reach the terminal: they are shown as visible signs.
    """
    accent = _RED if diagnostic.severity is Severity.ERROR else _YELLOW
    label = _paint(f"{_LABELS[lang][diagnostic.severity]} {diagnostic.code}", accent, colour)
    span = diagnostic.span
    place = _paint(visible(str(span)), _BOLD, colour) + ": " if span else ""
    lines = [f"{place}{label}{'：' if lang == 'zh' else ': '}{visible(diagnostic.message(lang))}"]
    gutter = " " * (len(str(span.line)) if span else 0)
    if span and text:
        source, carets = _excerpt(Lines(text, span.file).line(span.line), span, WIDTH - len(gutter) - 4)
        lines.append(f" {_paint(f'{span.line} |', _BLUE, colour)} {source}".rstrip())
        lines.append(f" {_paint(f'{gutter} |', _BLUE, colour)} {carets.replace('^', '')}{_paint('^' * carets.count('^'), accent, colour)}")
    if help_ := diagnostic.help(lang):
        lines.append(f" {gutter} {_paint('=', _BLUE, colour)} {'提示：' if lang == 'zh' else 'help: '}{visible(help_)}")
    return "\n".join(lines)


def display_width(text: str) -> int:
    """How many columns a terminal gives to a text: two for East Asian wide characters, none for combining marks."""
    return sum(_width(char) for char in text)


def visible(text: str) -> str:
    """The text with control, line-breaking and direction-changing characters replaced by signs that can be seen."""
    return "".join(_sign(char) for char in text)


def _width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _sign(char: str) -> str:
    if char.isprintable() or char in "\u200c\u200d":
        return char
    if char < " ":
        return chr(0x2400 + ord(char))
    # other spaces are harmless; what else can't be printed could hide or reorder the text around it
    return char if unicodedata.category(char) == "Zs" else "\ufffd"


def _paint(text: str, style: str, colour: bool) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if colour else text


def _excerpt(line: str, span: Span, room: int) -> tuple[str, str]:
    """The line, cut to the room there is, and the carets below it."""
    shown: list[str] = []
    column = 0
    for char in line:
        sign = " " * (_TAB - column % _TAB) if char == "\t" else _sign(char)
        column += display_width(sign)
        shown.append(sign)
    start = min(span.column - 1, len(shown))
    end = min(span.end_column - 1, len(shown)) if span.end_line == span.line else len(line.rstrip())
    end = max(end, min(start + 1, len(shown)))
    first, last = _window([display_width(sign) for sign in shown], start, room)
    head = _CUT if first else ""
    source = head + "".join(shown[first:last]) + (_CUT if last < len(shown) else "")
    marked = display_width("".join(shown[start : min(end, last)]))
    before = display_width(head + "".join(shown[first:start]))
    return source, " " * before + "^" * max(marked, 1)


def _window(widths: list[int], start: int, room: int) -> tuple[int, int]:
    """Which characters to show so that the one at ``start`` is among them and all fit into the room."""
    if sum(widths) <= room:
        return 0, len(widths)
    room -= 2 * len(_CUT)
    first, used = start, 0
    while first and used + widths[first - 1] <= _CONTEXT:
        first -= 1
        used += widths[first]
    last = start
    while last < len(widths) and used + widths[last] <= room:
        used += widths[last]
        last += 1
    while first and used + widths[first - 1] <= room:
        first -= 1
        used += widths[first]
    return first, last
