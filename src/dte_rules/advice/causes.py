"""Why a condition turns from one day to the next: which day it was compared with, and where that day comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from dte_rules.advice.view import DAY, FactAt, View, token
from dte_rules.feel import core
from dte_rules.feel.evaluate import evaluate
from dte_rules.feel.types import DATE
from dte_rules.feel.values import Months, PartialList, RecordValue, Unknown, members_of
from dte_rules.program.nodes import Formula, Group, Rule, Table

Locals = dict[str, Any]
ROLLING = ("working_day_on_or_after", "working_day_on_or_before")
CauseKind = Literal["day", "year", "month", "event", "law", "unannounced"]


@dataclass(frozen=True)
class Cause:
    """Why something turned.

    ``day``: the day asked about passed ``day``, which is ``fact`` (by its path) with ``lengths`` (ISO durations) added, is known
    as the rule ``rule``, and was moved from ``moved_from`` because that is no working day. ``year``, ``month``: a new one
    began. ``event``: what ``fact`` dates happened. ``law``: ``sources`` came into force or ceased to be. ``unannounced``: the
    day lies from ``day`` to ``through``, for want of a calendar or another fact.
    """

    kind: CauseKind
    day: date | None = None
    fact: str = ""
    lengths: tuple[str, ...] = ()
    rule: str = ""
    moved_from: date | None = None
    through: date | None = None
    sources: tuple[str, ...] = ()


class Comparison:
    """Two views of the same facts, on one day and on the next."""

    def __init__(self, before: View, after: View) -> None:
        self.before, self.after = before, after
        self._seen: set[str] = set()

    def of(self, slot: str) -> list[Cause]:
        """The causes for which a slot's value differs, each once."""
        self._seen.clear()
        return list(dict.fromkeys(self._slot(slot)))

    def value(self, slot: str) -> tuple[Any, Any]:
        """A slot's value on the two days; unknown where it is not in force."""
        return _value(self.before, slot), _value(self.after, slot)

    def _slot(self, slot: str) -> Iterator[Cause]:
        old, new = self.before.plan.by_slot.get(slot), self.after.plan.by_slot.get(slot)
        if slot in self._seen or (old is None and new is None):
            return
        self._seen.add(slot)
        if old is None or new is None or old != new:
            yield from self._law(old, new)
            return
        match new.body:
            case Group(_, members):
                for member in members:
                    if token(_value(self.before, member)) != token(_value(self.after, member)):
                        yield from self._slot(member)
            case Formula(expr):
                yield from self._walk(expr, {}, {})
            case Table() as table:
                for expr in table.inputs:
                    yield from self._walk(expr, {}, {})
                yield from self._rows(table)

    def _rows(self, table: Table) -> Iterator[Cause]:
        local = [{f"?{n}": evaluate(expr, view.env, {}) for n, expr in enumerate(table.inputs, 1)} for view in (self.before, self.after)]
        for row in table.rows:
            for expr in (*(test for test in row.tests if test is not None), *row.outputs):
                yield from self._walk(expr, local[0], local[1])

    def _law(self, old: Rule | None, new: Rule | None) -> Iterator[Cause]:
        """Documents that begin or end on the day; else those that the rule cites."""
        program, day = self.after.program, self.after.as_of
        cited = {cite.source for rule in (old, new) if rule is not None for cite in rule.cites}
        turning = {source.id for source in program.sources.values() if day in (source.period.start, source.period.end)}
        turning |= {c.source for rule in program.rules if day in (rule.period.start, rule.period.end) for c in rule.cites}
        starting = {source.id for source in program.sources.values() if day == source.period.start}
        # a rule that a new document sets aside cites the older one alone: what begins on the day tells more than what is cited
        found = starting & cited or starting or turning & cited or turning or cited
        yield Cause("law", day=day, sources=tuple(source for source in program.sources if source in found))

    def _walk(self, expr: core.Expr, old: Locals, new: Locals) -> Iterator[Cause]:
        left, right = evaluate(expr, self.before.env, old), evaluate(expr, self.after.env, new)
        if token(left) == token(right):
            return
        match expr:
            case core.Ref(name) if name != DAY:
                yield from self._slot(name)
            case core.Compare(_, a, b) if DATE in (a.type, b.type):
                yield from self._compared(a, b, old, new)
            case core.Field(base, "year" | "month" as part) if base.type == DATE:
                yield Cause("year" if part == "year" else "month", day=self.after.as_of)
            case core.Call("happened", (source, core.Const(dated_by), _)):
                yield from self._walk(source, old, new)
                yield from self._happened(source, str(dated_by), new)
            case core.Filter(source, var, condition) | core.Quantified(_, var, source, condition) | core.Map(var, source, condition):
                yield from self._walk(source, old, new)
                yield from self._members(source, var, condition, old, new)
            case _:
                for child in core.children(expr):
                    yield from self._walk(child, old, new)

    def _compared(self, a: core.Expr, b: core.Expr, old: Locals, new: Locals) -> Iterator[Cause]:
        """Of the two sides the one that stays is the day that matters."""
        same = [token(evaluate(e, self.before.env, old)) == token(evaluate(e, self.after.env, new)) for e in (a, b)]
        if same[0] == same[1]:
            yield from self._walk(a, old, new)
            yield from self._walk(b, old, new)
            return
        fixed = a if same[0] else b
        moving = b if same[0] else a
        if not any(isinstance(node, core.Ref) and node.name == DAY for node in core.walk(moving)):
            yield from (cause for cause in self._walk(moving, old, new) if cause.kind != "day")
        yield origin(fixed, self.after, new)

    def _happened(self, source: core.Expr, dated_by: str, local: Locals) -> Iterator[Cause]:
        events = evaluate(source, self.after.env, local)
        if isinstance(events, (tuple, PartialList)):
            for member in members_of(events):
                if isinstance(member.value, FactAt) and member.value.get_field(dated_by) == self.after.as_of:
                    yield Cause("event", day=self.after.as_of, fact=f"{member.value.path}.{dated_by}")

    def _members(self, source: core.Expr, var: str, condition: core.Expr, old: Locals, new: Locals) -> Iterator[Cause]:
        first = _by_token(evaluate(source, self.before.env, old))
        second = _by_token(evaluate(source, self.after.env, new))
        for key, value in second.items():
            if key in first:
                yield from self._walk(condition, {**old, var: first[key]}, {**new, var: value})


