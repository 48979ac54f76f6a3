"""The default engine: a plan becomes one generated Python function that fires its rules in order.

A second function answers for all other readings of the law: for each it fires only the rules that the reading changes, and those
that read what came out differently; facts are read once for all, conditions are shared with the first function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, assert_never

from dte_rules.engine import lookup, runtime
from dte_rules.engine.code import ANYTHING, KNOWN, NAMESPACE, UNKNOWN, B, N, U, Value, Writer
from dte_rules.engine.emit import Emitter
from dte_rules.engine.plan import Plan, reads
from dte_rules.engine.verdict import Verdict
from dte_rules.feel.values import Member, PartialList, Unknown
from dte_rules.program.nodes import Decision, Formula, Group, Program, Rule, Table

VERDICTS: tuple[Verdict, ...] = ("met", "not_met", "discretionary", "undetermined")


Result = tuple[Verdict, tuple[Any, ...]]
"""A verdict, and the values of the slots."""


@dataclass(frozen=True)
class Compiled:
    """A compiled plan: ``function(facts, as_of)`` gives the verdict and the values of ``slots``."""

    plan: Plan
    slots: tuple[str, ...]
    places: Mapping[str, int]
    may: Mapping[str, Value]
    function: Callable[[Any, date], Result]
    source: str


@dataclass(frozen=True)
class Variants:
    """Compiled plans of other readings, on top of a base: they take over the base's values that stay the same.

    ``function(facts, as_of, base)`` gives the result of each plan, or None where the reading changes nothing.
    """

    slots: tuple[tuple[str, ...], ...]
    places: tuple[Mapping[str, int], ...]
    function: Callable[[Any, date, tuple[Any, ...]], tuple[Result | None, ...]]
    source: str


def compile_plan(program: Program, plan: Plan) -> Compiled:
    """Generates the function of a plan."""
    emitter = Emitter(program.facts, program.calendar, {})
    for rule in plan.rules:
        _emit_rule(emitter, rule)
    slots = tuple(slot for rule in plan.rules for slot in rule.slots)
    _emit_result(emitter, plan, slots)
    function, source = build(emitter, "facts, as_of")
    return Compiled(plan, slots, _places(slots), {slot: emitter.slots[slot] for slot in slots}, function, source)


def compile_variants(program: Program, base: Compiled, plans: Sequence[Plan]) -> Variants:
    """Generates the function of plans that share most of their rules with a base."""
    emitter = Emitter(program.facts, program.calendar, {})
    results = [_emit_variant(emitter, base, plan) for plan in plans]
    emitter.line("return (" + "".join(f"{result}, " for result in results) + ")")
    used = {int(number) for line in emitter.lines for number in _TAKEN.findall(line)}
    emitter.head[:0] = [f"    b{number} = base[{number}]" for number in sorted(used) if number < len(base.slots)]
    function, source = build(emitter, "facts, as_of, base")
    slots = tuple(tuple(slot for rule in plan.rules for slot in rule.slots) for plan in plans)
    return Variants(slots, tuple(map(_places, slots)), function, source)


_TAKEN = re.compile(r"\bb(\d+)\b")
"""A value taken over from the base."""


def _emit_variant(emitter: Emitter, base: Compiled, plan: Plan) -> str:
    """Adds a plan's rules that the base doesn't have, and gives the name of its result."""
    old = {rule.slot: rule for rule in base.plan.rules}
    roots = [rule for rule in plan.rules if old.get(rule.slot) != rule]
    dirty = {slot for rule in roots for slot in rule.slots}
    gone = set(base.slots) - {slot for rule in plan.rules for slot in rule.slots}
    affected: list[Rule] = []
    for rule in plan.rules:
        if rule not in roots and dirty.intersection(reads(rule)):
            affected.append(rule)
            dirty.update(rule.slots)
    emitter.slots.clear()
    for slot, place in base.places.items():
        if slot not in dirty and slot not in gone:
            emitter.slots[slot] = Value(f"b{place}", base.may[slot].may)
    todo = [rule for rule in plan.rules if rule in roots or rule in affected]
    root_slots = [slot for rule in roots for slot in rule.slots]
    comparable = set(root_slots) <= set(base.slots) and not gone and plan.decision == base.plan.decision
    result = emitter.fresh("r")
    if not comparable or any(dirty.intersection(reads(rule)) for rule in roots):
        _emit_rules(emitter, plan, todo, result)
        return result
    for rule in roots:
        _emit_rule(emitter, rule)
    tests = []
    for slot in root_slots:
        new, before = emitter.slots[slot].code, f"b{base.places[slot]}"
        tests.append(f"({new} is {before} or _same({new}, {before}))")
    with emitter.block(f"if {' and '.join(tests) or 'True'}:"):
        emitter.line(f"{result} = None")
    with emitter.block("else:"):
        _emit_rules(emitter, plan, affected, result)
    return result


def _emit_rules(emitter: Emitter, plan: Plan, rules: Sequence[Rule], result: str) -> None:
    for rule in rules:
        _emit_rule(emitter, rule)
    values = _tuple_of([emitter.slots[slot] for rule in plan.rules for slot in rule.slots])
    conditions = [] if plan.absent else _verdict(emitter, plan.decision)
    code = "'undetermined'" if plan.absent else repr(conditions[-1][1])
    for condition, verdict in reversed(conditions[:-1]):
        code = f"{verdict!r} if {condition} else {code}"
    emitter.line(f"{result} = ({code}, {values})")


def _places(slots: Sequence[str]) -> dict[str, int]:
    return {slot: place for place, slot in enumerate(slots)}


def build(emitter: Writer, parameters: str, helpers: Mapping[str, Any] | None = None) -> tuple[Callable[..., Any], str]:
    """The function that a writer's lines make, and its source. ``helpers`` are further names that the lines use."""
    names = {**NAMESPACE, "_choose": lookup.choose, "_same": same_value, "_all": runtime.all_of, "_open": open_ended, **(helpers or {})}
    return emitter.function(parameters, names)


