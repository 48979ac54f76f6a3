"""Locators of clauses: printed headings, in one form whatever brackets and blanks they are written with."""

from __future__ import annotations

import re
import unicodedata

_SENTENCE = re.compile(r"第[\d一二三四五六七八九十]+句$")
_BRACKETS = str.maketrans("()", "（）")


def normal_locator(text: str) -> str:
    """The locator with full-width brackets and without blanks: ``四 (五)`` is ``四（五）``, ``附件 2`` is ``附件2``."""
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_BRACKETS)


def clause_of(locator: str) -> str:
    """The clause that a citation's locator leads to: without the sentence in it, as ``四（四） 第2句``."""
    return _SENTENCE.sub("", normal_locator(locator))
