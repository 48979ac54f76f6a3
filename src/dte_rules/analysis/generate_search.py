"""Finds typical cases of a decision: a person for whom it is met, one for each way in which it can be, and the edges around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from dte_rules.analysis.generate_facts import consistent
from dte_rules.analysis.generate_frame import Frame, Slot, State
from dte_rules.analysis.generate_runner import Runner
from dte_rules.feel.types import DATE, NUMBER
from dte_rules.program.nodes import Group

TRIES = 900
"""How many changes are tried on the way to the first base."""
FEWER = 250
"""How many for each further base."""
DAY = timedelta(days=1)
MOST_EDGES = 24

Move = tuple[Slot, int]
Score = Callable[[State], float]


def best(frame: Frame, start: State, score: Score, random: Random, tries: int, enough: float = 1e9) -> State:
    """The best state that changing a few slots at a time leads to."""
    state, value = start, score(start)
    slots = [slot for slot in frame.slots if slot.kind not in ("day", "reading")]
    for slot in (
        slot for slot in slots if slot.kind != "fact" or frame.has(state.facts, slot.address)
    ):  # each slot alone, before chance is tried
        for option in range(min(slot.count, 8)):
            if value >= enough:
                return state
            other = frame.changed(state, [(slot, option)])
            if (better := score(other)) > value:
                state, value = other, better
    for _ in range(tries if slots else 0):
        if value >= enough:
            break
        moves = []
        for _ in range(random.choice((1, 2, 2, 3))):
            slot = random.choice(slots)
            moves.append((slot, random.randrange(slot.count)))
        other = frame.changed(state, moves)
        if (better := score(other)) >= value:
            state, value = other, better
    return state


def simplest(frame: Frame, state: State, score: Score) -> State:
    """The state with no more members in its lists than it needs, and every fact typical that need not be otherwise."""
    value = score(state)
    for shorter in frame.shorter(state):
        if score(shorter) >= value:
            return simplest(frame, shorter, score)
    for slot in frame.slots:
        if slot.kind == "fact" and frame.has(state.facts, slot.address):
            for option in range(min(slot.count, 3)):
                other = frame.changed(state, [(slot, option)])
                if other.facts == state.facts:
                    break
                if score(other) >= value:
                    state = other
                    break
    return state


def bases(frame: Frame, runner: Runner, days: Sequence[date], random: Random) -> list[State]:
    """Typical cases: one that is met if any is, one for each alternative, one for each stretch of law, and nothing known."""
    typical = frame.typical(days[0])
    score = runner.score
    first = simplest(frame, best(frame, typical, score, random, TRIES, enough=_enough(runner, typical)), score)
    found = [first]
    for slot in _alternatives(runner, first):

        def only(state: State, slot: str = slot) -> float:
            compiled, run = runner.run(state)
            group = next(r.body.members for r in compiled.plan.rules if isinstance(r.body, Group) and slot in r.body.members)
            others = sum(run.values.get(member) is False for member in group if member != slot)
            return score(state) + 4 * (run.values.get(slot) is True) + 0.5 * others / max(len(group), 1)

        found.append(simplest(frame, best(frame, first, only, random, FEWER), only))
    for day in days[1:]:
        moved = replace(first, as_of=day)
        found.append(best(frame, moved, score, random, FEWER // 2, enough=_enough(runner, moved)))
    for interpretation, readings in frame.readings.items():
        for reading in readings[1:]:
            moved = replace(first, readings={interpretation: reading})
            if runner.run(moved)[1].verdict != "met" and runner.run(first)[1].verdict == "met":
                found.append(best(frame, moved, score, random, FEWER // 2, enough=_enough(runner, moved)))
    kept: list[State] = []
    for state in (replace(state, facts=consistent(frame.vocabulary, state.facts)) for state in found):
        if state not in kept:
            kept.append(state)
    return [*kept, State({}, days[0])]


def _enough(runner: Runner, state: State) -> float:
    """The greatest score there can be."""
    wanted = runner.compiled(state.as_of, state.readings).plan.decision
    every = len(wanted.requires) + len(wanted.excludes) + 0.3 * (len(wanted.soft) + len(wanted.delegates)) + 0.5 * len(wanted.grants)
    return 3.0 + every - 1e-6


def _alternatives(runner: Runner, state: State) -> list[str]:
    """Members of groups of which any will do, as far as they are in force."""
    plan = runner.compiled(state.as_of, state.readings).plan
    groups = [rule.body.members for rule in plan.rules if isinstance(rule.body, Group) and rule.body.kind == "any"]
    return [member for members in groups if len(members) > 1 for member in members]


def days_worth_asking(program_changes: Sequence[date], runner: Runner, today: date) -> tuple[list[date], list[date]]:
    """A day in each stretch in which the decision has rules, the latest stretch first; and these days with the edges between."""
    inside: list[date] = []
    edges: list[date] = []
    starts = list(program_changes) or [today]
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else start + 800 * DAY
        middle = start + min(timedelta(days=124), (end - start) / 2)
        if runner.compiled(middle, {}).plan.absent:
            continue
        inside.append(_working(middle))
        edges += [start - DAY, start]
    inside.reverse()
    if not inside:
        inside = [_working(starts[-1] + 124 * DAY)]
    years = [date(inside[0].year, 1, 1), date(inside[0].year, 12, 31), date(inside[0].year + 1, 1, 1)]
    return inside, list(dict.fromkeys([*inside, *edges, *years]))


def _working(day: date) -> date:
    """The day itself, or the Monday after it."""
    return day + timedelta(days=(7 - day.weekday()) % 7) if day.weekday() > 4 else day


def edges_around(frame: Frame, runner: Runner, state: State) -> Iterator[tuple[str, Any]]:
    """Values at which the conditions of a state turn, on either side, by trying: days and numbers, by the slots' names."""
    for slot in frame.slots:
        if slot.kind != "fact":
            continue
        type_ = frame.vocabulary.types[slot.path]
        if type_ == DATE and slot.address[0] in state.facts:
            for day in _turns(state, slot, frame, runner, _calendar(state.as_of), _between_days):
                yield slot.name, day
        elif type_ == NUMBER and slot.address[0] in state.facts:
            numbers = sorted(set(frame.options.of(slot.path, state.as_of)))
            for number in _turns(state, slot, frame, runner, numbers, _between_numbers):
                yield slot.name, number


