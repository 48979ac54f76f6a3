"""A comparison for the terminal: side by side first, then people whom the packs treat differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dte_rules.analysis.compare import Compared
from dte_rules.analysis.meaning import Direction, Meaning, Person, SideName
from dte_rules.analysis.structure import Item, Pair, Structure
from dte_rules.analysis.typical import typical_facts
from dte_rules.analysis.witness import Policy
from dte_rules.engine.decision import Decision
from dte_rules.report.compare_words import ORDERS, PARTS, other, period_words, side_title, standing_out, usual_places, word
from dte_rules.report.names import Names
from dte_rules.report.phrases import listing, pick
from dte_rules.report.prose import Prose
from dte_rules.report.verdict_line import verdict_line
from dte_rules.source.diagnostic import Lang

_MARKS: Mapping[str, str] = {"same": "=", "place": "≈", "differs": "≠", "only a": "←", "only b": "→"}


def compared_text(compared: Compared, lang: Lang) -> RenderableType:
    """Two packs compared, at the width of a page."""
    return Group(*_Text(compared, lang).parts())


class _Text:
    def __init__(self, compared: Compared, lang: Lang) -> None:
        self.compared, self.lang = compared, lang
        self.policies: dict[SideName, Policy] = {"a": compared.a, "b": compared.b}
        self.titles: dict[SideName, str] = {side: side_title(policy, lang) for side, policy in self.policies.items()}
        self.typical: Mapping[str, Any] = typical_facts()

    def parts(self) -> Iterator[RenderableType]:
        yield Text(f"{self.titles['a']} ↔ {self.titles['b']}", style="bold")
        yield from self._packs()
        for structure, meaning in self.compared.decisions:
            yield Text()
            title = self.compared.a.program.decisions[structure.decision].title.text(self.lang)
            yield Text.assemble((structure.decision, "bold"), f"  {title}")
            yield Padding(Group(*self._structure(structure)), (0, 0, 0, 2))
            yield Padding(Group(*self._meaning(meaning)), (1, 0, 0, 2))

    def _packs(self) -> Iterator[RenderableType]:
        packs, lang = self.compared.packs, self.lang
        for side in ("only a", "only b"):
            names = [name for name, how in packs.decisions if how == side]
            if names:
                title = self.titles["a" if side == "only a" else "b"]
                yield Prose(Text(("只有{}：" if lang == "zh" else "only {}: ").format(title) + listing(names, lang)))
        for key, pairs in (("parameters", packs.parameters), ("interpretations", packs.interpretations)):
            yield from self._table(word(key, lang), pairs)

    def _structure(self, structure: Structure) -> Iterator[RenderableType]:
        yield from self._table(word("conditions", self.lang), structure.conditions)
        yield from self._table(word("terms", self.lang), structure.terms)
        yield from self._table(word("rows", self.lang), structure.rows)

    def _table(self, title: str, pairs: Sequence[Pair]) -> Iterator[RenderableType]:
        lang = self.lang
        for how in ("same", "place"):
            same = [pair.id for pair in pairs if pair.how == how]
            if same:
                yield Prose(Text(f"{title} · {word(how, lang)}{listing(same, lang)}", style="dim"))
        rest = [pair for pair in pairs if pair.how not in ("same", "place")]
        if not rest:
            return
        table = Table(box=None, padding=(0, 1, 0, 0), show_header=True, header_style="dim", expand=True)
        table.add_column(title, width=24)
        table.add_column("", width=1)
        table.add_column(self.titles["a"], ratio=1)
        table.add_column(self.titles["b"], ratio=1)
        for pair in rest:
            part = pick(PARTS[pair.part], lang)
            table.add_row(Prose(f"{part} {pair.id}"), _MARKS[pair.how], self._item(pair.a), self._item(pair.b))
        yield table

    def _item(self, item: Item | None) -> RenderableType:
        if item is None:
            return Text("—", style="dim")
        text = Text(item.text or (item.title.text(self.lang) if item.title else item.id))
        if item.cites:
            text.append("  " + listing(map(str, item.cites), self.lang), style="dim")
        return Prose(text)

    # --- in meaning ------------------------------------------------------------------------------------------------------

    def _meaning(self, meaning: Meaning) -> Iterator[RenderableType]:
        lang, titles = self.lang, self.titles
        if meaning.not_analysed:
            yield Prose(Text(word("not_analysed", lang) + meaning.not_analysed, style="yellow"))
            return
        for side, names in meaning.settled.items():
            yield Prose(Text(word("settled", lang, a=titles[side], names=listing(names, lang)), style="dim"))
        if len(meaning.unspecified) == 2:
            yield Prose(Text(word("both_unspecified", lang), style="yellow"))
        elif meaning.unspecified:
            yield Prose(Text(word("unspecified", lang, a=titles[meaning.unspecified[0]]), style="yellow"))
        if meaning.same:
            yield Text(word("same_verdicts", lang), style="green")
        for direction in () if meaning.same else meaning.directions:
            yield from self._direction(direction)
        yield from self._granted(meaning)
        if meaning.unsure:
            yield Prose(Text(word("unsure", lang) + listing(meaning.unsure, lang), style="yellow"))
        yield Prose(Text(word("horizon", lang, period=period_words(meaning, lang), horizon=meaning.horizon.words(lang)), style="dim"))

    def _granted(self, meaning: Meaning) -> Iterator[RenderableType]:
        lang = self.lang
        if self.compared.a.program.decisions[meaning.decision].amount or self.compared.b.program.decisions[meaning.decision].amount:
            if len(meaning.no_amount) == 2:
                yield Text(word("both_no_amount", lang), style="yellow")
            elif meaning.no_amount:
                yield Text(word("no_amount", lang, a=self.titles[meaning.no_amount[0]]), style="yellow")
        if meaning.same_amount and not meaning.unspecified:
            yield Text(word("same_amount", lang), style="green")
        for person in meaning.amounts:
            yield Text(word("amount", lang), style="bold")
            yield self._person(person)
        if meaning.same_effect and not meaning.unspecified:
            yield Text(word("same_effect", lang), style="green")
        for name, person in meaning.values:
            yield Text(word("value", lang) + self._names(person)["a"].value(name), style="bold")
            yield self._person(person)
        for pair in meaning.effects:
            names = self._names(pair.person)
            line = f"{word('effect', lang)}：" if lang == "zh" else f"{word('effect', lang)}: "
            first, second = names["a"].effect(pair.a), names["b"].effect(pair.b)
            yield Prose(
                Text(line + f"{self.titles['a']} {first} {pick(ORDERS[pair.order], lang)} {self.titles['b']} {second}", style="bold")
            )
            yield self._person(pair.person)

    def _direction(self, direction: Direction) -> Iterator[RenderableType]:
        lang = self.lang
        names = {"a": self.titles[direction.granter], "b": self.titles[other(direction.granter)]}
        if direction.nobody:
            yield Prose(Text(word("nobody", lang, **names), style="green"))
        elif direction.refused:
            yield Text(word("refused", lang, **names), style="bold")
        elif direction.somebody:
            yield Prose(Text(word("somebody", lang, **names), style="bold"))
        for person in direction.refused:
            yield self._person(person)
        if direction.undetermined is not None:
            yield Text(word("undetermined", lang, **names), style="bold")
            yield self._person(direction.undetermined)
        if direction.unsure:
            yield Prose(Text(word("unsure", lang) + listing(direction.unsure, lang), style="yellow"))

    def _person(self, person: Person) -> RenderableType:
        lang = self.lang
        places = usual_places(self.compared)
        out = standing_out(person, self.typical, places, self.compared.a.vocabulary, lang)
        head = listing(out, lang) or word("typical", lang)
        route = "" if person.route is None else f"  [{word('route', lang)}{person.route}]"
        lines: list[RenderableType] = [Prose(Text.assemble("· ", head, (f"  {person.as_of}{route}", "dim")))]
        names = self._names(person)
        sides: tuple[tuple[SideName, Decision], ...] = (("a", person.a), ("b", person.b))
        for side, decision in sides:
            line = verdict_line(decision, names[side], lang)
            lines.append(Padding(Prose(Text.assemble((f"{self.titles[side]} ", "dim"), line)), (0, 0, 0, 2)))
        return Padding(Group(*lines), (0, 0, 0, 2))

    def _names(self, person: Person) -> dict[str, Names]:
        decisions = {"a": person.a, "b": person.b}
        return {side: Names(policy.program, policy.vocabulary, decisions[side], self.lang) for side, policy in self.policies.items()}


def matrix_text(compared: Sequence[Compared], lang: Lang) -> RenderableType:
    """All pairs of packs: for each decision, whether anybody is treated differently."""
    decisions = list(dict.fromkeys(structure.decision for pair in compared for structure, _ in pair.decisions))
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("")
    for pair in compared:
        table.add_column(f"{pair.a.program.name}\n{pair.b.program.name}", no_wrap=True)
    for name in decisions:
        cells = [{structure.decision: meaning for structure, meaning in pair.decisions}.get(name) for pair in compared]
        table.add_row(name, *(cell_text(meaning, lang) for meaning in cells))
    legend = (
        "=：已证明相同  →：前者给予而后者不给予  ←：反之  ?：一方不能判定  $：金额不同  "
        "§：效力不同  ∅：文件未作规定  ·：非两地共有  !：未判明"
        if lang == "zh"
        else "=: proved the same  →: the first grants, the second refuses  ←: the reverse  ?: one can't say  $: amounts differ  "
        "§: effects differ  ∅: a text never decides  ·: not in both  !: not told"
    )
    return Group(table, Text(), Prose(Text(legend, style="dim")))


def cell_text(meaning: Meaning | None, lang: Lang) -> str:
    """A cell of the matrix."""
    if meaning is None:
        return "·"
    if meaning.not_analysed:
        return "!"
    if meaning.unspecified:
        return "∅" * len(meaning.unspecified)
    if meaning.same:
        return "="
    marks = [("→" if d.granter == "a" else "←") for d in meaning.directions if d.somebody]
    if any(not d.never_undetermined for d in meaning.directions):
        marks.append("?")
    marks += ["$"] if meaning.same_amount is False else []
    marks += ["§"] if meaning.same_effect is False or meaning.values else []
    marks += ["!"] if meaning.unsure or any(d.unsure for d in meaning.directions) else []
    return " ".join(marks)