def same_value(a: Any, b: Any) -> bool:
    """Whether two values are the same, unknown ones included."""
    return a is b or (runtime.certain(a) and runtime.certain(b) and runtime.alike(a, b))


def open_ended(value: Any) -> bool:
    """Whether a grant is not known."""
    return value is runtime.NULL or not runtime.certain(value)


def _emit_rule(emitter: Emitter, rule: Rule) -> None:
    match rule.body:
        case Formula(expr):
            value = emitter.emit(expr)
            if rule.kind == "condition" and N in value.may:
                value = emitter.let(f"None if {value.code} is NULL else {value.code}", value.may - {N} | UNKNOWN)
            emitter.slots[rule.slot] = _settled(emitter, value)
        case Group(kind, members):
            parts = [emitter.slots[member] for member in members]
            emitter.slots[rule.slot] = _truth(emitter, parts, all_of=kind == "all", negated=kind == "none")
        case Table() as table:
            _emit_table(emitter, table)
        case _:
            assert_never(rule.body)


def _settled(emitter: Emitter, value: Value) -> Value:
    """The value under a name that nothing rebinds: a loop's or a branch's name may be bound again."""
    return emitter.let(value.code, value.may)


def _truth(emitter: Emitter, parts: Sequence[Value], *, all_of: bool, negated: bool) -> Value:
    """Kleene's conjunction or disjunction of values that are never null."""
    definite, other = ("False", "True") if all_of else ("True", "False")
    if negated:
        definite, other = other, definite
        trigger = "True"
    else:
        trigger = definite
    may = frozenset().union(*(p.may for p in parts)) & UNKNOWN
    tests = " or ".join(f"{p.code} is {trigger}" for p in parts)
    code = f"{definite} if {tests} else "
    if may:
        code += f"None if {' or '.join(f'{p.code} is None' for p in parts)} else "
    return emitter.let(code + other, may)


