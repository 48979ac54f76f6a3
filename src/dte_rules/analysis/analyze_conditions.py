"""Conditions and derived facts: which can never be true or false, which never decide, and which contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dte_rules.analysis.analyze_findings import Fact, Finding, Kind, Severity, Shown
from dte_rules.analysis.analyze_ground import Ground, key_of
from dte_rules.analysis.analyze_ledger import Entry, Ledger, Proof, Question
from dte_rules.analysis.analyze_roles import Role, granted, missed, ok, roles, telling
from dte_rules.analysis.encode import known
from dte_rules.analysis.logic import Bit, disj, neg
from dte_rules.analysis.solver import NotEncoded
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN
from dte_rules.program.nodes import Formula, Group, Program, Rule

Only = frozenset[Any] | None
"""The keys of the rules that are asked about; None: all."""


def ask_truths(ground: Ground, ledger: Ledger, written: Mapping[Any, Rule], only: Only = None) -> None:
    """Whether each condition and each derived truth can be true, and false. One that is written as a constant is meant so."""
    for rule in ground.plan.rules:
        key = key_of(rule)
        if rule.kind not in ("condition", "term") or rule.type != BOOLEAN:
            continue
        own = written[key]
        if (only is not None and key not in only) or (isinstance(own.body, Formula) and isinstance(own.body.expr, core.Const)):
            continue
        if rule.slot in ground.supposing.gaps:
            continue
        truth = ground.supposing.truth(rule.slot)
        sides: tuple[tuple[Question, Bit], ...] = (("true", truth.t), ("false", truth.f))
        for question, bit in sides:
            entry = ledger.entry(question, key, own)
            if entry is not None and ((found := ground.possible(rule.slot, bit)) or ground.conclusive):
                ledger.note(entry, found, Proof(ground.decision, ground.stretch))


def ask_roles(
    ground: Ground, ledger: Ledger, written: Mapping[Any, Rule], only: Only = None, stopping: frozenset[str] | None = None
) -> None:
    """Whether anybody would miss each condition; ``stopping`` are those in everybody's way, where that is known already."""
    for role in roles(ground.supposing):
        key = key_of(role.rule)
        if (only is not None and key not in only) or key not in written:
            continue
        entry = ledger.entry("decides", key, written[key])
        if entry is None:
            continue
        if stopping is None:
            stopping = in_everybodys_way(ground)
        if stopping and stopping.isdisjoint((role.rule.slot, *(rule.slot for rule in role.above))):
            if ground.conclusive:
                ledger.note(entry, False, Proof(ground.decision, ground.stretch, stopped=True))
            continue
        try:
            found = ground.possible(role.rule.slot, missed(ground.supposing, role))
            if not found and not ground.conclusive:
                continue
            covered = _covered(ground, role) if found is False and all(proof.stopped for proof in entry.proofs) else ()
            witness = _both_told(ground, role, covered[0]) if covered else None
        except NotEncoded:
            continue  # noted with the slots that aren't encoded
        ledger.note(entry, found, Proof(ground.decision, ground.stretch, covered, witness=witness))


def _both_told(ground: Ground, role: Role, other: str) -> Shown | None:
    """A person of whom the condition tells, and the one that covers it."""
    return ground.shown(telling(ground.plain, role.rule.slot, role.part), telling(ground.plain, other, role.part))


def _covered(ground: Ground, role: Role) -> tuple[str, ...]:
    """The one condition, if any, that tells whenever this one does: one beside it; of a way among several, else one that then fails."""
    encoded, slot = ground.supposing, role.rule.slot
    own = telling(encoded, slot, role.part)
    for other in role.beside:
        if ground.possible(slot, own, neg(telling(encoded, other, role.part))) is False:
            return (other,)
    if role.above:
        decision = encoded.plan.decision
        silent = [neg(telling(encoded, other, role.part)) for other in role.beside]
        for other in decision.requires + decision.excludes:
            if other != role.above[-1].slot and ground.possible(slot, own, *silent, ok(encoded, other)) is False:
                return (other,)
    return ()


def in_everybodys_way(ground: Ground) -> frozenset[str]:
    """A smallest set of hard conditions of which one fails for everybody; empty where there is none.

    Then everybody is refused, with or without any other condition: about those nothing needs to be asked.
    """
    encoded, decision = ground.supposing, ground.plan.decision
    try:
        failing = {slot: encoded.fails(slot) for slot in decision.requires + decision.excludes}
    except NotEncoded:
        return frozenset()
    if not failing:
        return frozenset()
    slots = list(failing)
    opposed = ground.search.opposed([neg(bit) for bit in failing.values()])
    found = [slots[place] for place in opposed or ()]
    for slot in list(found):  # what can be left out while still everybody is refused
        rest = [neg(failing[other]) for other in found if other != slot]
        if rest and ground.search.disproved(*rest):
            found.remove(slot)
    return frozenset(found)


# --- nobody is granted ----------------------------------------------------------------------------------------------------


