"""Hypothesis strategies made from a pack: a typical case and a few departures from it, at the edges of the rules.

A failing example shrinks to the departures that matter, each to a value near the typical one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from pydantic import BaseModel

from dte_rules.analysis.generate import Generator
from dte_rules.analysis.generate_facts import consistent
from dte_rules.analysis.generate_frame import Slot, State
from dte_rules.testing.question import Question, instances_of
from dte_rules.testing.sampling import generator_of

if TYPE_CHECKING:
    from dte_rules.api import LoadedPack

MOST_DEPARTURES = 12


def facts_for(
    pack: LoadedPack, decision: str, *, unknowns: bool = True, as_of: date | None = None, also: Sequence[str] = ()
) -> st.SearchStrategy[BaseModel]:
    """Facts near the edges of a decision's rules, in the pack's vocabulary, for one day (`typical_day` unless given).

    Only facts that the decision can read are given, and those at the paths of ``also``. With ``unknowns=False`` every fact is known
    that was not left out of a list.
    """
    own = generator_of(pack, decision, also)
    day = as_of or own.day
    make = instances_of(pack)
    states = _states(own, unknowns=unknowns, skipped=("day", "reading"), day=day)
    return states.map(lambda state: make(state.facts))


def cases(
    pack: LoadedPack, decision: str, *, unknowns: bool = True, readings: bool = True, also: Sequence[str] = ()
) -> st.SearchStrategy[Question]:
    """Questions near the edges of a decision's rules, with their days and departures from the default readings.

    Facts that no rule of the decision reads are left out, but for those at the paths of ``also``: name there what a property speaks of, so
    that it notices when the rules do not.
    """
    own = generator_of(pack, decision, also)
    skipped = () if readings else ("reading",)
    states = _states(own, unknowns=unknowns, skipped=skipped, day=None)
    return states.map(lambda state: Question(pack, decision, state.facts, state.as_of, dict(state.readings)))


def pairs_differing_in(
    pack: LoadedPack, decision: str, *paths: str, unknowns: bool = False, readings: bool = True
) -> st.SearchStrategy[tuple[Question, Question]]:
    """Two questions that are the same but for the facts at the paths, which differ. Both of them are known.

    A path may lead into a list (``certificates.issued``); then it is the first member's fact that differs.

    Raises:
        ValueError: for a path that the decision doesn't read, naming those that it does.
    """
    own = generator_of(pack, decision)
    slots = [_slot_at(own, path) for path in paths]
    states = _states(own, unknowns=unknowns, skipped=() if readings else ("reading",), day=None)

    def differing(state: State) -> st.SearchStrategy[tuple[Question, Question]]:
        choices = [_two(len(own.frame.values(slot, state.as_of))) for slot in slots]
        return st.tuples(*choices).map(lambda chosen: _pair(pack, decision, own, state, slots, chosen))

    return states.flatmap(differing).filter(lambda pair: pair[0].data != pair[1].data)


def _two(count: int) -> st.SearchStrategy[tuple[int, int]]:
    numbers = st.integers(0, max(count - 1, 0))
    return st.tuples(numbers, numbers)


def _pair(
    pack: LoadedPack, decision: str, own: Generator, state: State, slots: Sequence[Slot], chosen: Sequence[tuple[int, int]]
) -> tuple[Question, Question]:
    found = []
    for side in (0, 1):
        changed = own.frame.changed(state, [(slot, pair[side]) for slot, pair in zip(slots, chosen, strict=True)])
        facts = consistent(pack.vocabulary, changed.facts)
        found.append(Question(pack, decision, facts, changed.as_of, dict(changed.readings)))
    return found[0], found[1]


def _slot_at(own: Generator, path: str) -> Slot:
    found = next((slot for slot in own.frame.slots if slot.kind == "fact" and path in (slot.name, slot.path)), None)
    if found is None:
        known = ", ".join(dict.fromkeys(slot.path for slot in own.frame.slots if slot.kind == "fact"))
        raise ValueError(f"`{own.decision}` doesn't read `{path}`; it reads {known}")
    return found


def _states(own: Generator, *, unknowns: bool, skipped: Sequence[str], day: date | None) -> st.SearchStrategy[State]:
    """States as departures from a base; each departure is one number, so that little is drawn for a case."""
    order = _simplest_first(own, unknowns=unknowns, skipped=skipped)
    bases = [number for number, base in enumerate(own.bases) if day is None or base.as_of == day] or [0]
    if not unknowns:
        bases = [number for number in bases if own.bases[number].facts] or [0]
    base = st.integers(0, len(bases) - 1) if len(bases) > 1 else st.just(0)
    departures = st.lists(st.integers(0, len(order) - 1), max_size=MOST_DEPARTURES) if order else st.just([])
    make = _maker(own, bases, day)
    return st.tuples(base, departures).map(lambda drawn: make(drawn[0], [order[number] for number in drawn[1]]))


def _simplest_first(own: Generator, *, unknowns: bool, skipped: Sequence[str]) -> list[tuple[Slot, int]]:
    """Every departure, those to typical values before those to rare ones."""
    numbers = range(own.count if unknowns else own.known_count)
    every = (own.departure(number) for number in numbers)
    kept = [(slot, option) for slot, option in every if slot.kind not in skipped]
    return sorted(kept, key=lambda departure: departure[1] if departure[1] >= 0 else 10**6)


def _maker(own: Generator, bases: Sequence[int], day: date | None) -> Callable[[int, list[tuple[Slot, int]]], State]:
    def made(base: int, departures: list[tuple[Slot, int]]) -> State:
        state = own.made(bases[base], departures).state
        return state if day is None or state.as_of == day else State(state.facts, day, {})

    return made
