"""The pass that makes rules of conditions and grants, and decisions of what names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from dte_rules.compiler.coverage import Standing
from dte_rules.compiler.draft import Draft
from dte_rules.compiler.writing import Writing
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, STRING, Type
from dte_rules.pack.model import Condition, DecisionItem, Grant
from dte_rules.program.nodes import Body, Decision, Formula, Group, Label, Rule

_NO_TITLE = Label("", "")


def with_decisions(draft: Draft) -> Draft:
    """The draft with its decisions, and the rules of their conditions and grants."""
    writing = Writing(draft)
    versions: dict[str, list[DecisionItem]] = {}
    for item in draft.pack.decisions:
        versions.setdefault(item.id, []).append(item)
        standing = Standing(item.period, item.under)
        for condition in _conditions(item):
            _condition(writing, condition, standing)
        for grant in item.grants:
            _grant(writing, grant, standing)
    decisions = {id_: _decision(items) for id_, items in versions.items()}
    return replace(writing.done(), decisions=decisions)


def slot_of(path: str) -> str:
    """The slot of a condition or grant: its path without its section."""
    return path.partition(".")[2]


def _conditions(item: DecisionItem) -> Iterator[Condition]:
    for part in (item.requires, item.excludes, item.soft, item.delegates, item.empowers):
        yield from part


def _condition(writing: Writing, condition: Condition, outer: Standing) -> None:
    """The rule of a condition, after those of its members. What stands inside of something stands only where that does."""
    slot = slot_of(condition.path)
    standing = outer.meet(Standing(condition.period, condition.under))
    if standing is None:
        return
    for member in condition.members:
        _condition(writing, member, standing)
    match condition.kind:
        case "when":
            _formulas(writing, condition, slot, standing)
        case "all" | "any" | "none":
            members = tuple(dict.fromkeys(slot_of(member.path) for member in condition.members))
            writing.rules.append(_rule(condition, slot, Group(condition.kind, members), BOOLEAN, standing))


def _formulas(writing: Writing, condition: Condition, slot: str, standing: Standing) -> None:
    if condition.when is None:
        always = core.Const(True, type=BOOLEAN, span=condition.span)
        writing.rules.append(_rule(condition, slot, Formula(always), BOOLEAN, standing))
        return
    for stretch in writing.stretches(slot, (condition.when,), standing, condition.span):
        expr = writing.expression(slot, condition.when, stretch.scope, BOOLEAN)
        if expr is not None:
            writing.rules.append(_rule(condition, slot, Formula(expr), BOOLEAN, stretch.standing))


def _grant(writing: Writing, grant: Grant, outer: Standing) -> None:
    slot = slot_of(grant.path)
    standing = outer.meet(Standing(grant.period, grant.under))
    if standing is None:
        return
    for stretch in writing.stretches(slot, (grant.formula,), standing, grant.span):
        expr = writing.expression(slot, grant.formula, stretch.scope, _wanted(slot))
        if expr is not None:
            writing.rules.append(_rule(grant, slot, Formula(expr), expr.type, stretch.standing))


def _wanted(slot: str) -> Type | None:
    """The type that a grant must have, by its place."""
    parts = slot.split(".")
    if parts[-2] == "dates":
        return DATE
    if parts[-2] == "values":
        return None
    return {"amount": NUMBER, "effect": STRING}.get(parts[-1])


def _rule(item: Condition | Grant, slot: str, body: Body, type_: Type, standing: Standing) -> Rule:
    title = item.title
    if title is None and isinstance(item, Condition):
        title = item.to or item.by
    return Rule(
        slot=slot,
        kind="grant" if isinstance(item, Grant) else "condition",
        type=type_,
        body=body,
        period=standing.period,
        under=standing.under,
        cites=item.cites,
        title=title,
        pack=item.pack,
        span=item.span,
    )


def _decision(versions: Sequence[DecisionItem]) -> Decision:
    """The decision that the versions make together; what is said once of it is the last version's."""
    last = versions[-1]
    grants = dict.fromkeys(slot_of(grant.path) for version in versions for grant in version.grants)

    def part(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(slot_of(c.path) for version in versions for c in getattr(version, name)))

    def named(section: str) -> tuple[tuple[str, str], ...]:
        return tuple((slot.rpartition(".")[2], slot) for slot in grants if slot.split(".")[-2] == section)

    single: Mapping[str, str] = {slot.rpartition(".")[2]: slot for slot in grants if slot.split(".")[-2] == "grants"}
    return Decision(
        id=last.id,
        title=last.title or _NO_TITLE,
        modality=last.modality,
        requires=part("requires"),
        excludes=part("excludes"),
        soft=part("soft"),
        delegates=part("delegates"),
        empowers=part("empowers"),
        amount=single.get("amount"),
        effect=single.get("effect"),
        dates=named("dates"),
        values=named("values"),
        span=last.span,
    )
