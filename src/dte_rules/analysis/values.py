"""The values that expressions have in the solver: what is known of a value stands beside it, as terms.

They mirror `dte_rules.feel.values`. Every value can be null; what is neither null nor known is unknown, within bounds for numbers
and days. `known`, `low_on` and `high_on` exclude null, and a value is known where its two ends are there and meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dte_rules.analysis.days import Day, day_of, day_when
from dte_rules.analysis.logic import Bit, Int, alike, conj, conjoined, disj, disjoined, either, equal, iff, implies, less, neg, when
from dte_rules.analysis.numbers import Num, num_equal, num_less, num_when
from dte_rules.analysis.solver import NotEncoded

Kind = Literal["number", "date", "months", "days"]
End = Num | Day


@dataclass(frozen=True, slots=True)
class Truth:
    """A truth value: true, false, null, or else unknown."""

    t: Bit
    f: Bit
    null: Bit = False

    @property
    def decided(self) -> bool:
        """Whether it is plainly true or false: nothing in it can be unknown or null."""
        if self.null is not False:
            return False
        opposite = neg(self.t)
        return opposite is self.f or alike(opposite, self.f)

    @property
    def unknown(self) -> Bit:
        """Neither true nor false nor null."""
        return False if self.decided else neg(disj(self.t, self.f, self.null))


@dataclass(frozen=True, slots=True)
class Text:
    """A text, by its number in the pool."""

    code: Int
    known: Bit = True
    null: Bit = False

    @property
    def unknown(self) -> Bit:
        """Not known, nor null."""
        return neg(disj(self.known, self.null))


@dataclass(frozen=True, slots=True)
class Ordered:
    """A number, a day or a duration. Where ``low`` and ``high`` are one object, bounds tell nothing beyond ``known``."""

    kind: Kind
    low: End
    high: End
    known: Bit = True
    low_on: Bit = True
    high_on: Bit = True
    null: Bit = False

    @property
    def unknown(self) -> Bit:
        """Not known, nor null."""
        return neg(disj(self.known, self.null))


@dataclass(frozen=True, slots=True)
class Entry:
    """A place of a list: there may be a member in it, certainly or possibly."""

    value: Value
    possible: Bit
    certain: Bit


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: its places, of which some may be empty."""

    entries: tuple[Entry, ...]
    known: Bit = True
    null: Bit = False

    @property
    def unknown(self) -> Bit:
        """Not known, nor null."""
        return neg(disj(self.known, self.null))


@dataclass(frozen=True, slots=True)
class Rec:
    """A record of facts: one of several paths, each possible under its guard; null or lost where neither is."""

    options: tuple[tuple[Bit, str], ...]
    null: Bit = False
    lost: Bit = False


@dataclass(frozen=True, slots=True)
class Blank:
    """A value of any type: null, or else unknown."""

    null: Bit


Value = Truth | Text | Ordered | Listing | Rec | Blank
NULL = Blank(True)
UNKNOWN = Blank(False)


def settled(bit: Bit) -> Truth:
    """A truth value that is true or else false."""
    return Truth(bit, neg(bit))


def exactly(kind: Kind, end: End, known: Bit = True, null: Bit = False) -> Ordered:
    """A value that is known or not, without bounds of its own."""
    return Ordered(kind, end, end, known, known, known, null)


def within(kind: Kind, low: End, high: End, low_on: Bit, high_on: Bit, null: Bit = False) -> Ordered:
    """A value between bounds, as far as there are any; known where they meet."""
    if low is high:
        both = conj(low_on, high_on)
        return Ordered(kind, low, high, both, low_on, high_on, null)
    return Ordered(kind, low, high, conj(low_on, high_on, same_end(low, high)), low_on, high_on, null)


def same_end(a: End, b: End) -> Bit:
    """Whether two ends are equal."""
    if isinstance(a, Num) and isinstance(b, Num):
        return num_equal(a, b)
    assert isinstance(a, Day)
    assert isinstance(b, Day)
    return equal(a.key, b.key)


def before(a: End, b: End) -> Bit:
    """Whether the first end is less."""
    if isinstance(a, Num) and isinstance(b, Num):
        return num_less(a, b)
    assert isinstance(a, Day)
    assert isinstance(b, Day)
    return less(a.key, b.key)


def end_when(condition: Bit, then: End, otherwise: End) -> End:
    """One of two ends."""
    if isinstance(then, Num) and isinstance(otherwise, Num):
        return num_when(condition, then, otherwise)
    assert isinstance(then, Day)
    assert isinstance(otherwise, Day)
    return day_when(condition, then, otherwise)


def chain(options: Sequence[tuple[Bit, Any]], pick: Callable[[Bit, Any, Any], Any]) -> Any:
    """The first whose guard is true; the last where none is."""
    found = options[-1][1]
    for guard, value in reversed(options[:-1]):
        found = pick(guard, value, found)
    return found


