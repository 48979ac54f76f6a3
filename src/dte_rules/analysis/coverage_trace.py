"""Follows a question through the rules as they are written: the truth of every atom, the rows that match, rule by rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dte_rules.analysis.coverage_conditions import Condition, Truth, asking, conditions_of
from dte_rules.engine import reference
from dte_rules.engine.facts import environment
from dte_rules.engine.plan import Readings, expressions, plan, stands
from dte_rules.feel import core
from dte_rules.feel.evaluate import Environment, evaluate
from dte_rules.feel.operators import conjunction
from dte_rules.feel.values import PartialList, Unknown, members_of
from dte_rules.program.nodes import Formula, Group, Program, Row, Rule, Table

Evaluation = tuple[tuple[Truth, ...], Mapping[int, Truth]]
"""The truths of a condition's atoms in one evaluation, and of what asks for readings in it."""


@dataclass(frozen=True)
class Trace:
    """What a question touched: rules with their values, evaluations of conditions, rows with the truth of their tests."""

    rules: Mapping[int, Any]
    """The value of each rule that was asked for, by its place in the program; for a table, its outputs."""
    evaluations: Mapping[tuple[Any, ...], tuple[Evaluation, ...]]
    rows: Mapping[tuple[int, int], Truth]
    """The truth of a row's test, by the places of the rule and the row."""
    verdict: str


class Tracer:
    """Traces questions of one program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.conditions: tuple[tuple[Condition, ...], ...] = tuple(conditions_of(rule, program) for rule in program.rules)

    def trace(self, decision: str, facts: Any, as_of: date, readings: Readings = ()) -> Trace:
        """What a question touches, asked under a choice of readings that departs from the defaults."""
        program = self.program
        chosen = {i.id: i.default for i in program.interpretations.values()} | dict(readings)
        base = plan(program, decision, as_of, readings)
        active = {
            slot: place
            for place, rule in enumerate(program.rules)
            if as_of in rule.period and stands(rule.under, chosen)
            for slot in rule.slots
        }
        run = reference.run(program, base, facts, as_of)
        parameters: dict[str, Any] = {}

        def lookup(name: str) -> Any:
            if name in chosen:
                return chosen[name]
            if name in run.values:
                return run.values[name]
            place = active.get(name)
            if place is None:
                return Unknown([name])
            if name not in parameters:
                parameters.update(reference.conclude(program.rules[place], env))
            return parameters[name]

        env = environment(program, facts, as_of, lookup)
        evaluations: dict[tuple[Any, ...], list[Evaluation]] = {}
        rules: dict[int, Any] = {}
        rows: dict[tuple[int, int], Truth] = {}
        for slot in run.values:
            place = active[slot]
            rule = program.rules[place]
            rules[place] = tuple(run.values.get(s) for s in rule.slots) if isinstance(rule.body, Table) else run.values[slot]
            if isinstance(rule.body, Table):
                self._rows(rule.body, place, rows, env, as_of)
            self._rule(place, rule, env, evaluations)
        used = {node.name for rule in base.rules for node in _refs(program.rules, active, rule)}
        for name in used | set(parameters):
            if name in active:
                rules.setdefault(active[name], lookup(name))
        return Trace(rules, {key: tuple(found) for key, found in evaluations.items()}, rows, run.verdict)

    def _rows(self, table: Table, place: int, rows: dict[tuple[int, int], Truth], env: Environment, as_of: date) -> None:
        local = {f"?{n}": evaluate(expr, env) for n, expr in enumerate(table.inputs, 1)}
        for number, row in enumerate(table.rows):
            if as_of in row.period and rows.get((place, number)) is not True:
                rows[place, number] = _truth(conjunction([evaluate(t, env, local) for t in row.tests if t is not None]))

    def _rule(self, place: int, rule: Rule, env: Environment, found: dict[tuple[Any, ...], list[Evaluation]]) -> None:
        conditions = self.conditions[place]
        if not conditions:
            return
        if isinstance(rule.body, Group):
            values = tuple(_truth(env.lookup(member)) for member in rule.body.members)
            found.setdefault(conditions[0].key, []).append((values, {}))
            return
        by_node = {id(condition.node): condition for condition in conditions}
        if isinstance(rule.body, Formula):
            _Visit(env, by_node, found).visit(rule.body.expr, {})
            return
        table = rule.body
        local: dict[str, Any] = {}
        visit = _Visit(env, by_node, found)
        for number, expr in enumerate(table.inputs, 1):
            visit.visit(expr, {})
            local[f"?{number}"] = evaluate(expr, env)
        for row in table.rows:
            for expr in _of_row(row):
                visit.visit(expr, local)


class _Visit:
    """Walks an expression as it is evaluated, and notes its conditions."""

    def __init__(self, env: Environment, conditions: Mapping[int, Condition], found: dict[tuple[Any, ...], list[Evaluation]]) -> None:
        self.env, self.conditions, self.found = env, conditions, found

    def visit(self, expr: core.Expr, local: Mapping[str, Any]) -> None:
        condition = self.conditions.get(id(expr))
        if condition is not None:
            values = tuple(_truth(evaluate(atom, self.env, local)) for atom in condition.atoms if not isinstance(atom, str))
            asked = {id(part): _truth(evaluate(part, self.env, local)) for part in asking(condition.tree)}
            self.found.setdefault(condition.key, []).append((values, asked))
        match expr:
            case core.Filter(source, var, inner) | core.Quantified(_, var, source, inner) | core.Map(var, source, inner):
                self.visit(source, local)
                members = evaluate(source, self.env, local)
                for member in members_of(members) if isinstance(members, (tuple, PartialList)) else ():
                    self.visit(inner, {**local, var: member.value})
            case core.If(test, then, otherwise):
                self.visit(test, local)
                truth = evaluate(test, self.env, local)
                if truth is not False:
                    self.visit(then, local)
                if truth is not True:
                    self.visit(otherwise, local)
            case _:
                for child in core.children(expr):
                    self.visit(child, local)


def _of_row(row: Row) -> tuple[core.Expr, ...]:
    return (*(test for test in row.tests if test is not None), *row.outputs)


def _refs(rules: tuple[Rule, ...], active: Mapping[str, int], rule: Rule) -> list[core.Ref]:
    """The names that a rule of a plan reads, as it is written."""
    place = active.get(rule.slots[0])
    if place is None:
        return []
    return [node for expr in expressions(rules[place]) for node in core.walk(expr) if isinstance(node, core.Ref)]


def _truth(value: Any) -> Truth:
    return value if isinstance(value, bool) else None
