"""Builds decisions: conditions, groups, delegations, powers and grants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dte_rules.pack.model import Condition, DecisionItem, Grant
from dte_rules.pack.schema.decisions import (
    ConditionSchema,
    DecisionSchema,
    DelegationSchema,
    GrantForm,
    GrantsSchema,
    MemberSchema,
    PowerSchema,
)
from dte_rules.pack.scope import Scope, Standing, label
from dte_rules.source.document import Path
from dte_rules.source.span import Snippet, Span

AnyCondition = ConditionSchema | MemberSchema | DelegationSchema | PowerSchema


def build_condition(scope: Scope, at: Path, path: str, written: AnyCondition, above: Standing | None = None) -> Condition:
    """A condition with its members; ``above`` is what a member rests on that names no clause of its own."""
    standing = scope.standing(at, path, written.cite, written.in_force, above)
    common = Condition(
        path=path,
        span=scope.place(at),
        pack=scope.pack,
        cites=standing.cites,
        period=standing.period,
        under=scope.under(at, written.under),
        title=label(written.title),
        kind="when",
    )
    match written:
        case DelegationSchema():
            when = _negated(scope.feel((*at, "unless"))) if written.unless is not None else None
            return replace(common, when=when or _formula(scope, at, written.when), to=label(written.to))
        case PowerSchema():
            return replace(common, when=_formula(scope, at, written.when), by=label(written.by))
        case ConditionSchema() | MemberSchema():
            if written.kind == "when":
                return replace(common, when=scope.feel((*at, "when")))
            members = tuple(
                build_condition(scope, (*at, written.kind, name), f"{path}.{name}", member, standing)
                for name, member in written.members.items()
            )
            return replace(common, kind=written.kind, members=members)


def build_decision(scope: Scope, at: Path, path: str, written: DecisionSchema) -> DecisionItem:
    """A decision, or what a pack adds to the one that it inherits."""
    above = scope.standing(at, path, written.cite, None) if written.cite is not None else None
    return DecisionItem(
        path=path,
        span=scope.place(at),
        pack=scope.pack,
        cites=above.cites if above else (),
        title=label(written.title),
        modality=written.modality or "entitlement",
        grants=tuple(_grants(scope, at, path, written.grants or GrantsSchema(), above)),
        requires=_part(scope, at, path, "requires", written.requires),
        excludes=_part(scope, at, path, "excludes", written.excludes),
        soft=_part(scope, at, path, "soft", written.soft),
        delegates=_part(scope, at, path, "delegates", written.delegates),
        empowers=_part(scope, at, path, "empowers", written.empowers),
    )


def build_grant(scope: Scope, at: Path, path: str, written: str | GrantForm, above: Standing | None) -> Grant:
    """A result, written in short or as a mapping."""
    form = written if isinstance(written, GrantForm) else None
    standing = scope.standing(at, path, form.cite if form else None, form.in_force if form else None, above)
    return Grant(
        path=path,
        span=scope.place(at),
        pack=scope.pack,
        cites=standing.cites,
        period=standing.period,
        under=scope.under(at, form.under) if form else (),
        title=label(form.title) if form else None,
        formula=scope.feel((*at, "is") if form else at),
    )


def _part(scope: Scope, at: Path, path: str, part: str, written: Mapping[str, AnyCondition]) -> tuple[Condition, ...]:
    return tuple(build_condition(scope, (*at, part, name), f"{path}.{part}.{name}", item) for name, item in written.items())


def _grants(scope: Scope, at: Path, path: str, written: GrantsSchema, above: Standing | None) -> Iterator[Grant]:
    for name, item in _named_grants(written):
        place: Path = (*at, "grants", *name.split("."))
        yield build_grant(scope, place, f"{path}.grants.{name}", item, above)


def _named_grants(written: GrantsSchema) -> Iterator[tuple[str, str | GrantForm]]:
    for name, item in (("amount", written.amount), ("effect", written.effect)):
        if item is not None:
            yield name, item
    yield from ((f"dates.{name}", item) for name, item in written.dates.items())
    yield from ((f"values.{name}", item) for name, item in written.values.items())


def _formula(scope: Scope, at: Path, written: str | None) -> Snippet:
    """The condition at ``when``, or one that always holds."""
    return scope.feel((*at, "when")) if written is not None else _always(scope.place(at))


def _always(place: Span) -> Snippet:
    return Snippet("true", place.file, ((0, place.line, place.column),))


def _negated(snippet: Snippet) -> Snippet:
    """``not(…)`` of an expression, whose characters keep their places; a comment at its end must not take in the bracket."""
    head = "not("
    line, column = snippet.position(0)
    start = tuple((offset, line, column) for offset in range(len(head)))
    rest = tuple((offset + len(head), line, column) for offset, line, column in snippet.runs)
    return Snippet(f"{head}{snippet.text}\n)", snippet.file, start + rest)
