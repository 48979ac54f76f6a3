"""Decides every value of a finite grid: exact, and no solver needed. Facts that the cases don't give are unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

from pydantic import BaseModel

from dte_rules.analysis.prove.concrete import Actual, decided, facts_in, is_whole, plan_of, shown, supposed_of, then_word, value_over
from dte_rules.analysis.prove.context import reads
from dte_rules.analysis.prove.model import FACTS_NOT_GIVEN, Branch, Example, Question, Shown, Side
from dte_rules.engine.decide import CompiledPrepared
from dte_rules.engine.plan import Plan
from dte_rules.engine.reference import Run
from dte_rules.feel import core
from dte_rules.feel.evaluate import Environment, evaluate
from dte_rules.feel.types import ListOf
from dte_rules.feel.values import Unknown

Seen = dict[tuple[Any, ...], dict[tuple[Any, ...], tuple[BaseModel, Run]]]
Made = dict[tuple[Any, ...], dict[tuple[Any, ...], BaseModel]]
_STEP = re.compile(r"([^.\[\]]+)(?:\[(\d+)\])?")


def size_of(question: Question) -> int:
    """How many combinations of values there are."""
    return prod(len(values) for values in question.grid.values())


def enumerated(question: Question, choices: Mapping[str, str | bool]) -> tuple[Branch, int]:
    """What comes out of every combination of values, and how many were decided: all, or up to the first that fails.

    A statement that can't be told for want of facts that the cases don't give is neither true nor left open by the text: it could
    not be told.
    """
    seen: Seen = {}
    made: Made = {}
    cases = [_Case(side, question, choices, seen, made) for side in question.sides]
    supposed = supposed_of(choices)
    count, idle = 0, True
    unsettled: Branch | None = None
    for values in combinations_of(question.grid):
        count += 1
        actual = {case.side.name: case.decided(values) for case in cases}
        names = {**values, **supposed}
        if value_over(question.given, actual, names) is not True:
            continue
        idle = False
        then = value_over(question.then, actual, names)
        if then is True or (isinstance(then, Unknown) and unsettled is not None and unsettled.outcome == "could_not_tell"):
            continue
        told = tuple(shown(actual[c.side.name], c.facts(values), choices, c.parts, whole=is_whole(c.parts)) for c in cases)
        if not isinstance(then, Unknown):
            return Branch(choices, "fails", Example(told, then_word(then), values)), count
        needs = _needs(question.then, cases, actual, names, told)
        lacking = not_given(needs, question.sides)
        if lacking:
            unsettled = Branch(choices, "could_not_tell", Example(told, "unknown", values, missing=lacking), FACTS_NOT_GIVEN)
        elif unsettled is None:
            unsettled = Branch(choices, "not_specified", Example(told, "unknown", values, missing=needs))
    return unsettled or Branch(choices, "holds", idle=idle), count


def _needs(
    then: core.Expr, cases: Sequence[_Case], actual: Mapping[str, Actual], names: Mapping[str, Any], told: Sequence[Shown]
) -> tuple[str, ...]:
    """What a statement lacks that can't be told: for a verdict, what the decision lacks."""
    # the fast engine does not say of every value what it rests on
    slow = {c.side.name: decided(c.side, a.plan, a.facts, a.as_of, c.supposed) for c in cases for a in [actual[c.side.name]]}
    value = value_over(then, slow, names)
    needs = dict.fromkeys(sorted(value.needs)) if isinstance(value, Unknown) else {}
    if "verdict" in needs:
        del needs["verdict"]
        needs |= dict.fromkeys(name for case in told if case.decision.verdict == "undetermined" for name in case.decision.missing)
    return tuple(needs)


def not_given(needs: Iterable[str], sides: Sequence[Side]) -> tuple[str, ...]:
    """Of the names of what is missing, those of facts."""
    roots = {root for side in sides for root in side.policy.program.facts}
    return tuple(name for name in needs if re.split(r"[.\[]", name, maxsplit=1)[0] in roots)


