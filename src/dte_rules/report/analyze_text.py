"""A pack analysed, for the terminal: findings by weight, what each reading changes, and what is good to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dte_rules.analysis.analyze_findings import Analysis, Fact, Finding, Severity, Shown
from dte_rules.analysis.meaning import Person
from dte_rules.analysis.typical import typical_facts
from dte_rules.analysis.witness import Policy
from dte_rules.report.analyze_words import SEVERITIES, STYLES, Wording, word
from dte_rules.report.compare_words import standing_out
from dte_rules.report.names import Names
from dte_rules.report.phrases import listing, pick
from dte_rules.report.prose import Prose
from dte_rules.report.verdict_line import verdict_line
from dte_rules.source.diagnostic import Lang

_ORDER: tuple[Severity, ...] = ("error", "warning", "note")
MOST_FACTS = 8
"""So many facts are shown of a witness."""


def analyzed_text(analysis: Analysis, policy: Policy, lang: Lang) -> RenderableType:
    """A pack analysed, at the width of a page."""
    return Group(*_Text(analysis, policy, lang).parts())


class _Text:
    def __init__(self, analysis: Analysis, policy: Policy, lang: Lang) -> None:
        self.analysis, self.policy, self.lang = analysis, policy, lang
        self.wording = Wording(policy, lang)
        self.typical: Mapping[str, Any] = typical_facts()

    def parts(self) -> Iterator[RenderableType]:
        analysis, lang = self.analysis, self.lang
        counted = [(severity, len(analysis.of(severity))) for severity in _ORDER]
        head = Text.assemble((self.policy.program.title.text(lang), "bold"), (f" {analysis.pack}", "dim"), "  ")
        told = [self._count(severity, count) for severity, count in counted if count]
        head.append(Text(pick(("，", ", "), lang)).join(told) if told else Text(word("nothing", lang), style="bold green"))
        yield Prose(head)
        for finding in analysis.findings:
            yield Padding(Group(*self._finding(finding)), (1, 0, 0, 0))
        yield from self._readings()
        yield from self._facts()
        yield from self._limits()

    def _count(self, severity: Severity, count: int) -> Text:
        name = pick(SEVERITIES[severity], self.lang)
        told = f"{count} 个{name}" if self.lang == "zh" else f"{count} {name}{'' if count == 1 else 's'}"
        return Text(told, style=STYLES[severity])

    # --- findings --------------------------------------------------------------------------------------------------------

    def _finding(self, finding: Finding) -> Iterator[RenderableType]:
        wording, lang = self.wording, self.lang
        place = str(finding.place) if finding.place else self.analysis.pack
        head = Text.assemble((place, "bold"), " ", (pick(SEVERITIES[finding.severity], lang), STYLES[finding.severity]))
        head.append(f" {finding.kind}", style="dim")
        yield Prose(head, whole=[place])
        yield Padding(Prose(Text(wording.message(finding))), (0, 0, 0, 2))
        about = [wording.clauses(finding.cites), wording.days(finding.period, self.analysis.horizon), *map(str, finding.also)]
        line = pick(("；", "; "), lang).join(part for part in about if part)
        if line:
            yield Padding(Prose(Text(line, style="dim"), whole=[str(span) for span in finding.also]), (0, 0, 0, 2))
        yield Padding(Prose(Text(f"→ {wording.hint(finding)}", style="italic")), (0, 0, 0, 2))
        if finding.witness is not None:
            yield Padding(Group(*self._witness(finding.witness)), (0, 0, 0, 2))

    def _witness(self, found: Shown) -> Iterator[RenderableType]:
        lang = self.lang
        decision = found.decision
        person = Person(found.facts, found.as_of, decision, decision)
        out = standing_out(person, self.typical, [self.policy.program.jurisdiction], self.policy.vocabulary, lang)
        told = listing(out[:MOST_FACTS], lang) + ("……" if len(out) > MOST_FACTS else "")
        yield Prose(Text.assemble("· ", told or word("typical", lang), (f"  {found.as_of}", "dim")))
        names = Names(self.policy.program, self.policy.vocabulary, decision, lang)
        yield Padding(Prose(Text(verdict_line(decision, names, lang))), (0, 0, 0, 2))

    # --- readings --------------------------------------------------------------------------------------------------------

    def _readings(self) -> Iterator[RenderableType]:
        if not self.analysis.readings:
            return
        yield Text()
        yield Text(word("readings", self.lang), style="bold")
        table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
        table.add_column(ratio=4)
        table.add_column(ratio=2)
        table.add_column(ratio=4)
        for found in self.analysis.readings:
            decision = self.wording.decision(found.default.decision.decision)
            name = f"{found.interpretation}: {found.reading}"
            table.add_row(Prose(name), Prose(Text(decision, style="dim")), Prose(self.wording.change(found)))
        yield Padding(table, (0, 0, 0, 2))

    # --- what is good to know -------------------------------------------------------------------------------------------

    def _facts(self) -> Iterator[RenderableType]:
        if not self.analysis.facts:
            return
        yield Text()
        yield Text(word("facts", self.lang), style="bold")
        by_kind: dict[str, list[Fact]] = {}
        for fact in self.analysis.facts:
            by_kind.setdefault(fact.kind, []).append(fact)
        for kind, facts in by_kind.items():
            for line in self.wording.fact(kind, facts, self.analysis.horizon):
                yield Padding(Prose(Text(line)), (0, 0, 0, 2))

    def _limits(self) -> Iterator[RenderableType]:
        analysis, lang = self.analysis, self.lang
        if analysis.unsure:
            yield Padding(Prose(Text(word("unsure", lang) + listing(analysis.unsure, lang), style="yellow")), (1, 0, 0, 0))
        for slot, reason in analysis.not_analysed.items():
            yield Prose(Text(f"{word('not_analysed', lang)}{slot}: {reason}", style="yellow"))
        counted = analysis.counted
        told = word("counted", lang, plans=counted.plans, conditions=counted.conditions, rows=counted.rows, readings=counted.readings)
        horizon = word("horizon", lang, horizon=analysis.horizon.words(lang))
        yield Padding(Prose(Text(f"{told}{'。' if lang == 'zh' else '; '}{horizon}", style="dim")), (1, 0, 0, 0))
