"""Wishes that keep witnesses readable: near a typical person, facts known, lists short, numbers that the rules name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta

from dte_rules.analysis.days import Day, key_of
from dte_rules.analysis.logic import Bit, conj, disj, equal, implies
from dte_rules.analysis.numbers import Num
from dte_rules.analysis.search import Soft
from dte_rules.analysis.space import Leaf, Space
from dte_rules.analysis.texts import OTHER
from dte_rules.analysis.values import Ordered, Text
from dte_rules.analysis.witness import value_at
from dte_rules.engine.plan import Plan, expressions
from dte_rules.feel import core
from dte_rules.feel.types import STRING
from dte_rules.pack.library import shipped_directory
from dte_rules.program.nodes import Table
from dte_rules.source.yaml import read_yaml_file

AGO = re.compile(r"-(\d+)M")
HERE = "here"
KNOWN, MEMBERS, VALUE, MOMENT, PLACE, SPARE, NEAR = 60, 40, 20, 16, 14, 13, 3
MONTHS = (480, 360, 300, 180, 60, 24, 15, 12, 9, 6, 3, 1)
"""So near a day is wished to be to the one wanted, the wider bounds first."""


def texts_of(value: Any) -> Iterator[str]:
    """The texts of facts, without the marks for places and days."""
    if isinstance(value, Mapping):
        yield from (text for inner in value.values() for text in texts_of(inner))
    elif isinstance(value, (list, tuple)):
        yield from (text for inner in value for text in texts_of(inner))
    elif isinstance(value, str) and value != HERE and not AGO.fullmatch(value):
        yield value


def typical_facts(file: Path | None = None) -> Mapping[str, Any]:
    """The facts of a typical person, from a file of the form of `rules/analysis/typical.yaml`; by default that one."""
    path = file or shipped_directory() / "analysis" / "typical.yaml"
    data = read_yaml_file(path).plain() if path.is_file() else None
    facts = data.get("facts") if isinstance(data, Mapping) else None
    return facts if isinstance(facts, Mapping) else {}


def wishes(
    space: Space,
    plans: Iterable[Plan],
    facts: Mapping[str, Any],
    *,
    day: date,
    places: Sequence[str] = (),
    fixed: Mapping[str, Any] | None = None,
) -> list[Soft]:
    """The wishes of a space whose plans are encoded.

    ``places`` are what ``here`` may stand for, the likeliest first; ``fixed`` are the facts of a case, which weigh more.
    """
    plans = list(plans)
    found = list(_day(space, day))
    named = _named(plans)
    numbers = _numbers(plans)
    for path, (size, known, _) in space.lists.items():
        found.append(Soft(known, KNOWN))
        wanted = value_at(facts, path)
        if isinstance(wanted, (list, tuple)):
            found.append(Soft(equal(size, min(len(wanted), space.horizon.slots)), MEMBERS))
        found += [Soft(size <= 1, SPARE), Soft(size <= 2, SPARE + 1)]
    for path, leaf in space.leaves.items():
        here = _is_there(space, path)
        found.append(Soft(implies(here, leaf.known), KNOWN))
        suited = _suited(space, leaf, named)
        if suited is not None:
            found.append(Soft(implies(here, suited), PLACE))
        elif wanted_at(facts, path) is None and space.constraint(path).format == "division_code":
            bits = [bit for place in places if (bit := space.equals(path, place)) is not None]
            found += [Soft(implies(here, bit), weight) for weight, bit in zip(range(NEAR + 2, 0, -1), bits, strict=False)]
        for soft in _of_leaf(space, leaf, wanted_at(facts, path), day, places, numbers):
            found.append(Soft(implies(here, soft.bit), soft.weight))
    for path in space.leaves if fixed else ():
        value = value_at(fixed, path)
        bit = None if value is None else space.equals(path, value)
        if bit is not None:
            found.append(Soft(implies(_is_there(space, path), bit), VALUE * 2))
    for path, (size, _, _) in space.lists.items() if fixed else ():
        value = value_at(fixed, path)
        if value is not None:
            found.append(Soft(equal(size, min(len(value), space.horizon.slots)), MEMBERS * 2))
    return found


def wanted_at(facts: Mapping[str, Any], path: str) -> Any:
    """What the typical person's facts have at a path; of a member that they lack, what their last one has."""
    found = value_at(facts, path)
    for position in reversed(list(re.finditer(r"\[(\d+)\]", path))):
        listed = value_at(facts, path[: position.start()])
        if found is None and isinstance(listed, list) and 0 < len(listed) < int(position[1]):
            return value_at(facts, f"{path[: position.start()]}[{len(listed)}]{path[position.end() :]}")
    return found


