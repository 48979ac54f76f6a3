"""Pairs of conditions out of many that can hold together, found without comparing each with each.

Where a subject's domains in all conditions are single values, or intervals that are equal or don't meet, they are categories, and the
conditions are sorted by them like cards into boxes; only conditions of one box are compared. What is left is swept by intervals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import combinations, pairwise, product
from typing import Any

from dte_rules.compiler.domains import Among, Constraints, Domain, Interval, Within
from dte_rules.feel import core

_MOST_BOXES = 64
"""In how many boxes a condition may lie because of the values it lists."""

_SMALL = 24

Card = tuple[int, tuple[Any, ...]]
Subjects = tuple[int, ...]


def overlapping(conditions: Sequence[Constraints]) -> Iterator[tuple[int, int]]:
    """The pairs, by position, of conditions that can hold together, each once."""
    seen: set[tuple[int, int]] = set()
    for a, b in _candidates(conditions):
        pair = (a, b) if a < b else (b, a)
        if a != b and pair not in seen and not conditions[a].disjoint(conditions[b]):
            seen.add(pair)
            yield pair


def _candidates(conditions: Sequence[Constraints]) -> Iterator[tuple[int, int]]:
    """Pairs that may hold together; one that is left out can't."""
    labels = _labels(conditions)
    by_subjects: dict[Subjects, list[Card]] = defaultdict(list)
    for position, condition in enumerate(conditions):
        for subjects, values in _boxes(condition, labels):
            by_subjects[subjects].append((position, values))
    for subjects, cards in by_subjects.items():
        for box in _sorted_into(cards, range(len(subjects))).values():
            yield from _within(box, conditions)
    for (left_subjects, left), (right_subjects, right) in combinations(by_subjects.items(), 2):
        common = [s for s in left_subjects if s in right_subjects]
        left_boxes = _sorted_into(left, [left_subjects.index(s) for s in common])
        right_boxes = _sorted_into(right, [right_subjects.index(s) for s in common])
        for key, box in left_boxes.items():
            if key in right_boxes:
                yield from product(box, right_boxes[key])


@dataclass(frozen=True)
class _Label:
    """How a subject's domains are sorted: its number, and the number of each interval (None where values stand for themselves)."""

    number: int
    intervals: Mapping[Interval, int] | None

    def categories(self, domain: Domain) -> tuple[Any, ...] | None:
        """The boxes in which a domain belongs; None where it belongs in no particular one."""
        if isinstance(domain, Among):
            return None if domain.negated or self.intervals is not None else tuple(domain.values)
        return None if self.intervals is None or len(domain.intervals) != 1 else (self.intervals[domain.intervals[0]],)


def _labels(conditions: Sequence[Constraints]) -> Mapping[core.Expr, _Label]:
    """The subjects by which it is worth sorting: those whose domains fall into two categories or more."""
    values: dict[core.Expr, set[Any]] = {}
    intervals: dict[core.Expr, set[Interval]] = {}
    mixed: set[core.Expr] = set()
    for condition in conditions:
        for subject, domain in condition.domains.items():
            if isinstance(domain, Among):
                values.setdefault(subject, set()).update(domain.values)
            else:
                intervals.setdefault(subject, set()).update(domain.intervals)
                if len(domain.intervals) != 1:
                    mixed.add(subject)
    labels: dict[core.Expr, _Label] = {}
    for subject, texts in values.items():
        if len(texts) > 1 and subject not in intervals:
            labels[subject] = _Label(len(labels), None)
    for subject, found in intervals.items():
        if len(found) > 1 and subject not in mixed and subject not in values and (ordered := _apart(found)) is not None:
            labels[subject] = _Label(len(labels), {interval: number for number, interval in enumerate(ordered)})
    return labels


def _apart(intervals: Iterable[Interval]) -> list[Interval] | None:
    """The intervals in their order, if no two of them meet."""
    try:
        ordered = sorted(intervals, key=_low)
        if any(not a.intersect(b).is_empty for a, b in pairwise(ordered)):
            return None
    except TypeError:  # of different kinds, which the type checker has reported
        return None
    return ordered


def _low(interval: Interval) -> tuple[bool, Any, bool]:
    return (False, 0, False) if interval.low is None else (True, interval.low, not interval.low_closed)


def _boxes(condition: Constraints, labels: Mapping[core.Expr, _Label]) -> Iterator[tuple[Subjects, tuple[Any, ...]]]:
    """The subjects by which a condition can be sorted, with its categories: once for each combination of the values that it lists."""
    found: list[tuple[int, tuple[Any, ...]]] = []
    count = 1
    for subject, domain in condition.domains.items():
        label = labels.get(subject)
        categories = None if label is None else label.categories(domain)
        if label is not None and categories is not None and (len(categories) == 1 or count * len(categories) <= _MOST_BOXES):
            found.append((label.number, categories))
            count *= len(categories)
    found.sort(key=lambda each: each[0])
    subjects = tuple(number for number, _ in found)
    for combination in product(*(categories for _, categories in found)):
        yield subjects, combination


def _sorted_into(cards: Sequence[Card], places: Sequence[int]) -> dict[tuple[Any, ...], list[int]]:
    boxes: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for position, values in cards:
        boxes[tuple(values[i] for i in places)].append(position)
    return boxes


def _within(box: Sequence[int], conditions: Sequence[Constraints]) -> Iterator[tuple[int, int]]:
    """The pairs in one box, swept along the subject that most conditions bound."""
    if len(box) <= _SMALL:
        yield from combinations(box, 2)
        return
    bounded: dict[core.Expr, int] = defaultdict(int)
    for position in box:
        for subject, domain in conditions[position].domains.items():
            bounded[subject] += isinstance(domain, Within)
    if not any(bounded.values()):
        yield from combinations(box, 2)
        return
    swept = max(bounded, key=lambda s: bounded[s])
    yield from _swept([(_hull(conditions[position].domains.get(swept)), position) for position in box])


def _hull(domain: Domain | None) -> Interval:
    if not isinstance(domain, Within) or not domain.intervals:
        return Interval(None, None)
    lows, highs = [i.low for i in domain.intervals], [i.high for i in domain.intervals]
    return Interval(None if None in lows else min(lows), None if None in highs else max(highs))


def _swept(stretches: Sequence[tuple[Interval, int]]) -> Iterator[tuple[int, int]]:
    """The pairs of stretches that meet, by one sweep from low to high."""
    ending: list[tuple[Any, int]] = []
    endless: list[int] = []
    for stretch, position in sorted(stretches, key=lambda s: (*_low(s[0])[:2], s[1])):
        while ending and stretch.low is not None and ending[0][0] < stretch.low:
            heappop(ending)
        yield from ((other, position) for _, other in ending)
        yield from ((other, position) for other in endless)
        if stretch.high is None:
            endless.append(position)
        else:
            heappush(ending, (stretch.high, position))
