"""What the expressions of a property can see of a case, with types, and the flat names under which it is looked up.

``low.conditions.hours`` becomes one global name for the encoder and the evaluator, so that neither has to know of cases. A flat name
is the case's name, a colon, and a part: ``low:verdict=met``, ``low:granted``, ``low:facts.training``, ``low:slot.claim_deadline``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dte_rules.engine.compiled import VERDICTS
from dte_rules.feel import core
from dte_rules.feel.types import ANY, BOOLEAN, DATE, NUMBER, STRING, Enum, Record, Type
from dte_rules.program.nodes import Program, Table

VERDICT = Enum("verdict", VERDICTS)
CONDITION_PARTS = ("requires", "excludes", "soft", "delegates", "empowers")


@dataclass(frozen=True)
class CaseType:
    """The type of a case, and the slots behind its results: ``conditions.hours`` to ``training_subsidy.requires.hours``."""

    type: Record
    slots: Mapping[str, str]


def case_type(program: Program, decision: str, name: str) -> CaseType:
    """What can be asked about a case of a decision."""
    wanted = program.decisions[decision]
    types = {slot: rule.type for rule in program.rules for slot in rule.slots if not isinstance(rule.body, Table)}
    slots: dict[str, str] = {}
    conditions: dict[str, Type] = {}
    named = [s for part in (wanted.requires, wanted.excludes, wanted.soft, wanted.delegates, wanted.empowers) for s in part]
    within = [r.slot for r in program.rules if r.kind == "condition" and r.slot.startswith(f"{decision}.")]
    for slot in dict.fromkeys([*named, *within]):  # a group's members after the groups, which keep their names
        short = slot.rpartition(".")[2]
        if short not in conditions:
            conditions[short] = BOOLEAN
            slots[f"conditions.{short}"] = slot
    dates: dict[str, Type] = {}
    for short, slot in wanted.dates:
        dates[short], slots[f"dates.{short}"] = DATE, slot
    values: dict[str, Type] = {}
    for short, slot in wanted.values:
        values[short], slots[f"values.{short}"] = types.get(slot, ANY), slot
    derived: dict[str, Type] = {}
    for rule in program.rules:
        if rule.kind == "term":
            derived[rule.slot], slots[f"derived.{rule.slot}"] = rule.type, rule.slot
        elif isinstance(rule.body, Table) and isinstance(rule.type, Record):
            derived[rule.slot] = Record(f"{name}.derived.{rule.slot}", rule.type.fields)
            slots |= {f"derived.{slot}": slot for slot in rule.slots}
    parts: dict[str, Type] = {
        "facts": Record(f"{name}.facts", program.facts),
        "as_of": DATE,
        "verdict": VERDICT,
        "granted": BOOLEAN,
        "amount": NUMBER,
        "effect": STRING,
        "conditions": Record(f"{name}.conditions", conditions),
        "dates": Record(f"{name}.dates", dates),
        "values": Record(f"{name}.values", values),
        "derived": Record(f"{name}.derived", derived),
    }
    return CaseType(Record(name, parts), slots)


def flattened(expr: core.Expr, cases: Mapping[str, CaseType]) -> core.Expr:
    """The expression with one global name for each result of a case that it reads."""

    def change(node: core.Expr) -> core.Expr:
        match node:
            case core.Field(core.Ref(name), field) if name in cases or _is_part(name, cases):
                return _named(node, name, field, cases)
            case core.Compare("=" | "!=" as op, left, right):
                return _verdict(node, op, left, right)
            case _:
                return node

    return core.rewrite(expr, change)


def reads(expr: core.Expr, case: str) -> frozenset[str]:
    """The flat names that an expression reads of a case, without the case's own."""
    prefix = f"{case}:"
    return frozenset(n.name.removeprefix(prefix) for n in core.walk(expr) if isinstance(n, core.Ref) and n.name.startswith(prefix))


def facts_in_sight(expr: core.Expr, case: str) -> tuple[str, ...]:
    """The paths of facts and lists of a case that an expression names directly, not by way of a list's members."""
    found: dict[str, None] = {}
    for node in core.walk(expr):
        steps: list[str] = []
        current = node
        while isinstance(current, core.Field):
            steps.insert(0, current.name)
            current = current.base
        if steps and isinstance(current, core.Ref) and current.name.startswith(f"{case}:facts."):
            path = ".".join((current.name.partition(":facts.")[2], *steps))
            if not isinstance(node.type, Record):
                found[path] = None
    return tuple(found)


def texts_in(expr: core.Expr) -> frozenset[str]:
    """The literal texts of an expression."""
    found: set[str] = set()
    waiting: list[Any] = [node.value for node in core.walk(expr) if isinstance(node, core.Const)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, tuple):
            waiting += value
    return frozenset(found)


def _is_part(name: str, cases: Mapping[str, CaseType]) -> bool:
    case, _, part = name.partition(":")
    return case in cases and part.split(".")[0] in ("facts", "conditions", "dates", "values", "derived") and _depth(part, cases[case])


def _depth(part: str, case: CaseType) -> bool:
    """Whether a part is a record made here, which has its fields as results; facts' own records are the facts'."""
    current: Type = case.type
    steps = part.split(".")
    if steps[0] == "facts":
        return len(steps) == 1
    for step in steps:
        if not isinstance(current, Record) or step not in current.fields:
            return False
        current = current.fields[step]
    return isinstance(current, Record) and current.name.startswith(f"{case.type.name}.")


def _named(node: core.Expr, base: str, field: str, cases: Mapping[str, CaseType]) -> core.Expr:
    name = f"{base}:{field}" if base in cases else f"{base}.{field}"
    case, _, part = name.partition(":")
    slot = cases[case].slots.get(part)
    return core.Ref(name if slot is None else f"{case}:slot.{slot}", type=node.type, span=node.span)


def _verdict(node: core.Expr, op: str, left: core.Expr, right: core.Expr) -> core.Expr:
    """``low.verdict = "met"`` is a truth value of its own: no text has to stand for it."""
    for asked, wanted in ((left, right), (right, left)):
        if isinstance(asked, core.Ref) and asked.name.endswith(":verdict") and isinstance(wanted, core.Const):
            found = core.Ref(f"{asked.name}={wanted.value}", type=BOOLEAN, span=node.span)
            return found if op == "=" else core.Not(found, type=BOOLEAN, span=node.span)
    return node
