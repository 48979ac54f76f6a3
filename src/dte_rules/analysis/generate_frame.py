"""Facts as a frame of slots: a case is a typical base and a few departures from it, so that it shrinks to something readable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dte_rules.analysis.generate_facts import Facts
from dte_rules.analysis.generate_options import Options
from dte_rules.feel.types import ListOf, Record, Type
from dte_rules.vocabulary import Vocabulary

Step = str | int
Address = tuple[Step, ...]
MEMBERS = 3
"""How many members of a list have slots of their own."""


@dataclass(frozen=True)
class State:
    """A question: plain facts, the day, and departures from the default readings."""

    facts: Facts
    as_of: date
    readings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Slot:
    """Something that a departure can change: the facts at an address, the length of a list, the day, a reading.

    ``kind`` is ``fact`` (one value), ``all`` (the same value for all paths that are compared with each other), ``whole`` (a record,
    or a list, that is unknown), ``length`` (how many members a list has: alike, or of other kinds), ``day`` or ``reading``.
    """

    kind: str
    name: str
    address: Address = ()
    path: str = ""
    count: int = 1
    """How many options it has."""


class Frame:
    """The slots of a decision, and what its departures do."""

    def __init__(self, vocabulary: Vocabulary, options: Options, days: Sequence[date], readings: Mapping[str, tuple[str, ...]]) -> None:
        self.vocabulary, self.options = vocabulary, options
        self.days, self.readings = tuple(days), readings
        self.read = [path for path in options.mined.read if path in vocabulary.types]
        self.records = _record_paths(vocabulary, self.read)
        self.lists = [path for path, type_ in self.records.items() if isinstance(type_, ListOf)]
        self.groups = _groups(options, self.read)
        self.extra: dict[str, tuple[Any, ...]] = {}
        """Further values by path, as edges that were found by trying."""
        self.slots = tuple(self._slots())

    def _slots(self) -> Iterator[Slot]:
        some = self.days[0]
        yield Slot("day", "as_of", count=len(self.days))
        for group in self.groups:
            yield Slot("all", " = ".join(group), path=group[0], count=len(self.options.of(group[0], some)))
        for path in self.lists:
            yield Slot("length", path, _steps(path), path, 2 * len(self.options.lengths(path)))
        for path in self.read:
            for address in self._addresses(path):
                yield Slot("fact", _text(address), address, path, max(len(self.options.of(path, some)), 1))
        for interpretation, readings in self.readings.items():
            yield Slot("reading", interpretation, count=len(readings))

    def unknowable(self) -> tuple[Slot, ...]:
        """The slots that can be made unknown: facts, and whole records and lists."""
        whole = [Slot("whole", path, _steps(path), path) for path in self.records]
        return tuple([slot for slot in self.slots if slot.kind == "fact"] + whole)

    def _addresses(self, path: str) -> Iterator[Address]:
        """The addresses of a path: one for each of the first members of the lists that it leads through."""
        found: list[Address] = [()]
        parts = path.split(".")
        for number, name in enumerate(parts, 1):
            prefix = ".".join(parts[:number])
            found = [(*address, name) for address in found]
            if number < len(parts) and isinstance(self.vocabulary.types[prefix], ListOf):
                found = [(*address, place) for address in found for place in range(MEMBERS)]
        if isinstance(self.vocabulary.types[path], ListOf) and path in self.records:
            return
        yield from found

    # --- changing a state ---

    def values(self, slot: Slot, as_of: date) -> Sequence[Any]:
        """The values that a slot of single facts can have."""
        found = self.options.of(slot.path, as_of)
        extra = self.extra.get(slot.name) or self.extra.get(slot.path)
        return (*found, *extra) if extra else found

    def changed(self, state: State, departures: Sequence[tuple[Slot, int]]) -> State:
        """The state with departures: a slot and the number of its option, negative for unknown. Days and lengths go first."""
        as_of, readings = state.as_of, dict(state.readings)
        facts = _copy(state.facts)
        ordered = departures if len(departures) < 2 else sorted(departures, key=_order)
        for slot, option in ordered:
            match slot.kind:
                case "day":
                    as_of = self.days[option % len(self.days)]
                case "reading":
                    known = self.readings[slot.name]
                    readings[slot.name] = known[option % len(known)]
                case "length":
                    self._lengthen(facts, slot, option, as_of)
                case "all":
                    alike = self.options.of(slot.path, as_of)
                    if alike:
                        self._put_all(facts, slot, alike[option % len(alike)])
                case _:
                    if option < 0:
                        self.put(facts, slot.address, None, as_of)
                    else:
                        values = self.values(slot, as_of)
                        if values:
                            self.put(facts, slot.address, values[option % len(values)], as_of)
        return State(facts, as_of, {name: reading for name, reading in readings.items() if reading != self.readings[name][0]})

    def put(self, facts: Facts, address: Address, value: Any, as_of: date) -> None:
        """Set a fact; what it stands in is made, where it isn't there."""
        current: Any = facts
        path = ""
        for number, step in enumerate(address[:-1]):
            if isinstance(step, int):
                while len(current) <= step:
                    current.append(self.member(path, facts, as_of, other=True))
                current = current[step]
                continue
            path = f"{path}.{step}" if path else step
            below = current.get(step)
            if below is None:
                if value is None:
                    return
                below = current[step] = [] if isinstance(address[number + 1], int) else {}
            current = below
        step = address[-1]
        if value is None:
            current.pop(step, None)
        else:
            current[step] = value

    def _put_all(self, facts: Facts, slot: Slot, value: Any) -> None:
        group = next(group for group in self.groups if group[0] == slot.path)
        for path in group:
            for holder, name in _holders(facts, path):
                if name in holder:
                    holder[name] = value

    def _lengthen(self, facts: Facts, slot: Slot, option: int, as_of: date) -> None:
        lengths = self.options.lengths(slot.path)
        length, other = lengths[option % len(lengths)], option // len(lengths) % 2 == 1
        for holder, name in _holders(facts, slot.path, make=True):
            members = holder.get(name) or []
            while len(members) < length:
                members.append(self.member(slot.path, facts, as_of, other=other, number=len(members)))
            holder[name] = members[:length]

    def member(self, path: str, facts: Facts, as_of: date, *, other: bool, number: int = 0) -> Facts:
        """A new member of a list: typical, and of the same kind as what it is compared with, or of another."""
        found: Facts = {}
        for read in self.read:
            if not read.startswith(f"{path}."):
                continue
            rest = read[len(path) + 1 :]
            values = self.options.of(read, as_of)
            if "." in rest or not values:
                continue
            compared = next((value for value in self._compared(read, facts) if value is not None), None)
            group = any(read in group for group in self.groups)
            if group and other:
                value = values[number % len(values)]
                value = values[(number + 1) % len(values)] if value == compared else value
            else:
                value = compared if group and compared is not None else values[0]
            found[rest] = value
        return found

    def _compared(self, path: str, facts: Facts) -> Iterator[Any]:
        for group in self.groups:
            if path in group:
                for linked in group:
                    yield from (holder[name] for holder, name in _holders(facts, linked) if name in holder)

    def has(self, facts: Facts, address: Address) -> bool:
        """Whether the record at whose address a fact would stand is there."""
        current: Any = facts
        for step in address[:-1]:
            if isinstance(step, int):
                if len(current) <= step:
                    return False
                current = current[step]
            elif (current := current.get(step)) is None:
                return False
        return True

    def shorter(self, state: State) -> Iterator[State]:
        """The state with one member less in one of its lists."""
        for path in self.lists:
            for number, (holder, name) in enumerate(_holders(state.facts, path)):
                for place in range(len(holder.get(name) or ())):
                    facts = _copy(state.facts)
                    other, _ = list(_holders(facts, path))[number]
                    del other[name][place]
                    yield State(facts, state.as_of, state.readings)

    def typical(self, as_of: date) -> State:
        """Facts that are all known and typical; whether they fit the rules is another matter."""
        facts: Facts = {}
        for path in self.read:
            if path in self.records or any(path.startswith(f"{outer}.") for outer in self.lists):
                continue
            values = self.options.of(path, as_of)
            if values:
                self.put(facts, _steps(path), values[0], as_of)
        for path in self.lists:
            for holder, name in _holders(facts, path, make=True):
                holder[name] = [self.member(path, facts, as_of, other=False)]
        return State(facts, as_of)


