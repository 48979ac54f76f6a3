"""A decision as a graph: the terms and tables, the conditions that read them, and the outcome; coloured by a case if one is given.

Drawn by `graph_mermaid` and `graph_svg`. Columns follow the strata: what is read stands to the left of what reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dte_rules.engine.decision import Decision, PackRef
from dte_rules.engine.justification import Explained, Justification, NotKnown, Part
from dte_rules.engine.plan import Plan, Readings, changes, plan, reads
from dte_rules.program.nodes import Group, Program, Rule
from dte_rules.report.contract_words import DATES, EFFECTS, VALUES
from dte_rules.report.explain_items import PART_HEADINGS
from dte_rules.report.explain_words import StepWords
from dte_rules.report.names import Names
from dte_rules.report.phrases import amount_words, date_words, pick, verdict_word
from dte_rules.source.diagnostic import Lang
from dte_rules.vocabulary import Vocabulary

Kind = Literal["term", "table", "condition", "group", "grant", "outcome"]
State = Literal["good", "bad", "unknown", "known", "none"]
"""How a node came out in the case: as wanted, not so, not known; a value that is known; none without a case."""

SIGNS: Mapping[State, str] = {"good": "✓", "bad": "✗", "unknown": "?", "known": "", "none": ""}
OUTCOME = "outcome"
_GRANTS = {"amount": ("金额", "amount"), "effect": ("效果", "effect")}


@dataclass(frozen=True)
class GraphNode:
    """A rule or the outcome, in words. ``detail`` is a clause, or a value in the case."""

    id: str
    kind: Kind
    title: str
    detail: str
    state: State
    column: int
    part: Part | None = None
    heading: str = ""
    """The heading of its part, on the part's first node."""


@dataclass(frozen=True)
class Graph:
    """Nodes by columns, and edges from what is read to what reads it."""

    title: str
    day: str
    nodes: tuple[GraphNode, ...]
    edges: tuple[tuple[str, str], ...]
    lang: Lang

    @property
    def by_id(self) -> Mapping[str, GraphNode]:
        """The nodes by their ids."""
        return {node.id: node for node in self.nodes}


def last_change(program: Program, decision: str) -> date:
    """The first day of the latest stretch of law in which the decision has a rule: without a case, the day that is drawn."""
    days = changes(program)
    for day in reversed(days):
        if not plan(program, decision, day).absent:
            return day
    return days[-1] if days else date(2000, 1, 1)


def graph_of(
    program: Program,
    vocabulary: Vocabulary,
    decision: str,
    as_of: date,
    readings: Mapping[str, str],
    *,
    lang: Lang,
    explained: Explained | None = None,
) -> Graph:
    """The graph of a decision on a day; with an explained case its outcomes are drawn in."""
    chosen: Readings = tuple(sorted((i, r) for i, r in readings.items() if r != program.interpretations[i].default))
    return _Graph(program, vocabulary, plan(program, decision, as_of, chosen), as_of, readings, lang, explained).made()


