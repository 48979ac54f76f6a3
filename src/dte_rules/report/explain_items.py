"""An explanation as items: what a clerk reads first, and what stays folded; rendered apart, as text, Markdown or a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dte_rules.engine.justification import Conclusion, Explained, Outcome, Part, RecordAt, Step
from dte_rules.engine.justify_why import Gap, Reason
from dte_rules.program.nodes import Program
from dte_rules.report.contract_words import EFFECTS
from dte_rules.report.explain_words import StepWords
from dte_rules.report.names import Names
from dte_rules.report.phrases import Pair, pick
from dte_rules.source.diagnostic import Lang
from dte_rules.vocabulary import Vocabulary

Mark = Literal["yes", "no", "unknown", "none"]
SIGNS: dict[Mark, str] = {"yes": "✓", "no": "✗", "unknown": "?", "none": "·"}
BETWEEN_CLAUSES: Pair = ("；", "; ")
MOST_MEMBERS = 4
"""How many members of a list are told one by one."""
_SIMPLE = frozenset({"=", "!=", "<", "<=", ">", ">=", "call", "fact", "rule", "open"})


@dataclass(frozen=True)
class Item:
    """A line of an explanation: a mark, a text, the clauses it rests on, and what lies under it."""

    mark: Mark
    text: str
    clauses: tuple[str, ...] = ()
    parts: tuple[Item, ...] = ()
    note: str = ""
    """A short remark beside the text, as how far a route was from holding."""


@dataclass(frozen=True)
class Section:
    """Items under a heading; ``folded`` ones are told only in full."""

    heading: str
    items: tuple[Item, ...]
    folded: bool = False


PREFIXES: dict[Part, Pair] = {
    "requires": ("", ""),
    "excludes": ("排除情形：", "excluded if: "),
    "soft": ("一般要求：", "as a rule: "),
    "delegates": ("另行规定：", "left to another document: "),
    "empowers": ("由有权机关决定：", "for the authority to decide: "),
    "grants": ("结果：", "result: "),
    "dates": ("日期：", "date: "),
}
PART_HEADINGS: dict[Part, Pair] = {
    "requires": ("条件", "Requirements"),
    "excludes": ("排除情形", "Exclusions"),
    "soft": ("一般要求", "Usual requirements"),
    "delegates": ("另行规定", "Left to other documents"),
    "empowers": ("裁量", "Discretion"),
    "grants": ("结果", "Results"),
    "dates": ("日期", "Dates"),
}


class Items:
    """Makes the items of one explained decision in one language."""

    def __init__(self, explained: Explained, program: Program, vocabulary: Vocabulary, lang: Lang) -> None:
        self.decision, self.j = explained
        self.lang: Lang = lang
        self.names = Names(program, vocabulary, explained.decision, lang)
        self.words = StepWords(self.j, self.names)
        self.told: set[str] = set()

    # --- what decides ---

    def deciding(self) -> tuple[Item, ...]:
        """The reasons why the verdict is not met; for one that is, none."""
        return tuple(map(self.reason, self.j.why_not))

    def reason(self, reason: Reason) -> Item:
        """A condition that fails or is not known, and why."""
        conclusion = reason.conclusion
        mark: Mark = "unknown" if reason.gap.outcome == "unknown" else "no" if reason.part in ("requires", "excludes") else "none"
        text = pick(PREFIXES[reason.part], self.lang) + self._title(conclusion)
        if reason.part == "grants" and conclusion.form.part == "grants":
            return Item(mark, text, self.clauses(conclusion), tuple(self.value_of(conclusion)))
        if reason.part in ("delegates", "empowers") and conclusion.outcome == "true":
            mark = "unknown" if reason.part == "delegates" else "none"
            return Item(mark, text, self.clauses(conclusion))
        if routes := reason.routes:
            return Item(mark, text, self.clauses(conclusion), tuple(map(self.route, routes)), self._no_way(reason.gap, len(routes)))
        return Item(mark, text, self.clauses(conclusion), tuple(self.gap_items(reason.gap, conclusion.id)))

    def route(self, gap: Gap) -> Item:
        """A way that a condition could have held, and how far it was from doing so."""
        conclusion = self.j.by_slot[gap.rule]
        whole = conclusion.id == gap.rule and conclusion.form.kind == "condition"
        text = self._title(conclusion) if whole else gap.rule
        return Item(_mark(gap.outcome), text, self.clauses(conclusion), tuple(self.gap_items(gap, gap.rule)), self._distance(gap))

    def _no_way(self, gap: Gap, count: int) -> str:
        if gap.outcome == "unknown":
            return f"下列 {count} 条途径之一即可" if self.lang == "zh" else f"one of these {count} ways would do"
        return f"{count} 条途径均不成立" if self.lang == "zh" else f"none of {count} ways holds"

    def _distance(self, gap: Gap) -> str:
        distance, zh = gap.distance, self.lang == "zh"
        parts = []
        if distance.fails:
            parts.append(f"差 {distance.fails} 项" if zh else f"{distance.fails} short")
        if distance.unknown:
            parts.append(f"{distance.unknown} 项未知" if zh else f"{distance.unknown} unknown")
        return ("，" if zh else ", ").join(parts)

    def gap_items(self, gap: Gap, within: str, member: str = "") -> Iterator[Item]:
        """What keeps something from coming out as wanted, one item each; ``member`` is the list's member told already."""
        if gap.mode == "leaf":
            yield self._leaf(gap, within, member)
            return
        if gap.member and gap.member != member:
            yield Item(_gap_mark(gap), self._member(gap.member), (), tuple(self.gap_items(gap, within, gap.member)))
            return
        if gap.step is not None and gap.step.form.op == "rule":
            yield from self._of_rule(gap, gap.step, within, member)
            return
        if (merged := self._one_of_values(gap)) is not None:
            yield merged
            return
        by_member = all(part.member != gap.member for part in gap.parts)  # a list of which one member would do
        inner = self._choices if gap.mode == "one" and not by_member else self._all_of
        yield from inner(gap, within, member)

    def _of_rule(self, gap: Gap, step: Step, within: str, member: str) -> Iterator[Item]:
        """What another rule concluded, and why, where that has a name of its own."""
        rule = self.j.by_slot[step.form.rules[0]]
        inner = tuple(self.gap_items(gap.parts[0], rule.id, member))
        if self._title(rule) == self.words.title(within):
            yield from inner
        else:
            yield Item(_gap_mark(gap), self.words.as_it_is(step), self.clauses(rule), inner)

    def _all_of(self, gap: Gap, within: str, member: str) -> Iterator[Item]:
        limit = MOST_MEMBERS if any(part.member != gap.member for part in gap.parts) else len(gap.parts)
        for part in gap.parts[:limit]:
            yield from self.gap_items(part, within, member)
        if (left := len(gap.parts) - limit) > 0:
            yield Item("none", f"另有 {left} 项" if self.lang == "zh" else f"and {left} more")

    def _choices(self, gap: Gap, within: str, member: str) -> Iterator[Item]:
        if not gap.wanted and gap.outcome == "true":  # all that makes an exclusion apply
            yield from self._all_of(gap, within, member)
            return
        parts: list[Item] = []
        for part in gap.parts:
            items = tuple(self.gap_items(part, within, member))
            together: Pair = ("同时满足：", "all of these:")
            parts += items if len(items) == 1 else [Item(_gap_mark(part), pick(together, self.lang), (), items)]
        yield Item("none", pick(("下列之一即可：", "one of these would do:"), self.lang), (), tuple(parts))

    def _one_of_values(self, gap: Gap) -> Item | None:
        """Several values of which a fact should have one, in one line."""
        steps = [part.step for part in gap.parts if part.mode == "leaf" and part.wanted and part.step is not None]
        if gap.mode != "one" or len(steps) < len(gap.parts) or len({(s.form.left, s.facts) for s in steps}) > 1:
            return None
        if any(step.form.op != "=" or not isinstance(step.right, str) for step in steps):
            return None
        wanted = self.words.alternatives([self.words.value(step.right) for step in steps])
        text = self.words.found_and_asked(steps[0]._replace(right=wanted), True)
        return Item(_mark(gap.outcome), text)

    def _leaf(self, gap: Gap, within: str, member: str) -> Item:
        mark = _gap_mark(gap)
        if gap.step is None:
            return Item(mark, self.words.title(gap.rule))
        step = gap.step
        text = self.words.as_it_is(step) if not gap.wanted and gap.outcome == "true" else self.words.found_and_asked(step, gap.wanted)
        if gap.outcome == "unknown" and not gap.wanted and step.form.op not in ("open",):
            text = self.words.found_and_asked(step, False)
        if gap.member and gap.member != member:
            text = f"{self._member(gap.member)}{'，' if self.lang == 'zh' else ', '}{text}"
        clauses = self.clauses(self.j.by_slot[gap.rule]) if gap.rule != within and gap.rule in self.j.by_slot else ()
        return Item(mark, text, clauses, tuple(self._behind(step)))

    def _behind(self, step: Step) -> Iterator[Item]:
        """What a step's sides rest on: a table's row, a term's value, the members that a list was searched for."""
        for slot in dict.fromkeys((step.form.left_rule, step.form.right_rule)):
            conclusion = self.j.by_slot.get(slot) if slot else None
            if conclusion is not None:
                yield from self.value_of(conclusion)
        for part in step.parts:
            if part.form.op == "filter":
                yield from self._searched(part)

    def value_of(self, conclusion: Conclusion) -> Iterator[Item]:
        """How a value came about, in a line or a few; told once."""
        while conclusion.form.text and conclusion.form.reads and conclusion.form.text in self.j.by_slot:
            conclusion = self.j.by_slot[conclusion.form.text]  # another name for the same
        if conclusion.id in self.told:
            return
        self.told.add(conclusion.id)
        if conclusion.table is not None:
            yield from self._table(conclusion)
            return
        step = conclusion.step
        if step is None:
            return
        if step.form.op == "filter":
            yield from self._searched(step)
            return
        rules = [slot for slot in conclusion.form.reads if slot in self.j.by_slot]
        if conclusion.form.kind == "grant":
            for rule in rules:
                if self.j.by_slot[rule].table is not None or not isinstance(self.j.by_slot[rule].value, tuple):
                    yield from self.value_of(self.j.by_slot[rule])
            return
        sources = [f"{self.words.title(rule)} {self.words.value(self.j.by_slot[rule].value)}" for rule in rules]
        sources += [
            f"{self.words.path(path)} {self.words.value(self.j.fact_values.get(path))}" for path in _facts(step) if self._says(path)
        ]
        parameters = [self.j.parameters[name] for name in conclusion.form.parameters if name in self.j.parameters]
        titled = {p.title.text(self.lang): self.words.value(p.value) for p in parameters if p.title}
        if len(titled) == len(parameters):  # a record of parameters has one title for all: its parts say nothing by themselves
            sources += [f"{title} {value}" for title, value in titled.items()]
        if sources:
            joint = "、" if self.lang == "zh" else ", "
            lead = f"{self._title(conclusion)}由此得出：" if self.lang == "zh" else f"{self._title(conclusion)} follows from "
            cites = [*conclusion.form.cites, *(clause for parameter in parameters for clause in parameter.cites)]
            yield Item("none", lead + joint.join(dict.fromkeys(sources)), self.names.clauses(cites))

    def _says(self, path: str) -> bool:
        """Whether a fact's value says something by itself: a list of records is told by what was read of its members."""
        value = self.j.fact_values.get(path)
        return not (isinstance(value, tuple) and value and all(isinstance(each, RecordAt) for each in value))

    def _searched(self, step: Step) -> Iterator[Item]:
        """The members that a list was searched for, those that were not found with why."""
        members = [part for part in step.parts if part.form.op == "member"]
        missed = [part for part in members if part.value is not True]
        for part in missed[:MOST_MEMBERS]:
            inner = part.parts[0] if part.parts else part
            leaves = list(_failing(inner))
            if not all(leaf.form.op in _SIMPLE for leaf in leaves):
                if "[" in part.member:
                    yield Item(_mark(part.outcome), self._member(part.member))
                continue
            texts = [self.words.found_and_asked(leaf, True) for leaf in leaves[:MOST_MEMBERS]]
            joint = "；" if self.lang == "zh" else "; "
            lead = self._member(part.member) + ("：" if self.lang == "zh" else ": ")
            yield Item(_mark(part.outcome), lead + joint.join(texts))
        if not members:
            path = next(iter(step.facts), "")
            label = self.words.path(path) if path else self.words.searched(step.form.text)
            if step.outcome == "unknown" and not isinstance(step.value, tuple):
                yield Item("unknown", f"{label}：{self.words.unknown}" if self.lang == "zh" else f"{label}: {self.words.unknown}")
            else:
                yield Item("none", f"{label}：没有" if self.lang == "zh" else f"{label}: none")
        if (left := len(missed) - MOST_MEMBERS) > 0:
            yield Item("none", f"另有 {left} 项不符" if self.lang == "zh" else f"and {left} more that do not match")

    def _table(self, conclusion: Conclusion) -> Iterator[Item]:
        table, title = conclusion.table, self._title(conclusion)
        assert table is not None
        zh, joint = self.lang == "zh", "、" if self.lang == "zh" else ", "
        asked = joint.join(f"{self.words.prettified(text)} {self.words.value(value)}" for text, value in table.inputs)
        lead = f"{title}（{asked}）" if zh and asked else f"{title} ({asked})" if asked else title
        outputs = [slot.rpartition(".")[2] for slot, _ in conclusion.values]
        for row in table.hit:
            cells = joint.join(self._cell(text) for text in row.form.outputs)
            yield Item(
                "none", f"{lead}：第 {row.form.id} 行，{cells}" if zh else f"{lead}: row {row.form.id}, {cells}", self.clauses(conclusion)
            )
        if not table.hit:
            known = all(not _is_unknown(value) for _, value in table.inputs)
            if known and table.otherwise:
                text = f"{lead}：表中没有对应的行" if zh else f"{lead}: no row of the table matches"
                near = tuple(self._near(row.form.tests, row.missed, table.inputs) for row in table.near)
                yield Item("unknown", text, self.clauses(conclusion), near)
            else:
                values = joint.join(self.words.value(value) for _, value in conclusion.values[: len(outputs)])
                yield Item("unknown", f"{lead}：{values}" if zh else f"{lead}: {values}", self.clauses(conclusion))

    def _cell(self, text: str) -> str:
        return self.names.effect(_bare(text)) if _bare(text) in EFFECTS else _bare(text)

    def _near(self, tests: Sequence[str], missed: Sequence[int], inputs: Sequence[tuple[str, object]]) -> Item:
        cells = ("、" if self.lang == "zh" else ", ").join(_bare(text) for text in tests if text)
        wrong = ("、" if self.lang == "zh" else ", ").join(self.words.prettified(inputs[i][0]) for i in missed if i < len(inputs))
        text = f"相近的行：{cells}（{wrong}不符）" if self.lang == "zh" else f"near: {cells} ({wrong} differs)"
        return Item("none", text)

    # --- whole conditions ---

    def condition(self, conclusion: Conclusion, *, full: bool) -> Item:
        """A condition with its outcome, in full with all that it rests on."""
        part = conclusion.form.part
        good = conclusion.value is (part != "excludes")
        mark: Mark = "unknown" if conclusion.outcome == "unknown" else "yes" if good else "no"
        if part in ("delegates", "empowers") and mark != "unknown":
            mark = "none"
        text = self._title(conclusion)
        if part == "excludes":
            note = {"true": ("属于", "yes"), "false": ("不属于", "no"), "unknown": ("未知", "unknown")}[conclusion.outcome]
            text += ("：" if self.lang == "zh" else ": ") + pick(note, self.lang)
        return Item(mark, text, self.clauses(conclusion), tuple(self._whole(conclusion)) if full else ())

    def _whole(self, conclusion: Conclusion) -> Iterator[Item]:
        if conclusion.form.group is not None:
            for slot in conclusion.form.members:
                member = self.j.by_slot[slot]
                yield Item(_mark(member.outcome), self._title(member), self.clauses(member), tuple(self._whole(member)))
        elif conclusion.step is not None:
            yield self.step_item(conclusion.step)

    def step_item(self, step: Step) -> Item:
        """A step with all within it."""
        mark = _mark(step.outcome) if step.value is None or isinstance(step.value, bool) or step.outcome != "unknown" else "none"
        if _is_unknown(step.value):
            mark = "unknown"
        op = step.form.op
        inner = tuple(map(self.step_item, step.parts))
        match op:
            case "and" | "or":
                words: Pair = ("同时满足", "all of") if op == "and" else ("满足其一", "one of")
                return Item(mark, pick(words, self.lang), (), inner)
            case "not":
                return Item(mark, pick(("不是", "not"), self.lang), (), inner)
            case "member":
                return Item(mark, self._member(step.member), (), inner[0].parts or inner)
            case "some" | "every":
                words = ("至少一项满足", "some member satisfies") if op == "some" else ("每一项均满足", "every member satisfies")
                return Item(mark, pick(words, self.lang), (), inner)
            case "filter" if told := self.words.those_of(step.form.text):
                value = self.words.value(step.value)
                return Item(mark, f"{told}：{value}" if self.lang == "zh" else f"{told}: {value}", (), inner)
            case "filter" | "if" | "value" | "map":
                return Item(mark, f"{step.form.text} = {self.words.value(step.value)}", (), inner)
            case _:
                return Item(mark, self.words.as_it_is(step), (), inner)

    def clauses(self, conclusion: Conclusion) -> tuple[str, ...]:
        """The clauses of a rule, by document."""
        return self.names.clauses(conclusion.form.cites)

    def _title(self, conclusion: Conclusion) -> str:
        return self.words.title(conclusion.id)

    def _member(self, path: str) -> str:
        return self.words.value(self.words.path(path))


