"""What a decision would be without one of its conditions: a condition that nobody would miss never decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from dte_rules.analysis.encode import Encoded, known
from dte_rules.analysis.logic import Bit, conj, disj, iff, neg
from dte_rules.analysis.operators import conjunction, disjunction, negation
from dte_rules.analysis.values import Truth, Value, settled
from dte_rules.analysis.witness import settled_plan
from dte_rules.engine.verdict import Verdict
from dte_rules.program.nodes import Group, Rule

VERDICTS: tuple[Verdict, ...] = ("met", "not_met", "discretionary", "undetermined")
Part = Literal["requires", "excludes", "soft", "empowers", "delegates", "any", "all", "none"]
"""Of what a condition is a part: of the decision, or of a group."""


@dataclass(frozen=True)
class Role:
    """A condition in its place: ``beside`` are the others of its part or group, ``above`` the groups that it lies in, the inmost first."""

    rule: Rule
    part: Part
    beside: tuple[str, ...]
    above: tuple[Rule, ...] = ()

    @property
    def tells(self) -> bool:
        """The value by which it tells: a requirement by failing, an exclusion by holding, a way among several by being open."""
        return self.part not in ("requires", "soft", "all")


def roles(encoded: Encoded) -> Iterator[Role]:
    """Every condition of a decision, the members of groups after their group."""
    decision = encoded.plan.decision
    hard = decision.requires + decision.excludes
    parts: tuple[tuple[Part, tuple[str, ...], tuple[str, ...]], ...] = (
        ("requires", decision.requires, hard),
        ("excludes", decision.excludes, hard),
        ("soft", decision.soft, decision.soft + decision.empowers),
        ("empowers", decision.empowers, decision.soft + decision.empowers),
        ("delegates", decision.delegates, decision.delegates),
    )
    for part, slots, together in parts:
        for slot in slots:
            yield from _with_members(encoded, slot, part, tuple(other for other in together if other != slot), ())


def _with_members(encoded: Encoded, slot: str, part: Part, beside: tuple[str, ...], above: tuple[Rule, ...]) -> Iterator[Role]:
    rule = encoded.plan.by_slot[slot]
    yield Role(rule, part, beside, above)
    if isinstance(rule.body, Group):
        for member in rule.body.members:
            others = tuple(other for other in rule.body.members if other != member)
            yield from _with_members(encoded, member, rule.body.kind, others, (rule, *above))


def missed(encoded: Encoded, role: Role) -> Bit:
    """That the verdict would be another without the condition; delegations are taken as fulfilled, but for one that is asked about.

    Raises:
        NotEncoded: where the verdict rests on something that isn't encoded.
    """
    before = encoded if role.part == "delegates" else replace(encoded, plan=settled_plan(encoded.plan))
    slots: dict[str, Value] = {**encoded.slots, role.rule.slot: settled(not role.tells)}
    for rule in role.above:
        assert isinstance(rule.body, Group)
        slots[rule.slot] = _grouped(rule.body, [_truth(slots[member]) for member in rule.body.members])
    after = replace(before, slots=slots)
    return disj(*(neg(iff(before.verdict(v), after.verdict(v))) for v in VERDICTS))


def _truth(value: Value) -> Truth:
    assert isinstance(value, Truth)
    return value


def _grouped(group: Group, truths: list[Truth]) -> Truth:
    match group.kind:
        case "all":
            return conjunction(truths)
        case "any":
            return disjunction(truths)
        case "none":
            return negation(disjunction(truths))
        case _:
            assert_never(group.kind)


def telling(encoded: Encoded, slot: str, part: Part) -> Bit:
    """That a condition tells; ``part`` is that of the role beside which it stands."""
    decision, truth = encoded.plan.decision, encoded.truth(slot)
    if slot in decision.requires + decision.soft:
        return truth.f
    if slot in decision.excludes + decision.empowers + decision.delegates:
        return truth.t
    return truth.f if part == "all" else truth.t


def ok(encoded: Encoded, slot: str) -> Bit:
    """That a hard condition doesn't stand in the way."""
    truth = encoded.truth(slot)
    return truth.f if slot in encoded.plan.decision.excludes else truth.t


def granted(encoded: Encoded) -> Bit:
    """That no hard condition stands in the way, and what would be granted is known."""
    decision = encoded.plan.decision
    hard = [ok(encoded, slot) for slot in decision.requires + decision.excludes]
    return conj(*hard, *(known(encoded.value(slot)) for slot in decision.grants))
