"""The explanation of a decision, put together: the verdict, what decides first, the rest folded unless all of it is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dte_rules.engine.decision import Alternative, Decision
from dte_rules.engine.justification import PARTS, Conclusion, Explained
from dte_rules.program.nodes import Program
from dte_rules.report.contract_words import DEADLINES
from dte_rules.report.explain_items import PART_HEADINGS, Item, Items, Section, pruned
from dte_rules.report.phrases import amount_words, date_words, listing, pick, verdict_within, verdict_word
from dte_rules.source.diagnostic import Lang
from dte_rules.source.render import visible
from dte_rules.vocabulary import Vocabulary

MOST_QUESTIONS = 8
MOST_LINES = 14
"""How many lines a reason takes at most; its depths are cut off until it does, unless all is wanted."""


@dataclass(frozen=True)
class Explanation:
    """An explained decision in words. ``deciding`` is what a reader needs; ``rest`` is told in full only on demand."""

    case: str
    title: str
    region: str
    question: str
    day: str
    verdict: str
    outcome: tuple[str, ...]
    decision: Decision
    deciding: Section | None
    sections: tuple[Section, ...]
    clauses: tuple[str, ...]
    """The clauses that decided, by document, each with its title."""
    lang: Lang


def explanation(
    explained: Explained,
    program: Program,
    vocabulary: Vocabulary,
    *,
    lang: Lang,
    case: str = "",
    title: str | None = None,
    full: bool = False,
) -> Explanation:
    """The explanation of a decision; ``full`` unfolds every condition, the rules in the order in which they fired, and the facts."""
    return _Maker(Items(explained, program, vocabulary, lang), full=full).made(case, title or "")


class _Maker:
    def __init__(self, items: Items, *, full: bool) -> None:
        self.items, self.full = items, full
        self.decision, self.j, self.names = items.decision, items.j, items.names
        self.lang: Lang = items.lang

    def made(self, case: str, title: str) -> Explanation:
        deciding = self._deciding()
        sections = tuple(section for section in self._sections() if section.items)
        if self.decision.verdict == "met" and deciding is not None:  # what is granted comes first, then why
            granted = tuple(section for section in sections if section.heading == pick(PART_HEADINGS["grants"], self.lang))
            sections = (*granted, deciding, *(section for section in sections if section not in granted))
            deciding = None
        return Explanation(
            visible(case),
            visible(title),
            self.names.region,
            self.names.title,
            date_words(self.decision.as_of, self.lang),
            verdict_word(self.decision.verdict, self.lang),
            tuple(self._outcome()),
            self.decision,
            deciding,
            sections,
            tuple(self._cited()),
            self.lang,
        )

    def _cited(self) -> Iterator[str]:
        documents: dict[str, list[str]] = {}
        for clause in self.decision.citations:
            documents.setdefault(clause.source, []).append(clause.locator)
        for id_, locators in documents.items():
            source = self.names.program.sources.get(id_)
            number, title = self.names.source(id_), source.title.text(self.lang) if source and source.title else ""
            shown = "" if not title or title == number else f"《{title}》" if self.lang == "zh" else f" ({title})"
            yield f"{number}{shown} {listing(dict.fromkeys(locators), self.lang)}".strip()

    def _outcome(self) -> Iterator[str]:
        decision = self.decision
        if decision.amount is not None:
            yield amount_words(decision.amount, self.lang)
        if decision.effect is not None:
            yield self.names.effect(decision.effect)
        name = next((name for name in DEADLINES if name in decision.dates), None)
        if name is not None:
            yield f"{self.names.date(name)} {self.names.day(name)}"

    def _deciding(self) -> Section | None:
        verdict = self.decision.verdict
        heading = {
            "met": ("符合的条件", "Requirements met"),
            "not_met": ("不符合之处", "What fails"),
            "discretionary": ("由有权机关决定之处", "Left to discretion"),
            "undetermined": ("尚待查清", "Not settled"),
        }[verdict]
        items = self.items.deciding()
        if not self.full:
            items = tuple(pruned(item, MOST_LINES) for item in items)
        if self.j.frame.absent:
            items += tuple(Item("unknown", self.names.missing(name).text) for name in self.j.frame.absent)
        if verdict == "met" and not self.full:
            items = (*(self._held(c) for c in self.j.part("requires")), *self._excluded(self.j.part("excludes")))
        return Section(pick(heading, self.lang), items) if items else None

    def _held(self, conclusion: Conclusion) -> Item:
        """A requirement that holds; of a group, by which of its ways."""
        item = self.items.condition(conclusion, full=False)
        if conclusion.form.group != "any":
            return item
        ways = [self.items.words.title(slot) for slot in conclusion.form.members if self.j.by_slot[slot].value is True]
        return replace(item, parts=(Item("yes", listing(ways, self.lang)),))

    def _excluded(self, conclusions: Sequence[Conclusion]) -> Iterator[Item]:
        """Exclusions of which none applies, in one line."""
        titles = [self.items.words.title(c.id) for c in conclusions]
        if titles:
            yield Item("yes", pick(("不属于排除情形：", "not excluded: "), self.lang) + listing(titles, self.lang))

    def _sections(self) -> Iterator[Section]:
        yield from self._grants()
        if self.decision.verdict == "undetermined":
            yield self._questions()
        yield from self._conditions()
        yield self._dates()
        yield self._alternatives()
        yield self._readings()
        if self.full:
            yield self._parameters()
            yield self._fired()
            yield self._facts()

    def _grants(self) -> Iterator[Section]:
        if self.decision.verdict not in ("met", "discretionary"):
            return
        items = []
        for conclusion in self.j.part("grants"):
            slot = conclusion.id
            value = self.items.words.value(self.j.value(slot) if slot in dict(conclusion.values) else conclusion.value)
            if conclusion.id.endswith(".grants.amount") and self.decision.amount is not None:
                value = amount_words(self.decision.amount, self.lang)
            if conclusion.id.endswith(".grants.effect") and self.decision.effect is not None:
                value = self.names.effect(self.decision.effect)
            name = self.items.words.title(conclusion.id)
            text = f"{name}：{value}" if self.lang == "zh" else f"{name}: {value}"
            items.append(Item("none", text, self.items.clauses(conclusion), tuple(self.items.value_of(conclusion))))
        yield Section(pick(PART_HEADINGS["grants"], self.lang), tuple(items))

    def _questions(self) -> Section:
        """What to ask, the most telling first; that a document is not in force was told before, and nobody can be asked for it."""
        asked = [name for name in self.decision.missing if name not in self.j.frame.absent]
        missing = asked[:MOST_QUESTIONS]
        items = [Item("unknown", words.text) for words in map(self.names.missing, missing)]
        if left := len(asked) - len(missing):
            items.append(Item("none", f"另有 {left} 项" if self.lang == "zh" else f"and {left} more"))
        return Section(pick(("需要询问或查明", "To ask or find out"), self.lang), tuple(items))

    def _conditions(self) -> Iterator[Section]:
        """The conditions that do not decide: counted, or in full one by one."""
        told = {reason.conclusion.id for reason in self.j.why_not}
        for part in PARTS[:5]:
            conclusions = self.j.part(part)
            if self.full:
                items = tuple(self.items.condition(c, full=True) for c in conclusions)
                yield Section(pick(PART_HEADINGS[part], self.lang), items)
        if not self.full and self.decision.verdict != "met":
            rest = [c for part in PARTS[:3] for c in self.j.part(part) if c.id not in told]
            good = [c for c in rest if c.value is True and c.form.part != "excludes"]
            clear = [c for c in rest if c.value is False and c.form.part == "excludes"]
            items = (
                *self._counted(good, "yes"),
                *self._excluded(clear),
                *self._counted([c for c in rest if c.outcome == "unknown"], "unknown"),
            )
            yield Section(pick(("其余条件", "The rest"), self.lang), items, folded=True)

    def _counted(self, conclusions: Sequence[Conclusion], mark: str) -> Iterator[Item]:
        if not conclusions:
            return
        titles = listing((self.items.words.title(c.id) for c in conclusions), self.lang)
        zh, count = self.lang == "zh", len(conclusions)
        if mark == "yes":
            yield Item("yes", f"{count} 项满足：{titles}" if zh else f"{count} met: {titles}")
        else:
            yield Item("unknown", f"{count} 项未知，不影响结论：{titles}" if zh else f"{count} unknown, of no effect: {titles}")

    def _dates(self) -> Section:
        shown = next((name for name in DEADLINES if name in self.decision.dates), None)
        items = []
        for name in self.decision.dates:
            slot = dict(self.names.question.dates).get(name, "")
            conclusion = self.j.by_slot.get(slot)
            text = f"{self.names.date(name)}{'：' if self.lang == 'zh' else ': '}{self.names.day(name)}"
            if conclusion is not None and (self.full or name == shown):
                items.append(Item("none", text, self.items.clauses(conclusion), tuple(self.items.value_of(conclusion))))
            elif self.full or self.decision.verdict != "not_met":
                items.append(Item("none", text))
        return Section(pick(PART_HEADINGS["dates"], self.lang), tuple(items))

    def _alternatives(self) -> Section:
        """The interpretations of which another reading alone would change the outcome."""
        items = []
        for interpretation in self.decision.flags:
            found = [a for a in self.decision.alternatives if a.interpretation == interpretation]
            if not found:
                continue
            parts = [Item("none", self._alternative(each)) for each in found]
            if self.names.clarify(interpretation):
                parts.append(Item("none", pick(("建议书面请示主管部门", "worth asking the competent agency in writing"), self.lang)))
            items.append(Item("none", self.names.asked(interpretation), (), tuple(parts)))
        return Section(pick(("另一口径", "Read otherwise"), self.lang), tuple(items))

    def _alternative(self, alternative: Alternative) -> str:
        told = verdict_within(alternative.verdict, self.lang)
        if alternative.amount is not None:
            told += ("，" if self.lang == "zh" else ", ") + amount_words(alternative.amount, self.lang)
        reading = self.names.reading(alternative.interpretation, alternative.reading)
        return f"如采用：{reading} → {told}" if self.lang == "zh" else f"if {reading}: {told}"

    def _readings(self) -> Section:
        """The readings chosen: in full all of them, else those that are not the default."""
        items = []
        for reading in self.j.frame.readings:
            if self.full or not reading.default:
                text = f"{reading.question.text(self.lang)} {reading.label.text(self.lang)}"
                items.append(Item("none", text, self.names.clauses(reading.cites)))
        return Section(pick(("采用口径", "Readings chosen"), self.lang), tuple(items))

    def _parameters(self) -> Section:
        items = []
        for each in self.j.frame.parameters:
            title = each.title.text(self.lang) if each.title else each.name
            if "." in each.name and each.title:
                title += f"（{each.name.partition('.')[2]}）" if self.lang == "zh" else f" ({each.name.partition('.')[2]})"
            day = each.period.start
            since = "" if day is None else f"（{date_words(day, 'zh')}起）" if self.lang == "zh" else f" (since {date_words(day, 'en')})"
            value = self.items.words.value(each.value)
            text = f"{title}：{value}{since}" if self.lang == "zh" else f"{title}: {value}{since}"
            items.append(Item("none", text, self.names.clauses(each.cites)))
        return Section(pick(("所用标准", "Parameters"), self.lang), tuple(items))

    def _fired(self) -> Section:
        """Every rule in the order in which it fired."""
        items = []
        for number, conclusion in enumerate(self.j.conclusions, 1):
            values = listing((self.items.words.value(value) for _, value in conclusion.values), self.lang)
            text = f"{number}. {self.items.words.title(conclusion.id)} = {values}"
            items.append(Item("none", text, (), (), conclusion.id))
        return Section(pick(("规则触发次序", "Rules in the order fired"), self.lang), tuple(items))

    def _facts(self) -> Section:
        items = []
        for path, value in self.j.facts:
            text = f"{self.items.words.path(path)}{'：' if self.lang == 'zh' else ': '}{self.items.words.value(value)}"
            items.append(Item("unknown" if self.items.words.unknown in text else "none", text, (), (), path))
        return Section(pick(("所读事实", "Facts read"), self.lang), tuple(items))
