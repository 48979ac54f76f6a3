"""Analyses a pack by itself: what can't happen, never decides, contradicts itself, is left without a rule, or changes nothing.

Each decision is taken in each stretch of law. What is said of a rule holds of all the plans in which it stands: under the default
readings and, where nothing was found there, under each other reading that it stands under.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from dte_rules.analysis.analyze_conditions import (
    Only,
    ask_roles,
    ask_truths,
    condition_findings,
    contradictions,
    in_everybodys_way,
    verdicts,
)
from dte_rules.analysis.analyze_findings import Analysis, Counted, Effective, Fact, Finding, Options, Severity, Stretch
from dte_rules.analysis.analyze_ground import Doubts, Ground, key_of
from dte_rules.analysis.analyze_law import Law, calendar_told, in_force, nearby, overlapping_versions, periods_told, stretches
from dte_rules.analysis.analyze_ledger import Entry, Ledger
from dte_rules.analysis.analyze_readings import Asked, Judge, departures
from dte_rules.analysis.analyze_tables import Tables
from dte_rules.analysis.witness import Policy
from dte_rules.engine.plan import Plan, reads
from dte_rules.feel.types import BOOLEAN
from dte_rules.program.nodes import Group, Program, Rule

_ORDER: tuple[Severity, ...] = ("error", "warning", "note")
Told = Callable[[int, int], None]


def analyze(policy: Policy, decisions: tuple[str, ...] = (), options: Options | None = None, told: Told | None = None) -> Analysis:
    """A pack analysed, in some decisions or all; ``told`` hears how many steps of how many are done.

    Raises:
        EncodingDisagrees: where the engine decides a witness otherwise than the solver.
    """
    return Run(policy, decisions or tuple(policy.program.decisions), options or Options(), told).analysis()


class Run:
    """One analysis under way; ``ledger`` keeps what has been asked of each rule and row."""

    def __init__(self, policy: Policy, decisions: tuple[str, ...], options: Options, told: Told | None) -> None:
        self.policy, self.decisions, self.options, self.told = policy, decisions, options, told
        self.program = policy.program
        self.written: Mapping[Any, Rule] = {key_of(rule): rule for rule in self.program.rules}
        self.doubts, self.ledger = Doubts(), Ledger()
        self.findings: list[Finding] = []
        self.facts: list[Fact] = []
        self.tables = Tables(self.ledger, self.written, self.findings, set())
        self.plans = 0
        self._stopping: dict[tuple[str, Stretch], frozenset[str]] = {}
        """By decision and stretch, the conditions that are in everybody's way."""

    def analysis(self) -> Analysis:
        """Everything that is found."""
        laws = {decision: stretches(self.program, decision, [()], self.options.horizon) for decision in self.decisions}
        asked = list(departures(self.policy, self.decisions, self.options))
        steps = len(laws) + 2 * len(asked)
        done = 0
        self._say(done, steps)
        self.findings += overlapping_versions(self.program)
        reported: set[int] = set()
        blocked: list[Finding] = []
        unclear: list[Law] = []
        for decision, several in laws.items():
            self._sort(periods_told(self.policy, decision, several, self.options.horizon))
            there = in_force(several)
            self._sort(calendar_told(self.program, decision, there, reported))
            unclear += [law for law in reversed(there) if self._found_nearby(law)]
            done += 1
            self._say(done, steps)
        for each in asked:
            self._departed(each, self._nearby, first=True)
            done += 1
            self._say(done, steps)
        for law in (law for several in laws.values() for law in reversed(in_force(several))):
            blocked += self._proved(law, law in unclear)
        for each in asked:
            self._departed(each, self._whole)
        self.findings += self._merged(blocked)
        self.findings += condition_findings(self.ledger, self.program, blocked)
        self.findings += map(_row_finding, self.ledger.proved("row"))
        readings: list[Effective] = []
        judges = Judge(self.policy, asked, self.options, self.doubts)
        for each in asked:
            judged = judges.judge(each)
            name = each.interpretation.id
            if not each.laws and not _asks(self.program, name):
                self.facts.append(Fact("unread", "", None, (name,)))
                judged = None
            if isinstance(judged, Effective):
                readings.append(judged)
            elif judged is not None and (each.laws or self.decisions == tuple(self.program.decisions)):
                self.findings.append(judged)
            done += 1
            self._say(done, steps)
        counted = Counted(self.plans, self.ledger.count("true", "decides"), self.ledger.count("row"), len(asked))
        return Analysis(
            self.program.name,
            self.decisions,
            tuple(sorted(self.findings, key=_place)),
            tuple(self._joined()),
            tuple(readings),
            tuple(self.doubts.unsure),
            dict(self.doubts.not_analysed),
            self.options.horizon,
            counted,
        )

    def _say(self, done: int, steps: int) -> None:
        if self.told is not None:
            self.told(done, steps)

    def _sort(self, several: Iterator[Finding | Fact]) -> None:
        for each in several:
            if isinstance(each, Fact):
                self.facts.append(each)
            else:
                self.findings.append(each)

    def _found_nearby(self, law: Law) -> bool:
        """Asks everything of people who are soonest found, by whom most is answered; whether a verdict is left that nobody had."""
        ground = self._nearby(law)
        self.plans += 1
        self._ask(ground, None)
        blocked = any(True for _ in contradictions(ground))
        if blocked:
            self._stopping[law.plans[0].decision.id, law.stretch] = in_everybodys_way(self._whole(law))
        facts = list(verdicts(ground, blocked))
        self.facts += [fact for fact in facts if fact.kind == "never-refused"]
        return blocked or any(fact.kind != "never-refused" for fact in facts)

    def _proved(self, law: Law, unclear: bool) -> list[Finding]:
        """Asks of everybody what nobody nearby has answered; what keeps anybody from being granted."""
        pending = self._pending(law.plans[0])
        if not pending and not unclear:
            return []
        ground = self._whole(law)
        self._ask(ground, pending, self._stopping.get((ground.decision, law.stretch)))
        if not unclear:
            return []
        blocked = list(contradictions(ground))
        self.facts += [fact for fact in verdicts(ground, bool(blocked)) if fact.kind != "never-refused"]
        return blocked

    def _nearby(self, law: Law) -> Ground:
        days, horizon = nearby(law, self.options.horizon, short=False)
        return Ground(self.policy, days, replace(self.options, horizon=horizon), Doubts(), conclusive=False, stretch=law.stretch)

    def _whole(self, law: Law) -> Ground:
        return Ground(self.policy, law, self.options, self.doubts)

    def _ask(self, ground: Ground, only: Only, stopping: frozenset[str] | None = None) -> None:
        ask_truths(ground, self.ledger, self.written, only)
        ask_roles(ground, self.ledger, self.written, only, stopping)
        self.tables.ask(ground, only)

    def _stops(self, law: Law) -> frozenset[str]:
        """Conditions in everybody's way under the default readings, if they and all that they read are the same in the other plan.

        They are in everybody's way under it too.
        """
        default, made = law.plans
        for (decision, stretch), stopping in self._stopping.items():
            if decision == made.decision.id and stretch[0] <= law.first and law.last <= stretch[1]:
                same = default.by_slot.keys() & made.by_slot.keys() - _different(made, default)
                hard = {*made.decision.requires, *made.decision.excludes}
                return stopping if stopping <= same & hard else frozenset()
        return frozenset()

    def _pending(
        self, made: Plan, beside: Plan | None = None, *, alike: bool = True, stopping: frozenset[str] = frozenset()
    ) -> frozenset[Any]:
        """The keys of a plan's rules of which something is still to be told; only where another plan doesn't tell the same of them.

        Whether a condition decides may be told otherwise though it is ``alike`` in both; but not where both are ``stopping`` everybody.
        """
        met, truths, deciding = self.ledger.met, self.ledger.pending("true", "false", "row"), self.ledger.pending("decides")
        other = set(made.by_slot) if beside is None else _different(made, beside)
        if stopping:
            own = {key_of(made.by_slot[slot]) for slot in _with_members(made, stopping)}
            deciding = {key for key in deciding if key in own or (alike and not self.ledger.proofs("decides", key))}
        found: set[Any] = set()
        for rule in made.rules:
            key = key_of(rule)
            told = key in truths or (key not in met and _asked(rule)) or self.tables.pending(rule, made, self.program)
            differs = not other.isdisjoint(rule.slots)
            if (key in deciding and (alike or differs)) or (told and differs):
                found.add(key)
        return frozenset(found)

    def _departed(self, asked: Asked, ground: Callable[[Law], Ground], *, first: bool = False) -> None:
        """Rules that stand only under a reading, and those of which something was not found under the default ones.

        At ``first`` not those that have decided nothing so far: more often than not it is the day, not the reading, by which they do.
        """
        for _, laws in asked.laws:
            for law in laws:
                made = law.plans[1]
                stopping = self._stops(law)
                if not made.absent and (keys := self._pending(made, law.plans[0], alike=not first, stopping=stopping)):
                    self.plans += 1
                    self._ask(ground(replace(law, plans=(made,))), keys, stopping or None)

    def _merged(self, blocked: list[Finding]) -> Iterator[Finding]:
        """One finding for the same conditions in several stretches."""
        several: dict[Any, Finding] = {}
        for finding in blocked:
            key = finding.kind, finding.slot, finding.others, finding.place
            known = several.get(key)
            if known is not None and known.period is not None and finding.period is not None:
                period = min(known.period[0], finding.period[0]), max(known.period[1], finding.period[1])
                finding = replace(known, period=period)
            several[key] = finding
        yield from several.values()

    def _joined(self) -> Iterator[Fact]:
        """One fact for the same in stretches that follow each other."""
        several: dict[Any, Fact] = {}
        for fact in self.facts:
            key = fact.kind, fact.decision, fact.names
            known = several.get(key)
            if known is not None and known.period is not None and fact.period is not None:
                period = min(known.period[0], fact.period[0]), max(known.period[1], fact.period[1])
                fact = replace(fact, period=period)
            several[key] = fact
        yield from several.values()


