"""The name that was probably meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

_CLOSE = 0.7
# two of four Chinese characters are as telling as five of eight letters
_CLOSE_IDEOGRAPHS = 0.5
_LONGEST = 200


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that ``word`` most likely stands for; None where nothing is close.

    Case, hyphens, spaces and full-width forms don't matter. For a dotted name, a candidate that ends in the word, or whose
    last part is close to it, counts too: ``hours_completed`` finds ``training.hours_completed``. Ties go to the first in
    alphabetical order.
    """
    wanted = _normal(word)
    if not wanted or len(wanted) > _LONGEST:
        return None
    best, best_score = None, 0.0
    for candidate in sorted(set(candidates)):
        score = _score(wanted, _normal(candidate)) if candidate != word else 0.0
        if score > best_score:
            best, best_score = candidate, score
    return best


def _normal(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold().strip().replace("-", "_").replace(" ", "_")


def _score(wanted: str, candidate: str) -> float:
    """How close two names are, 0 to 1; 0 where they are not close enough to be worth a word."""
    if wanted == candidate:
        return 1.0
    score = _ratio(wanted, candidate)
    mine, theirs = wanted.split("."), candidate.split(".")
    if len(mine) != len(theirs):
        # parts were left out, or put in; the last part must be there
        shorter = min(len(mine), len(theirs))
        score = max(score, 0.95 * _ratio(".".join(mine[-shorter:]), ".".join(theirs[-shorter:])))
    elif mine[-1] != theirs[-1]:
        # a long common prefix must not make unlike names look close
        score = min(score, _ratio(mine[-1], theirs[-1]))
    return score


def _ratio(a: str, b: str) -> float:
    if not a or not b or len(b) > _LONGEST:
        return 0.0
    ratio = SequenceMatcher(None, a, b, autojunk=False).ratio()
    ideographs = sum("\u3400" <= char <= "\u9fff" for char in a) * 2 > len(a)
    close = _CLOSE_IDEOGRAPHS if ideographs else _CLOSE
    return ratio if ratio >= close else 0.0
