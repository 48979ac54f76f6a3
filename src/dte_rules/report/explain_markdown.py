"""An explanation as Markdown: headings, nested lists, the clauses in italics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dte_rules.report.explain import Explanation
from dte_rules.report.explain_items import BETWEEN_CLAUSES, SIGNS, Item
from dte_rules.report.phrases import pick
from dte_rules.source.diagnostic import Lang

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")


def markdown(explained: Explanation) -> str:
    """The explanation as a Markdown document."""
    return "\n".join(_lines(explained)).rstrip() + "\n"


def _lines(explained: Explanation) -> Iterator[str]:
    zh = explained.lang == "zh"
    name = " ".join(part for part in (explained.case, explained.title) if part) or explained.question
    yield f"# {escaped(name)}"
    yield ""
    yield escaped(f"{explained.region} · {explained.question} · {'判定日 ' if zh else 'as of '}{explained.day}")
    yield ""
    yield " · ".join(f"**{escaped(word)}**" for word in (explained.verdict, *explained.outcome))
    sections = (explained.deciding, *explained.sections) if explained.deciding else explained.sections
    for section in sections:
        yield ""
        yield f"## {escaped(section.heading)}"
        yield ""
        yield from _list(section.items, 0, explained.lang)


def _list(items: Iterable[Item], depth: int, lang: Lang) -> Iterator[str]:
    for item in items:
        sign = "" if item.mark == "none" else f"{SIGNS[item.mark]} "
        note = f" ({escaped(item.note)})" if item.note else ""
        clauses = f" — *{escaped(pick(BETWEEN_CLAUSES, lang).join(item.clauses))}*" if item.clauses else ""
        yield f"{'  ' * depth}- {sign}{escaped(item.text)}{note}{clauses}"
        yield from _list(item.parts, depth + 1, lang)


def escaped(text: str) -> str:
    """Text in which nothing is taken for Markdown."""
    return _SPECIAL.sub(r"\\\1", text)
