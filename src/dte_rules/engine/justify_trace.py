"""Expressions that tell what they do: each becomes a function that gives its value and leaves its steps behind.

The operators are the reference evaluator's; only their plainest cases are done on the spot. Everything that can be said before the
facts are known (texts, places, what is read) is worked out when the function is made.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, cast

from dte_rules.engine.justification import WITHHELD, Form, Op, Step
from dte_rules.engine.justify_forms import Forms, holds_steps, is_step
from dte_rules.engine.justify_values import PLAIN, FactAt, Reader, shown
from dte_rules.feel import core, functions
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.evaluate import field_of
from dte_rules.feel.operators import add, compare, conjunction, disjunction, divide, multiply, negate, negation, power, subtract
from dte_rules.feel.types import BOOLEAN, Record, Type
from dte_rules.feel.unparse import literal
from dte_rules.feel.values import Member, PartialList, Unknown, join, list_of, members_of, needs_of

Locals = dict[str, Any]
Trace = Callable[[Reader, Locals, list[Any]], Any]
"""``trace(reader, locals, out)`` gives the value; it appends to ``out`` the steps, and the paths of facts read outside of them."""

MOST_MEMBERS = 100
"""Of how many members of a list the steps are kept; the value is always that of all."""
_QUICK = {"=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_PLAIN_PAIR = frozenset({Decimal, str, date})
_MOST_CODES = 4096
_NOTHING: frozenset[str] = frozenset()
_ARITHMETIC = {"+": add, "-": subtract, "*": multiply, "/": divide, "**": power}


class Tracers(Forms):
    """Makes the traces of one program's expressions."""

    def step(self, expr: core.Expr) -> Trace:
        """A trace that leaves exactly one step, whatever the expression."""
        if is_step(expr):
            return self.trace(expr)
        inner = self.trace(expr)
        op: Op = "value"
        if expr.type == BOOLEAN:
            op = "fact" if isinstance(expr, core.Field) else "rule" if isinstance(expr, core.Ref) and expr.name in self.slots else "value"
            op = "open" if isinstance(expr, core.Missing) else op
        form, hidden, nested = self.form(op, expr), self.hides(expr), holds_steps(expr)

        def trace(c: Reader, local: Locals, out: list[Any]) -> Any:
            mine: list[Any] = []
            value = inner(c, local, mine)
            if value is True or value is False:
                out.append(Step(form, value, tuple(mine)) if not nested else _made(form, value, mine))
                return value
            out.append(_made(form, WITHHELD if hidden and type(value) is str else shown(value), mine))
            return value

        return trace

    def known(self, expr: core.Expr) -> Trace | None:
        """As ``step``, for an expression of which the value is known already: it is passed as the variable ``=``.

        None where that saves nothing.
        """
        if isinstance(expr, core.If):
            return self._if(expr, self.known(expr.then), self.known(expr.otherwise))
        if is_step(expr) or expr.type == BOOLEAN:
            return None
        notes, form, hidden = self._notes(expr), self.form("value", expr), self.hides(expr)

        def trace(c: Reader, local: Locals, out: list[Any]) -> Any:
            mine: list[Any] = []
            for note in notes:
                note(c, local, mine)
            value = local["="]
            out.append(_made(form, WITHHELD if hidden and type(value) is str else value, mine))
            return value

        return trace

    def _notes(self, expr: core.Expr) -> list[Trace]:
        """What must be gone through so that all facts read are noted and all steps left, though the value is not wanted."""
        match expr:
            case core.Const() | core.Missing() | core.Var():
                return []
            case core.Ref(name) if name == "as_of" or name in self.slots:
                return []
            case core.Call() | core.Arithmetic() | core.Negate() | core.MakeList():
                return [note for child in core.children(expr) for note in self._notes(child)]
            case core.Field(base) if self._fact_path(expr) is None and not isinstance(base.type, Record):
                return self._notes(base)
            case _:
                return [self.trace(expr)]

    def trace(self, expr: core.Expr) -> Trace:
        """A trace of an expression; it leaves a step where the expression is one by itself."""
        match expr:
            case core.Const(value):
                return lambda c, local, out: value
            case core.Missing(needs):
                return lambda c, local, out: Unknown(needs)
            case core.Ref(name):
                return self._ref(name)
            case core.Var(name):
                return lambda c, local, out: local[name]
            case core.Field():
                return self._field(expr)
            case core.And(operands):
                return self._connective(expr, operands, absorbing=False)
            case core.Or(operands):
                return self._connective(expr, operands, absorbing=True)
            case core.Not(operand):
                return self._not(expr, operand)
            case core.Compare():
                return self._compare(expr)
            case core.Arithmetic(op, left, right):
                operation, a, b = _ARITHMETIC[op], self.trace(left), self.trace(right)
                return lambda c, local, out: operation(a(c, local, out), b(c, local, out))
            case core.Negate(operand):
                a = self.trace(operand)
                return lambda c, local, out: negate(a(c, local, out))
            case core.If():
                return self._if(expr)
            case core.MakeList(items):
                traces = [self.trace(item) for item in items]
                return lambda c, local, out: tuple([t(c, local, out) for t in traces])
            case core.Filter():
                return self._filter(expr)
            case core.Index(source, index):
                return self._index(source, index)
            case core.Quantified():
                return self._quantified(expr)
            case core.Map():
                return self._map(expr)
            case core.Call():
                return self._call(expr)

    def _ref(self, name: str) -> Trace:
        if name == "as_of":
            return lambda c, local, out: c.as_of
        if name in self.slots:
            return lambda c, local, out: c.values[name]
        return self._path((name,), self.facts[name])

    def _path(self, names: tuple[str, ...], type_: Type) -> Trace:
        path = ".".join(names)
        record = isinstance(type_, Record)

        def trace(c: Reader, local: Locals, out: list[Any]) -> Any:
            if not record:
                out.append(path)
                if path in c.read:
                    return c.read[path]
            value = c.facts
            for name in names:
                value = getattr(value, name, None)
                if value is None:
                    break
            return c.fact(type_, value, path, path)

        return trace

    def _field(self, expr: core.Field) -> Trace:
        path = self._fact_path(expr)
        if path is not None:
            return self._path(path, expr.type)
        base, name, dotted = self.trace(expr.base), expr.name, f".{expr.name}"
        var = expr.base.name if isinstance(expr.base, core.Var) else ""

        def trace(c: Reader, local: Locals, out: list[Any]) -> Any:
            owner = local[var] if var else base(c, local, out)
            if type(owner) is FactAt:
                path = owner.path + dotted
                out.append(path)
                return c.read[path] if path in c.read else owner.get_field(name)
            return field_of(owner, name)

        return trace

    def _fact_path(self, expr: core.Expr) -> tuple[str, ...] | None:
        if isinstance(expr, core.Ref):
            return (expr.name,) if expr.name in self.facts and isinstance(expr.type, Record) else None
        if isinstance(expr, core.Field) and isinstance(expr.base.type, Record):
            outer = self._fact_path(expr.base)
            return None if outer is None else (*outer, expr.name)
        return None

    def _connective(self, expr: core.Expr, operands: tuple[core.Expr, ...], *, absorbing: bool) -> Trace:
        traces = [self.step(o) for o in operands]
        form = self.form("or" if absorbing else "and", expr)
        whole = disjunction if absorbing else conjunction
        neutral = not absorbing

        def trace(c: Reader, local: Locals, out: list[Any]) -> Any:
            mine: list[Any] = []
            result: Any = neutral
            values = [t(c, local, mine) for t in traces]
            for value in values:
                if value is absorbing:
                    result = absorbing
                    break
                if value is not neutral:
                    result = whole(values)
                    break
            out.append(Step(form, result if result is True or result is False else shown(result), (), tuple(mine)))
            return result

        return trace

    def _not(self, expr: core.Expr, operand: core.Expr) -> Trace:
        inner, form = self.step(operand), self.form("not", expr)

        def trace(c: Reader, local: Locals, out: list[Any]) -> Any:
            mine: list[Any] = []
            value = negation(inner(c, local, mine))
            out.append(Step(form, value if value is True or value is False else shown(value), (), tuple(mine)))
            return value

        return trace

    def _compare(self, expr: core.Compare) -> Trace:
        left, right, op, quick = self.trace(expr.left), self.trace(expr.right), expr.op, _QUICK[expr.op]
        form, nested = self.form(cast(Op, expr.op), expr), holds_steps(expr)
        hidden, constant = self.hides(expr), expr.right.value if isinstance(expr.right, core.Const) else None

        def trace(c: Reader, local: Locals, out: list[Any]) -> Any:
            mine: list[Any] = []
            a = left(c, local, mine)
            b = right(c, local, mine) if constant is None else constant
            kind = type(a)
            if kind is type(b) and kind in _PLAIN_PAIR:
                value: Any = quick(a, b)
                if hidden:
                    a = b = WITHHELD
                if not nested:
                    out.append(Step(form, value, tuple(mine), (), a, b))
                    return value
                out.append(_made(form, value, mine, a, b))
                return value
            value = compare(op, a, b)
            a, b = (WITHHELD, WITHHELD) if hidden else (shown(a), shown(b))
            out.append(_made(form, shown(value), mine, a, b))
            return value

        return trace

    def _if(self, expr: core.If, then: Trace | None = None, otherwise: Trace | None = None) -> Trace:
        test, then, otherwise = self.step(expr.condition), then or self.step(expr.then), otherwise or self.step(expr.otherwise)
        form, hidden = self.form("if", expr), self.hides(expr)

        def trace(c: Reader, local: Locals, out: list[Any]) -> Any:
            mine: list[Any] = []
            chosen = test(c, local, mine)
            if type(chosen) is Unknown:
                value = join([then(c, local, mine), otherwise(c, local, mine)], chosen.needs)
            else:
                value = (then if chosen is True else otherwise)(c, local, mine)
            out.append(Step(form, WITHHELD if hidden and type(value) is str else shown(value), (), tuple(mine)))
            return value

        return trace

    # --- lists ---

    def _members(self, form: Form, condition: Trace, var: str, neutral: Any) -> Callable[..., list[Any]]:
        """The results of a condition for each member; each leaves a step under ``member``."""

        def results(c: Reader, local: Locals, members: list[Member], mine: list[Any]) -> list[Any]:
            inner = dict(local)
            found = []
            for number, member in enumerate(members):
                inner[var] = value = member.value
                steps: list[Any] = []
                result = condition(c, inner, steps)
                if number < MOST_MEMBERS:
                    name = value.path if type(value) is FactAt else literal(value) if type(value) in PLAIN else str(number + 1)
                    plain = result is True or result is False
                    mine.append(Step(form, result if plain else shown(result), (), tuple(steps), None, None, name))
                found.append(result)
            return found

        return results

    def _looped(self, expr: core.Filter | core.Quantified, condition: core.Expr) -> tuple[Trace, Callable[..., list[Any]]]:
        member = self.form("member", condition)
        return self.trace(expr.source), self._members(member, self.step(condition), expr.var, None)

    def _filter(self, expr: core.Filter) -> Trace:
        source, results = self._looped(expr, expr.condition)
        form = self.form("filter", expr)

        def trace(c: Reader, local: Locals, out: list[Any]) -> Any:
            mine: list[Any] = []
            value = source(c, local, mine)
            if value is None:
                value = ()
            if type(value) is not Unknown:
                if type(value) is tuple:
                    members = [Member(each, True, _NOTHING) for each in value]
                else:
                    members = list(members_of(value if isinstance(value, PartialList) else (value,)))
                kept: list[Member] = []
                for member, result in zip(members, results(c, local, members, mine), strict=True):
                    if result is True:
                        kept.append(member)
                    elif type(result) is Unknown:
                        kept.append(Member(member.value, False, member.needs | result.needs))
                value = list_of(kept)
            out.append(_made(form, shown(value), mine))
            return value

        return trace

    def _quantified(self, expr: core.Quantified) -> Trace:
        source, results = self._looped(expr, expr.condition)
        form, neutral = self.form(cast(Op, expr.kind), expr), expr.kind == "every"
        whole = conjunction if neutral else disjunction

        def trace(c: Reader, local: Locals, out: list[Any]) -> Any:
            mine: list[Any] = []
            value = source(c, local, mine)
            if value is not None and type(value) is not Unknown:
                members = list(members_of(value))
                found = results(c, local, members, mine)
                for number, member in enumerate(members):
                    if not member.certain and found[number] is not neutral:
                        found[number] = Unknown(member.needs | needs_of(found[number]))
                value = whole(found)
            out.append(_made(form, value if value is True or value is False else shown(value), mine))
            return value

        return trace

    def _map(self, expr: core.Map) -> Trace:
        source, body, var = self.trace(expr.source), self.trace(expr.body), expr.var

        def trace(c: Reader, local: Locals, out: list[Any]) -> Any:
            value = source(c, local, out)
            if value is None or type(value) is Unknown:
                return value
            inner = dict(local)
            made = []
            for member in members_of(value):
                inner[var] = member.value
                made.append(Member(body(c, inner, out), member.certain, member.needs))
            return list_of(made)

        return trace

    def _index(self, source: core.Expr, index: core.Expr) -> Trace:
        from dte_rules.feel.evaluate import Environment, evaluate

        listed, place = self.trace(source), self.trace(index)
        node = core.Index(core.Var("list", type=source.type), core.Var("place", type=index.type), type=source.type)
        env = Environment(lambda name: None, self.calendar)
        return lambda c, local, out: evaluate(node, env, {"list": listed(c, local, out), "place": place(c, local, out)})

    def _call(self, expr: core.Call) -> Trace:
        traces, name, calendar = [self.trace(a) for a in expr.arguments], expr.function, self.calendar
        if name == "count" and len(traces) == 1:
            return _count(traces[0], calendar)
        if name == "happened":
            return self._happened(expr)
        if not is_step(expr):
            return lambda c, local, out: functions.call(name, [t(c, local, out) for t in traces], calendar)
        texts: dict[tuple[str, ...], Any] = {}  # codes of places and the like come again and again
        form, hidden, nested = self.form("call", expr, function=name), self.hides(expr), holds_steps(expr)

        def trace(c: Reader, local: Locals, out: list[Any]) -> Any:
            mine: list[Any] = []
            arguments = [t(c, local, mine) for t in traces]
            if all(type(a) is str for a in arguments):
                key = tuple(arguments)
                if key not in texts:
                    if len(texts) >= _MOST_CODES:
                        texts.clear()
                    texts[key] = functions.call(name, arguments, calendar)
                value = texts[key]
                if not hidden and not nested:
                    out.append(Step(form, value, tuple(mine), (), *[*arguments, None, None][:2]))
                    return value
            else:
                value = functions.call(name, arguments, calendar)
            a, b = [WITHHELD, WITHHELD] if hidden else [*map(shown, arguments[:2]), None, None][:2]
            out.append(_made(form, value if value is True or value is False else shown(value), mine, a, b))
            return value

        return trace

    def _happened(self, expr: core.Call) -> Trace:
        """The events of a list that have happened by the day."""
        listed, named, calendar = self.trace(expr.arguments[0]), expr.arguments[1], self.calendar
        field_name = str(named.value) if isinstance(named, core.Const) else ""

        def trace(c: Reader, local: Locals, out: list[Any]) -> Any:
            events, as_of = listed(c, local, out), c.as_of
            if type(events) is not tuple:
                return functions.call("happened", [events, field_name, as_of], calendar)
            days = [event.get_field(field_name) for event in events]
            return tuple([e for e, day in zip(events, days, strict=True) if not (type(day) is date and day > as_of)])

        return trace


def _count(listed: Trace, calendar: Calendar) -> Trace:
    def trace(c: Reader, local: Locals, out: list[Any]) -> Any:
        members = listed(c, local, out)
        return Decimal(len(members)) if type(members) is tuple else functions.call("count", [members], calendar)

    return trace


def _made(form: Form, value: Any, mine: list[Any], left: Any = None, right: Any = None) -> Step:
    """A step of what its own expression left behind: paths of facts, and steps."""
    facts = tuple([each for each in mine if type(each) is str])
    parts = tuple([each for each in mine if type(each) is not str]) if len(facts) < len(mine) else ()
    return Step(form, value, facts, parts, left, right)
