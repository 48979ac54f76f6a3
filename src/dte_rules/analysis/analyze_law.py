"""The stretches of law of a decision, and what stands out in them without any solver: no rule, two rules, no calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations, pairwise

from dateutil.relativedelta import relativedelta

from dte_rules.analysis.analyze_findings import Fact, Finding, Shown, Stretch
from dte_rules.analysis.meaning import usual_day
from dte_rules.analysis.space import Horizon
from dte_rules.analysis.witness import Policy, Replay, Witness
from dte_rules.engine.plan import Plan, Readings, changes, expressions, plan, reads
from dte_rules.feel import core
from dte_rules.program.nodes import Period, Program, Rule

_DAY = timedelta(days=1)
WORKING_DAYS = frozenset({"working_day_on_or_after", "add_working_days"})
"""The functions that rest on the yearly notices about holidays."""

SHORT, NEAR = 2, (4, 1)
"""How many members lists have, and how many years before and after the usual day are looked at, while somebody is looked for."""


@dataclass(frozen=True)
class Law:
    """Days on which plans stay the same: one plan for each choice of readings that was asked for."""

    plans: tuple[Plan, ...]
    first: date
    last: date

    @property
    def period(self) -> Period:
        """The days, half-open."""
        return Period(self.first, self.last + _DAY)

    @property
    def stretch(self) -> Stretch:
        """The first day and the last."""
        return self.first, self.last


def stretches(program: Program, decision: str, readings: Sequence[Readings], horizon: Horizon) -> tuple[Law, ...]:
    """The stretches within the horizon, in order; neighbours whose plans are the same are one."""
    days = [horizon.first, *(day for day in changes(program) if horizon.first < day <= horizon.last)]
    found: list[Law] = []
    for day, after in pairwise([*days, horizon.last + _DAY]):
        plans = tuple(plan(program, decision, day, chosen) for chosen in readings)
        if found and list(map(shape, found[-1].plans)) == list(map(shape, plans)):
            found[-1] = replace(found[-1], last=after - _DAY)
        else:
            found.append(Law(plans, day, after - _DAY))
    return tuple(found)


def shape(made: Plan) -> object:
    """All of a plan by which anybody is decided, and where it stands."""
    return made.rules, replace(made.decision, span=None), bool(made.absent)


def nearby(law: Law, horizon: Horizon, short: bool = True) -> tuple[Law, Horizon]:
    """The usual day of the stretch, and a part of the horizon, in which people are soonest found: some years, and ``short`` lists."""
    usual = usual_day(law.stretch)
    first, last = usual - relativedelta(years=NEAR[0]), usual + relativedelta(years=NEAR[1])
    slots = min(SHORT, horizon.slots) if short else horizon.slots
    return replace(law, first=usual, last=usual), replace(
        horizon, slots=slots, first=max(horizon.first, first), last=min(horizon.last, last)
    )


def in_force(laws: Sequence[Law]) -> tuple[Law, ...]:
    """The stretches in which the decision has any rule."""
    return tuple(law for law in laws if not law.plans[0].absent)


def periods_told(policy: Policy, decision: str, laws: Sequence[Law], horizon: Horizon) -> Iterator[Finding | Fact]:
    """Before, between and after: the days on which a decision, or a thing that it reads, has no rule."""
    program = policy.program
    there = in_force(laws)
    if not there:
        yield Fact("ends", decision, (horizon.first, horizon.first), laws[0].plans[0].absent)
        return
    if there[0].first > horizon.first:
        yield Fact("begins", decision, there[0].stretch, laws[0].plans[0].absent)
    if there[-1].last < horizon.last:
        yield Fact("ends", decision, there[-1].stretch, laws[-1].plans[0].absent)
    bare = [law for law in laws if law.plans[0].absent and there[0].first < law.first < there[-1].first]
    for law in bare:
        witness = Witness({}, law.first)
        found = Replay(policy, law.plans[0]).expect(witness, "undetermined")
        yield Finding(
            "no-rule",
            "warning",
            decision,
            decision,
            program.decisions[decision].span,
            period=law.stretch,
            others=law.plans[0].absent,
            witness=Shown({}, law.first, (), found),
        )
    for slot in _read(program, decision):
        for period in _lapses(program.versions(slot)):
            if any(law.first <= period[0] <= law.last for law in bare):
                continue  # the decision itself has no rule then
            rule = max(program.versions(slot), key=lambda r: r.period.start or date.min)
            yield Finding("no-rule", "warning", slot, decision, rule.span, rule.cites, period)


def _read(program: Program, decision: str) -> list[str]:
    """Every slot that a decision may read on any day and under any reading."""
    found: dict[str, None] = {}
    todo = list(program.decisions[decision].slots)
    while todo:
        slot = todo.pop(0)
        if slot not in found and (versions := program.versions(slot)):
            found[slot] = None
            todo += [name for rule in versions for name in reads(rule)]
    return list(found)


def _lapses(versions: Sequence[Rule]) -> Iterator[Stretch]:
    """The days between the periods of versions, under whatever readings, that are in none of them."""
    until: date | None = None
    for rule in sorted(versions, key=lambda r: r.period.start or date.min):
        start = rule.period.start or date.min
        if until is not None and until < start:
            yield until, start - _DAY
        if rule.period.end is None:
            return
        until = max(until or date.min, rule.period.end)


def overlapping_versions(program: Program) -> Iterator[Finding]:
    """Two rules for one slot in force at once under one choice of readings; the compiler refuses a pack of which it sees that."""
    by_slot: dict[str, list[Rule]] = {}
    for rule in program.rules:
        for slot in rule.slots:
            by_slot.setdefault(slot, []).append(rule)
    for slot, versions in by_slot.items():
        for first, second in combinations(versions, 2):
            shared = first.period.intersect(second.period)
            if shared is not None and _together(first, second):
                days = shared.start or date.min, shared.end - _DAY if shared.end else date.max
                also = (first.span,) if first.span else ()
                yield Finding("versions-overlap", "error", slot, None, second.span, second.cites, days, also=also)


def _together(first: Rule, second: Rule) -> bool:
    """Whether some choice of readings lets both stand."""
    chosen = dict(first.under)
    return all(set(readings) & set(chosen.get(name, readings)) for name, readings in second.under)


def calendar_told(program: Program, decision: str, laws: Sequence[Law], reported: set[int]) -> Iterator[Finding | Fact]:
    """The years of the law whose working days aren't known, where a decision reckons by working days."""
    rules = [rule for law in laws for rule in law.plans[0].rules if WORKING_DAYS & set(_functions([rule]))]
    years = program.calendar.years
    if not rules or not laws:
        return
    if years:
        yield Fact("calendar", decision, None, (str(min(years)), str(max(years))))
    last = max(years, default=laws[-1].first.year)
    for year in range(laws[0].first.year, last + 1):
        if year not in years and year not in reported:
            reported.add(year)
            rule = rules[0]
            yield Finding(
                "no-calendar", "warning", f"calendar-{year}", decision, rule.span, rule.cites, (date(year, 1, 1), date(year, 12, 31))
            )


def _functions(rules: Iterable[Rule]) -> Iterator[str]:
    for rule in rules:
        for expr in expressions(rule):
            for node in core.walk(expr):
                if isinstance(node, core.Call):
                    yield node.function
