"""Steps of a justification in words: what was found and what was asked, by the labels of facts and the titles of rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from dte_rules.engine.justification import Justification, NotKnown, Op, RecordAt, Step, Withheld
from dte_rules.feel.values import Months
from dte_rules.report.contract_words import DATES, VALUES
from dte_rules.report.names import Names
from dte_rules.report.phrases import Pair, date_words, either, pick
from dte_rules.source.diagnostic import Lang

_PATH = re.compile(r"(?<![\w\"@])[A-Za-z_]\w*(?:\[\d+\])?(?:\.[A-Za-z_]\w*(?:\[\d+\])?)*")
_LITERAL = re.compile(r'-?\d+(?:\.\d+)?|"[^"]*"|@"[^"]*"|true|false|null')
_DURATION = re.compile(r'@"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?"')
_LONGEST = 80
"""FEEL texts up to this length are shown with labels in the place of names; longer ones say nothing to a clerk."""
_MIRRORED: Mapping[Op, Op] = MappingProxyType({"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="})
_NEGATED: Mapping[Op, Op] = MappingProxyType({"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="})

_GRANTS: Mapping[str, Pair] = MappingProxyType({"amount": ("金额", "amount"), "effect": ("效果", "effect")})
_AGGREGATE = re.compile(r"(count|mean|sum|max|min)\(([A-Za-z_][\w.]*)\[.*\](?:\.[\w.]+)?\)", re.DOTALL)
_WHOLE = re.compile(r'(count)\((?:happened\()?([A-Za-z_][\w.]*)(?:, "\w+", \w+\))?\)')
"""A list counted as a whole, or as far as its events have happened."""
_FILTERED = re.compile(r"([A-Za-z_][\w.]*)\[.*\]", re.DOTALL)
_ROLLED = re.compile(r"working_day_on_or_(after|before)\((.*)\)", re.DOTALL)
_AGGREGATES: Mapping[str, Pair] = MappingProxyType(
    {
        "count": ("{}中符合的", "{} that count"),
        "mean": ("{}中符合的，平均", "{} that count, on average"),
        "sum": ("{}中符合的，合计", "{} that count, in all"),
        "max": ("{}中符合的，最大", "{} that count, the greatest"),
        "min": ("{}中符合的，最小", "{} that count, the least"),
    }
)
_DATE_PARTS: Mapping[str, Pair] = MappingProxyType(
    {"year": ("年份", "year"), "month": ("月份", "month"), "day": ("日", "day"), "weekday": ("星期", "weekday")}
)

NUMBERS: Mapping[str, Pair] = MappingProxyType(
    {
        ">=": ("不少于 {}", "at least {}"),
        "<=": ("不超过 {}", "at most {}"),
        "<": ("少于 {}", "less than {}"),
        ">": ("多于 {}", "more than {}"),
        "=": ("{}", "{}"),
        "!=": ("不是 {}", "other than {}"),
    }
)
DAYS: Mapping[str, Pair] = MappingProxyType(
    {
        ">=": ("不早于 {}", "not before {}"),
        "<=": ("不晚于 {}", "not after {}"),
        "<": ("早于 {}", "before {}"),
        ">": ("晚于 {}", "after {}"),
        "=": ("{}", "{}"),
        "!=": ("不是 {}", "other than {}"),
    }
)
ROLLED: Mapping[str, Pair] = MappingProxyType(
    {
        "after": ("，遇休息日顺延", ", moved to the next working day"),
        "before": ("，遇休息日提前", ", moved to the working day before"),
    }
)
NAMELESS: Pair = ("该项条件", "this condition")
"""What is called by no name: a text that is too long to be shown."""
WITHIN: Pair = ("在 {} 之内", "within {}")
OUTSIDE: Pair = ("不在 {} 之内", "outside {}")


@dataclass(frozen=True)
class Side:
    """A side of a comparison: what it is called, its value in words, and how much it is what is asked rather than found."""

    label: str
    value: str
    rank: int


class StepWords:
    """The words for the steps of one justification."""

    def __init__(self, justification: Justification, names: Names) -> None:
        self.j, self.names = justification, names
        self.lang: Lang = names.lang
        self.vocabulary = names.vocabulary

    # --- statements ---

    def found_and_asked(self, step: Step, wanted: bool) -> str:
        """A step that does not come out as wanted: what was found, what was asked."""
        zh = self.lang == "zh"
        found, asked = self._pair(step, wanted)
        if not asked:
            return found
        return f"{found}，要求{asked}" if zh else f"{found}; required: {asked}"

    def as_it_is(self, step: Step) -> str:
        """A step with what was found and how that stands to what it was compared with."""
        found, told = self._pair(step, step.value is not False)
        if not told or step.form.op in ("fact", "rule", "open", "value") or step.outcome == "unknown" or self._plainly_so(step):
            return found
        if step.form.op == "=" and step.value is True:
            label = told.rpartition("（" if self.lang == "zh" else " (")[2].rstrip("）)")
            return f"{found}，与{label}相同" if self.lang == "zh" else f"{found}, the same as {label}"
        return f"{found}，{told}" if self.lang == "zh" else f"{found}, {told}"

    def _plainly_so(self, step: Step) -> bool:
        """Whether what was found says all: it equals a value that has no other name, or something is there at all."""
        form = step.form
        if step.value is not True:
            return False
        return (form.op == "=" and _LITERAL.fullmatch(form.right) is not None) or form.text.endswith(") > 0")

    def _pair(self, step: Step, wanted: bool) -> tuple[str, str]:
        form = step.form
        match form.op:
            case "=" | "!=" | "<" | "<=" | ">" | ">=":
                return self._comparison(step, wanted)
            case "call" if form.function == "division_within":
                side = self._side(step, form.left, step.left, form.left_rule, form.left_parameter, form.right)
                place = self.value(step.right)
                return self._told(side), pick(WITHIN if wanted else OUTSIDE, self.lang).format(place)
            case "open":
                need = next(iter(step.value.needs), "") if isinstance(step.value, NotKnown) else ""
                text = self.names.missing(need).text if need else form.text
                return text, ""
            case "some" | "every" if not step.parts:
                return self._no_members(step), ""
            case _:
                label = self._label(form.text, step, form.rules[0] if form.rules else "")
                if form.op == "fact":
                    label = self._fact_label(step, form.text, "") or label
                asked = self.value(wanted)
                return self._told(Side(label, self.value(step.value), 0)), f"为“{asked}”" if self.lang == "zh" else asked

    def _no_members(self, step: Step) -> str:
        path = step.facts[0] if step.facts else ""
        label = self.path(path) if path else ""
        if not label and step.form.rules:
            label = self.title(step.form.rules[0])
        label = label or step.form.text
        if step.outcome == "unknown":
            return f"{label}：{self.unknown}" if self.lang == "zh" else f"{label}: {self.unknown}"
        return f"{label}：没有" if self.lang == "zh" else f"{label}: none"

    def _comparison(self, step: Step, wanted: bool) -> tuple[str, str]:
        form, op = step.form, step.form.op
        left = self._side(step, form.left, step.left, form.left_rule, form.left_parameter, form.right)
        right = self._side(step, form.right, step.right, form.right_rule, form.right_parameter, form.left)
        one, other = step.left, step.right
        if right.rank < left.rank:
            left, right, op, one, other = right, left, _MIRRORED[op], other, one
        if not wanted:
            op = _NEGATED[op]
        if form.left.startswith("count(") and left.value.isdecimal() and self.lang == "zh":
            left = replace(left, value=f"{left.value} 项")
        if form.left.startswith("count(") and (op, other) in ((">", Decimal(0)), (">=", Decimal(1))):
            return self._told(left), pick(("至少 1 项", "at least one"), self.lang)
        days = isinstance(one, date) or isinstance(other, date) or (isinstance(one, NotKnown) and isinstance(one.low or one.high, date))
        asked = pick((DAYS if days else NUMBERS)[op], self.lang).format(right.value)
        if right.value == self.unknown:
            asked = pick(("尚不明确", "not known"), self.lang)
        elif op == "=" and self.lang == "zh":
            asked = f"为 {right.value}"
        if right.label and right.label not in (right.value, *NAMELESS):
            asked += f"（{right.label}）" if self.lang == "zh" else f" ({right.label})"
        return self._told(left), asked

    def _told(self, side: Side) -> str:
        if self.lang == "en":
            return f"{side.label}: {side.value}"
        return f"{side.label}：{side.value}"

    # --- sides ---

    def _side(self, step: Step, text: str, value: Any, rule: str, parameter: str, other: str) -> Side:
        if parameter:
            found = self.j.parameters.get(parameter)
            title = found.title.text(self.lang) if found and found.title else parameter
            return Side(title, self.value(value), 3)
        if _LITERAL.fullmatch(text):
            return Side("", self.value(value), 3)
        base, _, last = text.rpartition(".")
        if base and last in _DATE_PARTS:
            whole = self._side(step, base, None, base if base in self.j.by_slot else "", "", other.rpartition(".")[0])
            word = pick(_DATE_PARTS[last], self.lang)
            label = f"{whole.label}的{word}" if self.lang == "zh" else f"{word} of {whole.label}"
            return Side(label, self.value(value), whole.rank)
        if text == "as_of":
            return Side(pick(("判定日", "day asked about"), self.lang), self.value(value), 1)
        label = self._fact_label(step, text, other)
        if label:
            return Side(label, self.value(value), 0)
        return Side(self._label(text, step, rule), self.value(value), 2 if rule and "." in rule else 1)

    def _fact_label(self, step: Step, text: str, other: str) -> str:
        """The label of the fact that a side is, where it is one; within a list's member the member is told elsewhere."""
        if text in step.facts:
            return self.path(text)
        name = text.rpartition(".")[2]
        if not re.fullmatch(r"[A-Za-z_][\w.]*", text):
            return ""
        for path in step.facts:
            if path != other and path.rpartition(".")[2] == name and "[" in path:
                return self.path(re.sub(r"\[\d+\]", "", path))
        return ""

    def _label(self, text: str, step: Step, rule: str) -> str:
        if rule and (title := self.title(rule)):
            return title
        if (found := _AGGREGATE.fullmatch(text)) and (of := self.title(found[2]) or self.prettified(found[2], step)):
            return pick(_AGGREGATES[found[1]], self.lang).format(of)
        if (whole := _WHOLE.fullmatch(text)) and (of := self.title(whole[2]) or self.prettified(whole[2], step)):
            return of
        if len(text) > _LONGEST or " satisfies " in text:
            return pick(("满足的数目", "how many") if text.startswith("count(") else NAMELESS, self.lang)
        return self.prettified(text, step)

    def prettified(self, text: str, step: Step | None = None) -> str:
        """FEEL text with labels for facts, titles for rules, and durations in words."""

        def name(found: re.Match[str]) -> str:
            path = found[0]
            if path == "as_of":
                return pick(("判定日", "day asked about"), self.lang)
            if (plain := re.sub(r"\[\d+\]", "", path)) in self.vocabulary.types:
                return self.path(plain)
            if path in self.j.by_slot and (title := self.title(path)):
                return title
            for fact in step.facts if step else ():
                if "." in path and fact.rpartition(".")[2] == path.rpartition(".")[2]:
                    return self.path(re.sub(r"\[\d+\]", "", fact))
            return path

        told = _PATH.sub(name, _DURATION.sub(lambda found: self._duration(found), text)).replace(" * ", " × ")
        return _ROLLED.sub(lambda found: found[2] + pick(ROLLED[found[1]], self.lang), told)

    def _duration(self, found: re.Match[str]) -> str:
        years, months, days = (int(part or 0) for part in found.groups()[1:])
        return found[1] + (self.months(12 * years + months) if years or months else self._days(days))

    def searched(self, text: str) -> str:
        """What a list is called that was searched: by its own title or label, whatever was asked of its members."""
        found = _FILTERED.fullmatch(text)
        of = found[1] if found else text
        return self.title(of) or self.prettified(of)

    def those_of(self, text: str) -> str:
        """What the members of a list are called that were found; empty where the list has no name."""
        found = _FILTERED.fullmatch(text)
        return pick(_AGGREGATES["count"], self.lang).format(self.searched(text)) if found and "." not in self.searched(text) else ""

    def path(self, path: str) -> str:
        """What a fact is called."""
        try:
            return self.vocabulary.describe(path, self.lang)
        except KeyError:
            return path

    def title(self, rule: str) -> str:
        """The title of a rule, by its id or a slot."""
        found = self.j.by_slot.get(rule)
        if found is None:
            return ""
        if found.form.title:
            return found.form.title.text(self.lang)
        id_ = found.form.id.rpartition(".")[2]
        for words in (DATES, VALUES, _GRANTS):
            if found.form.kind == "grant" and id_ in words:
                return pick(words[id_], self.lang)
        return found.form.id.rpartition(".")[2].replace("_", " ")

    # --- values ---

    @property
    def unknown(self) -> str:
        """Unknown, as a value."""
        return pick(("未知", "unknown"), self.lang)

    def value(self, value: Any) -> str:
        """A value in words."""
        zh = self.lang == "zh"
        match value:
            case None:
                return pick(("无", "none"), self.lang)
            case bool():
                return pick(("是", "yes") if value else ("否", "no"), self.lang)
            case date():
                return date_words(value, self.lang)
            case Decimal():
                return f"{value.normalize():f}" if value else "0"
            case Months(count):
                return self.months(count)
            case timedelta():
                return self._days(value.days)
            case NotKnown(_, low, high):
                if isinstance(low, date) and high is not None:
                    zh_, en = f"{self.value(low)}至{self.value(high)}之间的某日", f"a day between {self.value(low)} and {self.value(high)}"
                    return pick((zh_, en), self.lang)
                if low is not None and high is not None:
                    return f"{self.value(low)} 至 {self.value(high)} 之间" if zh else f"between {self.value(low)} and {self.value(high)}"
                return self.unknown
            case RecordAt(path):
                return self.path(path)
            case str() if len(value) > 1 and value[0] == value[-1] == '"':
                return value[1:-1]
            case Withheld():
                return pick(("（不显示）", "(not shown)"), self.lang)
            case tuple():
                return ("、" if zh else ", ").join(map(self.value, value)) if value else pick(("没有", "none"), self.lang)
            case _:
                return str(value)

    def months(self, count: int) -> str:
        """A duration in months: 12个月, 16年."""
        years, rest = divmod(count, 12)
        if rest or count <= 24:
            return f"{count}个月" if self.lang == "zh" else f"{count} month{'s' * (count != 1)}"
        return f"{years}年" if self.lang == "zh" else f"{years} years"

    def _days(self, count: int) -> str:
        return f"{count}天" if self.lang == "zh" else f"{count} day{'s' * (count != 1)}"

    def alternatives(self, words: list[str]) -> str:
        """Values of which one is wanted."""
        return either(words, self.lang)