def days_around(frame: Frame, runner: Runner, state: State) -> list[date]:
    """The days asked about on which the conditions of a state turn."""
    grid = [state.as_of + timedelta(days=n) for n in range(-360, 1500, 31)]
    return _bisected(grid, lambda day: runner.signature(replace(state, as_of=day)), _between_days)[:MOST_EDGES]


def _calendar(as_of: date) -> list[date]:
    """Days to try, dense about the day asked about, sparse in a life's span."""
    near = [as_of + timedelta(days=n) for n in range(-1500, 400, 29)]
    far = [date(year, month, 1) for year in range(as_of.year - 75, as_of.year - 4) for month in (1, 7)]
    return sorted({*near, *far})


def _turns(
    state: State, slot: Slot, frame: Frame, runner: Runner, grid: Sequence[Any], between: Callable[[Any, Any], Any | None]
) -> list[Any]:
    def tried(value: Any) -> tuple[Any, ...]:
        other = frame.changed(state, ())
        frame.put(other.facts, slot.address, value, state.as_of)
        return runner.signature(other)

    return _bisected(grid, tried, between)[:MOST_EDGES]


def _bisected(grid: Sequence[Any], outcome: Callable[[Any], Any], between: Callable[[Any, Any], Any | None]) -> list[Any]:
    found: dict[Any, None] = {}
    outcomes = [outcome(value) for value in grid]
    for number in range(len(grid) - 1):
        if outcomes[number] == outcomes[number + 1]:
            continue
        low, high, before = grid[number], grid[number + 1], outcomes[number]
        while (middle := between(low, high)) is not None:
            low, high = (middle, high) if outcome(middle) == before else (low, middle)
        found.update({low: None, high: None})
    return list(found)


def _between_days(low: date, high: date) -> date | None:
    return low + (high - low) / 2 if (high - low).days > 1 else None


def _between_numbers(low: Decimal, high: Decimal) -> Decimal | None:
    middle = ((low + high) / 2).to_integral_value()
    return middle if low < middle < high else None
