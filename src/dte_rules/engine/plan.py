"""What a question needs on a day: the rules in force, under a choice of readings, and nothing else.

A program holds rules of all periods and readings. `plan` picks those in force on the day under the readings chosen, replaces
readings and parameters by their values, and keeps what the decision reads. Days between two changes of the law share a plan.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from dte_rules.engine.fold import fold
from dte_rules.feel import core
from dte_rules.feel.types import ANY
from dte_rules.program.nodes import Decision, Formula, Group, Program, Rule, Table, Under

Readings = tuple[tuple[str, str], ...]
"""A choice of readings that departs from the defaults, sorted by interpretation."""


@dataclass(frozen=True)
class Plan:
    """The rules that answer one decision, in order, and the decision with the slots that are in force.

    ``absent`` is empty where a rule is in force; else it names the sources that are not.
    """

    decision: Decision
    rules: tuple[Rule, ...]
    readings: Readings
    absent: tuple[str, ...] = ()
    by_slot: Mapping[str, Rule] = field(default_factory=dict, compare=False, repr=False)


def changes(program: Program) -> tuple[date, ...]:
    """The days on which the law changes: first days and ends of the periods of rules and rows, in order."""
    periods = [rule.period for rule in program.rules]
    periods += [row.period for rule in program.rules if isinstance(rule.body, Table) for row in rule.body.rows]
    return tuple(sorted({day for period in periods for day in (period.start, period.end) if day is not None}))


def era(days: tuple[date, ...], as_of: date) -> int:
    """Which stretch between changes a day lies in."""
    return bisect_right(days, as_of)


def plan(program: Program, decision_id: str, as_of: date, readings: Readings = ()) -> Plan:
    """The plan for a decision on a day under readings; it is the same on every day of the era."""
    chosen = {i.id: i.default for i in program.interpretations.values()} | dict(readings)
    active = {slot: rule for rule in program.rules if as_of in rule.period and stands(rule.under, chosen) for slot in rule.slots}
    decision = program.decisions[decision_id]
    live = _in_force(decision, active)
    if _says_nothing(live):
        cited = [c.source for slot in decision.slots for rule in program.versions(slot) for c in rule.cites]
        return Plan(live, (), readings, absent=tuple(dict.fromkeys(cited)) or (decision_id,))
    resolve = _Resolver(program, chosen, active, as_of)
    wanted = _closure(live.slots, active)
    rules = tuple(resolve.rule(rule) for rule in program.rules if wanted.intersection(rule.slots) and active[rule.slots[0]] is rule)
    rules = tuple(rule for rule in rules if rule.kind != "parameter")
    return Plan(live, rules, readings, by_slot={slot: rule for rule in rules for slot in rule.slots})


def revised(program: Program, before: Plan, as_of: date, places: Iterable[int], *, decision: bool = False) -> Plan:
    """The plan of a program that departs a little from the one whose plan ``before`` is, without working everything out again.

    Rules at ``places`` may have other bodies, and with ``decision`` the decision may have lost parts; no rule may come, go, move or
    stand under another reading. The plan keeps the rules of ``before``, also those that nothing reads any more. It is ``before``
    itself where it comes to the same.
    """
    rules = [program.rules[place] for place in places]
    if not decision and not any(rule.slots[0] in before.by_slot for rule in rules):
        return before
    chosen = {i.id: i.default for i in program.interpretations.values()} | dict(before.readings)
    active = {slot: rule for rule in program.rules if as_of in rule.period and stands(rule.under, chosen) for slot in rule.slots}
    resolve = _Resolver(program, chosen, active, as_of)
    there = [rule for rule in rules if rule.slots[0] in before.by_slot and active.get(rule.slots[0]) is rule]
    changed = {rule.slots[0]: new for rule in there if (new := resolve.rule(rule)) != before.by_slot[rule.slots[0]]}
    live = _in_force(program.decisions[before.decision.id], active) if decision else before.decision
    if not changed and live == before.decision:
        return before
    if _says_nothing(live):
        return plan(program, live.id, as_of, before.readings)
    kept = tuple(changed.get(rule.slots[0], rule) for rule in before.rules)
    return replace(before, decision=live, rules=kept, by_slot={slot: rule for rule in kept for slot in rule.slots})


def stands(under: Under, chosen: Mapping[str, str]) -> bool:
    """Whether a rule stands under the readings chosen."""
    return all(chosen[interpretation] in readings for interpretation, readings in under)


def reads(rule: Rule) -> Iterator[str]:
    """The global names that a rule reads."""
    if isinstance(rule.body, Group):
        yield from rule.body.members
        return
    for expr in expressions(rule):
        for node in core.walk(expr):
            if isinstance(node, core.Ref):
                yield node.name


def expressions(rule: Rule) -> Iterator[core.Expr]:
    """Every expression of a rule."""
    match rule.body:
        case Formula(expr):
            yield expr
        case Group():
            return
        case Table() as table:
            yield from table.inputs
            for row in table.rows:
                yield from (test for test in row.tests if test is not None)
                yield from row.outputs
            yield from table.otherwise or ()
            yield from table.priorities


def _says_nothing(live: Decision) -> bool:
    return not (live.requires or live.excludes or live.soft or live.delegates or live.empowers or live.grants)


def _in_force(decision: Decision, active: Mapping[str, Rule]) -> Decision:
    def live(slots: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(slot for slot in slots if _written(slot, active))

    def named(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        return tuple((name, slot) for name, slot in pairs if slot in active)

    return replace(
        decision,
        requires=live(decision.requires),
        excludes=live(decision.excludes),
        soft=live(decision.soft),
        delegates=live(decision.delegates),
        empowers=live(decision.empowers),
        amount=decision.amount if decision.amount in active else None,
        effect=decision.effect if decision.effect in active else None,
        dates=named(decision.dates),
        values=named(decision.values),
    )


def _written(slot: str, active: Mapping[str, Rule]) -> bool:
    """A condition is written if it is in force; a group only if one of its members is."""
    rule = active.get(slot)
    if rule is None:
        return False
    return not isinstance(rule.body, Group) or any(_written(member, active) for member in rule.body.members)


def _closure(slots: Iterable[str], active: Mapping[str, Rule]) -> set[str]:
    wanted: set[str] = set()
    todo = list(slots)
    while todo:
        slot = todo.pop()
        if slot in wanted or slot not in active:
            continue
        rule = active[slot]
        if rule.kind == "condition" and not _written(slot, active):
            continue
        wanted.update(rule.slots)
        todo.extend(reads(rule))
    return wanted


class _Resolver:
    """Replaces readings, parameters and what is not in force in expressions."""

    def __init__(self, program: Program, chosen: Mapping[str, str], active: Mapping[str, Rule], as_of: date) -> None:
        self.program, self.chosen, self.active, self.as_of = program, chosen, active, as_of
        self.known = set(program.facts) | {"as_of"}

    def rule(self, rule: Rule) -> Rule:
        match rule.body:
            case Formula(expr):
                return replace(rule, body=Formula(self.expr(expr)))
            case Group(kind, members):
                return replace(rule, body=Group(kind, tuple(m for m in members if _written(m, self.active))))
            case Table() as table:
                rows = tuple(
                    replace(
                        row,
                        tests=tuple(None if test is None else self.expr(test) for test in row.tests),
                        outputs=tuple(self.expr(output) for output in row.outputs),
                    )
                    for row in table.rows
                    if self.as_of in row.period
                )
                return replace(
                    rule,
                    body=replace(
                        table,
                        inputs=tuple(map(self.expr, table.inputs)),
                        rows=rows,
                        otherwise=None if table.otherwise is None else tuple(map(self.expr, table.otherwise)),
                        priorities=tuple(map(self.expr, table.priorities)),
                    ),
                )

    def expr(self, expr: core.Expr) -> core.Expr:
        return core.rewrite(expr, self._replace)

    def _replace(self, node: core.Expr) -> core.Expr:
        if not isinstance(node, core.Ref) or node.name in self.known:
            return fold(node)
        if node.name in self.chosen:
            return core.Const(self.chosen[node.name], type=node.type, span=node.span)
        rule = self.active.get(node.name)
        if rule is None:
            return core.Missing(self._sources(node.name), type=node.type or ANY, span=node.span)
        if rule.kind == "parameter" and isinstance(rule.body, Formula):
            return rule.body.expr
        return node

    def _sources(self, slot: str) -> tuple[str, ...]:
        """The sources that would have to be in force for a slot to have a value; its own name where it cites none."""
        cited = [c.source for rule in self.program.versions(slot) for c in rule.cites]
        return tuple(dict.fromkeys(cited)) or (slot,)
