"""What a decision's rules compare each fact with: thresholds, texts, division codes, periods, counts, and other facts.

The rules are walked backwards and forwards: a threshold that stands in a parameter, or in a table's cells, is found for the fact
that is compared with it, however many terms lie between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dte_rules.engine.plan import reads
from dte_rules.feel import core
from dte_rules.feel.types import DATE, NUMBER, Record, Type
from dte_rules.feel.values import Months
from dte_rules.program.nodes import Formula, Program, Rule, Table

AS_OF = "as_of"


@dataclass(frozen=True)
class Flow:
    """What may stand behind an expression's value: paths of facts (without positions), and constants."""

    paths: frozenset[str] = frozenset()
    constants: frozenset[Any] = frozenset()

    def __or__(self, other: Flow) -> Flow:
        return Flow(self.paths | other.paths, self.constants | other.constants)


NOTHING = Flow()


@dataclass
class Interest:
    """What was found for one path."""

    numbers: set[Decimal] = field(default_factory=set)
    texts: dict[str, None] = field(default_factory=dict)
    codes: dict[str, None] = field(default_factory=dict)
    dates: set[date] = field(default_factory=set)
    periods: set[Months | timedelta] = field(default_factory=set)
    own: set[Months | timedelta] = field(default_factory=set)
    """Those of the periods that begin on it."""
    counts: set[int] = field(default_factory=set)
    linked: dict[str, None] = field(default_factory=dict)
    """Other facts that it is compared with for equality or order."""
    yearly: bool = False
    """Whether it is compared with the year of a day."""


@dataclass(frozen=True)
class Mined:
    """What the rules of a decision read, and what interests them in it."""

    rules: tuple[Rule, ...]
    interests: Mapping[str, Interest]
    read: Mapping[str, None]
    """The paths of single facts and of lists that any of the rules reads, in their order."""
    interpretations: tuple[str, ...]

    def of(self, path: str) -> Interest:
        """The interest in a path."""
        return self.interests.get(path) or Interest()


def relevant(program: Program, decision: str) -> tuple[Rule, ...]:
    """Every rule on which a decision can rest, on any day and under any reading, in the order of the program."""
    versions: dict[str, list[Rule]] = {}
    for rule in program.rules:
        for slot in rule.slots:
            versions.setdefault(slot, []).append(rule)
    wanted: set[str] = set()
    todo = list(program.decisions[decision].slots)
    while todo:
        slot = todo.pop()
        if slot in wanted:
            continue
        wanted.add(slot)
        for rule in versions.get(slot, ()):
            wanted.update(rule.slots)
            todo.extend(reads(rule))
    return tuple(rule for rule in program.rules if wanted.intersection(rule.slots))


def mine(program: Program, decision: str) -> Mined:
    """What the rules of a decision are interested in."""
    rules = relevant(program, decision)
    walker = _Walker(program, rules)
    for rule in rules:
        walker.rule(rule)
    names = {node for rule in rules for node in reads(rule)} | {name for rule in rules for name, _ in rule.under}
    chosen = tuple(name for name in program.interpretations if name in names)
    return Mined(rules, walker.interests, walker.read, chosen)


def paths_behind(program: Program, slots: Iterable[str]) -> frozenset[str]:
    """The paths of all facts on which slots rest, on any day and under any reading."""
    walker = _Walker(program, program.rules)
    for slot in slots:
        walker.slot(slot)
    return frozenset(walker.read)


