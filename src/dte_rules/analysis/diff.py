"""Two versions of a pack: whether anybody is decided differently, who gains and who loses, with people to show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from dte_rules.analysis.compare import Comparison
from dte_rules.analysis.logic import Bit, conj, disj, equal, iff, neg
from dte_rules.analysis.meaning import Options, Person
from dte_rules.analysis.numbers import Num, num_equal, num_less
from dte_rules.analysis.shown import result, shown_differs
from dte_rules.analysis.solver import NotEncoded
from dte_rules.analysis.space import Horizon, Mode
from dte_rules.analysis.values import Ordered, Text, differ
from dte_rules.analysis.witness import EncodingDisagrees, Policy
from dte_rules.engine.plan import Plan, changes, plan, reads
from dte_rules.engine.verdict import Verdict
from dte_rules.program.nodes import Program, Rule

Change = Literal["gains", "loses", "more", "less", "other effect", "other result", "other verdict", "other date"]
"""Of a person: granted now, no longer granted, a greater or a lesser amount, another effect or other result, another verdict besides, or
another date with the same verdict."""
VERDICTS: tuple[Verdict, ...] = ("met", "not_met", "discretionary", "undetermined")
FIRST, LAST = date(2018, 1, 1), date(2028, 12, 31)
"""Between which days versions are compared."""


@dataclass(frozen=True)
class Difference:
    """People whom the versions decide differently in a stretch of law; ``a`` of a person is the old version's decision."""

    decision: str
    period: tuple[date, date]
    change: Change
    person: Person
    reading: tuple[str, str] | None = None
    settled: tuple[str, ...] = ()
    """Delegations taken as fulfilled: without that, both versions leave everybody undetermined."""


@dataclass(frozen=True)
class Changed:
    """A rule that differs: its slot, and whether it is new, gone or changed."""

    slot: str
    how: Literal["added", "removed", "changed"]
    old: tuple[Rule, ...]
    new: tuple[Rule, ...]


