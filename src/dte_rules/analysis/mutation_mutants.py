"""The mutants of a program: each is the program with one fault planted in the rules on which decisions rest.

A fault stands in a text once, however often the text was taken into rules: nodes that came from the same place are changed together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from dte_rules.analysis.generate_mining import relevant
from dte_rules.analysis.mutation_edits import DAY, Edit, edits
from dte_rules.analysis.mutation_tables import table_changes
from dte_rules.engine.plan import expressions
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN
from dte_rules.program.nodes import Citation, Decision, Formula, Group, Period, Program, Rule, Table
from dte_rules.source.span import Span

Parts = ("requires", "excludes", "soft", "delegates", "empowers")


@dataclass(frozen=True)
class Mutant:
    """A fault: what was changed, where, and on which clauses that rests."""

    number: int
    operator: str
    zh: str
    en: str
    slot: str
    cites: tuple[Citation, ...]
    span: Span | None
    rules: Mapping[int, Rule] = field(repr=False)
    """The changed rules, by their places in the program."""
    decision: Decision | None = field(default=None, repr=False)
    """The changed decision, if the fault lies there."""

    def program(self, original: Program) -> Program:
        """The program with the fault."""
        rules = tuple(self.rules.get(place, rule) for place, rule in enumerate(original.rules)) if self.rules else original.rules
        decisions = original.decisions if self.decision is None else {**original.decisions, self.decision.id: self.decision}
        return replace(original, rules=rules, decisions=decisions, digest="")

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses on which the changed rule rests."""
        return tuple(map(str, self.cites))

    def words(self, lang: str) -> str:
        """The fault in words."""
        return self.zh if lang == "zh" else self.en


def mutants(program: Program, decisions: Iterable[str]) -> tuple[Mutant, ...]:
    """Every mutant of the rules on which the decisions rest, in the order of the program."""
    asked = list(decisions)
    wanted = {id(rule) for decision in asked for rule in relevant(program, decision)}
    places = [place for place, rule in enumerate(program.rules) if id(rule) in wanted]
    found = _Found(program)
    for place in places:
        _rule_mutants(found, place, program.rules[place])
    _edge_mutants(found, places)
    for decision in asked:
        _decision_mutants(found, program.decisions[decision])
    return tuple(replace(mutant, number=number) for number, mutant in enumerate(found.all.values(), 1))