class _Walker:
    """Follows values through expressions and rules, and notes what is compared with what."""

    def __init__(self, program: Program, rules: Iterable[Rule]) -> None:
        self.program = program
        self.interests: dict[str, Interest] = {}
        self.read: dict[str, None] = {}
        self.versions: dict[str, list[Rule]] = {}
        for rule in rules:
            for slot in rule.slots:
                self.versions.setdefault(slot, []).append(rule)
        self._slots: dict[str, Flow] = {}

    def rule(self, rule: Rule) -> None:
        """Note what a rule compares."""
        for slot in rule.slots:
            self.slot(slot)

    def slot(self, name: str) -> Flow:
        """What may stand behind a slot's value."""
        if name not in self._slots:
            self._slots[name] = NOTHING  # rules are in strata, so that this is met only while the slot itself is walked
            found = NOTHING
            for rule in self.versions.get(name, ()):
                found |= self._body(rule, name)
            self._slots[name] = found
        return self._slots[name]

    def _body(self, rule: Rule, slot: str) -> Flow:
        match rule.body:
            case Formula(expr):
                return self.flow(expr, {})
            case Table() as table:
                return self._table(table, slot)
            case _:
                for name in rule.body.members:
                    self.slot(name)
                return NOTHING

    def _table(self, table: Table, slot: str) -> Flow:
        local = {f"?{number}": self.flow(expr, {}) for number, expr in enumerate(table.inputs, 1)}
        found = NOTHING
        place = table.outputs.index(slot)
        for row in table.rows:
            for test in row.tests:
                if test is not None:
                    self.flow(test, local)
            flows = [self.flow(output, local) for output in row.outputs]
            found |= flows[place]
        if table.otherwise is not None:
            found |= self.flow(table.otherwise[place], {})
        return found

    def flow(self, expr: core.Expr, local: Mapping[str, Flow]) -> Flow:
        """What may stand behind an expression's value."""
        match expr:
            case core.Const(value):
                return Flow(constants=frozenset(value if isinstance(value, tuple) else (value,)))
            case core.Missing():
                return NOTHING
            case core.Ref(name):
                if name in self.program.facts:
                    self._note_read(name, expr.type)
                    return Flow(frozenset([name]))
                return Flow(frozenset([AS_OF])) if name == AS_OF else self.slot(name)
            case core.Var(name):
                return local.get(name, NOTHING)
            case core.Field(base, name):
                return self._field(expr, base, name, local)
            case core.Compare(op, left, right):
                return self._compare(op, left, right, local)
            case core.Filter(source, var, condition) | core.Quantified(_, var, source, condition):
                found = self.flow(source, local)
                self.flow(condition, {**local, var: found})
                return found
            case core.Map(var, source, body):
                return self.flow(body, {**local, var: self.flow(source, local)})
            case core.Index(source, index):
                self.flow(index, local)
                return self.flow(source, local)
            case core.If(condition, then, otherwise):
                self.flow(condition, local)
                return self.flow(then, local) | self.flow(otherwise, local)
            case core.Call(function, arguments):
                return self._call(function, arguments, local)
            case _:
                found = NOTHING
                for child in core.children(expr):
                    found |= self.flow(child, local)
                return found

    def _field(self, expr: core.Field, base: core.Expr, name: str, local: Mapping[str, Flow]) -> Flow:
        behind = self.flow(base, local)
        element = base.type
        if not isinstance(element, Record):
            return behind
        paths = frozenset(f"{path}.{name}" for path in behind.paths if path != AS_OF)
        for path in paths:
            self._note_read(path, expr.type)
        return Flow(paths)

    def _note_read(self, path: str, type_: Type) -> None:
        if not isinstance(type_, Record):
            self.read[path] = None

    def _call(self, function: str, arguments: tuple[core.Expr, ...], local: Mapping[str, Flow]) -> Flow:
        flows = [self.flow(argument, local) for argument in arguments]
        if function == "division_within":
            for path in flows[0].paths:
                self._interest(path).codes.update(dict.fromkeys(c for c in flows[1].constants if isinstance(c, str)))
        if function == "happened":
            return flows[0]
        found = NOTHING
        for flow in flows:
            found |= flow
        return found

    def _compare(self, op: str, left: core.Expr, right: core.Expr, local: Mapping[str, Flow]) -> Flow:
        a, b = self.flow(left, local), self.flow(right, local)
        years = any(isinstance(n, core.Field) and n.name == "year" and n.base.type == DATE for s in (left, right) for n in core.walk(s))
        for own, other, side in ((a, b, left), (b, a, right)):
            counted = any(isinstance(n, core.Call) and n.function == "count" for n in core.walk(side))
            for path in own.paths - {AS_OF}:
                interest = self._interest(path)
                for value in own.constants | other.constants:
                    _note(interest, value, counted=counted, other=value in other.constants)
                if counted:
                    continue
                for linked in other.paths - {path, AS_OF}:
                    interest.linked[linked] = None
                interest.yearly |= years and side.type == NUMBER
        return NOTHING

    def _interest(self, path: str) -> Interest:
        return self.interests.setdefault(path, Interest())


def _note(interest: Interest, value: Any, *, counted: bool, other: bool) -> None:
    match value:
        case bool():
            return
        case Decimal():
            if counted:
                interest.counts.add(int(value))
            else:
                interest.numbers.add(value)
        case str():
            if other:
                interest.texts[value] = None
        case date():
            interest.dates.add(value)
        case Months() | timedelta():
            interest.periods.add(value)
            if not other:
                interest.own.add(value)
        case _:
            return
