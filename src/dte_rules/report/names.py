"""What a decision names by ids, in words: conditions, missing facts, clauses, interpretations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from dte_rules.engine.decision import Clause, Decision
from dte_rules.program.nodes import Citation, Program, Rule
from dte_rules.report.contract_words import DATES, EFFECTS, VALUES
from dte_rules.report.phrases import Pair, date_words, listing, pick
from dte_rules.source.diagnostic import Lang
from dte_rules.vocabulary import Vocabulary

MissingKind = Literal["fact", "delegated", "open", "source", "calendar", "row", "other"]
_ROW = re.compile(r"([^()]+)\((.*)\)", re.DOTALL)
_CALENDAR = re.compile(r"calendar-(\d{4})")


@dataclass(frozen=True)
class MissingWords:
    """Something missing: what kind of thing it is, and how to ask for it or speak of it."""

    name: str
    kind: MissingKind
    text: str
    label: str


@dataclass(frozen=True)
class Condition:
    """A condition that fails: its title, what part of the decision it belongs to, and its clauses."""

    title: str
    part: Literal["requires", "excludes", "soft"]
    clauses: str
    words: tuple[str, ...] = ()
    """The documents and locators in the clauses, each of which is one word."""


class Names:
    """The words for one decision of one program in one language."""

    def __init__(self, program: Program, vocabulary: Vocabulary, decision: Decision, lang: Lang) -> None:
        self.program, self.vocabulary, self.decision, self.lang = program, vocabulary, decision, lang
        self.question = program.decisions[decision.decision]

    @property
    def region(self) -> str:
        """The pack's title."""
        return self.program.title.text(self.lang) or self.program.name

    @property
    def title(self) -> str:
        """The title of the question that was asked."""
        return self.question.title.text(self.lang) or _plain(self.question.id)

    def rule_title(self, slot: str) -> str:
        """What a rule is called that is in force on the day."""
        return self._title(slot) or _plain(slot)

    def failed(self) -> tuple[Condition, ...]:
        """The conditions that fail, in the decision's order."""
        return tuple(self._condition(id_) for id_ in self.decision.failed)

    def missing(self, name: str) -> MissingWords:
        """Something missing, by the name that the decision gives it."""
        path = re.sub(r"\[\d+\]", "", name)
        if path in self.vocabulary.types:
            return MissingWords(name, "fact", self.vocabulary.question(name, self.lang), self.vocabulary.describe(name, self.lang))
        if name in self.program.open_points:
            text = self.program.open_points[name].question.text(self.lang)
            return MissingWords(name, "open", text, text)
        if year := _CALENDAR.fullmatch(name):
            zh, en = f"国务院公布的{year[1]}年放假调休安排", f"the State Council's notice of the holidays of {year[1]}"
            text = pick((zh, en), self.lang)
            return MissingWords(name, "calendar", text, text)
        if name in self.program.sources:
            number, start = self.source(name), self.program.sources[name].period.start
            text = f"{number} 当日未施行" if self.lang == "zh" else f"{number} is not in force on that day"
            if start is not None and start > self.decision.as_of:
                first = date_words(start, self.lang)
                text += f"，自 {first} 起施行" if self.lang == "zh" else f", but from {first} on"
            return MissingWords(name, "source", text, number)
        for slot in self.question.delegates:
            if slot.rpartition(".")[2] == name:
                title = self._title(slot) or _plain(name)
                text = f"以另行规定为准：{title}" if self.lang == "zh" else f"left to another document: {title}"
                return MissingWords(name, "delegated", text, title)
        row = _ROW.fullmatch(name)
        if row and (table := self._title(row[1])) is not None:
            inputs = listing(row[2].split(", "), self.lang)
            text = f"“{table}”没有规定：{inputs}" if self.lang == "zh" else f"nothing is laid down in “{table}” for {inputs}"
            return MissingWords(name, "row", text, text)
        slots = (slot for slot in self.question.slots if slot.rpartition(".")[2] == name)
        label = next(filter(None, map(self._title, slots)), None) or _plain(name)
        return MissingWords(name, "other", label, label)

    def clauses(self, cites: Iterable[Clause | Citation]) -> tuple[str, ...]:
        """The clauses by document, each with its number and the locators: 浙人社发〔2023〕36号 三（四）、附件2."""
        by_source: dict[str, list[str]] = {}
        for cite in cites:
            locators = by_source.setdefault(cite.source, [])
            if cite.locator and cite.locator not in locators:
                locators.append(cite.locator)
        return tuple(f"{self.source(source)} {listing(locators, self.lang)}".strip() for source, locators in by_source.items())

    def clause_words(self, cites: Iterable[Clause | Citation]) -> tuple[str, ...]:
        """The documents' numbers and the locators in ``clauses``."""
        return tuple(dict.fromkeys(word for cite in cites for word in (self.source(cite.source), cite.locator)))

    def source(self, id_: str) -> str:
        """A document's number, else its title, else its id."""
        source = self.program.sources.get(id_)
        if source is None:
            return id_
        return source.number or (source.title.text(self.lang) if source.title else "") or id_

    def asked(self, interpretation: str) -> str:
        """The question that an interpretation settles."""
        found = self.program.interpretations.get(interpretation)
        return found.question.text(self.lang) if found else _plain(interpretation)

    def reading(self, interpretation: str, reading: str) -> str:
        """A reading in words."""
        found = self.program.interpretations.get(interpretation)
        labels = {r.id: r.label.text(self.lang) for r in found.readings} if found else {}
        return labels.get(reading) or _plain(reading)

    def clarify(self, interpretation: str) -> bool:
        """Whether the pack says that an agency should be asked about it."""
        found = self.program.interpretations.get(interpretation)
        return bool(found and found.clarify)

    def date(self, name: str) -> str:
        """What a date is called."""
        slot = dict(self.question.dates).get(name)
        return (slot and self._title(slot)) or self._fixed(DATES, name)

    def day(self, name: str) -> str:
        """A date in words; one that is known only to lie between two days with both."""
        first, last = self.decision.dates[name], self.decision.latest.get(name)
        words = date_words(first, self.lang)
        if last is None:
            return words
        return pick((f"{words}至{date_words(last, 'zh')}之间", f"between {words} and {date_words(last, 'en')}"), self.lang)

    def value(self, name: str) -> str:
        """What another result is called."""
        slot = dict(self.question.values).get(name)
        return (slot and self._title(slot)) or self._fixed(VALUES, name)

    def effect(self, name: str) -> str:
        """What an effect is called."""
        return self._fixed(EFFECTS, name)

    def departures(self) -> Mapping[str, str]:
        """The readings that were chosen and are not the pack's defaults."""
        defaults = {i.id: i.default for i in self.program.interpretations.values()}
        return {i: r for i, r in self.decision.readings.items() if r != defaults.get(i, r)}

    def _fixed(self, words: Mapping[str, Pair], name: str) -> str:
        return pick(words[name], self.lang) if name in words else _plain(name)

    def _condition(self, id_: str) -> Condition:
        parts: tuple[tuple[Literal["requires", "excludes", "soft"], tuple[str, ...]], ...] = (
            ("requires", self.question.requires),
            ("excludes", self.question.excludes),
            ("soft", self.question.soft),
        )
        for part, slots in parts:
            for slot in slots:
                if slot.rpartition(".")[2] == id_:
                    rule = self._rules.get(slot)
                    clauses = ("；" if self.lang == "zh" else "; ").join(self.clauses(rule.cites)) if rule else ""
                    return Condition(self._title(slot) or _plain(id_), part, clauses, self.clause_words(rule.cites) if rule else ())
        return Condition(_plain(id_), "requires", "")

    def _title(self, slot: str) -> str | None:
        rule = self._rules.get(slot)
        return rule.title.text(self.lang) or None if rule and rule.title else None

    @cached_property
    def _rules(self) -> Mapping[str, Rule]:
        """By slot, and for a table by its own name too, the version in force on the day and under the readings."""
        readings = {i.id: self.decision.readings.get(i.id, i.default) for i in self.program.interpretations.values()}
        found: dict[str, Rule] = {}
        for rule in self.program.rules:
            if self.decision.as_of in rule.period and all(readings.get(i) in allowed for i, allowed in rule.under):
                found.setdefault(rule.slot, rule)
                for slot in rule.slots:
                    found.setdefault(slot, rule)
        return found


def _plain(id_: str) -> str:
    """An id as words, where nothing better is known."""
    return id_.rpartition(".")[2].replace("_", " ")