def _emit_table(emitter: Emitter, table: Table) -> None:
    inputs = [emitter.emit(expr) for expr in table.inputs]
    constant = lookup.constant_table(table)
    if constant is not None:
        codes = ", ".join(v.code for v in inputs)
        code = f"{emitter.constant(constant.look_up)}({codes})"
        if constant.exact and all(v.may <= UNKNOWN for v in inputs):
            code = f"{emitter.constant(constant.exact.get)}(({codes},)) or {code}"
        result = emitter.let(code, KNOWN)
        may = frozenset({U, B, N})
    else:
        for number, value in enumerate(inputs, 1):
            emitter.bind(f"?{number}", value)
        tests, outputs = [], []
        for row in table.rows:
            results = [emitter.emit(test) for test in row.tests if test is not None]
            code = results[0].code if len(results) == 1 else f"_all(({''.join(r.code + ', ' for r in results)}))"
            tests.append(emitter.let(code if results else "True", ANYTHING))
            outputs.append([emitter.emit(output) for output in row.outputs])
        otherwise = "None" if table.otherwise is None else _tuple_of([emitter.emit(o) for o in table.otherwise])
        order = [emitter.emit(p) for p in table.priorities]
        rows = "(" + "".join(_tuple_of(row) + ", " for row in outputs) + ")"
        result = emitter.let(
            f"_choose({emitter.constant(str(table.hit))}, {_tuple_of(tests)}, {rows}, "
            f"{emitter.constant(len(table.outputs))}, {otherwise}, {_tuple_of(order)})",
            KNOWN,
        )
        may = ANYTHING
    for number, slot in enumerate(table.outputs):
        emitter.slots[slot] = emitter.let(f"{result.code}[{number}]", may)


def _tuple_of(values: Sequence[Value]) -> str:
    return "(" + "".join(f"{v.code}, " for v in values) + ")"


def _emit_result(emitter: Emitter, plan: Plan, slots: Sequence[str]) -> None:
    values = "(" + "".join(f"{emitter.slots[slot].code}, " for slot in slots) + ")"
    emitter.line(f"values = {values}")
    if plan.absent:
        emitter.line("return 'undetermined', values")
        return
    for condition, verdict in _verdict(emitter, plan.decision):
        emitter.line(f"if {condition}: return {verdict!r}, values" if condition else f"return {verdict!r}, values")


def _verdict(emitter: Emitter, decision: Decision) -> list[tuple[str, Verdict]]:
    """Conditions and the verdicts they lead to, the first that holds decides (DESIGN §3)."""
    value = emitter.slots

    def some(slots: Sequence[str], outcome: str) -> list[str]:
        return [f"{value[slot].code} is {outcome}" for slot in slots if outcome != "None" or U in value[slot].may]

    refused = some(decision.requires, "False") + some(decision.excludes, "True")
    unsure = some(decision.requires + decision.excludes + decision.delegates, "None") + some(decision.delegates, "True")
    for slot in decision.grants:
        if value[slot].may:
            unsure.append(f"_open({value[slot].code})")
    open_end = some(decision.soft + decision.empowers, "None")
    discretion = some(decision.empowers, "True") + some(decision.soft, "False")
    rules: list[tuple[list[str], Verdict]] = [
        (refused, "not_met"),
        (unsure, "undetermined"),
        (discretion, "discretionary"),
        (open_end, "undetermined"),
    ]
    return [(" or ".join(tests), verdict) for tests, verdict in rules if tests] + [("", "met")]


def exported(value: Any) -> Any:
    """A value of the compiled engine as the rest of the library knows it."""
    if value is None:
        return Unknown()
    if value is runtime.NULL:
        return None
    if isinstance(value, runtime.Between):
        return Unknown((), value.low, value.high)
    if isinstance(value, runtime.Partial):
        pairs = zip(value.values, value.sure, strict=True)
        return PartialList(tuple(Member(exported(v), sure, frozenset()) for v, sure in pairs))
    if isinstance(value, tuple):
        return tuple(exported(v) for v in value)
    return value
