"""Coverage: which rules, rows and truths of atoms the cases reach, and which atoms they show to matter by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from dte_rules.analysis.coverage_conditions import Condition, Truth, determines, outcome
from dte_rules.analysis.coverage_trace import Trace, Tracer
from dte_rules.analysis.expression_text import plain_text
from dte_rules.analysis.generate_mining import relevant
from dte_rules.engine.plan import Readings
from dte_rules.program.nodes import Program, Row, Rule, Table
from dte_rules.source.span import Span


@dataclass(frozen=True)
class Asked:
    """A case to trace; ``also`` are other readings that it expects something of."""

    id: str
    decision: str
    facts: Any
    as_of: date
    readings: Readings = ()
    also: tuple[Readings, ...] = ()


@dataclass
class AtomCover:
    """What became of an atom: by truth a case that showed it, and the cases with which it decided alone."""

    text: str
    span: Span | None
    seen: dict[Truth, str] = field(default_factory=dict)
    decides: dict[Truth, tuple[str, Truth]] = field(default_factory=dict)
    """By the atom's truth the case in which it decided, and the condition's outcome there."""

    @property
    def independent(self) -> tuple[str, str] | None:
        """A pair of cases that shows it to matter by itself: it differs in them, decides in both, and the outcomes differ."""
        one, other = self.decides.get(True), self.decides.get(False)
        return (one[0], other[0]) if one is not None and other is not None and one[1] is not other[1] else None


@dataclass
class ConditionCover:
    """A condition with its atoms, and by outcome a case that showed it."""

    condition: Condition
    atoms: tuple[AtomCover, ...]
    outcomes: dict[Truth, str] = field(default_factory=dict)


@dataclass
class RuleCover:
    """A rule: the first case that reached it, by value the first that gave it, rows and conditions."""

    place: int
    rule: Rule
    reached: str | None = None
    values: dict[Truth, str] = field(default_factory=dict)
    rows: dict[int, str] = field(default_factory=dict)
    """By the row's place the first case that it matched."""
    conditions: tuple[ConditionCover, ...] = ()


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    hit: int = 0
    of: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.hit + other.hit, self.of + other.of)

    @property
    def part(self) -> float | None:
        """The share, None of nothing."""
        return self.hit / self.of if self.of else None


@dataclass(frozen=True)
class Shares:
    """The shares of rules, rows, truths of atoms (true and false; unknown), and atoms shown to matter."""

    rules: Share = Share()
    rows: Share = Share()
    branches: Share = Share()
    unknown: Share = Share()
    independent: Share = Share()

    def __add__(self, other: Shares) -> Shares:
        return Shares(
            self.rules + other.rules,
            self.rows + other.rows,
            self.branches + other.branches,
            self.unknown + other.unknown,
            self.independent + other.independent,
        )


@dataclass(frozen=True)
class Coverage:
    """What cases reach of a program."""

    program: Program
    decisions: tuple[str, ...]
    rules: tuple[RuleCover, ...]
    cases: int

    @property
    def total(self) -> Shares:
        """The shares of the whole."""
        return sum((shares(rule) for rule in self.rules), Shares())

    @property
    def by_clause(self) -> Mapping[str, Shares]:
        """The shares of each clause; a rule that rests on several counts for each."""
        found: dict[str, Shares] = {}
        for rule in self.rules:
            for clause in dict.fromkeys(str(cite) for cite in rule.rule.cites) or ("-",):
                found[clause] = found.get(clause, Shares()) + shares(rule)
        return found

    @property
    def unreached(self) -> tuple[Rule, ...]:
        """The rules that no case reaches."""
        return tuple(cover.rule for cover in self.rules if cover.reached is None)

    @property
    def unmatched(self) -> tuple[tuple[Rule, Row], ...]:
        """The rows that match no case."""
        found = []
        for cover in self.rules:
            if isinstance(cover.rule.body, Table):
                found += [(cover.rule, row) for place, row in enumerate(cover.rule.body.rows) if place not in cover.rows]
        return tuple(found)


