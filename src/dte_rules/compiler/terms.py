"""The pass that makes rules of terms. A term with rules of its own becomes a table without inputs, each row tested by one condition."""

from __future__ import annotations

from collections.abc import Iterator

from dte_rules.compiler.coverage import Standing, within
from dte_rules.compiler.draft import Draft
from dte_rules.compiler.scopes import Stretch
from dte_rules.compiler.writing import Writing
from dte_rules.feel import core
from dte_rules.feel.types import ANY, BOOLEAN, STRING
from dte_rules.pack.model import Term, TermRule
from dte_rules.program.nodes import Body, Formula, Row, Rule, Table
from dte_rules.source.span import Snippet, Span


def with_terms(draft: Draft) -> Draft:
    """The draft with the rules of its terms; exceptions are not among the conditions yet."""
    writing = Writing(draft)
    for term in draft.pack.terms:
        for stretch in writing.stretches(term.id, tuple(_snippets(term)), Standing(term.period, term.under), term.span):
            body = _body(writing, term, stretch)
            if body is not None:
                writing.rules.append(
                    Rule(
                        slot=term.id,
                        kind="term",
                        type=writing.types[term.id],
                        body=body,
                        period=stretch.standing.period,
                        under=stretch.standing.under,
                        cites=term.cites,
                        title=term.title,
                        pack=term.pack,
                        span=term.span,
                    )
                )
    return writing.done()


def _snippets(term: Term) -> Iterator[Snippet]:
    for snippet in (term.formula, term.otherwise, *(s for rule in term.rules for s in (rule.when, rule.then))):
        if snippet is not None:
            yield snippet


def _body(writing: Writing, term: Term, stretch: Stretch) -> Body | None:
    scope = stretch.scope
    if term.formula is not None:
        formula = writing.expression(term.id, term.formula, scope)
        return None if formula is None else Formula(formula)
    rows = [_row(writing, term, rule, stretch) for rule in term.rules]
    otherwise = None if term.otherwise is None else writing.expression(term.id, term.otherwise, scope)
    complete = tuple(row for row in rows if row is not None)
    if len(complete) < len(rows) or (term.otherwise is not None and otherwise is None):
        return None
    return Table((), (term.id,), complete, "unique", None if otherwise is None else (otherwise,))


def _row(writing: Writing, term: Term, rule: TermRule, stretch: Stretch) -> Row | None:
    when = None if rule.when is None else writing.expression(term.id, rule.when, stretch.scope, BOOLEAN)
    then = writing.expression(term.id, rule.then, stretch.scope)
    if then is None or (when is None and rule.when is not None):
        return None
    readings = tuple(_reads(writing, asked, rule.span) for asked in rule.under)
    condition = conjunction(readings if when is None else (*readings, when), rule.span)
    period = within(rule.period, stretch.standing.period)
    return Row(rule.id, (condition,), (then,), rule.cites or term.cites, period, rule.span)


def _reads(writing: Writing, asked: tuple[str, tuple[str, ...]], span: Span) -> core.Expr:
    """The condition that one of some readings is chosen: a row has no readings of its own."""
    name, readings = asked
    choice = core.Ref(name, type=writing.types.get(name, ANY), span=span)
    tests = tuple(core.Compare("=", choice, core.Const(r, type=STRING, span=span), type=BOOLEAN, span=span) for r in readings)
    return tests[0] if len(tests) == 1 else core.Or(tests, type=BOOLEAN, span=span)


def conjunction(conditions: tuple[core.Expr, ...], span: Span | None) -> core.Expr:
    """All of the conditions as one; what is a conjunction already is taken apart."""
    operands = tuple(o for c in conditions for o in (c.operands if isinstance(c, core.And) else (c,)))
    if not operands:
        return core.Const(True, type=BOOLEAN, span=span)
    return operands[0] if len(operands) == 1 else core.And(operands, type=BOOLEAN, span=span)