def _order(departure: tuple[Slot, int]) -> int:
    slot, option = departure
    return {"day": 0, "reading": 0, "length": 1, "all": 2}.get(slot.kind, 3 if option >= 0 else 4)


def _groups(options: Options, read: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The texts that are compared with each other for equality, as the occupations of a training and of its certificates."""
    found: list[dict[str, None]] = []
    for path in read:
        for other in options.mined.of(path).linked:
            if other not in read or options.vocabulary.types[other] != options.vocabulary.types[path]:
                continue
            if not options.mined.of(path).texts and not options.mined.of(other).texts:
                continue
            together = [group for group in found if path in group or other in group]
            merged: dict[str, None] = dict.fromkeys([p for group in together for p in group] + [path, other])
            found = [group for group in found if group not in together] + [merged]
    singles_first = [sorted(group, key=lambda p: (not options.mined.of(p).texts, p)) for group in found]
    return tuple(tuple(group) for group in singles_first)


def _record_paths(vocabulary: Vocabulary, read: Sequence[str]) -> dict[str, Type]:
    """The records, and lists of records, that the paths lead through."""
    found: dict[str, Type] = {}
    for path in read:
        parts = path.split(".")
        for number in range(1, len(parts) + 1):
            prefix = ".".join(parts[:number])
            type_ = vocabulary.types[prefix]
            element = type_.element if isinstance(type_, ListOf) else type_
            if isinstance(element, Record):
                found[prefix] = type_
    return found


def _holders(facts: Facts, path: str, *, make: bool = False) -> Iterator[tuple[Facts, str]]:
    """The records that have, or could have, a path, through the lists that there are."""
    *outer, name = path.split(".")
    current: list[Any] = [facts]
    for step in outer:
        below: list[Any] = []
        for holder in current:
            value = holder.get(step)
            if value is None and make:
                value = holder[step] = {}
            below += value if isinstance(value, list) else [value] if value is not None else []
        current = below
    for holder in current:
        yield holder, name


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy(part) for name, part in value.items()}
    return [_copy(part) for part in value] if isinstance(value, list) else value


def _steps(path: str) -> Address:
    return tuple(path.split("."))


def _text(address: Address) -> str:
    found = ""
    for step in address:
        found += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if found else step
    return found