def shares(cover: RuleCover) -> Shares:
    """The shares of one rule."""
    rows = len(cover.rule.body.rows) if isinstance(cover.rule.body, Table) else 0
    atoms = [atom for condition in cover.conditions for atom in condition.atoms]
    return Shares(
        Share(int(cover.reached is not None), 1),
        Share(len(cover.rows), rows),
        Share(sum(truth in atom.seen for atom in atoms for truth in (True, False)), 2 * len(atoms)),
        Share(sum(None in atom.seen for atom in atoms), len(atoms)),
        Share(sum(atom.independent is not None for atom in atoms), len(atoms)),
    )


class Counter:
    """Takes in traces, and counts what is new in each."""

    def __init__(self, program: Program, decisions: Sequence[str]) -> None:
        self.program, self.decisions = program, tuple(decisions)
        self.tracer = Tracer(program)
        wanted = {id(rule) for decision in decisions for rule in relevant(program, decision)}
        self.rules: dict[int, RuleCover] = {}
        self._conditions: dict[tuple[Any, ...], ConditionCover] = {}
        for place, rule in enumerate(program.rules):
            if id(rule) in wanted:
                conditions = tuple(_cover(condition) for condition in self.tracer.conditions[place])
                self.rules[place] = RuleCover(place, rule, conditions=conditions)
                self._conditions.update({cover.condition.key: cover for cover in conditions})

    def ask(self, case: Asked) -> int:
        """Trace a case; how many targets it reaches that none before it did."""
        new = 0
        for readings in (case.readings, *case.also):
            new += self.take(case.id, self.tracer.trace(case.decision, case.facts, case.as_of, readings))
        return new

    def take(self, id_: str, trace: Trace) -> int:
        """Take in a trace; how many targets are new."""
        return len([apply() for apply in self._news(id_, trace)])

    def gain(self, trace: Trace) -> int:
        """How many targets a trace would reach that none did."""
        return len(self._news("", trace))

    def _news(self, id_: str, trace: Trace) -> list[Callable[[], Any]]:
        """What is new in a trace, each as what takes it in."""
        found: dict[Any, Callable[[], Any]] = {}

        def note(holder: dict[Any, Any], key: Any, value: Any) -> None:
            if key not in holder:
                found[id(holder), key] = lambda: holder.setdefault(key, value)

        for place, value in trace.rules.items():
            cover = self.rules.get(place)
            if cover is None:
                continue
            if cover.reached is None:
                found[place, "reached"] = partial(setattr, cover, "reached", id_)
            if cover.rule.kind == "condition":
                note(cover.values, value if isinstance(value, bool) else None, id_)
        for (place, number), truth in trace.rows.items():
            if truth is True and place in self.rules:
                note(self.rules[place].rows, number, id_)
        for key, evaluations in trace.evaluations.items():
            condition = self._conditions.get(key)
            if condition is None:
                continue
            tree = condition.condition.tree
            for values, asked in evaluations:
                result = outcome(tree, values, asked)
                note(condition.outcomes, result, id_)
                for number, atom in enumerate(condition.atoms):
                    note(atom.seen, values[number], id_)
                    if values[number] not in atom.decides and determines(tree, values, asked, number):
                        note(atom.decides, values[number], (id_, result))
        return list(found.values())

    def coverage(self, cases: int) -> Coverage:
        """What was reached so far."""
        return Coverage(self.program, self.decisions, tuple(self.rules.values()), cases)


def _cover(condition: Condition) -> ConditionCover:
    atoms = tuple(
        AtomCover(atom.rpartition(".")[2], condition.span) if isinstance(atom, str) else AtomCover(plain_text(atom), atom.span)
        for atom in condition.atoms
    )
    return ConditionCover(condition, atoms)


def cover(program: Program, decisions: Sequence[str], cases: Iterable[Asked], progress: Callable[[int], None] | None = None) -> Coverage:
    """What the cases reach of the rules on which the decisions rest."""
    counter = Counter(program, decisions)
    number = 0
    for number, case in enumerate(cases, 1):
        counter.ask(case)
        if progress is not None:
            progress(number)
    return counter.coverage(number)
