"""The cases of a property: which packs and decisions they ask, and in what they may differ from one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dte_rules.analysis.prove.diagnostics import CantVary, NotAFact, UnknownCase, listed
from dte_rules.analysis.prove.expressions import Feel
from dte_rules.analysis.prove.model import Days, Side
from dte_rules.analysis.prove.policy import Policies, Policy
from dte_rules.analysis.prove.schema import CaseForm
from dte_rules.cases.diagnostics import UnknownDecision, UnknownInterpretation, UnknownReading, UnknownRegion
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, Enum, ListOf, Type
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.document import Document, Path
from dte_rules.source.span import Span
from dte_rules.source.suggest import nearest
from dte_rules.vocabulary import Vocabulary

AS_OF = "as_of"
ALL = "all"
"""In place of a pack's or a decision's name: all of them."""


@dataclass(frozen=True)
class Asked:
    """A pack and a decision that a case asks, and the case that it is like."""

    policy: Policy
    decision: str
    like: str | None


def asked_of(
    forms: Mapping[str, CaseForm], name: str, packs: Policies, document: Document, at: Path, found: list[Diagnostic]
) -> list[Asked]:
    """Everything that a case may ask; what it does not say is taken from the case that it is like."""
    like = _like(forms, name, document, at, found)
    if name != next(iter(forms)) and like is None:
        return []
    regions, region_at = _inherited(forms, name, "region", document, at)
    decisions, decision_at = _inherited(forms, name, "decision", document, at)
    options: list[Asked] = []
    known: dict[str, None] = {}
    for region in packs if regions == (ALL,) else regions:
        if region not in packs:
            found.append(UnknownRegion(span=region_at, name=region, known=tuple(packs), suggestion=nearest(region, tuple(packs))))
            continue
        policy: Policy = packs[region]
        known.update(dict.fromkeys(policy.program.decisions))
        wanted = policy.program.decisions if decisions == (ALL,) else decisions
        options += [Asked(policy, decision, like) for decision in wanted if decision in policy.program.decisions]
    for decision in decisions:
        if known and decision not in known and decisions != (ALL,):
            told = ", ".join(regions)
            near = nearest(decision, tuple(known))
            found.append(UnknownDecision(span=decision_at, name=decision, region=told, known=tuple(known), suggestion=near))
    return options


def _inherited(forms: Mapping[str, CaseForm], name: str, key: str, document: Document, at: Path) -> tuple[tuple[str, ...], Span]:
    """A case's region or decision, its own or that of the case that it is like, with its place."""
    before = list(forms)[: list(forms).index(name)]
    value = getattr(forms[name], key)
    if value is None and before:
        like = forms[name].like
        return _inherited(forms, like if like in before else before[-1], key, document, at)
    span = document.span((*at, name, key))
    return ((value,) if isinstance(value, str) else tuple(value or ("",))), span


def _like(forms: Mapping[str, CaseForm], name: str, document: Document, at: Path, found: list[Diagnostic]) -> str | None:
    before = list(forms)[: list(forms).index(name)]
    wanted = forms[name].like
    if wanted is None:
        return before[-1] if before else None
    if wanted in before:
        return wanted
    found.append(UnknownCase(span=document.span((*at, name, "like")), name=wanted, known=listed(before), nearest=nearest(wanted, before)))
    return None


def sides_of(
    forms: Mapping[str, CaseForm],
    asked: Mapping[str, Asked],
    slots: Mapping[str, Mapping[str, str]],
    feel: Feel,
    variables: Mapping[str, Type],
    document: Document,
    at: Path,
    found: list[Diagnostic],
) -> tuple[Side, ...]:
    """The cases for one choice of packs and decisions."""
    made: dict[str, Side] = {}
    for name, form in forms.items():
        policy, like = asked[name].policy, asked[name].like
        here = (*at, name)
        vocabularies = [a.policy.vocabulary for a in asked.values()]
        _check_readings(form.readings, policy, document, (*here, "readings"), found)
        for key in ("differs_in", "rises_in", "adds_to"):
            for number, path in enumerate(getattr(form, key)):
                found += _problem(vocabularies, key, path, document, (*here, key, number))
        facts = facts_of(
            form.facts, vocabularies[0] if like is None else policy.vocabulary, feel, variables, document, (*here, "facts"), found
        )
        base = made[like] if like is not None else None
        made[name] = Side(
            name,
            policy,
            asked[name].decision,
            _days(form) if form.as_of is not None else base.days if base is not None else None,
            {**(base.readings if base is not None else {}), **form.readings},
            form.settle_delegations or (base is not None and base.settles and base.policy is policy),
            slots[name],
            {**(base.facts if base is not None and variables else {}), **facts},
            like,
            frozenset(form.differs_in) | ({AS_OF} if form.as_of is not None else frozenset()),
            frozenset(form.rises_in),
            frozenset(form.adds_to),
            form.knows_more,
        )
    return tuple(made.values())


def facts_of(
    forms: Mapping[str, str],
    vocabulary: Vocabulary,
    feel: Feel,
    variables: Mapping[str, Type],
    document: Document,
    at: Path,
    found: list[Diagnostic],
) -> dict[str, core.Expr]:
    """The facts that a case gives, as expressions over the variables."""
    facts: dict[str, core.Expr] = {}
    for path in forms:
        type_ = vocabulary.type_at(path)
        if type_ is None:
            found.append(NotAFact(span=document.key_span((*at, path)), name=path, nearest=nearest(path, vocabulary.paths)))
            continue
        expr = feel.expression((*at, path), variables, type_)
        if expr is not None:
            facts[path] = expr
    return facts


def _days(form: CaseForm) -> Days:
    asked = form.as_of
    assert asked is not None
    return Days(asked, asked) if isinstance(asked, date) else Days(asked.from_, asked.through)


def _check_readings(readings: Mapping[str, str], policy: Policy, document: Document, at: Path, found: list[Diagnostic]) -> None:
    known = policy.program.interpretations
    for name, reading in readings.items():
        if name not in known:
            near = nearest(name, tuple(known))
            found.append(UnknownInterpretation(span=document.key_span((*at, name)), name=name, region=policy.program.name, suggestion=near))
        elif reading not in (ids := tuple(r.id for r in known[name].readings)):
            found.append(UnknownReading(span=document.span((*at, name)), name=reading, interpretation=name, known=ids))


def _problem(vocabularies: Sequence[Vocabulary], key: str, path: str, document: Document, at: Path) -> list[Diagnostic]:
    if path == AS_OF and key != "adds_to":
        return []
    span = document.span(at)
    type_ = next((t for v in vocabularies if (t := v.type_at(path)) is not None), None)
    if type_ is None:
        known = [AS_OF, *dict.fromkeys(p for v in vocabularies for p in v.paths)]
        return [NotAFact(span=span, name=path, nearest=nearest(path, known))]
    if key == "rises_in" and not (type_ in (NUMBER, DATE, BOOLEAN) or isinstance(type_, Enum)):
        return [CantVary(span=span, name=path, key=key, why_zh="它的值没有大小先后", why_en="its values have no order")]
    if key == "adds_to" and not isinstance(type_, ListOf):
        return [CantVary(span=span, name=path, key=key, why_zh="它不是列表", why_en="it is no list")]
    return []
