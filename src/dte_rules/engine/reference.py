"""The reference interpreter: the one statement of what a program means, written to be read.

It fires the rules of a plan in their order, each once, by walking their expressions. It is slow, and obviously right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, assert_never

from dte_rules.engine.facts import NOTHING, Overrides, environment
from dte_rules.engine.plan import Plan
from dte_rules.engine.verdict import Verdict, verdict_of
from dte_rules.feel.evaluate import Environment, evaluate
from dte_rules.feel.functions import call, text_of
from dte_rules.feel.operators import conjunction, disjunction, negation
from dte_rules.feel.values import Member, Unknown, bounds, is_known, join, list_of, needs_of, same
from dte_rules.program.nodes import Formula, Group, Program, Row, Rule, Table


@dataclass(frozen=True)
class Run:
    """What an engine concluded: the value of each slot, and the verdict."""

    values: Mapping[str, Any]
    verdict: Verdict

    def known(self, slot: str | None) -> Any:
        """A slot's value if it is known, else None."""
        value = None if slot is None else self.values.get(slot)
        return value if is_known(value) else None

    def days(self, slot: str) -> tuple[date, date] | None:
        """The days between which a date lies; both are the same where it is known."""
        low, high = bounds(self.values.get(slot))
        return (low, high) if isinstance(low, date) and isinstance(high, date) else None

    def those(self, slots: Iterable[str], truth: bool) -> list[str]:
        """The conditions among the slots that are so."""
        return [slot for slot in slots if self.values.get(slot) is truth]

    def unsettled(self, slots: Iterable[str]) -> list[str]:
        """The conditions among the slots that are neither true nor false."""
        return [slot for slot in slots if not isinstance(self.values[slot], bool)]


def run(program: Program, plan: Plan, facts: Any, as_of: date, supposed: Overrides = NOTHING) -> Run:
    """Fires the rules of a plan."""
    values: dict[str, Any] = {}
    env = environment(program, facts, as_of, values.__getitem__, supposed)
    for rule in plan.rules:
        values.update(conclude(rule, env))
    if plan.absent:
        return Run(values, "undetermined")
    return Run(values, verdict_of(plan.decision, values))


def conclude(rule: Rule, env: Environment) -> dict[str, Any]:
    """The slots that a rule concludes, with their values."""
    match rule.body:
        case Formula(expr):
            value = evaluate(expr, env)
        case Group(kind, members):
            parts = [env.lookup(member) for member in members]
            value = conjunction(parts) if kind == "all" else disjunction(parts)
            if kind == "none":
                value = negation(value)
        case Table() as table:
            return dict(zip(table.outputs, look_up(table, rule.slot, env), strict=True))
        case _:
            assert_never(rule.body)
    if rule.kind == "condition" and value is None:
        value = Unknown([rule.id])  # FEEL's null is no answer
    return {rule.slot: value}


@dataclass(frozen=True, slots=True)
class _Hit:
    """A row that matches, or may match for want of ``needs``."""

    row: Row
    sure: bool
    needs: frozenset[str]


def look_up(table: Table, name: str, env: Environment) -> list[Any]:
    """The outputs of a table; a row whose test is not known stays possible."""
    inputs = [evaluate(expr, env) for expr in table.inputs]
    local = {f"?{number}": value for number, value in enumerate(inputs, 1)}
    hits: list[_Hit] = []  # in order
    for row in table.rows:
        test = conjunction([evaluate(t, env, local) for t in row.tests if t is not None])
        if test is True:
            hits.append(_Hit(row, True, frozenset()))
        elif isinstance(test, Unknown):
            hits.append(_Hit(row, False, test.needs))
    sure = [hit for hit in hits if hit.sure]

    def outputs(hit: _Hit) -> list[Any]:
        return [evaluate(output, env, local) for output in hit.row.outputs]

    if table.hit.startswith("collect"):
        return _collect(table, [(outputs(hit), hit.sure, hit.needs) for hit in hits], env)
    if table.hit in ("unique", "any") and sure:
        if len(sure) == 1 or table.hit == "any":
            return outputs(sure[0])
        return [Unknown([name]) for _ in table.outputs]
    chosen = hits
    if table.hit == "priority":
        order = [evaluate(priority, env) for priority in table.priorities]
        chosen = sorted(hits, key=lambda hit: _rank(order, outputs(hit)[0]))
    if sure:  # nothing that comes after the first sure one can be chosen
        chosen = chosen[: next(place for place, hit in enumerate(chosen, 1) if hit.sure)]
    options = [outputs(hit) for hit in chosen]
    if not sure:
        if table.otherwise is None:
            row_name = f"{name}({', '.join(str(text_of(v)) for v in inputs)})" if inputs and is_known(tuple(inputs)) else name
            needs = needs_of(*inputs) or frozenset([row_name])
            options.append([Unknown(needs) for _ in table.outputs])
        else:
            options.append([evaluate(output, env, local) for output in table.otherwise])
    needs = frozenset().union(*(hit.needs for hit in chosen))
    return [column[0] if len(column) == 1 else join(column, needs) for column in zip(*options, strict=True)]


def _rank(order: Sequence[Any], output: Any) -> int:
    return next((place for place, value in enumerate(order) if same(value, output)), len(order))


def _collect(table: Table, hits: list[tuple[list[Any], bool, frozenset[str]]], env: Environment) -> list[Any]:
    if not hits and table.otherwise is not None:
        return [evaluate(output, env) for output in table.otherwise]
    columns = [list_of(Member(values[i], certain, needs) for values, certain, needs in hits) for i in range(len(table.outputs))]
    aggregate = table.hit.removeprefix("collect").strip()
    return [call(aggregate, [column], env.calendar) for column in columns] if aggregate else columns