class _Found:
    """The mutants found so far, by what they are: faults in one place of a text are one."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.all: dict[Any, Mutant] = {}

    def add(self, key: Any, operator: str, words: tuple[str, str], place: int, new: Rule, span: Span | None) -> None:
        """A fault in a rule; one that came from the same place of a text joins the fault that is there."""
        rule = self.program.rules[place]
        known = self.all.get(key)
        if known is None:
            known = Mutant(0, operator, *words, rule.slot, rule.cites, span or rule.span, {})
        self.all[key] = replace(known, rules={**known.rules, place: new})


def _rule_mutants(found: _Found, place: int, rule: Rule) -> None:
    match rule.body:
        case Group(kind, members):
            own = rule.span or place
            for member in members if len(members) > 1 else ():
                kept = tuple(m for m in members if m != member)
                words = (f"去掉 {member.rpartition('.')[2]}", f"dropped: {member.rpartition('.')[2]}")
                found.add((own, "member", member), "drop", words, place, replace(rule, body=Group(kind, kept)), rule.span)
            turned: Any = {"any": "all", "all": "any", "none": "any"}[kind]
            if len(members) > 1 or kind == "none":
                words = (f"{kind} 改为 {turned}", f"{kind} becomes {turned}")
                found.add((own, "kind"), "connective", words, place, replace(rule, body=Group(turned, members)), rule.span)
        case Formula(expr):
            _expression_mutants(found, place, rule, whole=expr if expr.type == BOOLEAN else None)
        case Table() as table:
            _expression_mutants(found, place, rule, whole=None)
            for change in table_changes(table):
                new = replace(rule, body=change.table)
                found.add((rule.span or place, *change.key), change.operator, (change.zh, change.en), place, new, change.span or rule.span)
    if rule.under and len(found.program.versions(rule.slot)) == 1:
        names = ", ".join(name for name, _ in rule.under)
        words = (f"不论口径 {names} 均适用", f"stands whatever {names}")
        found.add((rule.span or place, "under"), "exception", words, place, replace(rule, under=()), rule.span)


def _expression_mutants(found: _Found, place: int, rule: Rule, whole: core.Expr | None) -> None:
    texts = _texts(rule)
    nodes = [each for expr in expressions(rule) for each in _walk(expr, found.program.interpretations, condition=expr is whole)]
    by_spot: dict[Any, list[_Node]] = {}
    for each in nodes:
        by_spot.setdefault(_spot(each.node, place), []).append(each)
    for spot, together in by_spot.items():
        faults = [_edits(each, texts) for each in together]
        for number, edit in enumerate(faults[0]):
            new_nodes = {id(each.node): own[number].new for each, own in zip(together, faults, strict=True) if number < len(own)}
            new = rewritten(rule, partial(_changed, new_nodes))
            if new != rule:
                found.add((*spot, edit.operator, number), edit.operator, (edit.zh, edit.en), place, new, together[0].node.span)


@dataclass(frozen=True)
class _Node:
    """A node, whether it stands as a condition, and whether it is compared with a reading."""

    node: core.Expr
    condition: bool
    choice: bool


def _edits(each: _Node, texts: Mapping[int, tuple[str, ...]]) -> list[Edit]:
    return list(edits(each.node, texts.get(id(each.node), ()), condition=each.condition, choice=each.choice))


def _spot(node: core.Expr, place: int) -> tuple[Any, ...]:
    return (node.span, type(node).__name__) if node.span is not None else (place, id(node))


def _walk(expr: core.Expr, interpretations: Mapping[str, Any], *, condition: bool) -> Iterator[_Node]:
    """Every node of an expression."""

    def asks(node: core.Expr) -> bool:
        return isinstance(node, core.Compare) and any(
            isinstance(s, core.Ref) and s.name in interpretations for s in (node.left, node.right)
        )

    choice = asks(expr)
    yield _Node(expr, condition, choice)
    for child in core.children(expr):
        inner = isinstance(expr, (core.And, core.Or, core.Not)) or (isinstance(expr, core.If) and child is expr.condition)
        inner = inner or (isinstance(expr, (core.Filter, core.Quantified)) and child is expr.condition)
        for each in _walk(child, interpretations, condition=inner):
            yield replace(each, choice=True) if choice else each


def _texts(rule: Rule) -> dict[int, tuple[str, ...]]:
    """For each text compared with something, all the texts that the rule compares with the same."""
    by_side: dict[core.Expr, dict[str, None]] = {}
    places: list[tuple[int, core.Expr]] = []
    for expr in expressions(rule):
        for node in core.walk(expr):
            if isinstance(node, core.Compare):
                for side, other in ((node.left, node.right), (node.right, node.left)):
                    if isinstance(side, core.Const) and isinstance(side.value, str):
                        by_side.setdefault(other, {})[side.value] = None
                        places.append((id(side), other))
    return {place: (*by_side[other], "〇") for place, other in places}


def _changed(new: Mapping[int, core.Expr], node: core.Expr) -> core.Expr:
    """What stands in the place of a node, by its identity."""
    return new.get(id(node), node)


def rewritten(rule: Rule, change: Callable[[core.Expr], core.Expr]) -> Rule:
    """The rule with its expressions rewritten."""

    def expr(one: core.Expr) -> core.Expr:
        return core.rewrite(one, change)

    match rule.body:
        case Formula(only):
            return replace(rule, body=Formula(expr(only)))
        case Group():
            return rule
        case Table() as table:
            rows = tuple(
                replace(row, tests=tuple(None if t is None else expr(t) for t in row.tests), outputs=tuple(map(expr, row.outputs)))
                for row in table.rows
            )
            otherwise = None if table.otherwise is None else tuple(map(expr, table.otherwise))
            return replace(rule, body=replace(table, inputs=tuple(map(expr, table.inputs)), rows=rows, otherwise=otherwise))


def _edge_mutants(found: _Found, places: Sequence[int]) -> None:
    """Days on which rules begin or end, a day off: a day of a source is one fault, whatever rests on it."""
    rules = found.program.rules
    days = sorted({day for place in places for day in _days(rules[place])})
    for day in days:
        for step in (-DAY, DAY):
            moved = day + step
            words = (f"施行日 {day} 改为 {moved}", f"in force from {day} becomes {moved}")
            for place in places:
                if day in set(_days(rules[place])):
                    found.add(("edge", day, step), "date", words, place, _moved(rules[place], day, moved), rules[place].span)


def _days(rule: Rule) -> list[date]:
    periods = [rule.period] + ([row.period for row in rule.body.rows] if isinstance(rule.body, Table) else [])
    return [day for period in periods for day in (period.start, period.end) if day is not None]


def _moved(rule: Rule, day: date, moved: date) -> Rule:
    def period(old: Period) -> Period:
        return Period(moved if old.start == day else old.start, moved if old.end == day else old.end)

    body = rule.body
    if isinstance(body, Table):
        body = replace(body, rows=tuple(replace(row, period=period(row.period)) for row in body.rows))
    return replace(rule, body=body, period=period(rule.period))


def _decision_mutants(found: _Found, decision: Decision) -> None:
    program = found.program
    for part in Parts:
        for slot in getattr(decision, part):
            versions = program.versions(slot)
            cites = versions[0].cites if versions else ()
            kept = tuple(other for other in getattr(decision, part) if other != slot)
            id_ = slot.rpartition(".")[2]
            span = versions[0].span if versions else decision.span
            changes: dict[str, Any] = {part: kept}
            mutant = Mutant(0, "drop", f"去掉条件 {id_}", f"condition dropped: {id_}", slot, cites, span, {}, replace(decision, **changes))
            found.all[decision.id, part, slot] = mutant
