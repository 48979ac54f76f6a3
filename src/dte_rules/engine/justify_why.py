"""Why not: what keeps a verdict from being `met`, each thing with what was found and what was asked.

A gap is a step whose outcome is not the one wanted, taken apart down to what could change: where each of several parts
must change, or one of them would do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from dte_rules.engine.justification import Conclusion, Justification, NotKnown, Outcome, Part, Step

Mode = Literal["leaf", "each", "one"]


@dataclass(frozen=True)
class Distance:
    """How far something is from holding: how many of its parts fail and how many are unknown, on its shortest way."""

    fails: int = 0
    unknown: int = 0

    def __add__(self, other: Distance) -> Distance:
        return Distance(self.fails + other.fails, self.unknown + other.unknown)

    @property
    def key(self) -> tuple[int, int]:
        """Less is nearer: what fails weighs more than what is unknown."""
        return self.fails, self.unknown


@dataclass(frozen=True)
class Gap:
    """Something that does not come out as wanted. ``wanted`` is the truth value that was asked for.

    ``mode`` says how its ``parts`` bear on it: ``each`` of them must change, or ``one`` of them would do; a ``leaf`` has none. ``rule``
    is the id of the rule that it stands in; ``member`` the member of a list that it is about. A gap without a step is a whole
    condition: a group, or one that another document decides. One whose step is a ``rule`` has that rule's gap as its only part.
    """

    rule: str
    wanted: bool
    outcome: Outcome
    mode: Mode
    step: Step | None = None
    parts: tuple[Gap, ...] = ()
    member: str = ""

    @property
    def distance(self) -> Distance:
        """How far it is from coming out as wanted."""
        if self.mode == "leaf":
            return Distance(unknown=1) if self.outcome == "unknown" else Distance(fails=1)
        distances = [part.distance for part in self.parts]
        if self.mode == "one":
            return min(distances, key=lambda d: d.key)
        return sum(distances, Distance())

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it apart: the same thing asked twice of the same facts is one gap."""
        if self.mode != "leaf":
            return self.mode, *(part.key for part in self.parts)
        if self.step is None:
            return self.rule, self.wanted
        form = self.step.form
        sides = () if form.op in ("some", "every") else (form.left, self.step.left, form.right, self.step.right)
        about = self.step.facts or (form.text, self.member)
        return form.op, self.wanted, about, *(str(side) for side in sides[1::2])

    def leaves(self) -> Iterator[Gap]:
        """What can't be taken apart any further."""
        if self.mode == "leaf":
            yield self
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True)
class Reason:
    """A part of the decision that keeps the verdict from being met; of an ``any`` group, ``routes`` are its ways, the nearest first."""

    conclusion: Conclusion
    part: Part
    gap: Gap

    @property
    def routes(self) -> tuple[Gap, ...]:
        """The ways of a group of which one would do."""
        if self.conclusion.form.group != "any":
            return ()
        return tuple(sorted(self.gap.parts, key=lambda gap: gap.distance.key))


def why_not(justification: Justification) -> tuple[Reason, ...]:
    """The reasons for a verdict that is not `met`, in the pack's order; none for one that is."""
    return tuple(_Why(justification).reasons())


