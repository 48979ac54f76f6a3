"""The default engine: a plan becomes one generated Python function that fires its rules in order.

A second function for each other reading fires only the rules that the reading changes, and those that read what came out
differently; conditions are shared with the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, assert_never

from dte_rules.engine import lookup, runtime
from dte_rules.engine.code import ANYTHING, KNOWN, NAMESPACE, UNKNOWN, B, N, U, Value
from dte_rules.engine.emit import Emitter
from dte_rules.engine.plan import Plan, reads
from dte_rules.engine.verdict import Verdict
from dte_rules.feel.values import Member, PartialList, Unknown
from dte_rules.program.nodes import Decision, Formula, Group, Program, Rule, Table

VERDICTS: tuple[Verdict, ...] = ("met", "not_met", "discretionary", "undetermined")


@dataclass(frozen=True)
class Compiled:
    """A compiled plan: ``function(facts, as_of)`` gives the verdict and the values of ``slots``."""

    plan: Plan
    slots: tuple[str, ...]
    places: Mapping[str, int]
    may: Mapping[str, Value]
    function: Callable[[Any, date], tuple[Verdict, tuple[Any, ...]]]
    source: str


@dataclass(frozen=True)
class Variant:
    """A compiled plan of another reading, on top of a base: it takes over the base's values that stay the same.

    ``function(facts, as_of, base)`` gives None where the reading changes nothing.
    """

    plan: Plan
    slots: tuple[str, ...]
    places: Mapping[str, int]
    function: Callable[[Any, date, tuple[Any, ...]], tuple[Verdict, tuple[Any, ...]] | None]
    source: str


def compile_plan(program: Program, plan: Plan) -> Compiled:
    """Generates the function of a plan."""
    emitter = Emitter(program.facts, program.calendar, {})
    for rule in plan.rules:
        _emit_rule(emitter, rule)
    slots = tuple(slot for rule in plan.rules for slot in rule.slots)
    _emit_result(emitter, plan, slots)
    function, source = _build(emitter, "facts, as_of")
    return Compiled(plan, slots, _places(slots), {slot: emitter.slots[slot] for slot in slots}, function, source)


def compile_variant(program: Program, base: Compiled, plan: Plan) -> Variant:
    """Generates the function of a plan that shares most of its rules with a base."""
    old = {rule.slot: rule for rule in base.plan.rules}
    changed = [rule for rule in plan.rules if old.get(rule.slot) != rule]
    dirty = {slot for rule in changed for slot in rule.slots}
    gone = {slot for rule in base.plan.rules for slot in rule.slots} - {slot for rule in plan.rules for slot in rule.slots}
    roots = list(changed)
    affected: list[Rule] = []
    for rule in plan.rules:
        if rule not in roots and dirty.intersection(reads(rule)):
            affected.append(rule)
            dirty.update(rule.slots)
    emitter = Emitter(program.facts, program.calendar, {})
    kept = [slot for slot in base.slots if slot not in dirty and slot not in gone]
    places = {slot: number for number, slot in enumerate(base.slots)}
    for slot in kept:
        emitter.slots[slot] = Value(f"base[{places[slot]}]", base.may[slot].may)
    same_decision = plan.decision == base.plan.decision
    todo = roots + affected
    order = [rule for rule in plan.rules if rule in todo]
    known_before = {slot for rule in roots for slot in rule.slots} <= set(base.slots) and same_decision and not gone
    root_slots = [slot for rule in roots for slot in rule.slots]
    early = known_before and not any(dirty.intersection(reads(rule)) for rule in roots)
    done: list[Rule] = []
    if early:
        for rule in roots:
            _emit_rule(emitter, rule)
            done.append(rule)
        tests = " and ".join(f"_same({emitter.slots[slot].code}, base[{places[slot]}])" for slot in root_slots)
        emitter.line(f"if {tests or 'True'}: return None")
    for rule in order:
        if rule not in done:
            _emit_rule(emitter, rule)
    slots = tuple(slot for rule in plan.rules for slot in rule.slots)
    _emit_result(emitter, plan, slots)
    function, source = _build(emitter, "facts, as_of, base")
    return Variant(plan, slots, _places(slots), function, source)


def _places(slots: Sequence[str]) -> dict[str, int]:
    return {slot: place for place, slot in enumerate(slots)}


def _build(emitter: Emitter, parameters: str) -> tuple[Callable[..., Any], str]:
    source = "\n".join([f"def decide({parameters}):", *emitter.head, *emitter.lines]) + "\n"
    namespace: dict[str, Any] = {
        "__builtins__": {},
        **NAMESPACE,
        "_choose": lookup.choose,
        "_same": same_value,
        "_all": runtime.all_of,
        "_open": open_ended,
        **emitter.constants,
    }
    exec(compile(source, "<compiled plan>", "exec"), namespace)  # noqa: S102 - each name in it is made by `emit`
    function = namespace["decide"]
    return function, source


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
        if constant.full and all(v.may <= UNKNOWN for v in inputs):
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