def _gap_mark(gap: Gap) -> Mark:
    return "unknown" if gap.outcome == "unknown" else "no"


def _mark(outcome: Outcome) -> Mark:
    return "yes" if outcome == "true" else "no" if outcome == "false" else "unknown"


def _failing(step: Step) -> Iterator[Step]:
    """The parts of a conjunction that are not true."""
    if step.form.op == "and":
        for part in step.parts:
            if part.value is not True:
                yield from _failing(part)
    else:
        yield step


def _facts(step: Step) -> list[str]:
    """The facts on which a value rests; of those read only to choose a branch, none."""
    if step.form.op == "if" and len(step.parts) > 1:
        return [path for part in step.parts[1:] for path in _facts(part)]
    return list(dict.fromkeys([*step.facts, *(path for part in step.parts for path in _facts(part))]))


def _is_unknown(value: object) -> bool:
    from dte_rules.engine.justification import NotKnown

    return isinstance(value, NotKnown)


def _bare(text: str) -> str:
    """A cell's text without FEEL's quotes."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def pruned(item: Item, most: int) -> Item:
    """An item cut to the depth at which it has no more lines than that, though never to less than its first level."""
    depth = 1 + max((_depth(part) for part in item.parts), default=0)
    while depth > 1 and _size(_cut(item, depth)) > most:
        depth -= 1
    return _cut(item, depth)


def _cut(item: Item, depth: int) -> Item:
    if depth or not item.parts:
        return replace(item, parts=tuple(_cut(part, depth - 1) for part in item.parts))
    return replace(item, parts=(), text=f"{item.text}…" if item.text.endswith(("：", ":")) else item.text)


def _depth(item: Item) -> int:
    return 1 + max(map(_depth, item.parts), default=0)


def _size(item: Item) -> int:
    return 1 + sum(map(_size, item.parts))


def flattened(items: Iterable[Item]) -> Iterator[Item]:
    """Items and all under them."""
    for item in items:
        yield item
        yield from flattened(item.parts)