@dataclass(frozen=True)
class Diff:
    """Two versions of a pack compared.

    ``proved`` are the decisions of which it is proved that, within the horizon, nobody is decided differently though rules that
    they read have changed; ``untouched`` read no changed rule. ``unsure`` and ``not_analysed`` say what could not be told.
    """

    pack: str
    changed: tuple[Changed, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    differences: tuple[Difference, ...]
    proved: tuple[str, ...]
    untouched: tuple[str, ...]
    unsure: tuple[str, ...]
    not_analysed: Mapping[str, str]
    horizon: Horizon

    @property
    def verdict_changing(self) -> bool:
        """Whether somebody is decided differently in more than dates, or may be: what can't be told counts as a change."""
        found = any(difference.change != "other date" for difference in self.differences)
        return bool(found or self.removed or self.added or self.unsure or self.not_analysed)

    @property
    def dates_differ(self) -> bool:
        """Whether somebody has another date with the same verdict."""
        return any(difference.change == "other date" for difference in self.differences)


def diff(old: Policy, new: Policy, options: Options | None = None) -> Diff:
    """Two versions of a pack compared; witnesses are replayed through the engine.

    Raises:
        EncodingDisagrees: where the engine decides a witness otherwise than the solver.
    """
    options = options or Options()
    a, b = old.program, new.program
    changed = tuple(changed_rules(a, b))
    slots = frozenset(c.slot for c in changed)
    differences: list[Difference] = []
    proved: list[str] = []
    untouched: list[str] = []
    unsure: list[str] = []
    gaps: dict[str, str] = {}
    for decision in (d for d in a.decisions if d in b.decisions):
        if not _touched(a, b, decision, slots):
            untouched.append(decision)
            continue
        before, doubts = len(differences), len(unsure)
        for period, reading in _questions(a, b, decision):
            try:
                found, doubt = _compared(old, new, decision, period, reading, options)
            except NotEncoded as gap:
                gaps[decision] = str(gap)
                continue
            differences += found
            unsure += [decision] if doubt and decision not in unsure else []
        if len(differences) == before and len(unsure) == doubts and decision not in gaps:
            proved.append(decision)
    added = tuple(d for d in b.decisions if d not in a.decisions)
    removed = tuple(d for d in a.decisions if d not in b.decisions)
    return Diff(b.name, changed, added, removed, tuple(differences), tuple(proved), tuple(untouched), tuple(unsure), gaps, options.horizon)


def changed_rules(a: Program, b: Program) -> Iterator[Changed]:
    """The slots whose rules differ in anything but their place in the file and their titles."""
    names = dict.fromkeys([*(rule.slot for rule in a.rules), *(rule.slot for rule in b.rules)])
    old, new = _by_slot(a), _by_slot(b)
    for slot in names:
        sides = old.get(slot, ()), new.get(slot, ())
        if tuple(map(_meaning, sides[0])) != tuple(map(_meaning, sides[1])):
            yield Changed(slot, "added" if not sides[0] else "removed" if not sides[1] else "changed", *sides)


def _by_slot(program: Program) -> dict[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = {}
    for rule in program.rules:
        found.setdefault(rule.slot, []).append(rule)
    return {slot: tuple(rules) for slot, rules in found.items()}


def _meaning(rule: Rule) -> Rule:
    return replace(rule, title=None, cites=(), pack="")


def _touched(a: Program, b: Program, decision: str, slots: frozenset[str]) -> bool:
    """Whether a decision reads anything that has changed, in any version of its rules."""
    if a.calendar != b.calendar or _parts(a, decision) != _parts(b, decision) or _readings(a) != _readings(b):
        return True
    for program in (a, b):
        by_slot: dict[str, list[Rule]] = {}
        for rule in program.rules:
            for slot in rule.slots:
                by_slot.setdefault(slot, []).append(rule)
        seen: set[str] = set()
        todo = list(program.decisions[decision].slots)
        while todo:
            slot = todo.pop()
            if slot in seen:
                continue
            seen.add(slot)
            for rule in by_slot.get(slot, ()):
                if rule.slot in slots:
                    return True
                todo.extend(reads(rule))
    return False


def _parts(program: Program, decision: str) -> object:
    return replace(program.decisions[decision], title=program.title, span=None)


def _readings(program: Program) -> object:
    return {i.id: tuple(r.id for r in i.readings) for i in program.interpretations.values()}


def _questions(a: Program, b: Program, decision: str) -> Iterator[tuple[tuple[date, date], tuple[str, str] | None]]:
    """The stretches of law and the readings, one departure at a time, under which the two plans differ."""
    days = sorted({day for program in (a, b) for day in changes(program) if FIRST < day <= LAST})
    stretches = list(zip([FIRST, *days], [*(day - timedelta(days=1) for day in days), LAST], strict=True))
    departures = [(i.id, r.id) for i in a.interpretations.values() if i.id in b.interpretations for r in i.readings if r.id != i.default]
    for period in reversed(stretches):
        base = _differ(a, b, decision, period[0], None)
        if base:
            yield period, None
        for departure in departures:
            known = departure[1] in [r.id for r in b.interpretations[departure[0]].readings]
            if known and not base and _differ(a, b, decision, period[0], departure):
                yield period, departure


def _differ(a: Program, b: Program, decision: str, day: date, departure: tuple[str, str] | None) -> bool:
    readings = () if departure is None else (departure,)
    first, second = plan(a, decision, day, readings), plan(b, decision, day, readings)
    return _shape(first) != _shape(second) or a.calendar != b.calendar


def _shape(made: Plan) -> object:
    return tuple(_meaning(rule) for rule in sorted(made.rules, key=lambda r: r.slot)), replace(made.decision, span=None), made.absent


def _compared(
    old: Policy, new: Policy, decision: str, period: tuple[date, date], reading: tuple[str, str] | None, options: Options
) -> tuple[list[Difference], bool]:
    """The differences of one stretch, of people of whom all is known; of others only where there are none."""
    chosen = {} if reading is None else {reading[0]: reading[1]}
    doubt = False
    trials: list[tuple[Mode, bool]] = [("complete", False), ("partial", False)]
    if options.settle and (old.program.decisions[decision].delegates or new.program.decisions[decision].delegates):
        trials.append(("complete", True))
    for mode, settle in trials:
        horizon = replace(options.horizon, mode=mode)
        asked = replace(options, horizon=horizon, settle=settle, readings={"a": chosen, "b": chosen})
        comparison = Comparison(old, new, decision, asked, period)
        found: list[Difference] = []
        softs = comparison.softs("b")
        settled = tuple(dict.fromkeys(name for names in comparison.settled.values() for name in names))
        for change, goal in _changes(comparison):
            person = comparison.person(None, softs, comparison.unsure, goal)
            if person is not None:
                if change == "other date" and (person.a.dates, person.a.latest) == (person.b.dates, person.b.latest):
                    raise EncodingDisagrees(
                        new.program.name, decision, "other dates", f"the same: {person.b.dates}", person.facts, person.as_of
                    )
                found.append(Difference(decision, period, change, person, reading, settled))
        doubt = doubt or bool(comparison.unsure)
        if found:
            return found, False
    return [], doubt


def _changes(comparison: Comparison) -> Iterator[tuple[Change, Bit]]:
    """What can change for somebody, as goals."""
    a, b = comparison.encoded["a"], comparison.encoded["b"]
    yield "gains", conj(b.grants, neg(a.grants))
    yield "loses", conj(a.grants, neg(b.grants))
    amounts = [e.value(e.plan.decision.amount) if e.plan.decision.amount else None for e in (a, b)]
    first, second = amounts
    both = conj(a.grants, b.grants)
    if isinstance(first, Ordered) and isinstance(second, Ordered) and isinstance(first.low, Num) and isinstance(second.low, Num):
        yield "more", conj(both, num_less(first.low, second.low))
        yield "less", conj(both, neg(num_less(first.low, second.low)), neg(num_equal(first.low, second.low)))
    elif (first is None) is not (second is None):
        yield "other effect", both
    effects = [e.value(e.plan.decision.effect) if e.plan.decision.effect else None for e in (a, b)]
    if isinstance(effects[0], Text) and isinstance(effects[1], Text):
        yield "other effect", conj(both, neg(equal(effects[0].code, effects[1].code)))
    elif (effects[0] is None) is not (effects[1] is None):
        yield "other effect", both
    before, after = dict(a.plan.decision.values), dict(b.plan.decision.values)
    for name in before:
        if name in after:
            yield "other result", conj(both, differ(a.value(before[name]), b.value(after[name])))
    if set(before) != set(after):
        yield "other result", both
    grants_same = iff(a.grants, b.grants)
    same = conj(*(iff(a.verdict(v), b.verdict(v)) for v in VERDICTS))
    days = dict(a.plan.decision.dates), dict(b.plan.decision.dates)
    differing = (shown_differs(result(a, days[0].get(n)), result(b, days[1].get(n)), bounds=True) for n in {**days[0], **days[1]})
    yield "other date", conj(same, disj(*differing))
    yield "other verdict", conj(grants_same, disj(*(neg(iff(a.verdict(v), b.verdict(v))) for v in VERDICTS)))