def _named(plans: Sequence[Plan]) -> Mapping[str, frozenset[str]]:
    """For each field's name, the texts that the rules compare it with."""
    found: dict[str, set[str]] = {}
    for rule in (rule for plan in plans for rule in plan.rules):
        inputs = rule.body.inputs if isinstance(rule.body, Table) else ()
        for node in (node for expr in expressions(rule) for node in core.walk(expr)):
            if not isinstance(node, core.Compare):
                continue
            for side, other in ((node.left, node.right), (node.right, node.left)):
                asked = inputs[int(side.name[1:]) - 1] if isinstance(side, core.Var) and side.name.startswith("?") and inputs else side
                if isinstance(asked, core.Field) and isinstance(other, core.Const) and isinstance(other.value, str):
                    found.setdefault(asked.name, set()).add(other.value)
    return {name: frozenset(texts) for name, texts in found.items()}


def _suited(space: Space, leaf: Leaf, named: Mapping[str, frozenset[str]]) -> Bit | None:
    """That a free text is one that the rules compare such a fact with, or one that occurs nowhere."""
    if leaf.type != STRING or space.constraint(leaf.path).format is not None or not isinstance(leaf.value, Text):
        return None
    texts = named.get(leaf.path.rpartition(".")[2], frozenset())
    codes = [code for code in space.pool.free if (text := space.pool.texts[code]) in texts or text.startswith(OTHER)]
    return disj(*(equal(leaf.value.code, code) for code in codes))


def _day(space: Space, day: date) -> Iterator[Soft]:
    if not isinstance(space.as_of.key, int):
        yield Soft(equal(space.as_of.key, key_of(day)), VALUE)
        yield Soft(conj(space.as_of.day >= 5, space.as_of.day <= 25), NEAR)


def _is_there(space: Space, path: str) -> Bit:
    found: list[Bit] = []
    for position in re.finditer(r"\[(\d+)\]", path):
        size, known, _ = space.lists[path[: position.start()]]
        found += [known, size >= int(position[1])]
    return conj(*found)


def _of_leaf(space: Space, leaf: Leaf, wanted: Any, day: date, places: Sequence[str], numbers: Sequence[Fraction]) -> Iterator[Soft]:
    value = leaf.value
    if wanted == HERE:
        options = [bit for place in places if (bit := space.equals(leaf.path, place)) is not None]
        yield Soft(disj(*options), PLACE)
        yield from (Soft(bit, weight) for weight, bit in zip(range(NEAR, 0, -1), options, strict=False))
        return
    ago = AGO.fullmatch(wanted) if isinstance(wanted, str) else None
    if ago and isinstance(value, Ordered) and isinstance(value.low, Day):
        moment = day - relativedelta(months=int(ago[1]))
        yield Soft(equal(value.low.key, key_of(moment)), MOMENT)
        yield from _near(value.low, moment)
        return
    if wanted is not None:
        bit = space.equals(leaf.path, wanted)
        if bit is not None:
            yield Soft(bit, MOMENT if isinstance(wanted, date) else VALUE)
    if isinstance(value, Ordered) and isinstance(value.low, Day):
        yield from _near(value.low, wanted if isinstance(wanted, date) else day - relativedelta(months=6))
    elif isinstance(value, Ordered) and isinstance(value.low, Num):
        number = value.low
        named = [equal(number.top, int(n * number.bottom)) for n in numbers if (n * number.bottom).denominator == 1]
        yield Soft(disj(*named), NEAR)
        if number.bottom > 1:
            yield Soft(equal(number.top % number.bottom, 0), NEAR + 1)


def _near(day: Day, wanted: date) -> Iterator[Soft]:
    month = wanted.year * 12 + wanted.month - 1
    for weight, months in zip(range(len(MONTHS), 0, -1), MONTHS, strict=True):
        if months * 2 > day.months[1] - day.months[0]:
            continue  # it lies within anyhow
        yield Soft(conj(day.month >= month - months, day.month <= month + months), weight)
    yield Soft(equal(day.day, wanted.day), 1)


def _numbers(plans: Iterable[Plan]) -> list[Fraction]:
    found = {
        Fraction(node.value)
        for plan in plans
        for rule in plan.rules
        for expr in expressions(rule)
        for node in core.walk(expr)
        if isinstance(node, core.Const) and isinstance(node.value, Decimal)
    }
    return sorted(found)
