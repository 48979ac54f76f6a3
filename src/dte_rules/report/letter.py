"""A decision as a letter: one page that stands by itself and prints, in Chinese or English.

What only the authority knows (who writes, to whom, where and until when review can be asked for) is left as a blank to fill in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from dte_rules.engine.decision import Decision
from dte_rules.report.explain import Explanation
from dte_rules.report.explain_items import BETWEEN_CLAUSES, SIGNS, Item, Section
from dte_rules.report.letter_style import STYLE
from dte_rules.report.letter_words import LETTER, Letter
from dte_rules.report.phrases import pick
from dte_rules.source.diagnostic import Lang


def letter(explained: Explanation) -> str:
    """The letter as a page of HTML; it loads nothing and runs nothing."""
    words = LETTER[explained.lang]
    return "\n".join(_page(explained, words)) + "\n"


def letters(explained: Iterable[Explanation], lang: Lang) -> str:
    """Several letters on one page, each on a sheet of its own."""
    return "\n".join([_head(lang, LETTER[lang].title), *(line for each in explained for line in _sheet(each, LETTER[lang])), _FOOT]) + "\n"


def _page(explained: Explanation, words: Letter) -> Iterator[str]:
    yield _head(explained.lang, f"{words.title} {explained.case}".strip())
    yield from _sheet(explained, words)
    yield _FOOT


def _head(lang: Lang, title: str) -> str:
    code = "zh-CN" if lang == "zh" else "en"
    return f"""<!DOCTYPE html>
<html lang="{code}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>"""


_FOOT = "</body>\n</html>"


def _sheet(explained: Explanation, words: Letter) -> Iterator[str]:
    decision = explained.decision
    yield '<article class="sheet">'
    yield f'<header><p class="blank">{escape(words.authority)}</p><h1>{escape(words.about.format(explained.question))}</h1>'
    reference = f"{escape(words.reference)}{escape(explained.case)}" if explained.case else ""
    yield f'<p class="meta"><span>{reference}</span><span>{escape(words.day)}{escape(explained.day)}</span></p></header>'
    yield f'<p class="addressee">{escape(words.addressee)}</p>'
    yield f"<p>{escape(words.opening.format(region=explained.region, question=explained.question))}</p>"
    outcome = " · ".join((explained.verdict, *explained.outcome))
    yield f'<p class="verdict {decision.verdict}">{escape(outcome)}</p>'
    yield f"<p>{escape(words.meaning[decision.verdict])}</p>"
    yield from _reasons(explained, words)
    for section in explained.sections:
        if not section.folded and section is not explained.deciding:
            yield from _section(section, explained.lang)
    yield from _sources(explained, words)
    yield f"<section><h2>{escape(words.review_heading)}</h2>"
    yield from (f"<p>{escape(line)}</p>" for line in words.review[decision.verdict == "undetermined"])
    yield f'<p class="blank">{escape(words.review_blank)}</p></section>'
    yield f'<footer><p class="blank sign">{escape(words.signature)}</p><p class="made">{escape(_made(decision, words))}</p></footer>'
    yield "</article>"


def _reasons(explained: Explanation, words: Letter) -> Iterator[str]:
    if explained.deciding is not None:
        yield from _section(Section(words.reasons, explained.deciding.items), explained.lang)


def _section(section: Section, lang: Lang) -> Iterator[str]:
    yield f"<section><h2>{escape(section.heading)}</h2>"
    yield from _list(section.items, lang)
    yield "</section>"


def _list(items: Iterable[Item], lang: Lang) -> Iterator[str]:
    yield "<ul>"
    for item in items:
        note = f' <span class="note">{escape(item.note)}</span>' if item.note else ""
        clauses = f' <span class="clause">{escape(pick(BETWEEN_CLAUSES, lang).join(item.clauses))}</span>' if item.clauses else ""
        yield f'<li class="{item.mark}"><span class="sign" aria-hidden="true">{SIGNS[item.mark]}</span>{escape(item.text)}{note}{clauses}'
        if item.parts:
            yield from _list(item.parts, lang)
        yield "</li>"
    yield "</ul>"


def _sources(explained: Explanation, words: Letter) -> Iterator[str]:
    """The clauses that decided, by document."""
    if explained.clauses:
        yield f"<section><h2>{escape(words.clauses)}</h2><ul>"
        yield from (f"<li>{escape(clause)}</li>" for clause in explained.clauses)
        yield "</ul></section>"


def _made(decision: Decision, words: Letter) -> str:
    pack = decision.pack
    return words.made.format(pack=pack.name, version=pack.version, digest=pack.digest[:12])
