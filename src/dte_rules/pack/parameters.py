"""Builds parameters: dated values, one parameter for each leaf of a nested value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from dte_rules.pack import diagnostics_law as law
from dte_rules.pack.diagnostics_form import BadName
from dte_rules.pack.model import Parameter, Scalar
from dte_rules.pack.problems import name_rule, wrong_type
from dte_rules.pack.schema.items import ParameterSchema, ParameterValue
from dte_rules.pack.schema.texts import ID_PATTERN
from dte_rules.pack.scope import Scope, Standing, label
from dte_rules.program.nodes import Citation, Period
from dte_rules.source.document import Path
from dte_rules.source.nodes import MappingNode, ScalarNode
from dte_rules.source.span import Span

_ID = re.compile(ID_PATTERN)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One value of one leaf, on its days."""

    path: str
    cites: tuple[Citation, ...]
    period: Period
    value: Scalar
    span: Span
    key: Span


def build_parameters(scope: Scope, at: Path, path: str, written: ParameterSchema) -> tuple[Parameter, ...]:
    """The parameters that one item of the pack makes: one, or one for each leaf; values of different clauses make versions."""
    standing = scope.standing(at, path, written.cite, written.in_force)
    own = standing.period if written.in_force is not None else None
    by_path: dict[str, list[_Leaf]] = {}
    for leaf in _leaves(scope, at, path, written, standing, own):
        by_path.setdefault(leaf.path, []).append(leaf)
    for leaf_path, leaves in by_path.items():
        if any(other.startswith(f"{leaf_path}.") for other in by_path):
            name = leaf_path.partition(".")[2]
            zh, en = f"`{name}` 在这里是单个值，在其他时期是映射", f"`{name}` is a single value here, and a mapping at other times"
            scope.report(law.ParameterDates(span=leaves[0].span, problem_zh=zh, problem_en=en))
    under, title = scope.under(at, written.under), label(written.title)
    return tuple(
        Parameter(
            path=leaf_path,
            span=version[0].key,
            pack=scope.pack,
            cites=cites,
            period=Period(version[0].period.start, version[-1].period.end),
            under=under,
            title=title,
            values=tuple((leaf.period, leaf.value, leaf.span) for leaf in version),
        )
        for leaf_path, leaves in by_path.items()
        for cites, version in ((cites, list(group)) for cites, group in groupby(leaves, key=lambda leaf: leaf.cites))
    )


def _leaves(scope: Scope, at: Path, path: str, written: ParameterSchema, standing: Standing, own: Period | None) -> Iterator[_Leaf]:
    for index, value, days in _dated(scope, at, written.values):
        here: Path = (*at, "values", index)
        of_value = standing if value.cite is None else scope.standing(here, path, value.cite, None)
        period = _bounded(value, days, of_value.period) if own is None else days.intersect(own)
        if period is None:
            zh, en = "这个值没有适用的日子", "there is no day on which this value holds"
            scope.report(law.ParameterDates(span=scope.document.span((*here, "value")), problem_zh=zh, problem_en=en))
        for keys, scalar, place in _scalars(scope, (*here, "value"), ()):
            if period is not None:
                key = scope.place((*here, "value", *keys)) if keys else scope.place(at)
                yield _Leaf(".".join((path, *keys)), of_value.cites, period, scalar, place, key)


def _bounded(value: ParameterValue, days: Period, source: Period) -> Period | None:
    """The value's days: dates stand by themselves; where a side is open and the value has no date, its source's."""
    start = days.start if days.start is not None else source.start
    end = source.end if value.from_ is None and days.end is None else days.end
    return None if start is not None and end is not None and start >= end else Period(start, end)


def _dated(scope: Scope, at: Path, values: list[ParameterValue]) -> Iterator[tuple[int, ParameterValue, Period]]:
    """Each value with its days, from its own first day to that of the next; one out of order is reported and left out."""
    for index, value in enumerate(values):
        following = values[index + 1] if index + 1 < len(values) else None
        end = value.to
        if following is not None:
            end = following.from_
            problem = _disorder(value, following)
            if problem is not None:
                key = "from" if following.from_ is not None else None
                there: Path = (*at, "values", index + 1)
                span = scope.document.span((*there, key) if key else there)
                scope.report(law.ParameterDates(span=span, problem_zh=problem[0], problem_en=problem[1]))
                continue
        if value.from_ is not None and end is not None and value.from_ >= end:
            span = scope.document.span((*at, "values", index, "to"))
            scope.report(law.EmptyPeriod(span=span, start=value.from_.isoformat(), end=end.isoformat()))
            continue
        yield index, value, Period(value.from_, end)


def _disorder(value: ParameterValue, following: ParameterValue) -> tuple[str, str] | None:
    """What is wrong with how one value follows another."""
    if following.from_ is None:
        return "只有第一个值可以没有 `from`", "only the first value may have no `from`"
    if value.from_ is not None and following.from_ <= value.from_:
        return (
            f"{following.from_} 不晚于前一个值的起始日 {value.from_}",
            f"{following.from_} is no later than the first day of the value before, {value.from_}",
        )
    if value.to is not None and value.to < following.from_:
        return f"{value.to} 至 {following.from_} 之间没有值", f"there is no value from {value.to} to {following.from_}"
    if value.to is not None and value.to > following.from_:
        return f"{following.from_} 至 {value.to} 有两个值", f"there are two values from {following.from_} to {value.to}"
    return None


def _scalars(scope: Scope, at: Path, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Scalar, Span]]:
    """The single values within a value, with the keys that lead to them."""
    node = scope.document.node((*at, *keys))
    span = scope.document.span((*at, *keys))
    match node:
        case MappingNode(entries=entries) if entries:
            for entry in entries:
                if not _ID.fullmatch(entry.key.raw):
                    zh, en = name_rule(ID_PATTERN)
                    scope.report(BadName(span=entry.key.span, name=entry.key.raw, rule_zh=zh, rule_en=en))
                else:
                    yield from _scalars(scope, at, (*keys, entry.key.raw))
        case ScalarNode(value=bool() | Decimal() | date() as scalar):
            yield keys, scalar, span
        case ScalarNode(value=int() as number):
            yield keys, Decimal(number), span
        case ScalarNode(value=str() as text) if text:
            yield keys, text, span
        case _:
            expected = ("数值、文字、日期或它们的映射", "a number, a text, a date, or a mapping of such")
            scope.report(wrong_type(scope.document, (*at, *keys), expected, span, ("", "")))
