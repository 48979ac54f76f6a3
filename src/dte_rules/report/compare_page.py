"""A comparison as one self-contained page: both packs in two columns, people with both decisions, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from dte_rules.analysis.compare import Compared
from dte_rules.analysis.meaning import Direction, Meaning, Person, SideName
from dte_rules.analysis.structure import Item, Pair
from dte_rules.analysis.typical import typical_facts
from dte_rules.analysis.witness import Policy
from dte_rules.report.compare_text import cell_text
from dte_rules.report.compare_words import ORDERS, PARTS, other, period_words, standing_out, usual_places, word
from dte_rules.report.names import Names
from dte_rules.report.phrases import listing, pick, verdict_word
from dte_rules.report.verdict_line import verdict_line
from dte_rules.source.diagnostic import Lang

_STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.55 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif }
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem }
h1 { font-size: 1.6rem }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #8886; font-size: 1.25rem } h3 { font-size: 1rem; margin-bottom: .3rem }
table { border-collapse: collapse; width: 100%; table-layout: fixed; margin: .5rem 0 }
th, td { border: 1px solid #8886; padding: .35rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere }
th:first-child, td:first-child { width: 22% } code { font-size: .88em }
.cite, .dim { color: #777; font-size: .88em } .differs { background: #f0b42922 } .only { background: #4a90d922 }
.met, .discretionary { color: #187a3c } .not_met { color: #b3261e } .undetermined { color: #8a6100 } .proved { color: #187a3c }
.person { border-left: 3px solid #8886; padding-left: .8rem; margin: .8rem 0 }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem } details { margin-top: .3rem } pre { overflow-x: auto; font-size: .85em }
@media (max-width: 40rem) { .pair { grid-template-columns: 1fr } }
@media print { details { display: none } }
"""


def compared_page(compared: Compared, lang: Lang) -> str:
    """Two packs compared, as a page."""
    page = _Page(compared, lang)
    names = f"{compared.a.program.title.text(lang)} ↔ {compared.b.program.title.text(lang)}"
    return _document(names, "".join(page.parts()), lang)


def matrix_page(compared: Sequence[Compared], lang: Lang) -> str:
    """All pairs of packs, as a page."""
    decisions = list(dict.fromkeys(structure.decision for pair in compared for structure, _ in pair.decisions))
    head = "".join(f"<th>{escape(p.a.program.name)}<br>{escape(p.b.program.name)}</th>" for p in compared)
    rows = []
    for name in decisions:
        meanings = [{s.decision: m for s, m in pair.decisions}.get(name) for pair in compared]
        cells = "".join(f"<td>{escape(cell_text(meaning, lang))}</td>" for meaning in meanings)
        rows.append(f"<tr><th>{escape(name)}</th>{cells}</tr>")
    title = "各地对照" if lang == "zh" else "All pairs"
    return _document(title, f"<table><tr><th></th>{head}</tr>{''.join(rows)}</table>", lang)


def _document(title: str, body: str, lang: Lang) -> str:
    language = "zh-CN" if lang == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body><h1>{escape(title)}</h1>\n{body}</body></html>\n"
    )


