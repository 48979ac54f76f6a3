"""The reference meaning of the core language: a plain walk over the tree, made to be read.

Every other engine is tested against it. Unknown values go through every operation: Kleene's connectives, comparisons over
bounds, joins where a choice is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dte_rules.feel import core, functions
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.operators import (
    add,
    compare,
    conjunction,
    disjunction,
    divide,
    multiply,
    negate,
    negation,
    power,
    property_of,
    subtract,
)
from dte_rules.feel.values import (
    Member,
    PartialList,
    RecordValue,
    Unknown,
    join,
    list_of,
    members_of,
    needs_of,
)


@dataclass(frozen=True)
class Environment:
    """What an expression can see: global names, and the calendar of working days.

    ``supposed`` are values to suppose for open points, by their ids.
    """

    lookup: Callable[[str], Any]
    calendar: Calendar = field(default_factory=Calendar)
    supposed: Mapping[str, Any] = field(default_factory=dict)


Locals = Mapping[str, Any]
NO_LOCALS: Locals = {}


def evaluate(expr: core.Expr, env: Environment, local: Locals = NO_LOCALS) -> Any:
    """The value of the expression."""
    match expr:
        case core.Const(value):
            return value
        case core.Missing(needs):
            return env.supposed[needs[0]] if needs[0] in env.supposed else Unknown(needs)
        case core.Ref(name):
            return env.lookup(name)
        case core.Var(name):
            return local[name]
        case core.Field(base, name):
            return field_of(evaluate(base, env, local), name)
        case core.And(operands):
            return conjunction([evaluate(o, env, local) for o in operands])
        case core.Or(operands):
            return disjunction([evaluate(o, env, local) for o in operands])
        case core.Not(operand):
            return negation(evaluate(operand, env, local))
        case core.Compare(op, left, right):
            return compare(op, evaluate(left, env, local), evaluate(right, env, local))
        case core.Arithmetic(op, left, right):
            operation = {"+": add, "-": subtract, "*": multiply, "/": divide, "**": power}[op]
            return operation(evaluate(left, env, local), evaluate(right, env, local))
        case core.Negate(operand):
            return negate(evaluate(operand, env, local))
        case core.If(condition, then, otherwise):
            test = evaluate(condition, env, local)
            if isinstance(test, Unknown):
                return join([evaluate(then, env, local), evaluate(otherwise, env, local)], test.needs)
            return evaluate(then if test is True else otherwise, env, local)
        case core.MakeList(items):
            return tuple(evaluate(item, env, local) for item in items)
        case core.Filter(source, var, condition):
            return _filter(evaluate(source, env, local), lambda v: evaluate(condition, env, {**local, var: v}))
        case core.Index(source, index):
            return _index(evaluate(source, env, local), evaluate(index, env, local))
        case core.Quantified(kind, var, source, condition):
            return _quantified(kind, evaluate(source, env, local), lambda v: evaluate(condition, env, {**local, var: v}))
        case core.Map(var, source, body):
            return _map(evaluate(source, env, local), lambda v: evaluate(body, env, {**local, var: v}))
        case core.Call(function, arguments):
            return functions.call(function, [evaluate(a, env, local) for a in arguments], env.calendar)


def field_of(base: Any, name: str) -> Any:
    """A field of a record, or a property of a date or duration."""
    if base is None:
        return None
    if isinstance(base, RecordValue):
        return base.get_field(name)
    return property_of(base, name)


def _filter(source: Any, test: Callable[[Any], Any]) -> Any:
    if isinstance(source, Unknown):
        return source
    if source is None:
        return ()
    kept = []
    for member in members_of(source if isinstance(source, (tuple, PartialList)) else (source,)):
        result = test(member.value)
        if result is True:
            kept.append(member)
        elif isinstance(result, Unknown):
            kept.append(Member(member.value, False, member.needs | result.needs))
    return list_of(kept)


def _index(source: Any, index: Any) -> Any:
    if isinstance(source, Unknown) or isinstance(index, Unknown):
        return Unknown(needs_of(source, index))
    if source is None or index is None:
        return None
    members = list(members_of(source))
    position = int(index)
    if position < 0:
        members.reverse()
        position = -position
    possible: list[Any] = []
    certain_before = 0
    for place, member in enumerate(members, 1):
        if certain_before < position <= place:
            possible.append(member.value)
        certain_before += member.certain
        if certain_before >= position > 0:
            break
    else:
        possible.append(None)
    return possible[0] if len(possible) == 1 else join(possible, frozenset().union(*(m.needs for m in members)))


def _quantified(kind: str, source: Any, test: Callable[[Any], Any]) -> Any:
    if source is None or isinstance(source, Unknown):
        return source
    neutral = kind == "every"
    results = []
    for member in members_of(source):
        result = test(member.value)
        if not member.certain and result is not neutral:
            result = Unknown(member.needs | needs_of(result))  # it counts only if it is a member
        results.append(result)
    return disjunction(results) if kind == "some" else conjunction(results)


def _map(source: Any, body: Callable[[Any], Any]) -> Any:
    if source is None or isinstance(source, Unknown):
        return source
    return list_of(Member(body(m.value), m.certain, m.needs) for m in members_of(source))