def _different(made: Plan, beside: Plan) -> set[str]:
    """The slots of a plan whose rules, or what they read, are others in another plan."""
    found: set[str] = set()
    for rule in made.rules:
        if beside.by_slot.get(rule.slots[0]) != rule or not found.isdisjoint(reads(rule)):
            found.update(rule.slots)
    return found


def _with_members(made: Plan, slots: Iterable[str]) -> set[str]:
    """Slots, and the members of those that are groups."""
    found: set[str] = set()
    todo = list(slots)
    while todo:
        slot = todo.pop()
        found.add(slot)
        body = made.by_slot[slot].body
        todo += body.members if isinstance(body, Group) else ()
    return found


def _asked(rule: Rule) -> bool:
    """Whether anything is asked of such a rule."""
    return rule.kind == "condition" or rule.type == BOOLEAN


def _asks(program: Program, interpretation: str) -> bool:
    """Whether any rule stands under an interpretation or asks for it."""
    return any(interpretation in dict(rule.under) or interpretation in reads(rule) for rule in program.rules)


def _row_finding(entry: Entry) -> Finding:
    rule, row = entry.rule, entry.row
    assert row is not None
    first = entry.proofs[0]
    shadowed = next((proof for proof in entry.proofs if proof.matches), None)
    period = min(p.stretch[0] for p in entry.proofs), max(p.stretch[1] for p in entry.proofs)
    return Finding(
        "row-never-matches" if shadowed is None else "row-shadowed",
        "warning",
        f"{rule.slot}#{entry.number}",
        first.decision,
        row.span or rule.span,
        row.cites or rule.cites,
        period,
        shadowed.others if shadowed else (),
        witness=shadowed.witness if shadowed else None,
    )


def _place(finding: Finding) -> tuple[Any, ...]:
    span = finding.place
    where = (span.file, span.line, span.column) if span else ("", 0, 0)
    return _ORDER.index(finding.severity), *where, finding.slot