class _Why:
    def __init__(self, justification: Justification) -> None:
        self.j = justification

    def reasons(self) -> Iterator[Reason]:
        verdict = self.j.verdict
        wanted_outcome: tuple[Outcome, ...] = ("unknown",) if verdict == "undetermined" else ("false", "true")
        if verdict in ("not_met", "undetermined"):
            yield from self._parts("requires", True, wanted_outcome)
            yield from self._parts("excludes", False, wanted_outcome)
        if verdict != "met":
            yield from self._parts("soft", True, wanted_outcome)
        if verdict == "undetermined":
            for conclusion in self.j.part("delegates"):
                if conclusion.outcome != "false":
                    yield Reason(conclusion, "delegates", self.gap(conclusion, False))
            for conclusion in self.j.part("grants"):
                slots = [slot for slot in self.j.frame.parts["grants"] if self.j.by_slot.get(slot) is conclusion]
                if not all(_known(self.j.value(slot)) for slot in slots):
                    yield Reason(conclusion, "grants", Gap(conclusion.id, True, "unknown", "leaf", conclusion.step))
        if verdict in ("undetermined", "discretionary"):
            for conclusion in self.j.part("empowers"):
                if conclusion.outcome == ("true" if verdict == "discretionary" else "unknown"):
                    yield Reason(conclusion, "empowers", self.gap(conclusion, False))

    def _parts(self, part: Part, wanted: bool, outcomes: tuple[Outcome, ...]) -> Iterator[Reason]:
        for conclusion in self.j.part(part):
            if conclusion.outcome in outcomes and conclusion.value is not wanted:
                yield Reason(conclusion, part, self.gap(conclusion, wanted))

    # --- gaps ---

    def gap(self, conclusion: Conclusion, wanted: bool, member: str = "") -> Gap:
        """What keeps a condition from coming out as wanted."""
        if conclusion.form.group is not None:
            kind = conclusion.form.group
            inner = wanted if kind != "none" else not wanted
            every = (kind == "all") == inner  # of "none", each must fail
            members = [self.j.by_slot[slot] for slot in conclusion.form.members]
            parts = [self.gap(each, inner) for each in members if each.value is not inner]
            return _of_parts(Gap(conclusion.id, wanted, conclusion.outcome, "leaf"), parts, conclusion.outcome, each=every)
        if conclusion.step is None:
            return Gap(conclusion.id, wanted, conclusion.outcome, "leaf")
        return self._step(conclusion.id, conclusion.step, wanted, member)

    def _step(self, rule: str, step: Step, wanted: bool, member: str) -> Gap:
        leaf = Gap(rule, wanted, step.outcome, "leaf", step, (), member)

        def within(parts: Iterable[Step], want: bool = wanted, of: str = member) -> list[Gap]:
            return [self._step(rule, part, want, part.member or of) for part in parts if part.value is not want]

        match step.form.op:
            case "and":
                return _of_parts(leaf, within(step.parts), step.outcome, each=wanted)
            case "or":
                return _of_parts(leaf, within(step.parts), step.outcome, each=not wanted)
            case "not":
                return _of_parts(leaf, within(step.parts, not wanted), step.outcome, each=True)
            case "if":
                branches = step.parts[1:]
                if step.parts[0].outcome != "unknown":
                    return _of_parts(leaf, within(branches), step.outcome, each=True)
                open_question = self._step(rule, step.parts[0], True, member)  # neither of its outcomes is wanted more
                return _of_parts(leaf, [open_question, *within(branches)], step.outcome, each=True)
            case "member":
                return self._step(rule, step.parts[0], wanted, step.member) if step.parts else leaf
            case "some" | "every":
                return _of_parts(leaf, self._members(rule, step, wanted), step.outcome, each=(step.form.op == "every") == wanted)
            case "rule" if step.form.rules and step.form.rules[0] in self.j.by_slot:
                found = self.j.by_slot[step.form.rules[0]]
                if found.table is not None:
                    return leaf
                return Gap(rule, wanted, step.outcome, "each", step, (self.gap(found, wanted, member),), member)
            case _:
                return leaf

    def _members(self, rule: str, step: Step, wanted: bool) -> list[Gap]:
        """The members of a list that keep it from coming out as wanted; or that may not be members at all, and why not."""
        some = step.form.op == "some"
        gaps = []
        for part in step.parts:
            if part.form.op != "member":
                continue
            if step.outcome == "unknown" and part.value is some:  # it would settle the matter, if it were a member for certain
                doubt = self._doubt(step, part.member)
                if doubt is not None:
                    gaps.append(self._step(doubt[0], doubt[1], some == wanted, part.member))
                    continue
            if part.value is not wanted:
                gaps.append(self._step(rule, part, wanted, part.member))
        return gaps

    def _doubt(self, step: Step, member: str) -> tuple[str, Step] | None:
        """Why it is not known whether something is a member: the filter that could not tell, here or in the term that is read."""
        conclusions = [self.j.by_slot[name] for name in step.form.rules if name in self.j.by_slot]
        sources = [("", part) for part in step.parts if part.form.op == "filter"]
        sources += [(each.id, each.step) for each in conclusions if each.step is not None]
        for rule, source in sources:
            for part in source.walk():
                if part.form.op == "member" and part.member == member and part.outcome == "unknown":
                    return rule or step.form.text, part
        return None


def _of_parts(leaf: Gap, parts: list[Gap], outcome: Outcome, *, each: bool) -> Gap:
    """A gap made of others. Where it fails for certain, and each part must change, those only unknown are no reason by themselves."""
    parts = list({part.key: part for part in reversed(parts)}.values())[::-1]
    if not parts:
        return leaf
    if each and outcome != "unknown":
        parts = [part for part in parts if part.outcome != "unknown"] or parts
    if len(parts) == 1:
        return parts[0]
    return Gap(leaf.rule, leaf.wanted, leaf.outcome, "each" if each else "one", leaf.step, tuple(parts), leaf.member)


def _known(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_known, value))
    return value is not None and not isinstance(value, NotKnown)
