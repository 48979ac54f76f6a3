"""The pass that follows rules through time: versions that overlap, and rules that read what isn't in force, or not under their readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dte_rules.compiler.coverage import Standing, choices, days_text, gaps, holds
from dte_rules.compiler.diagnostics import NotUnderReading, VersionsOverlap
from dte_rules.compiler.draft import Draft
from dte_rules.compiler.expressions import expressions
from dte_rules.compiler.scopes import not_in_force
from dte_rules.feel import core
from dte_rules.program.nodes import Period, Rule
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.span import Span

Choice = Mapping[str, str]


def with_standing_findings(draft: Draft) -> Draft:
    """The draft with what its rules' periods and readings say against each other."""
    versions: dict[str, list[Rule]] = {}
    for rule in draft.rules:
        for slot in rule.slots:
            versions.setdefault(slot, []).append(rule)
    slots = _slots(draft)
    checker = _Reads(
        {slot: tuple(Standing(r.period, r.under) for r in versions.get(slot, ())) for slot in slots},
        {name: tuple(r.id for r in i.readings) for name, i in draft.pack.interpretations.items()},
        draft.broken,
    )
    found: list[Diagnostic] = []
    for slot, rules in versions.items():
        if len(rules) > 1 and (rules[0].kind != "table" or slot == rules[0].slots[0]):
            found += _overlaps(slot, rules)
    for rule in draft.rules:
        found += checker.missing(rule)
    return draft.found(found)


def _slots(draft: Draft) -> frozenset[str]:
    """All slots that an expression can read, those without any rule among them."""
    pack, parts = draft.pack, draft.names.parts
    leaves = {f"{name}.{part}" for name, below in parts.items() for part in below if f"{name}.{part}" not in parts}
    leaves |= {item.path.partition(".")[2] for item in pack.parameters}
    return frozenset(leaves | {term.id for term in pack.terms})


def _overlaps(slot: str, rules: Sequence[Rule]) -> Iterator[Diagnostic]:
    """Versions that stand on one day under one choice of readings. Sorted by their first days, only near ones are compared."""
    ordered = sorted(rules, key=lambda r: r.period.start or date.min)
    open_: list[Rule] = []
    for rule in ordered:
        open_ = [o for o in open_ if o.period.intersect(rule.period) is not None]
        for other in open_:
            both = Standing(rule.period, rule.under).meet(Standing(other.period, other.under))
            if both is not None and rule.span != other.span:
                yield VersionsOverlap(
                    span=rule.span,
                    slot=slot,
                    days=days_text(both.period, "zh"),
                    days_en=days_text(both.period, "en"),
                    other=str(other.span),
                )
                break
        open_.append(rule)


@dataclass(frozen=True)
class _Reads:
    """Which slots stand when, to be held against who reads them."""

    standings: Mapping[str, tuple[Standing, ...]]
    readings: Mapping[str, tuple[str, ...]]
    broken: frozenset[str]

    def missing(self, rule: Rule) -> Iterator[Diagnostic]:
        """What a rule reads although it doesn't stand wherever the rule does, each slot once."""
        told: set[str] = set()
        for expr, period in expressions(rule):
            for slot, span in self._read(expr).items():
                if slot not in told:
                    diagnostic = self._absent(rule, period, expr, slot, span)
                    if diagnostic is not None:
                        told.add(slot)
                        yield diagnostic

    def _read(self, expr: core.Expr) -> dict[str, Span | None]:
        found: dict[str, Span | None] = {}
        for node in core.walk(expr):
            if isinstance(node, core.Ref) and node.name in self.standings and node.name not in self.broken:
                found.setdefault(node.name, node.span)
        return found

    def _absent(self, rule: Rule, period: Period, expr: core.Expr, slot: str, span: Span | None) -> Diagnostic | None:
        versions = self.standings[slot]
        for choice in choices(rule.under, versions, self.readings):
            now = [v.period for v in versions if holds(v.under, choice)]
            missing = gaps(period, now)
            if not missing or (choice and slot not in _live(expr, choice)):
                continue
            if now or not versions:
                return not_in_force(rule.slot, slot, span or rule.span, missing[0], now)
            shown = ", ".join(f"`{name}: {reading}`" for name, reading in choice.items())
            return NotUnderReading(span=span or rule.span, slot=rule.slot, read=slot, choice=shown)
        return None


def _live(expr: core.Expr, choice: Choice) -> set[str]:
    """What an expression reads under a choice of readings; branches that the choice rules out are left out."""
    match expr:
        case core.Ref(name=name):
            return {name}
        case core.If(condition=condition, then=then, otherwise=otherwise):
            decided = _decided(condition, choice)
            if decided is not None:
                return _live(then if decided else otherwise, choice)
        case core.And(operands=operands) if any(_decided(o, choice) is False for o in operands):
            return set()
        case core.Or(operands=operands) if any(_decided(o, choice) is True for o in operands):
            return set()
    return {name for child in core.children(expr) for name in _live(child, choice)}


def _decided(condition: core.Expr, choice: Choice) -> bool | None:
    """The truth of a condition that only asks which reading was chosen; None for any other."""
    match condition:
        case core.Compare(op="=" | "!=" as op, left=core.Ref(name=name), right=core.Const(value=value)) if name in choice:
            return (choice[name] == value) is (op == "=")
        case core.Not(operand=operand):
            inner = _decided(operand, choice)
            return None if inner is None else not inner
        case core.And(operands=operands):
            parts = [_decided(o, choice) for o in operands]
            return False if False in parts else None if None in parts else True
        case core.Or(operands=operands):
            parts = [_decided(o, choice) for o in operands]
            return True if True in parts else None if None in parts else False
        case _:
            return None
