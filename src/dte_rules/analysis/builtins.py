"""The built-in functions on symbolic values; they mirror `dte_rules.feel.functions`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import lcm

from dte_rules.analysis.days import Day, WorkingDays, day_in, last_of_month, work
from dte_rules.analysis.logic import Bit, at_most, conj, conjoined, disj, disjoined, equal, implies, less, neg, ones, total, when
from dte_rules.analysis.numbers import Num, num, num_max, num_min, num_when, over, plus, rounded, times, truncated
from dte_rules.analysis.operators import disjunction, negation, truth
from dte_rules.analysis.solver import NotEncoded
from dte_rules.analysis.space import Space
from dte_rules.analysis.values import (
    Blank,
    End,
    Entry,
    Listing,
    Ordered,
    Rec,
    Text,
    Truth,
    Value,
    alignment,
    chain,
    constant_end,
    exactly,
    extreme,
    settled,
    unknown_ordered,
    within,
)


def listing(value: Value) -> Listing:
    """A value that must be a list."""
    if isinstance(value, Blank):
        return Listing((), False, value.null)
    if not isinstance(value, Listing):
        raise NotEncoded("a single value in the place of a list")
    return value


def _listed(arguments: Sequence[Value]) -> Listing:
    if len(arguments) == 1:
        return listing(arguments[0])
    return Listing(tuple(Entry(value, True, True) for value in arguments))


def _ordered(entries: Sequence[Entry]) -> list[tuple[Entry, Ordered]]:
    values = alignment([entry.value for entry in entries])
    if values and isinstance(values[0], Blank):
        values = [unknown_ordered("number", v.null) for v in values if isinstance(v, Blank)]
    pairs = [(entry, value) for entry, value in zip(entries, values, strict=True) if isinstance(value, Ordered)]
    if len(pairs) < len(values):
        raise NotEncoded("numbers or days are asked for")
    return pairs


class Functions:
    """The built-in functions over a space of facts and a calendar."""

    def __init__(self, space: Space, working: WorkingDays) -> None:
        self.space, self.working = space, working

    def call(self, name: str, arguments: Sequence[Value]) -> Value:
        """The value of a function.

        Raises:
            NotEncoded: for one that isn't encoded, or not on such arguments.
        """
        function = _FUNCTIONS.get(name)
        if function is None:
            raise NotEncoded(f"the function {name}")
        return function(self, *arguments)

    # --- lists -------------------------------------------------------------------------------------------------------

    def count(self, *arguments: Value) -> Value:
        """How many members a list has."""
        values = _listed(arguments)
        low = ones(entry.certain for entry in values.entries)
        plain = all(entry.certain is entry.possible for entry in values.entries)
        range_ = Fraction(0), Fraction(len(values.entries))
        least = Num(low, 1, range_)
        most = least if plain else Num(ones(entry.possible for entry in values.entries), 1, range_)
        if values.known is True:
            return within("number", least, most, True, True, values.null)
        here = Num(when(values.known, low, 0), 1, range_)
        return Ordered("number", here, most, conj(values.known, equal(low, most.top)), neg(values.null), values.known, values.null)

    def sum(self, *arguments: Value) -> Value:
        """The sum of a list; null of an empty one."""
        values = _listed(arguments)
        if not values.entries:
            return Blank(disj(values.null, values.known))
        pairs = _ordered(values.entries)
        none = neg(disjoined(entry.possible for entry, _ in pairs))
        uncertain = conj(neg(none), neg(disjoined(entry.certain for entry, _ in pairs)))
        null, unknown = self._first_null(pairs)
        zero = num(0)
        low = high = zero
        for entry, value in pairs:
            first, last = value.low, value.high
            assert isinstance(first, Num)
            assert isinstance(last, Num)
            if entry.certain is entry.possible:
                added = num_when(entry.certain, first, zero)
                low, high = plus(low, added), plus(high, added if first is last else num_when(entry.certain, last, zero))
            else:
                low = plus(low, num_when(entry.certain, first, num_when(entry.possible, num_min(first, zero), zero)))
                high = plus(high, num_when(entry.certain, last, num_when(entry.possible, num_max(last, zero), zero)))
        plain = all(entry.certain is entry.possible and value.low is value.high for entry, value in pairs)
        fine = conj(values.known, neg(none), neg(uncertain), neg(null), neg(unknown))
        low_on = conj(fine, conjoined(implies(entry.possible, value.low_on) for entry, value in pairs))
        high_on = conj(fine, conjoined(implies(entry.possible, value.high_on) for entry, value in pairs))
        nothing = disj(values.null, conj(values.known, disj(none, conj(neg(uncertain), null))))
        return within(pairs[0][1].kind, low, low if plain else high, low_on, high_on, nothing)

    def _first_null(self, pairs: Sequence[tuple[Entry, Ordered]]) -> tuple[Bit, Bit]:
        """Whether the first null among the members is a certain one, and whether it is only a possible one."""
        certain: Bit = False
        possible: Bit = False
        for entry, value in pairs:
            here = neg(disj(certain, possible))
            certain, possible = (
                disj(certain, conj(here, entry.certain, value.null)),
                disj(possible, conj(here, entry.possible, neg(entry.certain), value.null)),
            )
        return certain, possible

    def mean(self, *arguments: Value) -> Value:
        """The mean of a list that is wholly known; null of an empty one."""
        values = _listed(arguments)
        if not values.entries:
            return Blank(disj(values.null, values.known))
        pairs = _ordered(values.entries)
        sure = conj(
            values.known,
            *(implies(entry.possible, conj(entry.certain, disj(value.known, value.null))) for entry, value in pairs),
        )
        size = ones(entry.certain for entry, _ in pairs)
        added = num(0)
        for entry, value in pairs:
            assert isinstance(value.low, Num)
            added = plus(added, num_when(entry.certain, value.low, num(0)))
        whole = lcm(*range(1, len(pairs) + 1))
        options = [(equal(size, n), over(times(added, Fraction(whole, n)), Fraction(whole))) for n in range(1, len(pairs) + 1)]
        null = conj(sure, disj(equal(size, 0), *(conj(entry.certain, value.null) for entry, value in pairs)))
        return exactly("number", chain(options, num_when), conj(sure, neg(null)), disj(values.null, null))

    def _extreme(self, sign: int, *arguments: Value) -> Value:
        values = _listed(arguments)
        if not values.entries:
            return Blank(disj(values.null, values.known))
        pairs = _ordered(values.entries)
        kind = pairs[0][1].kind
        null = conj(
            values.known,
            disj(neg(disjoined(e.possible for e, _ in pairs)), disjoined(conj(e.certain, v.null) for e, v in pairs)),
        )
        unsure = disj(neg(disjoined(e.certain for e, _ in pairs)), disjoined(conj(e.possible, v.null) for e, v in pairs))
        fine = conj(values.known, neg(null), neg(unsure))
        plain = all(e.certain is e.possible and v.low is v.high for e, v in pairs)
        near = extreme(
            [(conj(e.certain, v.low_on if sign > 0 else v.high_on), v.low if sign > 0 else v.high) for e, v in pairs], greatest=sign > 0
        )
        if near is None:
            return unknown_ordered(kind, disj(values.null, null))
        far_on = conjoined(implies(e.possible, v.high_on if sign > 0 else v.low_on) for e, v in pairs)
        far: End = near[1]
        if not plain:
            found = extreme([(e.possible, v.high if sign > 0 else v.low) for e, v in pairs], greatest=sign > 0)
            assert found is not None
            far = found[1]
        near_on, far_on = conj(fine, near[0]), conj(fine, far_on)
        ends = (near[1], far, near_on, far_on) if sign > 0 else (far, near[1], far_on, near_on)
        result = within(kind, *ends, disj(values.null, null))
        if kind in ("months", "days"):
            return exactly(kind, result.low, conj(fine, *(implies(e.possible, conj(e.certain, v.known)) for e, v in pairs)), result.null)
        return result

    def least(self, *arguments: Value) -> Value:
        """The least of a list."""
        return self._extreme(-1, *arguments)

    def greatest(self, *arguments: Value) -> Value:
        """The greatest of a list."""
        return self._extreme(1, *arguments)

    def all(self, *arguments: Value) -> Value:
        """Whether all members are true."""
        return self.quantified("every", _listed(arguments), [truth(entry.value) for entry in _listed(arguments).entries])

    def any(self, *arguments: Value) -> Value:
        """Whether any member is true."""
        return self.quantified("some", _listed(arguments), [truth(entry.value) for entry in _listed(arguments).entries])

    def quantified(self, kind: str, source: Listing, results: Sequence[Truth]) -> Truth:
        """``some`` or ``every``: a member that is only possible counts only where it would not matter if it weren't one."""
        if kind == "every":
            return negation(self.quantified("some", source, [negation(result) for result in results]))
        members = [_counted(e, r) for e, r in zip(source.entries, results, strict=True)]
        found = disjunction(members) if members else Truth(False, True)
        if source.known is True:
            return found
        return Truth(conj(source.known, found.t), conj(source.known, found.f), disj(source.null, conj(source.known, found.null)))

    def concatenate(self, *lists: Value) -> Value:
        """Lists one after the other."""
        parts = [listing(part) for part in lists]
        unknown = disjoined(part.unknown for part in parts)
        null = conj(neg(unknown), disjoined(part.null for part in parts))
        return Listing(tuple(e for part in parts for e in part.entries), conjoined(part.known for part in parts), null)

    def happened(self, events: Value, dated_by: Value, as_of: Value) -> Value:
        """The events that have happened by a day; one without its date has."""
        source = listing(events)
        name = self._text(dated_by)
        assert isinstance(as_of, Ordered)
        entries = []
        for entry in source.entries:
            if not isinstance(entry.value, Rec) or len(entry.value.options) != 1:
                raise NotEncoded("an event that is one of several")
            day = self.space.field(entry.value.options[0][1], name)
            if not isinstance(day, Ordered) or not isinstance(day.low, Day) or not isinstance(as_of.low, Day):
                raise NotEncoded("an event without a day")
            entries.append(_kept(entry, neg(conj(day.known, less(as_of.low.key, day.low.key)))))
        return replace(source, entries=tuple(entries))

    # --- numbers, days, texts ------------------------------------------------------------------------------------------

    def _rounded(self, how: str, number: Value, scale: Value | None = None) -> Value:
        if scale is not None:
            raise NotEncoded(f"the function {how} with decimal places")
        if isinstance(number, Blank):
            return number
        if not isinstance(number, Ordered) or not isinstance(number.low, Num) or not isinstance(number.high, Num):
            raise NotEncoded(f"the function {how} of what is no number")
        low = rounded(number.low, how)
        high = low if number.low is number.high else rounded(number.high, how)
        return within("number", low, high, number.low_on, number.high_on, number.null)

    def absolute(self, number: Value) -> Value:
        """The absolute value."""
        if isinstance(number, Blank):
            return number
        if not isinstance(number, Ordered) or not isinstance(number.low, Num):
            raise NotEncoded("the function abs of what is no number")
        return exactly(number.kind, num_max(number.low, times(number.low, Fraction(-1))), number.known, number.null)

    def modulo(self, dividend: Value, divisor: Value) -> Value:
        """The remainder of a division by a constant, with the sign of the divisor."""
        by = constant_end(divisor)
        if not isinstance(dividend, Ordered) or not isinstance(dividend.low, Num) or not isinstance(by, Fraction):
            raise NotEncoded("the function modulo by a fact")
        if by == 0:
            return Blank(disj(dividend.known, dividend.null))
        number = dividend.low
        whole = rounded(over(number, by), "floor")
        return exactly("number", plus(number, times(whole, -by)), dividend.known, dividend.null)

    def last_day_of_month(self, day: Value) -> Value:
        """The last day of the month."""
        return self._days(day, lambda d: last_of_month(d, self.space.define))

    def working_day_on_or_after(self, day: Value) -> Value:
        """The day itself or the next working day; between bounds where the calendar isn't known."""
        return self._work(day, None)

    def add_working_days(self, day: Value, number: Value) -> Value:
        """The so-many-th working day after a day; the number must be a constant."""
        wanted = constant_end(number)
        if not isinstance(wanted, Fraction) or wanted.denominator != 1 or wanted < 0:
            raise NotEncoded("a number of working days that is a fact")
        return self._work(day, int(wanted))

    def _days(self, day: Value, change: Callable[[Day], Day]) -> Value:
        if isinstance(day, Blank):
            return day
        if not isinstance(day, Ordered) or not isinstance(day.low, Day) or not isinstance(day.high, Day):
            raise NotEncoded("a function of days on what is no day")
        low = change(day.low)
        return within("date", low, low if day.low is day.high else change(day.high), day.low_on, day.high_on, day.null)

    def _work(self, day: Value, number: int | None) -> Value:
        if isinstance(day, Blank):
            return day
        if not isinstance(day, Ordered) or not isinstance(day.low, Day) or not isinstance(day.high, Day):
            raise NotEncoded("a function of days on what is no day")
        pieces = self.working.pieces(number)
        low, high, exact = work(day.low, pieces, self.space.define)
        if day.low is day.high:
            if low is high:
                return within("date", low, low, day.low_on, day.high_on, day.null)
            return Ordered("date", low, high, conj(day.known, exact), day.low_on, day.high_on, day.null)
        return within("date", low, work(day.high, pieces, self.space.define)[1], day.low_on, day.high_on, day.null)

    def date(self, *parts: Value) -> Value:
        """A day from year, month and a constant day up to the 28th."""
        numbers = [part for part in parts if isinstance(part, Ordered) and isinstance(part.low, Num)]
        if len(parts) == 1 and isinstance(parts[0], Ordered) and parts[0].kind == "date":
            return parts[0]
        day = constant_end(parts[2]) if len(parts) == 3 else None
        if len(numbers) != 3 or not isinstance(day, Fraction) or not 1 <= day < 29:
            raise NotEncoded("a day put together from facts")
        year, month = (truncated(part.low) for part in numbers[:2] if isinstance(part.low, Num))
        if year.range is None or month.range is None:
            raise NotEncoded("a day put together from numbers without bounds")
        valid = conj(at_most(1, month.top), at_most(month.top, 12))
        known = conj(*(part.known for part in numbers))
        index = total([year.top * 12, month.top, -1])
        reach = int(year.range[0]) * 12, int(year.range[1]) * 12 + 11
        null = disj(*(part.null for part in numbers), conj(known, neg(valid)))
        return exactly("date", day_in(index, int(day), reach), conj(known, valid), null)

    def months_between(self, start: Value, end: Value) -> Value:
        """The whole months between two days."""
        if not isinstance(start, Ordered) or not isinstance(end, Ordered):
            raise NotEncoded("the months between what are no days")
        a, b = start.low, end.low
        if not isinstance(a, Day) or not isinstance(b, Day):
            raise NotEncoded("the months between what are no days")
        forward = at_most(a.key, b.key)
        months = when(
            forward,
            b.month - a.month - when(less(b.day, a.day), 1, 0),
            b.month - a.month + when(less(a.day, b.day), 1, 0),
        )
        range_ = Fraction(b.months[0] - a.months[1] - 1), Fraction(b.months[1] - a.months[0] + 1)
        return exactly("months", Num(months, 1, range_), conj(start.known, end.known), disj(start.null, end.null))

    def division_within(self, code: Value, outer: Value) -> Value:
        """Whether a place lies within another, a constant."""
        wanted = self._text(outer)
        if isinstance(code, Blank):
            return Truth(False, False, code.null)
        if not isinstance(code, Text):
            raise NotEncoded("a place that is no text")
        inside = self.space.pool.within(code.code, wanted)
        return Truth(conj(code.known, inside), conj(code.known, neg(inside)), code.null)

    def _text(self, value: Value) -> str:
        if not isinstance(value, Text) or not isinstance(value.code, int) or value.known is not True:
            raise NotEncoded("a text that must be a constant here")
        return self.space.pool.texts[value.code]