class _Page:
    def __init__(self, compared: Compared, lang: Lang) -> None:
        self.compared, self.lang = compared, lang
        self.policies: dict[SideName, Policy] = {"a": compared.a, "b": compared.b}
        self.titles: dict[SideName, str] = {side: policy.program.name for side, policy in self.policies.items()}
        self.typical: Mapping[str, Any] = typical_facts()

    def parts(self) -> Iterator[str]:
        packs, lang = self.compared.packs, self.lang
        has = [(name, how) for name, how in packs.decisions if how != "same"]
        if has:
            yield f"<p>{word('decisions', lang)}: " + "; ".join(escape(f"{name} ({self._only(how)})") for name, how in has) + "</p>\n"
        yield self._table(word("parameters", lang), packs.parameters)
        yield self._table(word("interpretations", lang), packs.interpretations)
        for structure, meaning in self.compared.decisions:
            title = self.compared.a.program.decisions[structure.decision].title.text(lang)
            yield f"<h2>{escape(title)} <code>{escape(structure.decision)}</code></h2>\n"
            yield "".join(self._meaning(meaning))
            yield self._table(word("conditions", lang), structure.conditions)
            yield self._table(word("terms", lang), structure.terms)
            yield self._table(word("rows", lang), structure.rows)

    def _only(self, how: str) -> str:
        return self.titles["a" if how == "only a" else "b"]

    def _table(self, title: str, pairs: Sequence[Pair]) -> str:
        if not pairs:
            return ""
        rows = "".join(self._row(pair) for pair in pairs)
        heads = "".join(f"<th>{escape(name)}</th>" for name in self.titles.values())
        return f"<h3>{escape(title)}</h3><table><tr><th></th>{heads}</tr>{rows}</table>\n"

    def _row(self, pair: Pair) -> str:
        kind = "differs" if pair.how == "differs" else "only" if pair.how.startswith("only") else ""
        part = pick(PARTS[pair.part], self.lang)
        name = f'<td><span class="dim">{escape(part)}</span> {escape(pair.id)}</td>'
        return f'<tr class="{kind}">{name}{self._item(pair.a)}{self._item(pair.b)}</tr>'

    def _item(self, item: Item | None) -> str:
        if item is None:
            return "<td>—</td>"
        title = escape(item.title.text(self.lang)) if item.title else ""
        cites = f'<div class="cite">{escape(listing(map(str, item.cites), self.lang))}</div>' if item.cites else ""
        return f"<td>{title}<div><code>{escape(item.text)}</code></div>{cites}</td>"

    def _meaning(self, meaning: Meaning) -> Iterator[str]:
        lang, titles = self.lang, self.titles
        if meaning.not_analysed:
            yield f'<p class="undetermined">{escape(word("not_analysed", lang) + meaning.not_analysed)}</p>'
            return
        for side, names in meaning.settled.items():
            yield f'<p class="dim">{escape(word("settled", lang, a=titles[side], names=listing(names, lang)))}</p>'
        if len(meaning.unspecified) == 2:
            yield f'<p class="undetermined">{escape(word("both_unspecified", lang))}</p>'
        elif meaning.unspecified:
            yield f'<p class="undetermined">{escape(word("unspecified", lang, a=titles[meaning.unspecified[0]]))}</p>'
        if meaning.same:
            yield f'<p class="proved">{escape(word("same_verdicts", lang))}</p>'
        for direction in () if meaning.same else meaning.directions:
            yield from self._direction(direction)
        for person in meaning.amounts:
            yield f"<h3>{escape(word('amount', lang))}</h3>{self._person(person)}"
        for name, person in meaning.values:
            yield f"<h3>{escape(word('value', lang) + name)}</h3>{self._person(person)}"
        for pair in meaning.effects:
            line = f"{titles['a']} {pair.a} {pick(ORDERS[pair.order], lang)} {titles['b']} {pair.b}"
            yield f"<h3>{escape(word('effect', lang))}</h3><p>{escape(line)}</p>{self._person(pair.person)}"
        if meaning.same_amount and not meaning.unspecified:
            yield f'<p class="proved">{escape(word("same_amount", lang))}</p>'
        if meaning.unsure:
            yield f'<p class="undetermined">{escape(word("unsure", lang) + listing(meaning.unsure, lang))}</p>'
        horizon = word("horizon", lang, period=period_words(meaning, lang), horizon=meaning.horizon.words(lang))
        yield f'<p class="dim">{escape(horizon)}</p>\n'

    def _direction(self, direction: Direction) -> Iterator[str]:
        lang = self.lang
        names = {"a": self.titles[direction.granter], "b": self.titles[other(direction.granter)]}
        if direction.nobody:
            yield f'<p class="proved">{escape(word("nobody", lang, **names))}</p>'
        elif direction.refused:
            yield f"<h3>{escape(word('refused', lang, **names))}</h3>"
        yield from map(self._person, direction.refused)
        if direction.undetermined is not None:
            yield f"<h3>{escape(word('undetermined', lang, **names))}</h3>{self._person(direction.undetermined)}"
        if direction.unsure:
            yield f'<p class="undetermined">{escape(word("unsure", lang) + listing(direction.unsure, lang))}</p>'

    def _person(self, person: Person) -> str:
        lang = self.lang
        places = usual_places(self.compared)
        out = standing_out(person, self.typical, places, self.compared.a.vocabulary, lang)
        head = escape(listing(out, lang) or word("typical", lang))
        sides = []
        for side, decision in zip(("a", "b"), (person.a, person.b), strict=True):
            policy = self.policies["a" if side == "a" else "b"]
            line = verdict_line(decision, Names(policy.program, policy.vocabulary, decision, lang), lang)
            shown = verdict_word(decision.verdict, lang)
            body = escape(line.removeprefix(shown))
            sides.append(f'<div><b>{escape(policy.program.name)}</b> <span class="{decision.verdict}">{escape(shown)}</span>{body}</div>')
        facts = "<br>".join(escape(line) for line in _lines(person.facts, 0))
        summary = "全部事实" if lang == "zh" else "all facts"
        return (
            f'<div class="person"><div>{head} <span class="dim">{person.as_of}</span></div><div class="pair">{"".join(sides)}</div>'
            f"<details><summary>{summary}</summary><code>{facts}</code></details></div>\n"
        )


def _lines(value: Any, depth: int) -> Iterator[str]:
    pad = "\u2003" * depth
    for name, inner in value.items():
        if isinstance(inner, Mapping):
            yield f"{pad}{name}:"
            yield from _lines(inner, depth + 1)
        elif isinstance(inner, list) and inner and isinstance(inner[0], Mapping):
            yield f"{pad}{name}:"
            for number, member in enumerate(inner, 1):
                yield f"{pad}\u2003{number}."
                yield from _lines(member, depth + 2)
        else:
            yield f"{pad}{name}: {inner}"
