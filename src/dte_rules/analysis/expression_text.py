"""An expression as a person reads it: without the numbers that keep variables apart."""

from __future__ import annotations

import re

from dte_rules.feel import core
from dte_rules.feel.unparse import unparse

_MEMBER = re.compile(r"(?<!\w)%\d+\.")
"""The member of a filter, which has no name in a text."""
_NUMBER = re.compile(r"%\d+")


def plain_text(expr: core.Expr, longest: int | None = None) -> str:
    """The text, cut where it is longer than ``longest``."""
    text = _NUMBER.sub("", _MEMBER.sub("", unparse(expr)))
    return text if longest is None or len(text) <= longest else text[: longest - 1] + "…"