def contradictions(ground: Ground) -> Iterator[Finding]:
    """That nobody can be granted what the decision is about, and a smallest set of conditions that make it so."""
    encoded, decision = ground.supposing, ground.plan.decision
    try:
        parts = {slot: ok(encoded, slot) for slot in decision.requires + decision.excludes}
        parts |= {slot: known(encoded.value(slot)) for slot in decision.grants}
    except NotEncoded:
        return
    if ground.possible(f"{decision.id}: granted", *parts.values()) is not False:
        return
    for slot in list(parts):  # what can be left out without anybody coming in
        rest = {other: bit for other, bit in parts.items() if other != slot}
        if ground.possible(f"{decision.id}: granted", *rest.values()) is False:
            parts = rest
    rules = [ground.plan.by_slot[slot] for slot in parts]
    kind: Kind = "contradiction" if all(slot in decision.requires + decision.excludes for slot in parts) else "never-granted"
    severity: Severity = "error" if kind == "contradiction" else "warning"
    first, *rest_of = rules
    yield Finding(
        kind,
        severity,
        first.slot,
        decision.id,
        first.span,
        first.cites,
        ground.stretch,
        tuple(rule.slot for rule in rest_of),
        tuple(rule.span for rule in rest_of if rule.span is not None),
    )


def verdicts(ground: Ground, blocked: bool) -> Iterator[Fact]:
    """The verdicts that are never reached, where that is meant so."""
    encoded, decision, stretch = ground.supposing, ground.plan.decision, ground.stretch
    try:
        met, discretionary, hard = encoded.verdict("met"), encoded.verdict("discretionary"), encoded.hard
        settled = granted(encoded)
    except NotEncoded:
        return
    if not (decision.requires or decision.excludes):
        yield Fact("never-refused", decision.id, stretch)
    elif hard.f is False:
        return
    if blocked:
        return
    if ground.possible(f"{decision.id}: met", disj(met, discretionary)) is False:
        if decision.delegates and ground.possible(f"{decision.id}: met", settled):
            yield Fact("delegated", decision.id, stretch, decision.delegates)
    elif decision.empowers and ground.possible(f"{decision.id}: met", met) is False:
        yield Fact("at-discretion", decision.id, stretch, decision.empowers)


# --- findings -------------------------------------------------------------------------------------------------------------


def condition_findings(ledger: Ledger, program: Program, blocked: Sequence[Finding]) -> Iterator[Finding]:
    """What is so of conditions in every plan in which they stand."""
    absent: dict[tuple[str, str], Entry] = {(e.question, e.rule.slot): e for e in ledger.proved("true", "false")}
    contradicting = {slot for finding in blocked for slot in (finding.slot, *finding.others)}
    for (question, slot), entry in absent.items():
        if slot in contradicting and _stands_in_the_way(program, slot, question):
            continue  # the contradiction says it
        if isinstance(entry.rule.body, Group) and _by_a_member(entry.rule.body, question, absent):
            continue
        if entry.rule.kind == "term" and _asked_by(slot, question, absent):
            continue
        yield _finding("never-true" if question == "true" else "never-false", "warning", entry)
    idle = {e.rule.slot: e for e in ledger.proved("decides")}
    for slot, entry in idle.items():
        parent = slot.rpartition(".")[0]
        if parent in idle or any((question, name) in absent for question in ("true", "false") for name in (slot, parent)):
            continue
        stopped = [f.period for f in blocked if f.decision == entry.proofs[0].decision]
        # where nobody is granted, nobody would miss a condition
        if any(not proof.stopped and proof.stretch not in stopped for proof in entry.proofs):
            yield _finding("never-decides", "note", entry)


def _finding(kind: Kind, severity: Severity, entry: Entry) -> Finding:
    rule, proofs = entry.rule, entry.proofs
    period = min(p.stretch[0] for p in proofs), max(p.stretch[1] for p in proofs)
    told = next((proof for proof in proofs if proof.others), proofs[0])
    return Finding(kind, severity, rule.slot, proofs[0].decision, rule.span, rule.cites, period, told.others, witness=told.witness)


def _stands_in_the_way(program: Program, slot: str, question: str) -> bool:
    decision = next((d for d in program.decisions.values() if slot in d.requires + d.excludes), None)
    return decision is not None and question == ("false" if slot in decision.excludes else "true")


def _by_a_member(group: Group, question: str, absent: Mapping[tuple[str, str], Entry]) -> bool:
    """Whether a member of its own is so that the group must be."""
    asked = {"true": "false", "false": "true"}[question] if group.kind == "none" else question
    return any((asked, member) in absent for member in group.members)


def _asked_by(slot: str, question: str, absent: Mapping[tuple[str, str], Entry]) -> bool:
    """Whether a condition that asks for nothing but this derived fact is found to be so too."""
    for (other, _), entry in absent.items():
        body = entry.rule.body
        if other == question and isinstance(body, Formula) and isinstance(body.expr, core.Ref) and body.expr.name == slot:
            return True
    return False
