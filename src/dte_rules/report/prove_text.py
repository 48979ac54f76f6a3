"""Proved properties for the terminal: a line each, then the example by which one fails, and at the end what was covered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dte_rules.analysis.prove.model import FACTS_NOT_GIVEN, Branch, Example, Proved, Shown
from dte_rules.report.names import Names
from dte_rules.report.phrases import amount_words, listing, verdict_word
from dte_rules.report.prose import Prose
from dte_rules.report.prove_words import (
    MARKS,
    STYLES,
    choice_words,
    differences,
    horizon_words,
    missing_words,
    named_facts,
    outcome_word,
    period_words,
    summary,
    value_words,
    word,
)
from dte_rules.report.verdict_line import verdict_line
from dte_rules.source.diagnostic import Lang


def proved_text(proved: Sequence[Proved], lang: Lang, title: str = "") -> RenderableType:
    """Properties with their outcomes, at the width of a page."""
    parts: list[RenderableType] = [Text(title, style="bold"), Text()] if title else []
    width = max((len(p.ready.id) for p in proved), default=0)
    for one in proved:
        parts += _Text(one, lang, width).parts()
    parts += [Text(), Text(summary(list(proved), lang), style="bold"), *_horizons(proved, lang)]
    return Group(*parts)


def _horizons(proved: Sequence[Proved], lang: Lang) -> Iterator[RenderableType]:
    found: dict[str, dict[str, list[str]]] = {}
    for one in proved:
        found.setdefault(horizon_words(one, lang), {}).setdefault(period_words(one, lang), []).append(one.ready.id)
    if found:
        yield Text()
        yield Text(word("where", lang), style="bold")
    for words, by_period in found.items():
        told = [
            f"{period}{'：' if lang == 'zh' else ': '}{listing(ids, lang)}" if period else listing(ids, lang)
            for period, ids in by_period.items()
        ]
        lines: list[RenderableType] = [Prose(Text(f"· {line}", style="dim")) for line in told]
        yield Padding(Group(Prose(Text(words, style="dim")), Padding(Group(*lines), (0, 0, 0, 2))), (0, 0, 0, 2))


class _Text:
    def __init__(self, proved: Proved, lang: Lang, width: int) -> None:
        self.proved, self.lang, self.width = proved, lang, width

    def parts(self) -> Iterator[RenderableType]:
        proved, ready, lang = self.proved, self.proved.ready, self.lang
        outcome = outcome_word(proved.outcome, lang)
        told = Text(ready.title.text(lang))
        if proved.empty:
            told = Text.assemble((word("empty", lang), "bold red"), "  ", told)
        elif not proved.as_expected:
            told = Text.assemble((word("expected", lang, outcome=outcome_word(ready.expect or "holds", lang)), "bold red"), "  ", told)
        line = Table.grid(padding=(0, 2, 0, 0), expand=True)
        line.add_column(width=1)
        line.add_column(width=self.width)
        line.add_column(width=14 if lang == "en" else 10)
        line.add_column(ratio=1)
        line.add_row(
            Text(MARKS[proved.outcome], style=STYLES[proved.outcome]),
            Text(ready.id, style="bold"),
            Text(outcome, style=STYLES[proved.outcome]),
            Prose(told),
        )
        yield line
        yield Padding(Group(*self._below()), (0, 0, 0, 4))

    def _below(self) -> Iterator[RenderableType]:
        proved, ready, lang = self.proved, self.proved.ready, self.lang
        if ready.because is not None and proved.as_expected and proved.outcome != "holds":
            yield Prose(Text(word("because", lang) + ready.because.text(lang), style="italic"))
        if len(proved.branches) > 1:
            for choice in ready.choices:
                yield Prose(Text(word("open", lang) + choice_words(choice, lang)))
        for branch in proved.branches:
            yield from self._branch(branch)

    def _branch(self, branch: Branch) -> Iterator[RenderableType]:
        lang, inside = self.lang, 0
        if len(self.proved.branches) > 1:
            words = [choice.words(branch.choices[choice.name], lang) for choice in self.proved.ready.choices]
            told = f"{listing(words, lang)}{'：' if lang == 'zh' else ': '}"
            yield Text.assemble("· ", told, (outcome_word(branch.outcome, lang), STYLES[branch.outcome]))
            inside = 2
        below: list[RenderableType] = []
        if branch.outcome == "could_not_tell" and branch.why != FACTS_NOT_GIVEN:
            gave_up = branch.why in ("timeout", "canceled", "max. resource limit exceeded")
            below.append(Prose(Text(word("gave_up", lang) if gave_up else word("not_encoded", lang) + branch.why, style="red")))
        if branch.idle and not self.proved.of_nobody:
            below.append(Prose(Text(word("idle", lang), style="yellow")))
        if branch.example is not None:
            below += self._example(branch.example, branch.why)
        if below:
            yield Padding(Group(*below), (0, 0, 0, inside))

    # --- examples --------------------------------------------------------------------------------------------------------

    def _example(self, example: Example, why: str = "") -> Iterator[RenderableType]:
        lang = self.lang
        if example.variables:
            yield Prose(Text(listing((f"{name} = {value}" for name, value in example.variables.items()), lang), style="dim"))
        for case in example.cases:
            like = next((c for c in example.cases if c.side.name == case.side.like), None)
            yield self._case(case, like, bool(example.variables))
        if example.steps:
            yield from self._steps(example.steps)
        if example.other:
            yield Text(word("order", lang), style="dim")
            yield from self._steps(example.other)
        if why == FACTS_NOT_GIVEN:
            yield Prose(Text(word("not_given", lang) + missing_words(example, lang), style="red"))
        elif example.then == "unknown" and self.proved.outcome == "not_specified":
            yield Prose(Text(word("unknown", lang) + missing_words(example, lang), style="yellow"))
        elif example.then != "false":
            yield Prose(Text(word("null" if example.then == "null" else "unknown_facts", lang), style="yellow"))

    def _case(self, case: Shown, like: Shown | None, plain: bool) -> RenderableType:
        lang, side = self.lang, case.side
        program, vocabulary = side.policy.program, side.policy.vocabulary
        names = Names(program, vocabulary, case.decision, lang)
        if like is not None:
            told = listing(differences(case, like, vocabulary, lang), lang) or ("" if plain else word("same", lang))
        elif plain:
            told = ""
        else:
            out = _standing_out(case, lang)
            told = listing([*out, *named_facts(case, out, vocabulary, lang)], lang) or word("typical", lang)
        head = Text.assemble("· ", (side.name, "bold"), f"  {program.name}/{side.decision}", (f"  {case.as_of}", "dim"))
        lines: list[RenderableType] = [head]
        if told:
            lines.append(Padding(Prose(Text(told)), (0, 0, 0, 4)))
        if case.settled:
            settled = listing((names.missing(name).label for name in case.settled), lang)
            lines.append(Padding(Prose(Text(word("settled", lang) + settled, style="dim")), (0, 0, 0, 4)))
        if case.whole:
            lines.append(Padding(Prose(Text("⇒ " + verdict_line(case.decision, names, lang))), (0, 0, 0, 4)))
        values = value_words(case, names, lang)
        if values:
            lines.append(Padding(Prose(Text(listing(values, lang), style="dim" if case.whole else "")), (0, 0, 0, 4)))
        return Group(*lines)

    def _steps(self, steps: Sequence[Shown]) -> Iterator[RenderableType]:
        lang = self.lang
        total = Decimal(0)
        for step in steps:
            names = Names(step.side.policy.program, step.side.policy.vocabulary, step.decision, lang)
            total += Decimal(step.decision.amount or 0)
            claimed = listing((str(value) for value in step.values.values()), lang)
            # what is granted needs no clauses: they are the same for each claim
            granted = step.decision.amount is not None
            line = listing((verdict_word(step.decision.verdict, lang), amount_words(Decimal(step.decision.amount or 0), lang)), lang)
            line = line if granted else verdict_line(step.decision, names, lang)
            yield Prose(Text(f"{step.side.name}. {step.as_of}  {claimed} ⇒ {line}"))
        yield Text(f"   {word('total', lang)} {amount_words(total, lang)}", style="bold")


def _standing_out(case: Shown, lang: Lang) -> tuple[str, ...]:
    """The facts by which somebody whom the solver found differs from a typical person. Only here is anything of the solver's needed."""
    from dte_rules.analysis.meaning import Person
    from dte_rules.analysis.typical import typical_facts
    from dte_rules.report.compare_words import standing_out

    policy = case.side.policy
    person = Person(case.facts, case.as_of, case.decision, case.decision)
    return standing_out(person, typical_facts(), (policy.program.jurisdiction,), policy.vocabulary, lang)