def extreme(options: Iterable[tuple[Bit, End]], *, greatest: bool) -> tuple[Bit, End] | None:
    """Whether there is any whose guard is true, and the greatest or least of them."""
    found: tuple[Bit, End] | None = None
    for guard, end in options:
        if guard is False:
            continue
        if found is None:
            found = guard, end
            continue
        has, best = found
        better = before(best, end) if greatest else before(end, best)
        found = disj(has, guard), end_when(conj(guard, disj(neg(has), better)), end, best)
    return found


def like(value: Value, model: Value) -> Value:
    """A blank value as one of the model's kind."""
    if not isinstance(value, Blank):
        return value
    match model:
        case Truth():
            return Truth(False, False, value.null)
        case Text():
            return Text(0, False, value.null)
        case Ordered(kind, low, _):
            return Ordered(kind, low, low, False, False, False, value.null)
        case Listing():
            return Listing((), False, value.null)
        case Rec():
            return Rec((), value.null, neg(value.null))
        case Blank():
            return value


def alignment(values: Sequence[Value]) -> list[Value]:
    """Values that may stand for one another, blank ones in the kind of the others.

    Raises:
        NotEncoded: where two are of different kinds.
    """
    model = next((v for v in values if not isinstance(v, Blank)), UNKNOWN)
    found = [like(v, model) for v in values]
    kinds = {(type(v), v.kind if isinstance(v, Ordered) else None) for v in found}
    if len(kinds) > 1:
        raise NotEncoded("values of different types in one place")
    return found


def join(options: Sequence[tuple[Bit, Value]], *, exclusive: bool = False) -> Value:
    """What is known of a value that is one of several, each possible under its guard; one at least is.

    ``exclusive`` says that never two guards are true at once.
    """
    kept = [(guard, value) for guard, value in options if guard is not False]
    values = alignment([value for _, value in kept])
    pairs = list(zip([guard for guard, _ in kept], values, strict=True))
    if len(pairs) < 2:
        return values[0] if values else UNKNOWN
    first = values[0]
    if isinstance(first, Truth):
        return Truth(_all(pairs, lambda v: v.t), _all(pairs, lambda v: v.f), _all(pairs, lambda v: v.null))
    if isinstance(first, Text):
        code = chain([(g, v.code) for g, v in pairs if isinstance(v, Text)], when)
        return Text(code, _all(pairs, lambda v: conj(v.known, equal(v.code, code))), _all(pairs, lambda v: v.null))
    if isinstance(first, Ordered):
        return _join_ordered(pairs, exclusive)
    if isinstance(first, Listing):
        return _join_lists(pairs, exclusive)
    if isinstance(first, Rec):
        return join_records(pairs)
    return Blank(_all(pairs, lambda v: v.null))


def _all(pairs: Sequence[tuple[Bit, Any]], test: Callable[[Any], Bit]) -> Bit:
    return conjoined(implies(guard, test(value)) for guard, value in pairs)


def _join_ordered(pairs: Sequence[tuple[Bit, Any]], exclusive: bool) -> Ordered:
    kind: Kind = pairs[0][1].kind
    if any(v.kind != kind for _, v in pairs):
        raise NotEncoded("values of different types in one place")
    null = _all(pairs, lambda v: v.null)
    chosen: End = chain([(g, v.low) for g, v in pairs], end_when)
    plain = all(v.low is v.high for _, v in pairs)
    if exclusive:
        high = chosen if plain else chain([(g, v.high) for g, v in pairs], end_when)
        known = _all(pairs, lambda v: v.known)
        return Ordered(kind, chosen, high, known, _all(pairs, lambda v: v.low_on), _all(pairs, lambda v: v.high_on), null)
    known = _all(pairs, lambda v: conj(v.known, same_end(v.low, chosen)))
    if kind in ("months", "days"):
        return Ordered(kind, chosen, chosen, known, known, known, null)
    some_null = disjoined(conj(g, v.null) for g, v in pairs)
    low_on = conj(neg(some_null), _all(pairs, lambda v: v.low_on))
    high_on = conj(neg(some_null), _all(pairs, lambda v: v.high_on))
    lowest = extreme([(g, v.low) for g, v in pairs], greatest=False)
    highest = extreme([(g, v.high) for g, v in pairs], greatest=True)
    assert lowest is not None
    assert highest is not None
    return Ordered(kind, lowest[1], highest[1], disj(known, conj(low_on, high_on, same_end(lowest[1], highest[1]))), low_on, high_on, null)


def _join_lists(pairs: Sequence[tuple[Bit, Any]], exclusive: bool) -> Listing:
    known = _all(pairs, lambda v: v.known)
    entries: list[Entry] = []
    before: Bit = False
    for number, (guard, value) in enumerate(pairs):
        here = guard if exclusive else conj(guard, neg(before))
        before = disj(before, guard)
        for entry in value.entries:
            possible = conj(here, entry.possible)
            entries.append(Entry(entry.value, possible, possible if entry.certain is entry.possible else conj(here, entry.certain)))
        for other, rival in pairs[:number] if not exclusive else ():
            known = conj(known, implies(conj(guard, other, value.known, rival.known), _same_members(value, rival)))
    return Listing(tuple(entries), known, _all(pairs, lambda v: v.null))