def combinations_of(grid: Mapping[str, tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """Every combination of values of the variables."""
    for values in product(*grid.values()):
        yield dict(zip(grid, values, strict=True))


class _Case:
    """A case of a grid: decided once for each choice of its facts."""

    def __init__(self, side: Side, question: Question, choices: Mapping[str, str | bool], seen: Seen, facts: Made) -> None:
        self.side, self.choices, self.supposed = side, choices, supposed_of(choices)
        self.parts = reads(question.given, side.name) | reads(question.then, side.name)
        # two cases that ask the same of one pack share what was decided: the later of one pair is the earlier of another
        asked = (
            side.policy.program.name,
            side.decision,
            side.days,
            side.departures(choices),
            side.settles,
            tuple(side.slots),
            tuple(side.facts),
        )
        self._seen = seen.setdefault((*asked, is_whole(self.parts)), {})
        self._given = _Given(side.facts)
        # of those that ask something else of the same facts, the facts are made once
        self._made_facts = facts.setdefault((id(side.policy.vocabulary), *side.facts), {})
        self._plan: Plan | None = None
        self._engine: CompiledPrepared | None = None

    def decided(self, values: Mapping[str, Any]) -> Actual:
        """The case for some values."""
        assert self.side.days is not None
        given = self._given.of(values)
        day = self.side.days.first
        made = self._made(day)
        found = self._seen.get(given)
        if found is None:
            closed = self._made_facts.get(given)
            if closed is None:
                closed = self._made_facts[given] = facts_in(self.side.policy.vocabulary, _nested(self.side.facts, given))
            engine = self._engine
            run = engine.run(closed, day) if engine is not None else decided(self.side, made, closed, day, self.supposed).run
            found = self._seen[given] = closed, run
        return Actual(self.side, made, found[0], day, found[1])

    def _made(self, day: date) -> Plan:
        """The plan, with the fast engine where it can answer: it supposes nothing, and gives no records that expressions read."""
        if self._plan is None:
            made = self._plan = plan_of(self.side, day, self.choices, self.parts)
            simple = not any(isinstance(made.by_slot[slot].type, ListOf) for slot in self.side.slots if slot in made.by_slot)
            if simple and not self.supposed:
                self._engine = CompiledPrepared(self.side.policy.program, made, ())
        return self._plan

    def facts(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The case's facts as in a case file."""
        return _nested(self.side.facts, self._given.of(values))


class _Given:
    """Facts that are given as expressions: each is evaluated once for the same values of the variables that it reads."""

    def __init__(self, exprs: Mapping[str, core.Expr]) -> None:
        self._parts: list[tuple[core.Expr, tuple[str, ...], dict[Any, Any]]] = []
        for expr in exprs.values():
            names = tuple(dict.fromkeys(node.name for node in core.walk(expr) if isinstance(node, core.Ref)))
            self._parts.append((expr, names, {}))

    def of(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The facts' values for some values of the variables."""
        found = []
        for expr, names, known in self._parts:
            key = values[names[0]] if len(names) == 1 else tuple([values[name] for name in names])
            if key not in known:
                known[key] = _evaluated(expr, values)
            found.append(known[key])
        return tuple(found)


def evaluated(exprs: Mapping[str, core.Expr], values: Mapping[str, Any]) -> dict[str, Any]:
    """Facts that are given as expressions, nested as in a case file."""
    return _nested(exprs, tuple(_evaluated(expr, values) for expr in exprs.values()))


def _evaluated(expr: core.Expr, values: Mapping[str, Any]) -> Any:
    return evaluate(expr, Environment(values.__getitem__))


def _nested(paths: Mapping[str, Any], given: tuple[Any, ...]) -> dict[str, Any]:
    """Paths as nested mappings; a position beyond a list's end lengthens it. What is unknown is left out."""
    made: dict[str, Any] = {}
    for path, value in zip(paths, given, strict=True):
        if isinstance(value, Unknown):
            continue
        place(made, path, list(value) if isinstance(value, tuple) else value)
    return made


def place(facts: dict[str, Any], path: str, value: Any) -> None:
    """Sets a path of plain facts."""
    current: Any = facts
    steps = _steps(path)
    for number, (name, position) in enumerate(steps, 1):
        last = number == len(steps)
        if not position:
            current = _put(current, name, value) if last else current.setdefault(name, {})
            continue
        members = current.setdefault(name, [])
        while len(members) < position:
            members.append({})
        if last:
            members[position - 1] = value
        current = members[position - 1]


@lru_cache(maxsize=256)
def _steps(path: str) -> tuple[tuple[str, int], ...]:
    """The names of a path, each with a position, 0 for none."""
    return tuple((name, int(position) if position else 0) for name, position in _STEP.findall(path))


def _put(current: dict[str, Any], name: str, value: Any) -> Any:
    current[name] = value
    return value
