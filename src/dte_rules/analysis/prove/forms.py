"""The finite forms of properties: variables with all their values, and rows of claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from dte_rules.analysis.prove.diagnostics import CantVary, NotAFact
from dte_rules.analysis.prove.expressions import Feel
from dte_rules.analysis.prove.model import Claims, Side
from dte_rules.analysis.prove.policy import Policies
from dte_rules.analysis.prove.schema import CaseForm, DaysForm, PropertyForm
from dte_rules.analysis.prove.sides import asked_of, facts_of, sides_of
from dte_rules.feel.types import ANY, BOOLEAN, DATE, NUMBER, Enum, ListOf, Record, Type
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.document import Document, Path
from dte_rules.source.suggest import nearest

Grid = Mapping[str, tuple[tuple[Any, ...], Type]]


@dataclass(frozen=True)
class History:
    """What a row of claims comes to.

    ``total`` is all the money granted, ``granted`` how many claims were, ``claims`` how many were made, ``paid`` the money of each in
    order (zero for one that was not granted).
    """

    total: Decimal
    granted: Decimal
    claims: Decimal
    paid: tuple[Decimal, ...]

    type: ClassVar[Record] = Record("history", {"total": NUMBER, "granted": NUMBER, "claims": NUMBER, "paid": ListOf(NUMBER)})


def grid_of(each: Mapping[str, DaysForm | list[Any]]) -> Grid:
    """The variables with their values and types."""
    return {name: _values(name, values) for name, values in each.items()}


def _values(name: str, values: DaysForm | list[Any]) -> tuple[tuple[Any, ...], Type]:
    if isinstance(values, DaysForm):
        count = (values.through - values.from_).days
        return tuple(values.from_ + timedelta(days=n) for n in range(count + 1)), DATE
    return tuple(values), _type(name, values)


def _type(name: str, values: list[Any]) -> Type:
    kinds = {type(value) for value in values}
    types: Mapping[type, Type] = {bool: BOOLEAN, str: Enum(name, tuple(map(str, values))), Decimal: NUMBER, date: DATE}
    return types.get(next(iter(kinds)), ANY) if len(kinds) == 1 else ANY


def history_of(
    form: PropertyForm, packs: Policies, feel: Feel, outer: Mapping[str, Type], document: Document, at: Path, found: list[Diagnostic]
) -> Claims | None:
    """A row of claims, checked; None where something is wrong with it. ``outer`` are the variables that stay the same in a row."""
    asked = form.history
    assert asked is not None
    before = len(found)
    # a history asks as a case does, so that a case's checks are its own
    case = CaseForm(region=asked.region, decision=asked.decision, readings=asked.readings, facts={})
    whole = Document(document.file, document.text, document.root)
    at_cases, name = at[:-1], str(at[-1])
    options = asked_of({name: case}, name, packs, whole, at_cases, found)
    if not options:
        return None
    policy = options[0].policy
    sides = sides_of({name: case}, {name: options[0]}, {name: {}}, feel, {}, document, at_cases, found)
    types = policy.vocabulary
    variables = {**outer, **{name: _type(name, values) for name, values in asked.each.items()}}
    list_type = types.type_at(asked.enters)
    if not isinstance(list_type, ListOf) or not isinstance(list_type.element, Record):
        span = document.span((*at, "enters"))
        if list_type is None:
            found.append(NotAFact(span=span, name=asked.enters, nearest=nearest(asked.enters, types.paths)))
        else:
            found.append(CantVary(span=span, name=asked.enters, key="enters", why_zh="它不是记录的列表", why_en="it is no list of records"))
        return None
    facts = facts_of(asked.facts, types, feel, variables, document, (*at, "facts"), found)
    entry = {}
    names: dict[str, Type] = {**variables, "facts": Record("facts", policy.program.facts), "as_of": DATE}
    for key in asked.entry:
        wanted = list_type.element.fields.get(key)
        if wanted is None:
            near = nearest(key, list_type.element.names)
            found.append(NotAFact(span=document.key_span((*at, "entry", key)), name=f"{asked.enters}.{key}", nearest=near))
            continue
        expr = feel.expression((*at, "entry", key), names, wanted)
        if expr is not None:
            entry[key] = expr
    if len(found) > before:
        return None
    side = sides[0]
    whole_side = Side(side.name, policy, side.decision, None, side.readings, False, {}, facts)
    each = {name: tuple(values) for name, values in asked.each.items()}
    return Claims(whole_side, tuple(sorted(asked.days)), asked.claims, each, asked.enters, entry)
