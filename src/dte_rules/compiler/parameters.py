"""The pass that makes a rule of each dated value of a parameter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import assert_never

from dte_rules.compiler.draft import Draft
from dte_rules.feel import core
from dte_rules.feel.diagnostics import InvalidLiteral
from dte_rules.feel.literals import parse_date, parse_duration
from dte_rules.feel.types import BOOLEAN, DATE, DAYS, MONTHS, NUMBER, STRING
from dte_rules.feel.values import Months
from dte_rules.pack.model import Parameter, Scalar
from dte_rules.program.nodes import Formula, Rule
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError
from dte_rules.source.span import Span


def with_parameters(draft: Draft) -> Draft:
    """The draft with the rules of its parameters."""
    rules: list[Rule] = []
    found: list[Diagnostic] = []
    broken: set[str] = set()
    for parameter in draft.pack.parameters:
        try:
            rules += _versions(parameter)
        except DiagnosticsError as error:
            found += error.diagnostics
            broken.add(parameter.path.partition(".")[2])
    return replace(draft, rules=(*draft.rules, *rules)).found(found, broken)


def _versions(parameter: Parameter) -> Iterator[Rule]:
    for period, value, span in parameter.values:
        in_force = period.intersect(parameter.period)
        constant = value_of(value, span)
        if in_force is not None:
            yield Rule(
                slot=parameter.path.partition(".")[2],
                kind="parameter",
                type=constant.type,
                body=Formula(constant),
                period=in_force,
                under=parameter.under,
                cites=parameter.cites,
                title=parameter.title,
                pack=parameter.pack,
                span=span,
            )


def value_of(value: Scalar, span: Span) -> core.Const:
    """The constant that a parameter's value writes; a text ``@"P12M"`` is a date or a duration.

    Raises:
        DiagnosticsError: for a text that begins like such a literal and is none.
    """
    match value:
        case bool():
            return core.Const(value, type=BOOLEAN, span=span)
        case Decimal():
            return core.Const(value, type=NUMBER, span=span)
        case date():
            return core.Const(value, type=DATE, span=span)
        case str():
            return _literal(value, span) if value.startswith("@") else core.Const(value, type=STRING, span=span)
        case _:
            assert_never(value)


def _literal(text: str, span: Span) -> core.Const:
    written = text[1:].strip()
    inner = written[1:-1] if len(written) > 1 and written[0] == written[-1] == '"' else ""
    parsed = parse_date(inner) or parse_duration(inner)
    match parsed:
        case date():
            return core.Const(parsed, type=DATE, span=span)
        case Months():
            return core.Const(parsed, type=MONTHS, span=span)
        case timedelta():
            return core.Const(parsed, type=DAYS, span=span)
        case None:
            raise DiagnosticsError([InvalidLiteral(span=span, text=inner or text)])
        case _:
            assert_never(parsed)
