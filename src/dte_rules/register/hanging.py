"""What hangs on each interpretation: the rules that ask it or stand under it, and all rules and decisions that rest on those."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dte_rules.feel import core
from dte_rules.program.nodes import Formula, Group, Interpretation, Program, Rule, Table


@dataclass(frozen=True)
class Hanging:
    """An interpretation with what hangs on it.

    ``rules`` are the slots whose rules ask it or stand under it, ``through`` those that read them, at any remove, and ``decisions``
    the questions whose answer can depend on any of these.
    """

    interpretation: Interpretation
    rules: tuple[str, ...]
    through: tuple[str, ...]
    decisions: tuple[str, ...]


def hanging(program: Program) -> tuple[Hanging, ...]:
    """What hangs on each of a program's interpretations, in the order of the pack."""
    readers: dict[str, set[str]] = {}
    asking: dict[str, set[str]] = {}
    for rule in program.rules:
        reads = set(_reads(rule))
        for slot in rule.slots:
            for name in reads:
                readers.setdefault(name, set()).add(slot)
        for name in reads | {name for name, _ in rule.under}:
            if name in program.interpretations:
                asking.setdefault(name, set()).update(rule.slots)
    return tuple(_hanging(program, found, asking.get(name, set()), readers) for name, found in program.interpretations.items())


def _hanging(program: Program, interpretation: Interpretation, direct: set[str], readers: Mapping[str, set[str]]) -> Hanging:
    reached = set(direct)
    waiting = list(direct)
    while waiting:
        for slot in readers.get(waiting.pop(), set()) - reached:
            reached.add(slot)
            waiting.append(slot)
    order = {slot: place for place, slot in enumerate(dict.fromkeys(slot for rule in program.rules for slot in rule.slots))}
    return Hanging(
        interpretation,
        rules=tuple(sorted(direct, key=order.__getitem__)),
        through=tuple(sorted(reached - direct, key=order.__getitem__)),
        decisions=tuple(name for name, decision in program.decisions.items() if reached & set(decision.slots)),
    )


def _reads(rule: Rule) -> Iterator[str]:
    """The names that a rule reads: slots, facts and interpretations."""
    if isinstance(rule.body, Group):
        yield from rule.body.members
        return
    for expr in _expressions(rule.body):
        yield from (node.name for node in core.walk(expr) if isinstance(node, core.Ref))


def _expressions(body: Formula | Table) -> Iterator[core.Expr]:
    if isinstance(body, Formula):
        yield body.expr
        return
    yield from (*body.inputs, *body.priorities, *(body.otherwise or ()))
    for row in body.rows:
        yield from (cell for cell in (*row.tests, *row.outputs) if cell is not None)