class _Graph:
    def __init__(
        self,
        program: Program,
        vocabulary: Vocabulary,
        made: Plan,
        as_of: date,
        readings: Mapping[str, str],
        lang: Lang,
        explained: Explained | None,
    ) -> None:
        self.program, self.plan, self.as_of, self.lang, self.explained = program, made, as_of, lang, explained
        self.rules = _read_rules(made)
        decided = explained.decision if explained else _undecided(program, made.decision.id, as_of, readings)
        self.names = Names(program, vocabulary, decided, lang)
        self.j: Justification | None = explained.justification if explained else None
        self.words = StepWords(self.j, self.names) if self.j else None
        self.parts: dict[str, Part] = {}
        d = made.decision
        for part, slots in (
            ("requires", d.requires), ("excludes", d.excludes), ("soft", d.soft), ("delegates", d.delegates), ("empowers", d.empowers),
            ("grants", d.grants), ("dates", tuple(slot for _, slot in d.dates)),
        ):  # fmt: skip
            self.parts |= dict.fromkeys(slots, part)  # type: ignore[arg-type]

    def made(self) -> Graph:
        columns = self._columns()
        order = list(self.parts)
        rules = sorted(self.rules, key=lambda r: (columns[r.slot], order.index(r.slot) if r.slot in order else -1))
        seen: set[Part] = set()
        nodes = []
        for rule in rules:
            part = self.parts.get(rule.slot)
            heading = "" if part is None or part in seen else pick(PART_HEADINGS[part], self.lang)
            seen |= {part} if part else set()
            nodes.append(self._node(rule, columns[rule.slot], part, heading))
        nodes.append(self._outcome(max(columns.values(), default=0) + 1))
        title = f"{self.names.region} · {self.names.title}"
        return Graph(title, date_words(self.as_of, self.lang), tuple(nodes), tuple(self._edges()), self.lang)

    def _columns(self) -> dict[str, int]:
        """Terms and tables by their strata, closed up; then members of groups, the parts of the decision, and the outcome."""
        inner = [rule for rule in self.rules if rule.kind in ("term", "table")]
        depth: dict[str, int] = {}
        for rule in inner:  # in the order of the strata: what a rule reads has its column already
            below = [depth[name] for name in self._reads(rule) if name in depth]
            depth[rule.slot] = max(below, default=-1) + 1
        first = max(depth.values(), default=-1) + 1
        members = {member for rule in self.rules if isinstance(rule.body, Group) for member in rule.body.members}
        level: dict[str, int] = {}
        for rule in self.rules:
            if rule.kind not in ("term", "table"):
                below = [level[name] for name in self._reads(rule) if name in level]
                level[rule.slot] = max(below, default=-1) + 1
        last = first + max((level[rule.slot] for rule in self.rules if rule.slot in self.parts), default=0)
        for slot, number in level.items():
            depth[slot] = last if slot in self.parts and slot not in members else first + number
        return depth

    def _reads(self, rule: Rule) -> list[str]:
        found = dict.fromkeys(self.plan.by_slot[name].slot for name in reads(rule) if name in self.plan.by_slot)
        return list(found)

    def _edges(self) -> list[tuple[str, str]]:
        edges = [(name, rule.slot) for rule in self.rules for name in self._reads(rule)]
        return edges + [(slot, OUTCOME) for slot in self.parts if slot in self.plan.by_slot]

    def _node(self, rule: Rule, column: int, part: Part | None, heading: str) -> GraphNode:
        kind: Kind = "group" if isinstance(rule.body, Group) else "grant" if rule.kind == "grant" else "condition"
        kind = "term" if rule.kind == "term" else "table" if rule.kind == "table" else kind
        clauses = self.names.clauses(rule.cites)
        detail = clauses[0] if clauses else ""
        state: State = "none"
        if self.j is not None and rule.slot in self.j.by_slot:
            state = self._state(rule, part)
            if kind in ("term", "table") or part == "dates" or (kind == "grant" and self._granted):
                detail = self._value(rule)
        return GraphNode(rule.slot, kind, self._title(rule), detail, state, column, part, heading)

    @property
    def _granted(self) -> bool:
        return self.explained is not None and self.explained.decision.verdict in ("met", "discretionary")

    def _title(self, rule: Rule) -> str:
        if rule.title:
            return rule.title.text(self.lang)
        for words in (DATES, VALUES, _GRANTS):
            if rule.id in words:
                return pick(words[rule.id], self.lang)
        return rule.id.replace("_", " ")

    def _state(self, rule: Rule, part: Part | None) -> State:
        assert self.j is not None
        conclusion = self.j.by_slot[rule.slot]
        value = conclusion.value
        if rule.kind != "condition":
            values = [value for _, value in conclusion.values]
            return "unknown" if any(isinstance(each, NotKnown) or each is None for each in values) else "known"
        if not isinstance(value, bool):
            return "unknown"
        return "good" if value is (part not in ("excludes", "delegates")) else "bad" if part != "empowers" else "known"

    def _value(self, rule: Rule) -> str:
        assert self.j is not None
        assert self.words is not None
        found = self.j.by_slot[rule.slot]
        if rule.id == "amount" and self.explained and self.explained.decision.amount is not None:
            return amount_words(self.explained.decision.amount, self.lang)
        if found.table is not None and found.table.hit:
            return " · ".join(map(self._told, (value for _, value in found.values)))
        value = found.value
        if isinstance(value, tuple) and found.step is not None:
            return f"{len(value)} 项" if self.lang == "zh" else f"{len(value)} found"
        return self._told(value)

    def _told(self, value: object) -> str:
        assert self.words is not None
        return self.names.effect(value) if isinstance(value, str) and value in EFFECTS else self.words.value(value)

    def _outcome(self, column: int) -> GraphNode:
        if self.explained is None:
            return GraphNode(OUTCOME, "outcome", self.names.title, "", "none", column)
        decision = self.explained.decision
        state: State = {"met": "good", "not_met": "bad", "discretionary": "known", "undetermined": "unknown"}[decision.verdict]  # type: ignore[assignment]
        amount = amount_words(decision.amount, self.lang) if decision.amount is not None else ""
        return GraphNode(OUTCOME, "outcome", verdict_word(decision.verdict, self.lang), amount, state, column)


def _read_rules(made: Plan) -> tuple[Rule, ...]:
    """The rules that the decision reads; those that only another reading would read are left out."""
    wanted: set[str] = set()
    todo = [slot for slot in made.decision.slots if slot in made.by_slot]
    while todo:
        rule = made.by_slot[todo.pop()]
        if rule.slot not in wanted:
            wanted.add(rule.slot)
            todo += [name for name in reads(rule) if name in made.by_slot]
    return tuple(rule for rule in made.rules if rule.slot in wanted)


def _undecided(program: Program, decision: str, as_of: date, readings: Mapping[str, str]) -> Decision:
    """A decision of which only the question is set, for the words."""
    pack = PackRef(name=program.name, version=program.version, digest=program.digest)
    return Decision(region=program.name, decision=decision, as_of=as_of, verdict="undetermined", readings=dict(readings), pack=pack)
