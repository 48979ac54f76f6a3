"""Two packs side by side: what each has, rule by rule, parameter by parameter, row by row, as in force on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from dte_rules.engine.plan import Plan, plan, stands
from dte_rules.feel import core
from dte_rules.feel.unparse import unparse
from dte_rules.program.nodes import Citation, Formula, Group, Label, Program, Row, Rule, Table

How = Literal["same", "place", "differs", "only a", "only b"]
"""How two things stand to each other; ``place``: they differ in nothing but the region's own code."""
PARTS = ("requires", "excludes", "soft", "delegates", "empowers", "grants")


@dataclass(frozen=True)
class Item:
    """One side of a comparison: its name there, title, text and clauses."""

    id: str
    title: Label | None
    text: str
    cites: tuple[Citation, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two things side by side; ``part`` says what they are."""

    part: str
    id: str
    how: How
    a: Item | None
    b: Item | None


@dataclass(frozen=True)
class Structure:
    """A decision of two packs side by side: conditions and grants, then the terms, tables' rows and sources that they rest on."""

    decision: str
    conditions: tuple[Pair, ...]
    terms: tuple[Pair, ...]
    rows: tuple[Pair, ...]
    sources: tuple[tuple[str, ...], tuple[str, ...]]
    interpretations: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Packs:
    """Two packs side by side: decisions, parameters and interpretations."""

    decisions: tuple[tuple[str, How], ...]
    parameters: tuple[Pair, ...]
    interpretations: tuple[Pair, ...]


def packs(a: Program, b: Program, day: date) -> Packs:
    """What the packs themselves differ in."""
    names = dict.fromkeys([*a.decisions, *b.decisions])
    decisions = tuple((name, _presence(name in a.decisions, name in b.decisions)) for name in names)
    sides = [{rule.slot: _item(rule) for rule in _active(program, day) if rule.kind == "parameter"} for program in (a, b)]
    readings = [{i.id: Item(i.id, i.question, i.default, i.cites) for i in program.interpretations.values()} for program in (a, b)]
    return Packs(decisions, _pairs("parameter", sides[0], sides[1], a, b), _pairs("interpretation", readings[0], readings[1], a, b))


def structure(a: Program, b: Program, decision: str, day: date) -> Structure:
    """What a decision of the two packs differs in."""
    programs = (a, b)
    plans = [plan(program, decision, day) for program in programs]
    conditions: list[Pair] = []
    for part in PARTS:
        sides = [dict(_conditions(made, part)) for made in plans]
        conditions += _pairs(part, sides[0], sides[1], a, b)
    terms = [
        {rule.slot: _plan_item(rule) for rule in made.rules if rule.kind == "term" and isinstance(rule.body, Formula)} for made in plans
    ]
    rows = [dict(_rows(made)) for made in plans]
    sources = [tuple(dict.fromkeys(str(cite) for rule in made.rules for cite in rule.cites)) for made in plans]
    return Structure(
        decision,
        tuple(conditions),
        _pairs("term", terms[0], terms[1], a, b),
        _pairs("row", rows[0], rows[1], a, b),
        (sources[0], sources[1]),
    )


def _presence(in_a: bool, in_b: bool) -> How:
    return "same" if in_a and in_b else "only a" if in_a else "only b"


def _active(program: Program, day: date) -> Iterator[Rule]:
    defaults = {i.id: i.default for i in program.interpretations.values()}
    return (rule for rule in program.rules if day in rule.period and stands(rule.under, defaults))


def _item(rule: Rule) -> Item:
    text = unparse(rule.body.expr) if isinstance(rule.body, Formula) else ""
    return Item(rule.slot, rule.title, text, rule.cites)


def _conditions(made: Plan, part: str) -> Iterator[tuple[str, Item]]:
    decision = made.decision
    if part == "grants":
        slots = decision.grants + tuple(slot for _, slot in decision.dates)
        for slot in slots:
            rule = made.by_slot.get(slot)
            if rule is not None:
                yield slot.partition(".grants.")[2], _plan_item(rule)
        return
    chosen: Sequence[str] = getattr(decision, part)
    for slot in chosen:
        yield from _with_members(slot, slot.partition(f".{part}.")[2], made)


def _with_members(slot: str, name: str, made: Plan) -> Iterator[tuple[str, Item]]:
    rule = made.by_slot.get(slot)
    if rule is None:
        return
    yield name, _plan_item(rule)
    if isinstance(rule.body, Group):
        for member in rule.body.members:
            yield from _with_members(member, f"{name}.{member.rpartition('.')[2]}", made)


def _plan_item(rule: Rule) -> Item:
    match rule.body:
        case Formula(expr):
            text = unparse(expr)
        case Group(kind, members):
            text = f"{kind} of " + ", ".join(member.rpartition(".")[2] for member in members)
        case Table():
            text = f"table {rule.slot}"
    return Item(rule.id, rule.title, text, rule.cites)


def _rows(made: Plan) -> Iterator[tuple[str, Item]]:
    for rule in made.rules:
        if isinstance(rule.body, Table):
            for row in rule.body.rows:
                yield f"{rule.slot}({_tests(row)})", Item(row.id, rule.title, ", ".join(map(unparse, row.outputs)), row.cites or rule.cites)


def _tests(row: Row) -> str:
    return ", ".join("-" if test is None else _test(test) for test in row.tests)


def _test(test: core.Expr) -> str:
    if isinstance(test, core.Compare) and test.op == "=" and isinstance(test.left, core.Var) and isinstance(test.right, core.Const):
        return str(test.right.value)
    return unparse(test)


def _pairs(part: str, a: Mapping[str, Item], b: Mapping[str, Item], first: Program, second: Program) -> tuple[Pair, ...]:
    """The things of two sides by id, then those of other names that say the same."""
    found: list[Pair] = []
    alone_a = {name: item for name, item in a.items() if name not in b}
    alone_b = {name: item for name, item in b.items() if name not in a}
    for name, item in a.items():
        other = b.get(name)
        if other is None:
            match = next((n for n, o in alone_b.items() if _how(item, o, first, second) == "same" and part not in ("row", "grants")), None)
            if match is not None:
                other = alone_b.pop(match)
                alone_a.pop(name)
                found.append(Pair(part, name, "same", item, replace(other, id=match)))
            else:
                found.append(Pair(part, name, "only a", item, None))
        else:
            found.append(Pair(part, name, _how(item, other, first, second), item, other))
    found += [Pair(part, name, "only b", None, item) for name, item in alone_b.items()]
    return tuple(found)


def _how(a: Item, b: Item, first: Program, second: Program) -> How:
    if a.text == b.text:
        return "same"
    here = [item.text.replace(program.jurisdiction, "······") for item, program in ((a, first), (b, second))]
    return "place" if here[0] == here[1] else "differs"
