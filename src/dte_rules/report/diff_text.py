"""Two versions of a pack compared, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from dte_rules.analysis.diff import Diff, Difference
from dte_rules.analysis.typical import typical_facts
from dte_rules.analysis.witness import Policy
from dte_rules.engine.decision import Decision
from dte_rules.report.compare_words import standing_out, word
from dte_rules.report.names import Names
from dte_rules.report.phrases import Pair, listing, pick
from dte_rules.report.prose import Prose
from dte_rules.report.verdict_line import verdict_line
from dte_rules.source.diagnostic import Lang

CHANGES: Mapping[str, Pair] = MappingProxyType(
    {
        "gains": ("受益：原不给予，现给予", "gains: granted now, not before"),
        "loses": ("受损：原给予，现不给予", "loses: granted before, not now"),
        "more": ("受益：金额增加", "gains: a greater amount"),
        "less": ("受损：金额减少", "loses: a lesser amount"),
        "other effect": ("效力不同", "another effect"),
        "other result": ("其他结果不同", "another result"),
        "other verdict": ("判定结论不同", "another verdict"),
        "other date": ("判定结论相同，日期不同", "the same verdict, another date"),
    }
)
WORDS: Mapping[str, Pair] = MappingProxyType(
    {
        "changing": ("判定结果有变", "verdict-changing"),
        "dates": ("判定结果不变，日期有变", "no verdict changes, dates differ"),
        "same": ("判定结果不变", "no verdict changes"),
        "rules": ("改动的规则：", "rules that changed: "),
        "proved": ("规则有改动，但已证明无人受影响：", "rules changed, but proved that nobody is decided differently: "),
        "untouched": ("未涉及：", "not touched: "),
        "added": ("新增的问题：", "new decisions: "),
        "removed": ("删除的问题：", "decisions gone: "),
        "unsure": ("求解器未能在时限内判定：", "the solver could not tell in time: "),
        "not_analysed": ("未分析：", "not analysed: "),
        "nothing": ("无", "none"),
        "old": ("原", "old"),
        "new": ("新", "new"),
        "under": ("采用口径", "read as"),
        "settled": ("视另行规定已满足：", "taking as fulfilled: "),
        "only_old": ("仅旧版有的规则包：", "packs only in the old version: "),
        "only_new": ("仅新版有的规则包：", "packs only in the new version: "),
    }
)


def diff_text(found: Diff, old: Policy, new: Policy, lang: Lang) -> RenderableType:
    """Two versions of a pack compared, at the width of a page."""
    return Group(*_parts(found, old, new, lang))


def _parts(found: Diff, old: Policy, new: Policy, lang: Lang) -> Iterator[RenderableType]:
    state = "changing" if found.verdict_changing else "dates" if found.dates_differ else "same"
    style = {"changing": "bold red", "dates": "bold yellow", "same": "bold green"}[state]
    yield Text.assemble((found.pack, "bold"), "  ", (pick(WORDS[state], lang), style))
    if found.changed:
        marks = {"added": "+", "removed": "−", "changed": "≠"}
        yield _line("rules", [f"{marks[c.how]} {c.slot}" for c in found.changed], lang)
    for key, names in (("added", found.added), ("removed", found.removed), ("proved", found.proved), ("unsure", found.unsure)):
        if names:
            yield _line(key, names, lang)
    for decision, reason in found.not_analysed.items():
        yield _line("not_analysed", [f"{decision}: {reason}"], lang)
    typical = typical_facts()
    for difference in found.differences:
        yield Padding(Group(*_difference(difference, old, new, typical, lang)), (1, 0, 0, 2))
    if found.changed:
        horizon = word("horizon", lang, period="2018–2028", horizon=found.horizon.words(lang))
        yield Padding(Prose(Text(horizon, style="dim")), (1, 0, 0, 0))


def _difference(found: Difference, old: Policy, new: Policy, typical: Mapping[str, Any], lang: Lang) -> Iterator[RenderableType]:
    title = new.program.decisions[found.decision].title.text(lang)
    yield Text.assemble((f"{title} ", "bold"), (f"{found.decision}  {found.period[0]}–{found.period[1]}", "dim"))
    head = pick(CHANGES[found.change], lang)
    if found.reading is not None:
        head += f"  ({pick(WORDS['under'], lang)} {found.reading[0]}: {found.reading[1]})"
    if found.settled:
        head += f"  ({pick(WORDS['settled'], lang)}{listing(found.settled, lang)})"
    yield Prose(Text(head))
    out = standing_out(found.person, typical, [new.program.jurisdiction], new.vocabulary, lang)
    yield Prose(Text.assemble("· ", listing(out, lang) or word("typical", lang), (f"  {found.person.as_of}", "dim")))
    for key, policy, decision, other in (("old", old, found.person.a, found.person.b), ("new", new, found.person.b, found.person.a)):
        names = Names(policy.program, policy.vocabulary, decision, lang)
        parts = [verdict_line(decision, names, lang)]
        if found.change == "other date":
            parts += _days(decision, other, names, lang)
        line = pick(("；", "; "), lang).join(parts)
        yield Padding(Prose(Text.assemble((f"{pick(WORDS[key], lang)} ", "dim"), line)), (0, 0, 0, 2))


def _days(decision: Decision, other: Decision, names: Names, lang: Lang) -> Iterator[str]:
    """The days of a decision that another hasn't got, between which they lie where that is all that is known."""
    for name in dict.fromkeys((*decision.dates, *other.dates)):
        days, others = ((d.dates.get(name), d.latest.get(name)) for d in (decision, other))
        if days != others:
            yield f"{names.date(name)} {'–'.join(str(day) for day in days if day is not None) or pick(WORDS['nothing'], lang)}"


def _line(key: str, names: Sequence[str], lang: Lang) -> RenderableType:
    return Prose(Text(pick(WORDS[key], lang) + listing(names, lang)))
