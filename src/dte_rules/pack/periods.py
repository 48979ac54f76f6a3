"""Days in force after an override: what is left of the overridden item, and what the replacement is limited to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar, cast

from dte_rules.pack.model import Condition, Item, Parameter, TableItem, Term
from dte_rules.program.nodes import Period

T = TypeVar("T", bound=Item)


def remainder(period: Period, taken: Period) -> tuple[Period, ...]:
    """The days of ``period`` before and after those that are taken: none, one stretch or two."""
    before = period.intersect(Period(None, taken.start)) if taken.start is not None else None
    after = period.intersect(Period(taken.end, None)) if taken.end is not None else None
    return tuple(piece for piece in (before, after) if piece is not None)


def cut(item: T, taken: Period) -> tuple[T, ...]:
    """What is left of an item once another stands in its place on the days that are taken."""
    if item.period.intersect(taken) is None:
        return (item,)
    pieces = (limit(item, piece) for piece in remainder(item.period, taken))
    return tuple(piece for piece in pieces if piece is not None)


def limit(item: T, days: Period) -> T | None:
    """The item with all its parts on these days alone; None where it is not in force on any."""
    period = item.period.intersect(days)
    if period is None:
        return None
    whole: Item = item
    match whole:
        case Condition(members=members):
            whole = replace(whole, members=limit_all(members, days))
        case TableItem(rows=rows):
            kept = ((row, row.period.intersect(days)) for row in rows)
            whole = replace(whole, rows=tuple(replace(row, period=left) for row, left in kept if left is not None))
        case Term(rules=rules):
            whole = replace(whole, rules=limit_all(rules, days))
        case Parameter(values=values):
            dated = ((days_of.intersect(days), value, span) for days_of, value, span in values)
            whole = replace(whole, values=tuple((left, value, span) for left, value, span in dated if left is not None))
        case _:
            pass
    return cast(T, replace(whole, period=period))


def limit_all(items: Iterable[T], days: Period) -> tuple[T, ...]:
    """The items on these days alone, without those that are in force on none of them."""
    return tuple(kept for item in items if (kept := limit(item, days)) is not None)


def overlay(items: Iterable[T], overridden: set[str], replacements: Iterable[T], days: Period) -> tuple[T, ...]:
    """The items with those of the paths overridden cut to the days before and after, and the replacements right behind them."""
    versions: dict[str, list[T]] = {}
    for item in items:
        versions.setdefault(item.path, []).extend(cut(item, days) if item.path in overridden else (item,))
    for replacement in limit_all(replacements, days):
        versions.setdefault(replacement.path, []).append(replacement)
    return tuple(_flat(versions.values()))


def _flat(groups: Iterable[Iterable[T]]) -> Iterator[T]:
    for group in groups:
        yield from group
