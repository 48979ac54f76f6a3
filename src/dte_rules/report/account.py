"""A decision as a clerk reads it: the verdict first, then what fails or is to be asked, the clauses, and other readings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dte_rules.engine.decision import Alternative, Decision, MissingSet
from dte_rules.program.nodes import Program
from dte_rules.report.contract_words import DEADLINES
from dte_rules.report.names import MissingWords, Names
from dte_rules.report.phrases import (
    HEADINGS,
    STYLES,
    amount_words,
    date_words,
    either,
    listing,
    pick,
    together,
    verdict_within,
    verdict_word,
)
from dte_rules.report.prose import Prose
from dte_rules.source.diagnostic import Lang
from dte_rules.source.render import display_width, visible
from dte_rules.vocabulary import Vocabulary

MOST_MISSING = 12
"""How many missing things are listed; what the sets shown name is listed in any case."""
MOST_SETS = 4
MOST_LABELS = 4

_LABEL_WIDTH = {"zh": 10, "en": 14}


def account(
    decision: Decision, program: Program, vocabulary: Vocabulary, *, lang: Lang, case: str = "", title: str | None = None
) -> RenderableType:
    """The account of a decision, to be printed with rich; ``case`` and ``title`` are the case's id and title."""
    names = Names(program, vocabulary, decision, lang)
    return Group(heading(case, title), *_Account(names).parts(), Text())


def heading(case: str, title: str | None) -> RenderableType:
    """The line that sets a case apart from the one before it."""
    return _Heading(visible(case), visible(title or ""))


class _Heading:
    """The id and the title, and a thin line to the right margin where there is room."""

    def __init__(self, case: str, title: str) -> None:
        self.text = Text.assemble((case, "bold"), ("  " if case and title else ""), title)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        room = options.max_width - display_width(self.text.plain) - 1
        yield Text.assemble(self.text, " ", ("─" * room, "dim")) if room > 2 else self.text


