"""Applies a pack's overrides to what it inherits: from the override's own first day on, its rule stands in the other's place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError

from dte_rules.pack import diagnostics_law as law
from dte_rules.pack.conditions import build_condition, build_decision, build_grant
from dte_rules.pack.draft import Draft, Owner
from dte_rules.pack.items import (
    build_function,
    build_interpretation,
    build_open_point,
    build_table,
    build_term,
    build_term_rule,
    check_exceptions,
)
from dte_rules.pack.model import Condition, DecisionItem, Term
from dte_rules.pack.parameters import build_parameters
from dte_rules.pack.periods import limit_all, overlay
from dte_rules.pack.problems import explain
from dte_rules.pack.schema.decisions import (
    PARTS,
    ConditionSchema,
    DecisionSchema,
    DelegationSchema,
    GrantForm,
    PowerSchema,
    RemovalSchema,
)
from dte_rules.pack.schema.items import (
    FunctionSchema,
    InterpretationSchema,
    OpenSchema,
    ParameterSchema,
    TableSchema,
    TermRuleSchema,
    TermSchema,
)
from dte_rules.pack.scope import Scope
from dte_rules.program.nodes import Period
from dte_rules.source.document import Path
from dte_rules.source.suggest import nearest

_MODELS: Mapping[str, type[BaseModel]] = {
    "parameters": ParameterSchema,
    "interpretations": InterpretationSchema,
    "open": OpenSchema,
    "functions": FunctionSchema,
    "tables": TableSchema,
}


def apply_overrides(draft: Draft, scope: Scope, written: Mapping[str, Any], inherited: frozenset[str]) -> None:
    """Apply all overrides of a file, in their order. ``inherited`` are the paths that were there before the file."""
    targets = [path for path in _targets(draft) if path in inherited]
    for path, value in written.items():
        at: Path = ("overrides", path)
        outer = next((other for other in written if path.startswith(f"{other}.")), None)
        if path not in targets:
            siblings = [target for target in targets if target.rpartition(".")[0] == path.rpartition(".")[0]]
            likely = nearest(path, siblings) or nearest(path, targets)
            scope.report(law.UnknownOverride(span=scope.place(at), path=path, nearest=likely))
        elif outer is not None:
            scope.report(law.OverrideWithin(span=scope.place(at), path=path, outer=outer))
        else:
            _apply(draft, scope, at, path, value)


def _targets(draft: Draft) -> dict[str, None]:
    """Every path that an override can name, in the order of the draft."""
    paths = [item.path for item in draft.items()]
    roots = [
        ".".join(path.split(".")[:length]) for path in paths if path.startswith("parameters.") for length in range(2, path.count(".") + 1)
    ]
    readings = [f"interpretations.{name}" for name in draft.interpretations]
    return dict.fromkeys([*paths, *roots, *readings, *(f"open.{name}" for name in draft.open_points)])


def model_of(path: str) -> type[BaseModel]:
    """The form that a replacement of an item must have."""
    match path.split("."):
        case ["terms", _]:
            return TermSchema
        case ["terms", _, "rules", _]:
            return TermRuleSchema
        case ["decisions", _]:
            return DecisionSchema
        case ["decisions", _, "grants", *_]:
            return GrantForm
        case ["decisions", _, "delegates", _]:
            return DelegationSchema
        case ["decisions", _, "empowers", _]:
            return PowerSchema
        case ["decisions", *_]:
            return ConditionSchema
        case [section, *_]:
            return _MODELS[section]
        case _:
            raise ValueError(path)


def _apply(draft: Draft, scope: Scope, at: Path, path: str, value: Mapping[str, Any]) -> None:
    model = RemovalSchema if "remove" in value else model_of(path)
    try:
        form = model.model_validate(value)
    except ValidationError as problem:
        scope.diagnostics.extend(explain(scope.document, model, problem.errors(include_url=False), at=at))
        return
    if getattr(form, "cite", None) is None:
        scope.report(law.MissingCitation(span=scope.place(at), item=path))
        return
    match form:
        case InterpretationSchema():
            name = path.partition(".")[2]
            draft.interpretations[name] = build_interpretation(scope, at, name, form)
            _check_readings(draft, scope, at, name)
        case OpenSchema():
            name = path.partition(".")[2]
            draft.open_points[name] = build_open_point(scope, at, name, form)
            draft.open_types.pop(name, None)
            draft.open_types |= {name: form.type} if form.type else {}
        case RemovalSchema() if path.startswith("interpretations."):
            del draft.interpretations[path.partition(".")[2]]
            _check_readings(draft, scope, at, path.partition(".")[2])
        case RemovalSchema() if path.startswith("open."):
            del draft.open_points[path.partition(".")[2]]
            draft.open_types.pop(path.partition(".")[2], None)
        case _:
            quiet = Scope(scope.document, scope.data, scope.pack, scope.sources, scope.interpretations)
            days = quiet.standing(at, path, getattr(form, "cite", None), getattr(form, "in_force", None)).period
            if not any(_is_at(item.path, path) and item.period.intersect(days) for item in draft.items()):
                scope.report(law.NothingToOverride(span=scope.place(at), path=path))
            new = _Replacement(scope, at, path, form).items()
            if isinstance(form, RemovalSchema):
                scope.standing(at, path, form.cite, None)
            _replace(draft, path, new, days)
            for item in draft.items():
                if item.pack == scope.pack and _is_at(item.path, path):
                    draft.owners[item.path] = Owner(item.pack, item.span)
            if isinstance(form, TermRuleSchema):
                _check_term(draft, scope, at, path)


class _Replacement:
    """Builds what stands in an item's place: nothing for a removal."""

    def __init__(self, scope: Scope, at: Path, path: str, form: BaseModel) -> None:
        self.form = form
        self._arguments = (scope, at, path)

    def items(self) -> tuple[Any, ...]:
        """The new versions."""
        match self.form:
            case ParameterSchema() as parameter:
                return build_parameters(*self._arguments, parameter)
            case FunctionSchema() as function:
                return (build_function(*self._arguments, function),)
            case TermSchema() as term:
                return (build_term(*self._arguments, term),)
            case TermRuleSchema() as rule:
                return (build_term_rule(*self._arguments, rule, None),)
            case TableSchema() as table:
                return (build_table(*self._arguments, table),)
            case DecisionSchema() as decision:
                return (build_decision(*self._arguments, decision),)
            case GrantForm() as grant:
                return (build_grant(*self._arguments, grant, None),)
            case ConditionSchema() | DelegationSchema() | PowerSchema() as condition:
                return (build_condition(*self._arguments, condition),)
            case _:
                return ()