def origin(expr: core.Expr, view: View, local: Locals) -> Cause:
    """Where a day comes from."""
    value = evaluate(expr, view.env, local)
    through = None
    if isinstance(value, Unknown):
        value, through = value.low, value.high
    day = value if isinstance(value, date) else None
    found = _origin(expr, view, local)
    return replace(found, kind="unannounced" if through is not None else "day", day=day, through=through)


def _origin(expr: core.Expr, view: View, local: Locals) -> Cause:
    env = view.env
    match expr:
        case core.Ref(name) if name in view.plan.by_slot:
            rule = view.plan.by_slot[name]
            inner = _origin(rule.body.expr, view, {}) if isinstance(rule.body, Formula) else Cause("day")
            return replace(inner, rule=name if rule.title is not None or not inner.rule else inner.rule)
        case core.Ref(name) if name == DAY:
            return Cause("day", fact=DAY)
        case core.Const():  # a parameter stands for itself in the expressions that name it
            named = (r.slot for r in view.program.rules if r.kind == "parameter" and isinstance(r.body, Formula) and r.body.expr is expr)
            return Cause("day", rule=next(named, ""))
        case core.Field(base, name):
            record = evaluate(base, env, local)
            return Cause("day", fact=f"{record.path}.{name}") if isinstance(record, FactAt) else Cause("day")
        case core.Arithmetic("+" | "-" as op, left, right):
            return _moved(op, left, right, view, local)
        case core.If(condition, then, otherwise):
            test = evaluate(condition, env, local)
            return _origin(then if test is True else otherwise, view, local) if isinstance(test, bool) else Cause("day")
        case core.Call(name, (argument, *_)) if name in ROLLING:
            inner = _origin(argument, view, local)
            before = evaluate(argument, env, local)
            moved = isinstance(before, date) and evaluate(expr, env, local) != before
            return replace(inner, moved_from=before if moved else inner.moved_from)
        case core.Call(_, arguments):
            return _among(arguments, evaluate(expr, env, local), view, local)
        case core.Index(source, _):
            return _among((source,), evaluate(expr, env, local), view, local)
    return Cause("day")


def _moved(op: str, left: core.Expr, right: core.Expr, view: View, local: Locals) -> Cause:
    by = evaluate(right, view.env, local)
    if left.type != DATE:
        left, by = right, evaluate(left, view.env, local)
    found = _origin(left, view, local)
    if isinstance(by, timedelta) and by:
        length = f"{'-' if by.days < 0 else ''}P{abs(by.days)}D"
    elif isinstance(by, Months) and by.count:
        length = str(by)
    else:
        return found
    if op == "-":
        length = length.removeprefix("-") if length.startswith("-") else f"-{length}"
    return replace(found, lengths=(*found.lengths, length))


def _among(parts: tuple[core.Expr, ...], wanted: Any, view: View, local: Locals) -> Cause:
    """The origin of the part, or the member of a list, that has the value."""
    for part in parts:
        value = evaluate(part, view.env, local)
        if token(value) == token(wanted):
            return _origin(part, view, local)
        while isinstance(part, core.Ref) and part.name in view.plan.by_slot:
            body = view.plan.by_slot[part.name].body
            part = body.expr if isinstance(body, Formula) else core.Const(None, type=part.type)
        if isinstance(part, core.Map):
            source = evaluate(part.source, view.env, local)
            for member in members_of(source) if isinstance(source, (tuple, PartialList)) else ():
                inner = {**local, part.var: member.value}
                if token(evaluate(part.body, view.env, inner)) == token(wanted):
                    return _origin(part.body, view, inner)
    return Cause("day")


def _value(view: View, slot: str) -> Any:
    return view.lookup(slot) if slot in view.plan.by_slot else None


def _by_token(value: Any) -> dict[Any, Any]:
    if not isinstance(value, (tuple, PartialList)):
        return {}
    return {token(member.value): member.value for member in members_of(value) if isinstance(member.value, RecordValue)}
