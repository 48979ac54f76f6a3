"""The pass that lets exceptions prevail: a term's rule applies where its condition holds and no exception to it applies.

Two rules that may both apply and conclude differently, neither excepting the other, are an error and not a race.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dte_rules.compiler.diagnostics import ExceptionsTooDeep, RuleNeverApplies, RulesConflict
from dte_rules.compiler.domains import TRUE, Constraints, constraints
from dte_rules.compiler.draft import Draft
from dte_rules.compiler.names import AS_OF
from dte_rules.compiler.overlaps import overlapping
from dte_rules.compiler.terms import conjunction
from dte_rules.feel import core
from dte_rules.feel.diagnostics import TooLarge
from dte_rules.feel.inline import Measures
from dte_rules.feel.types import BOOLEAN, DATE
from dte_rules.pack.model import Term, TermRule
from dte_rules.program.nodes import Period, Row, Rule, Table
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.span import Span

DEEPEST = 20
MOST_REPORTED = 20


def with_exceptions(draft: Draft) -> Draft:
    """The draft with the rules of terms guarded by their exceptions."""
    terms = {term.span: term for term in draft.pack.terms if term.rules}
    rules: list[Rule] = []
    found: list[Diagnostic] = []
    broken: set[str] = set()
    measures = Measures()
    for rule in draft.rules:
        term = terms.get(rule.span) if rule.kind == "term" and rule.span is not None else None
        if term is None or not isinstance(rule.body, Table):
            rules.append(rule)
            continue
        cases = _cases(term, rule.body)
        if _depth(cases) > DEEPEST:
            found.append(ExceptionsTooDeep(span=term.span, term=term.id, limit=DEEPEST))
            broken.add(term.id)
            continue
        agreeing, conflicts = _together(term.id, cases)
        found += conflicts
        applying = _Applying(cases)
        rows = tuple(replace(case.row, tests=(applying.condition(position),)) for position, case in enumerate(cases))
        if not all(map(measures.fits, (row.tests[0] for row in rows if row.tests[0] is not None))):
            found.append(TooLarge(span=term.span))
            broken.add(term.id)
            continue
        rules.append(replace(rule, body=replace(rule.body, rows=rows, hit="any" if agreeing else "unique")))
    return replace(draft, rules=tuple(rules)).found(found, broken)


@dataclass(frozen=True)
class _Case:
    """A rule of a term: its row with the condition as written, and the positions of the exceptions to it."""

    row: Row
    excepts: tuple[str, ...]
    exceptions: tuple[int, ...]

    @property
    def when(self) -> core.Expr:
        """The condition as written."""
        test = self.row.tests[0]
        assert test is not None
        return test

    @property
    def span(self) -> Span | None:
        """Where the condition stands, or else the rule."""
        return self.when.span or self.row.span


def _cases(term: Term, table: Table) -> tuple[_Case, ...]:
    to: dict[str, list[int]] = {}
    for position, rule in enumerate(term.rules):
        for excepted in rule.excepts:
            to.setdefault(excepted, []).append(position)

    def case(row: Row, rule: TermRule) -> _Case:
        exceptions = [p for p in to.get(rule.id, ()) if term.rules[p].period.intersect(rule.period) is not None]
        return _Case(row, rule.excepts, tuple(exceptions))

    return tuple(case(row, rule) for row, rule in zip(table.rows, term.rules, strict=True))


def _depth(cases: Sequence[_Case]) -> int:
    """How many exceptions stand one upon another; past the limit it is not counted further, so that a circle does no harm."""
    level = {position for position, case in enumerate(cases) if case.exceptions}
    depth = 0
    while level and depth <= DEEPEST:
        depth += 1
        level = {e for position in level for e in cases[position].exceptions if cases[e].exceptions}
    return depth


@dataclass
class _Applying:
    """Where each rule of a term applies: its condition holds, and none of its exceptions applies."""

    cases: Sequence[_Case]
    known: dict[tuple[int, frozenset[int]], core.Expr] = field(default_factory=dict)

    def condition(self, position: int, denied: frozenset[int] = frozenset()) -> core.Expr:
        """The condition under which a rule applies.

        ``denied`` are rules of which it is said beside this condition that they don't apply, so that it need not be said within
        it: not (b and not c) and not c is not b and not c.
        """
        key = (position, denied)
        if key not in self.known:
            case = self.cases[position]
            inside = denied | frozenset(case.exceptions)
            guards = tuple(self._denied(e, inside, case) for e in case.exceptions if e not in denied)
            self.known[key] = conjunction((case.when, *guards), case.span) if guards else case.when
        return self.known[key]

    def _denied(self, exception: int, inside: frozenset[int], case: _Case) -> core.Expr:
        applies = _in_force(self.condition(exception, inside), self.cases[exception].row.period, case.row.period, case.span)
        return core.Not(applies, type=BOOLEAN, span=case.span)


def _in_force(condition: core.Expr, period: Period, where: Period, span: Span | None) -> core.Expr:
    """The condition, and that the day asked about is in its period, as far as that isn't plain from where it is asked."""
    day = core.Ref(AS_OF, type=DATE, span=span)
    bounds: list[core.Expr] = []
    if period.start is not None and (where.start is None or where.start < period.start):
        bounds.append(core.Compare(">=", day, core.Const(period.start, type=DATE, span=span), type=BOOLEAN, span=span))
    if period.end is not None and (where.end is None or where.end > period.end):
        bounds.append(core.Compare("<", day, core.Const(period.end, type=DATE, span=span), type=BOOLEAN, span=span))
    return conjunction((*bounds, condition), span) if bounds else condition


# --- conflicts ------------------------------------------------------------------------------------------------------


def _together(term: str, cases: Sequence[_Case]) -> tuple[bool, tuple[Diagnostic, ...]]:
    """Whether rules that conclude the same may apply together; and the rules that may apply together and conclude differently."""
    conditions = _conditions(cases)
    agreeing = False
    found: list[Diagnostic] = [
        RuleNeverApplies(span=case.row.span, term=term, rule=case.row.id)
        for case, condition in zip(cases, conditions, strict=True)
        if condition.is_empty
    ]
    most = len(found) + MOST_REPORTED
    for first, second in overlapping(conditions):
        one, other = cases[first], cases[second]
        excepted = second in one.exceptions or first in other.exceptions
        if excepted or one.row.period.intersect(other.row.period) is None:
            continue
        if one.row.outputs == other.row.outputs:
            agreeing = True
        else:
            found.append(RulesConflict(span=other.row.span, term=term, first=one.row.id, second=other.row.id))
            if len(found) == most:
                break
    return agreeing, tuple(found)


def _conditions(cases: Sequence[_Case]) -> list[Constraints]:
    """What the conditions say, so that `a and b` and `not(a and b)` exclude each other also where `a and b` is taken apart."""
    read = [constraints(case.when) for case in cases]
    denied = {subject for c in read for subject, domain in c.domains.items() if domain != TRUE and isinstance(subject, core.And)}
    if not denied:
        return read
    return [replace(c, domains={**c.domains, case.when: TRUE}) if case.when in denied else c for c, case in zip(read, cases, strict=True)]
