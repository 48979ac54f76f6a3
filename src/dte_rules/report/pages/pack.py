"""The page of a pack: what the region grants, on which clauses, and under which readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from dte_rules.pack.model import Pack, TableItem, Term
from dte_rules.program.nodes import ALWAYS, Label
from dte_rules.report.pages.clauses import clause_section, target_section
from dte_rules.report.pages.decisions import decision_sections
from dte_rules.report.pages.inheritance import inheritance_section
from dte_rules.report.pages.markdown import code, generated, page, table, text
from dte_rules.report.pages.words import PackWords
from dte_rules.report.schemas.words import HIT_POLICIES
from dte_rules.source.diagnostic import Lang


def pack_page(pack: Pack, lang: Lang, bases: Mapping[str, Label]) -> str:
    """The page in one language. ``bases`` are the titles of the other packs that have a page beside it."""
    words = PackWords(pack, lang, frozenset(bases))
    return page(
        chain(
            _head(words, bases),
            _sources(words),
            decision_sections(words),
            _tables(words),
            _parameters(words),
            _terms(words),
            _functions(words),
            _interpretations(words),
            _open_points(words),
            _facts(words),
            target_section(words),
            inheritance_section(words),
            clause_section(words),
            _calendar(words),
        )
    )


def _head(words: PackWords, bases: Mapping[str, Label]) -> Iterator[str]:
    pack = words.pack
    yield from (generated("dte docs"), "", f"# {words.label(pack.title, pack.name)}", "")
    code_of = words.sentence(f"，行政区划代码 {pack.jurisdiction}", f", division code {pack.jurisdiction}") if pack.jurisdiction else ""
    yield words.sentence(
        f"规则包 {code(pack.name)}，版本 {pack.version}{code_of}。", f"Pack {code(pack.name)}, version {pack.version}{code_of}."
    )
    taken = dict.fromkeys(decision.pack for decision in pack.decisions if decision.pack != pack.name)
    linked = [f"[{words.label(bases[name], name)}]({name}.md)" for name in taken if name in bases]
    if linked:
        yield from ("", words.sentence(f"继承自{words.several(linked)}。", f"It inherits from {words.several(linked)}."))
    other, lang_name = ("en", "English") if words.lang == "zh" else ("zh", "中文")
    yield from ("", f"[{lang_name}](../{other}/{pack.name}.md)", "")


def _sources(words: PackWords) -> Iterator[str]:
    holidays = {cite.source for year in words.pack.calendar for cite in year.cites}
    sources = [source for source in words.pack.sources.values() if source.id not in holidays]
    if sources:
        yield from (f"## {words['documents']}", "")
        header = ["", words["number"], words["title"], words["issued"], words["in_force"]]
        rows = (
            (code(s.id), text(s.number), words.label(s.title), words.day(s.issued) if s.issued else "", words.period(s.period))
            for s in sources
        )
        yield from table(header, rows)


def _tables(words: PackWords) -> Iterator[str]:
    if words.pack.tables:
        yield from (f"## {words['tables']}", "")
    for item in words.pack.tables:
        yield from (f"### {words.heading(item.title, item.id)} {code(item.id)}", "")
        hit = HIT_POLICIES[item.hit]
        policy = words.sentence(f"命中策略 {code(item.hit)}：{hit[0]}", f"Hit policy {code(item.hit)}: {hit[1]}")
        yield from (f"{words.remarks(item)}{words.sentence('。', '. ')}{policy}{words.sentence('。', '.')}", "")
        cited = any(row.cites != item.cites or row.period != item.period for row in item.rows)
        header = [*(code(cell.text) for cell in item.inputs), *(f"→ {code(name)}" for name in item.outputs)]
        yield from table([*header, *([words["clause"]] if cited else [])], _rows(words, item, cited))
        shown = words["unspecified"] if item.otherwise is None else words.several([code(cell.text) for cell in item.otherwise])
        yield from (words.sentence(f"{words['otherwise']}：{shown}。", f"Where no row matches: {shown}."), "")


def _rows(words: PackWords, item: TableItem, cited: bool) -> Iterator[list[str]]:
    for row in item.rows:
        cells = [
            text(cell.text) if bare or cell.text.isdecimal() else code(cell.text) for cell, bare in zip(row.cells, row.bare, strict=True)
        ]
        period = "" if row.period == item.period else words.period(row.period)
        told = [words.clauses(row.cites), period]
        yield cells + ([words.sentence("；", "; ").join(part for part in told if part)] if cited else [])


def _parameters(words: PackWords) -> Iterator[str]:
    if words.pack.parameters:
        yield from (f"## {words['parameters']}", "")
        header = [words["name"], words["meaning"], words["value"], words["in_force"], words["clause"]]
        rows = (
            (
                code(item.path.partition(".")[2]),
                words.label(item.title, item.path),
                words.value(value),
                "" if period == ALWAYS and item.period == ALWAYS else words.period(period.intersect(item.period) or period),
                words.clauses(item.cites),
            )
            for item in words.pack.parameters
            for period, value, _ in item.values
        )
        yield from table(header, rows)


def _terms(words: PackWords) -> Iterator[str]:
    if words.pack.terms:
        yield from (f"## {words['terms']}", "")
    for term in words.pack.terms:
        yield from _term(words, term)
    yield ""


def _term(words: PackWords, term: Term) -> Iterator[str]:
    remarks = words.remarks(term)
    yield f"- {words.label(term.title, term.id)} {code(term.id)}" + (f" — {remarks}" if remarks else "")
    if term.formula is not None:
        yield f"  <br>{code(term.formula.text)}"
    for rule in term.rules:
        condition = code(rule.when.text) if rule.when else words["unconditional"]
        exceptions = words.several([code(name) for name in rule.excepts])
        excepts = words.sentence(f"；{exceptions} 的例外", f"; an exception to {exceptions}") if exceptions else ""
        conclusion = f"{condition} → {code(rule.then.text)}"
        yield f"  - {words.label(rule.title, rule.id)} {code(rule.id)}: {conclusion} — {words.remarks(rule)}{excepts}"
    if term.otherwise is not None:
        yield f"  - {words.sentence('没有规则适用时', 'where no rule applies')}: {code(term.otherwise.text)}"


def _functions(words: PackWords) -> Iterator[str]:
    if words.pack.functions:
        yield from (f"## {words['functions']}", "")
    for item in words.pack.functions:
        call = f"{item.id}({', '.join(name for name, _ in item.parameters)})"
        yield f"- {words.label(item.title, item.id)} {code(call)} — {words.remarks(item)}"
        yield f"  <br>{code(item.body.text)}"
    yield ""


def _interpretations(words: PackWords) -> Iterator[str]:
    if words.pack.interpretations:
        yield from (f"## {words['interpretations']}", "")
    for item in words.pack.interpretations.values():
        yield from (f"### {words.heading(item.question, item.id)} {code(item.id)}", "")
        ask = words.sentence(f"；{words['ask']}", f"; {words['ask']}") if item.clarify else ""
        yield from (f"{words.clauses(item.cites)}{ask}{words.sentence('。', '.')}", "")
        for number, reading in enumerate(item.readings):
            default = words.sentence("（默认）", " (the default)") if number == 0 else ""
            yield f"- {words.label(reading.label, reading.id)} {code(reading.id)}{default}"
        yield ""


def _open_points(words: PackWords) -> Iterator[str]:
    # what is delegated has its place with its decision
    points = words.pack.open_points
    if points:
        yield from (f"## {words['open']}", "")
        header = ["", words["question"], words["clause"]]
        yield from table(header, ((code(p.id), words.label(p.question, p.id), words.clauses(p.cites)) for p in points.values()))


def _facts(words: PackWords) -> Iterator[str]:
    if words.pack.facts:
        yield from (f"## {words['facts']}", "")
        header = ["", words["meaning"], words["question"]]
        yield from table(header, ((code(f.path), words.label(f.label, f.path), words.label(f.question)) for f in words.pack.facts))


def _calendar(words: PackWords) -> Iterator[str]:
    if words.pack.calendar:
        years = [str(year.year) for year in words.pack.calendar]
        yield from (f"## {words['calendar']}", "")
        yield words.sentence(
            f"已录入 {words.several(years)} 年；其他年份尚无通知，休息日未知。",
            f"Known for {words.several(years)}; of other years there is no notice, and their rest days are unknown.",
        )