def _replace(draft: Draft, path: str, new: tuple[Any, ...], days: Period) -> None:
    match path.split("."):
        case ["parameters", *_]:
            paths = {item.path for item in draft.parameters if item.path == path or item.path.startswith(f"{path}.")}
            draft.parameters = overlay(draft.parameters, paths, new, days)
        case ["functions", _]:
            draft.functions = overlay(draft.functions, {path}, new, days)
        case ["tables", _]:
            draft.tables = overlay(draft.tables, {path}, new, days)
        case ["terms", _]:
            draft.terms = overlay(draft.terms, {path}, new, days)
        case ["terms", term, "rules", _]:
            draft.terms = tuple(
                replace(item, rules=_within(item, item.rules, path, new, days)) if item.path == f"terms.{term}" else item
                for item in draft.terms
            )
        case ["decisions", name, *part]:
            change = _change(path, part, new, days)
            draft.decisions = tuple(change(item) if item.path == f"decisions.{name}" else item for item in draft.decisions)


def _change(path: str, part: list[str], new: tuple[Any, ...], days: Period) -> Callable[[DecisionItem], DecisionItem]:
    """What an override does to its decision."""

    def whole(decision: DecisionItem) -> DecisionItem:
        by = new[0] if new else None
        parts = {
            key: overlay(old, {item.path for item in old}, getattr(by, key) if by else (), days)
            for key in (*PARTS, "grants")
            for old in [getattr(decision, key)]
        }
        head = by if by is not None else decision
        return replace(head, title=head.title or decision.title, **parts)

    def grants(decision: DecisionItem) -> DecisionItem:
        return replace(decision, grants=overlay(decision.grants, {path}, new, days))

    def condition(decision: DecisionItem) -> DecisionItem:
        changed: dict[str, Any] = {part[0]: _conditions(getattr(decision, part[0]), path, new, days)}
        return replace(decision, **changed)

    if not part:
        return whole
    return grants if part[0] == "grants" else condition


def _conditions(conditions: tuple[Condition, ...], path: str, new: tuple[Condition, ...], days: Period) -> tuple[Condition, ...]:
    """The conditions with the one of the path overridden, however deep in groups it stands.

    A new member joins each version of its group on the days of that version alone.
    """
    if any(condition.path == path for condition in conditions):
        return overlay(conditions, {path}, new, days)
    return tuple(
        replace(group, members=_conditions(group.members, path, limit_all(new, group.period), days))
        if path.startswith(f"{group.path}.")
        else group
        for group in conditions
    )


def _within(term: Term, rules: tuple[Any, ...], path: str, new: tuple[Any, ...], days: Period) -> tuple[Any, ...]:
    return overlay(rules, {path}, limit_all(new, term.period), days) if any(rule.path == path for rule in rules) else rules


def _is_at(path: str, target: str) -> bool:
    """Whether a path is the target's, or within it."""
    return path == target or path.startswith(f"{target}.")


def _check_term(draft: Draft, scope: Scope, at: Path, path: str) -> None:
    """A term's new rule is an exception to rules that the term has."""
    term = path.rpartition(".rules.")[0]
    rules = {rule.id: rule.excepts for item in draft.terms if item.path == term for rule in item.rules}
    name = path.rpartition(".")[2]
    check_exceptions(scope, {name: at} if name in rules else {}, term, rules)


def _check_readings(draft: Draft, scope: Scope, at: Path, name: str) -> None:
    """An interpretation that changes keeps the readings under which inherited rules stand."""
    interpretation = draft.interpretations.get(name)
    allowed = {reading.id for reading in interpretation.readings} if interpretation else set()
    for item in draft.items():
        for reading in (reading for other, readings in item.under if other == name for reading in readings):
            if reading not in allowed:
                scope.report(law.ReadingStillUsed(span=scope.place(at), interpretation=name, reading=reading, item=item.path))