def _counted(entry: Entry, result: Truth) -> Truth:
    if entry.certain is entry.possible and result.decided:
        return settled(conj(entry.certain, result.t))
    return Truth(conj(entry.certain, result.t), disj(neg(entry.possible), result.f), conj(entry.certain, result.null))


def _kept(entry: Entry, bit: Bit) -> Entry:
    possible = conj(entry.possible, bit)
    return Entry(entry.value, possible, possible if entry.certain is entry.possible else conj(entry.certain, bit))


def filtered(source: Listing, tests: Sequence[Truth]) -> Listing:
    """The members for which the test is true; where it is unknown, they are possible."""
    entries = []
    for entry, test in zip(source.entries, tests, strict=True):
        if test.unknown is False:
            entries.append(_kept(entry, test.t))
        else:
            entries.append(Entry(entry.value, conj(entry.possible, neg(disj(test.f, test.null))), conj(entry.certain, test.t)))
    return Listing(tuple(entries), disj(source.known, source.null), False)


_ROUNDED = ("floor", "ceiling", "round half up", "round half down", "round up", "round down")
_FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "count": Functions.count,
    "sum": Functions.sum,
    "mean": Functions.mean,
    "min": Functions.least,
    "max": Functions.greatest,
    "all": Functions.all,
    "any": Functions.any,
    "concatenate": Functions.concatenate,
    "happened": Functions.happened,
    "abs": Functions.absolute,
    "modulo": Functions.modulo,
    "last_day_of_month": Functions.last_day_of_month,
    "working_day_on_or_after": Functions.working_day_on_or_after,
    "add_working_days": Functions.add_working_days,
    "date": Functions.date,
    "years and months duration": Functions.months_between,
    "division_within": Functions.division_within,
    **{name: (lambda how: lambda self, *a: self._rounded(how, *a))(name) for name in _ROUNDED},
}
"""The functions that are encoded, by their names in FEEL."""