def _same_members(a: Listing, b: Listing) -> Bit:
    """Whether two lists surely hold the same records of facts, in the same order."""
    paths = [[_path(entry) for entry in side.entries] for side in (a, b)]
    if any(len(set(side)) < len(side) for side in paths) or [p for p in paths[0] if p in paths[1]] != [
        p for p in paths[1] if p in paths[0]
    ]:
        raise NotEncoded("a list that is one of several")
    sides = [dict(zip(names, side.entries, strict=True)) for names, side in zip(paths, (a, b), strict=True)]
    same: list[Bit] = []
    for path in dict.fromkeys([*paths[0], *paths[1]]):
        there = [side[path].possible if path in side else False for side in sides]
        sure = [side[path].certain if path in side else False for side in sides]
        same += [iff(*there), iff(there[0], sure[0]), iff(there[1], sure[1])]
    return conjoined(same)


def _path(entry: Entry) -> str:
    if not isinstance(entry.value, Rec) or len(entry.value.options) != 1 or entry.value.options[0][0] is not True:
        raise NotEncoded("a list that is one of several")
    return entry.value.options[0][1]


def join_records(pairs: Sequence[tuple[Bit, Any]]) -> Rec:
    """A record that is one of several."""
    options = [(conj(guard, inner), path) for guard, value in pairs for inner, path in value.options]
    null = disjoined(conj(guard, value.null) for guard, value in pairs)
    found = disjoined(guard for guard, _ in options)
    lost = disjoined(conj(guard, value.lost) for guard, value in pairs)
    return Rec(tuple(options), conj(null, neg(found), neg(lost)), disj(lost, conj(null, found)))


def constant_end(value: object) -> Any:
    """A known value's day or number, where it has no symbols."""
    if isinstance(value, Ordered) and value.known is True and value.low is value.high:
        return value.low.constant
    return None


def unknown_ordered(kind: Kind, null: Bit = False) -> Ordered:
    """An unknown value without bounds."""
    from datetime import date

    blank: End = day_of(date(2000, 1, 1)) if kind == "date" else Num(0)
    return Ordered(kind, blank, blank, False, False, False, null)


def picked(condition: Bit, then: Value, otherwise: Value) -> Value:
    """One of two values by a condition that is never unknown."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    a, b = alignment([then, otherwise])
    if isinstance(a, Truth) and isinstance(b, Truth):
        t = either(condition, a.t, b.t)
        return settled(t) if a.decided and b.decided else Truth(t, either(condition, a.f, b.f), either(condition, a.null, b.null))
    return join([(condition, a), (neg(condition), b)], exclusive=True)


def differ(a: Value, b: Value) -> Bit:
    """Whether two known values are different.

    Raises:
        NotEncoded: for values of different types, and for lists.
    """
    match alignment([a, b]):
        case [Text(x), Text(y)]:
            return neg(equal(x, y))
        case [Ordered(kind=first, low=x), Ordered(kind=second, low=y)] if first == second:
            return neg(same_end(x, y))
        case [Truth(x), Truth(y)]:
            return neg(iff(x, y))
        case _:
            raise NotEncoded("results of such types compared")


def identical(a: Value, b: Value) -> Bit:
    """Whether two values are the same in all that is known of them; false where that can't be told of such values."""
    if a is b:
        return True
    match a, b:
        case Truth(), Truth():
            return conj(iff(a.t, b.t), iff(a.f, b.f), iff(a.null, b.null))
        case Text(), Text():
            return conj(iff(a.known, b.known), iff(a.null, b.null), implies(a.known, equal(a.code, b.code)))
        case Ordered(), Ordered() if a.kind == b.kind:
            bits = [iff(x, y) for x, y in ((a.known, b.known), (a.low_on, b.low_on), (a.high_on, b.high_on), (a.null, b.null))]
            low, high = same_end(a.low, b.low), same_end(a.high, b.high)
            return conj(*bits, implies(disj(a.known, a.low_on), low), implies(disj(a.known, a.high_on), high))
        case Listing(), Listing() if len(a.entries) == len(b.entries):
            pairs = list(zip(a.entries, b.entries, strict=True))
            there = [conj(iff(x.possible, y.possible), iff(x.certain, y.certain)) for x, y in pairs]
            members = [implies(x.possible, identical(x.value, y.value)) for x, y in pairs]
            return conj(iff(a.known, b.known), iff(a.null, b.null), *there, *members)
        case Rec(), Rec() if [path for _, path in a.options] == [path for _, path in b.options]:
            guards = [iff(x, y) for (x, _), (y, _) in zip(a.options, b.options, strict=True)]
            return conj(*guards, iff(a.null, b.null), iff(a.lost, b.lost))
        case Blank(), Blank():
            return iff(a.null, b.null)
        case _:
            return False