class _Account:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.decision = names.decision
        self.lang: Lang = names.lang

    def parts(self) -> Iterator[RenderableType]:
        names = self.names
        day = ("判定日 " if self.lang == "zh" else "as of ") + date_words(self.decision.as_of, self.lang)
        yield Padding(Prose(Text(f"{names.region} · {names.title} · {day}", style="dim")), (0, 0, 0, 2))
        yield Text()
        yield Padding(self._verdict(), (0, 0, 0, 2))
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(style="dim", width=_LABEL_WIDTH[self.lang], no_wrap=True)
        grid.add_column(ratio=1)
        for key, content in self._sections():
            grid.add_row("", "")
            grid.add_row(pick(HEADINGS[key], self.lang), content)
        if grid.rows:
            yield Padding(grid, (0, 0, 0, 2))

    def _verdict(self) -> RenderableType:
        decision, lang = self.decision, self.lang
        text = Text.assemble((verdict_word(decision.verdict, lang), f"bold {STYLES[decision.verdict]}"))
        if decision.amount is not None:
            text.append("   ").append(amount_words(decision.amount, lang), style="bold")
        if decision.effect is not None:
            text.append("   ").append(self.names.effect(decision.effect), style="bold")
        name = self._deadline()
        if name is not None:
            word = self.names.date(name)
            text.append("   ").append(f"{word} {self.names.day(name)}")
        return Prose(text)

    def _deadline(self) -> str | None:
        return next((name for name in DEADLINES if name in self.decision.dates), None)

    def _sections(self) -> Iterator[tuple[str, RenderableType]]:
        decision = self.decision
        if decision.failed:
            yield "fails", self._failed()
        if decision.missing:
            yield from self._missing()
        if decision.values and decision.verdict != "not_met":
            heading_ = "would_be" if decision.verdict == "undetermined" else "result"
            yield heading_, Prose("\n".join(f"{self.names.value(name)}  {_shown(value)}" for name, value in decision.values.items()))
        if decision.verdict != "not_met" and decision.citations:  # what fails has its clauses beside it
            yield "clauses", Prose("\n".join(self.names.clauses(decision.citations)), whole=self.names.clause_words(decision.citations))
        others = [name for name in decision.dates if name != self._deadline()]
        if others:
            yield "dates", Prose("\n".join(f"{self.names.date(name)}  {self.names.day(name)}" for name in others))
        if departures := self.names.departures():
            yield "read_as", _list((self._chosen(i, r) for i, r in departures.items()), "·")
        if decision.alternatives:
            yield "otherwise", self._alternatives()

    def _failed(self) -> RenderableType:
        prefixes = {
            "requires": ("未满足：", ""),
            "excludes": ("属于排除情形：", "excluded: "),
            "soft": ("一般要求未满足：", "usual requirement not met: "),
        }
        lines: list[RenderableType] = []
        for condition in self.names.failed():
            line = Text(pick(prefixes[condition.part], self.lang) + condition.title)
            if condition.clauses:
                line.append("   ").append(condition.clauses, style="dim")
            lines.append(Prose(line, whole=condition.words))
        return _list(lines, "·")

    def _missing(self) -> Iterator[tuple[str, RenderableType]]:
        several = sorted((each for each in self.decision.missing_sets if len(each.facts) > 1), key=lambda each: len(each.facts))
        sets = several[:MOST_SETS]
        named = {name for each in sets for name in each.facts}
        shown = [name for i, name in enumerate(self.decision.missing) if i < MOST_MISSING or name in named]
        words = [self.names.missing(name) for name in shown]
        asked = [each for each in words if each.kind == "fact"]
        unsettled = [each for each in words if each.kind != "fact"]
        numbers = {each.name: i for i, each in enumerate([*asked, *unsettled], 1)}
        if asked:
            yield "ask", _numbered((numbers[each.name], self._question(each)) for each in asked)
        if unsettled:
            yield "unsettled", _numbered((numbers[each.name], Prose(each.text)) for each in unsettled)
        lines: list[RenderableType] = list(self._enough(sets, numbers))
        zh = self.lang == "zh"
        if more := len(several) - len(sets):
            lines.append(Text(f"另有 {more} 种组合" if zh else f"and {more} more combinations", style="dim"))
        if left := len(self.decision.missing) - len(shown):
            text = f"另有 {left} 项尚不清楚，全部见 --format json" if zh else f"{left} more are unknown; all stand in --format json"
            lines.append(Text(text, style="dim"))
        if lines:
            yield "enough", _list(lines, "·")

    def _enough(self, sets: Iterable[MissingSet], numbers: dict[str, int]) -> Iterator[Prose]:
        """The smallest sets that can settle the verdict: first what can do so alone, by the verdicts it can lead to."""
        alone: dict[tuple[str, ...], list[int]] = {}
        for each in self.decision.missing_sets:
            if len(each.facts) == 1 and each.facts[0] in numbers:
                alone.setdefault(each.verdicts, []).append(numbers[each.facts[0]])
        for verdicts, single in alone.items():
            things = [str(number) for number in sorted(single)]
            if self.lang == "zh":
                any_ = " 项中任一项" if len(things) > 1 else " 项"
                yield Prose(f"查清第 {'、'.join(things)}{any_}即可能判定：{self._possible(verdicts)}")
            else:
                yield Prose(f"{either(things, 'en')} alone can settle it: {self._possible(verdicts)}")
        for each in sets:
            things = [str(number) for number in sorted(numbers[name] for name in each.facts)]
            if self.lang == "zh":
                yield Prose(f"一并查清第 {'、'.join(things)} 项即可能判定：{self._possible(each.verdicts)}")
            else:
                yield Prose(f"{together(things, 'en')} together can settle it: {self._possible(each.verdicts)}")

    def _possible(self, verdicts: Iterable[str]) -> str:
        return either((verdict_within(verdict, self.lang) for verdict in verdicts), self.lang)

    def _question(self, words: MissingWords) -> Prose:
        return Prose(Text.assemble(words.text, "  ", (words.name, "dim")))

    def _chosen(self, interpretation: str, reading: str) -> Prose:
        return Prose(f"{self.names.asked(interpretation)} {self.names.reading(interpretation, reading)}")

    def _alternatives(self) -> RenderableType:
        groups: dict[str, list[Alternative]] = {}
        for alternative in self.decision.alternatives:
            groups.setdefault(alternative.interpretation, []).append(alternative)
        # what changes the outcome by itself comes before what only lacks facts
        ordered = sorted(groups, key=lambda name: name not in self.decision.flags)
        return _list((self._group(name, groups[name]) for name in ordered), "·")

    def _group(self, interpretation: str, alternatives: list[Alternative]) -> RenderableType:
        names, lang = self.names, self.lang
        lines: list[Text] = [Text(names.asked(interpretation))]
        chosen = self.decision.readings.get(interpretation)
        if chosen and interpretation in self.decision.flags:
            reading = names.reading(interpretation, chosen)
            lines.append(Text(f"本次采用：{reading}" if lang == "zh" else f"here: {reading}", style="dim"))
        lines += [self._alternative(interpretation, alternative) for alternative in alternatives]
        if interpretation in self.decision.flags and names.clarify(interpretation):
            lines.append(Text(pick(("建议书面请示主管部门", "worth asking the competent agency in writing"), lang), style="bold"))
        return Prose(Text("\n").join(lines))

    def _alternative(self, interpretation: str, alternative: Alternative) -> Text:
        names, lang = self.names, self.lang
        reading = names.reading(interpretation, alternative.reading)
        line = Text(f"如采用：{reading} → " if lang == "zh" else f"if {reading}: ")
        line.append(verdict_within(alternative.verdict, lang), style=STYLES[alternative.verdict])
        if alternative.amount is not None:
            line.append("，" if lang == "zh" else ", ").append(amount_words(alternative.amount, lang))
        if alternative.effect is not None:
            line.append("，" if lang == "zh" else ", ").append(names.effect(alternative.effect))
        if alternative.missing:
            labels = list(dict.fromkeys(names.missing(name).label for name in alternative.missing))
            told = listing(labels[:MOST_LABELS], lang)
            if len(labels) > MOST_LABELS:
                told += f"等 {len(labels)} 项" if lang == "zh" else f" and {len(labels) - MOST_LABELS} more"
            line.append(f"（须知：{told}）" if lang == "zh" else f" (to know: {told})")
        return line


def _list(items: Iterable[RenderableType], bullet: str) -> RenderableType:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=1, style="dim")
    grid.add_column(ratio=1)
    for item in items:
        grid.add_row(bullet, item)
    return grid


def _numbered(items: Iterable[tuple[int, RenderableType]]) -> RenderableType:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(justify="right", min_width=1)
    grid.add_column(ratio=1)
    for number, item in items:
        grid.add_row(str(number), item)
    return grid


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ", ".join(_shown(item) for item in value)
    return str(value)
