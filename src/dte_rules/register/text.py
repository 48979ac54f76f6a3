"""The lines of a notice without the noise that conversion leaves in them, and a text's digest."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|\*\*|__(?=\S)|^#+\s*|^[-*+]\s+(?=\S)|\\(?=_)")
_RULE = re.compile(r"^[-=_*—\s|:]{3,}$")
_PAGE = re.compile(r"^[-—–]+\s*\d{1,3}\s*[-—–]*$|^第\s*\d+\s*页.*$")
_ENDS = re.compile(r"[。；：！？;:!?][”’」』）)\"']*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its number in the file, and whether it is ``apart``: a blank line stands before it."""

    number: int
    text: str
    apart: bool = False

    @property
    def plain(self) -> str:
        """The text without any blanks."""
        return "".join(self.text.split())

    @property
    def ends(self) -> bool:
        """Whether a sentence or a phrase ends with the line."""
        return bool(_ENDS.search(self.text))


def lines_of(text: str, first: int = 1) -> list[Line]:
    """The lines that say something, in NFKC and without markup; ``first`` is the number of the text's first line."""
    found: list[Line] = []
    apart = False
    for number, raw in enumerate(text.splitlines(), start=first):
        if is_rule(raw) or _PAGE.match(raw.strip()):
            continue
        clean = _MARKUP.sub("", unicodedata.normalize("NFKC", raw).strip()).strip()
        if clean:
            found.append(Line(number, clean, apart))
        apart = not clean
    return found


def is_rule(line: str) -> bool:
    """Whether a line is drawn across the page, as between two documents."""
    return bool(_RULE.match(line.strip()))


def digest_of(text: str) -> str:
    """SHA-256, in hex, of the text in NFKC and without white space: line breaks and the width of signs do not count."""
    return hashlib.sha256("".join(unicodedata.normalize("NFKC", text).split()).encode("utf-8", "surrogatepass")).hexdigest()
