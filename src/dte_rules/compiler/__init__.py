"""The compiler: from a pack to a program, by passes that each hand on a draft.

The order of the passes is the order of `PASSES`; each is named for what it returns.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from dte_rules.compiler.decisions import with_decisions
from dte_rules.compiler.draft import Draft
from dte_rules.compiler.events import with_events
from dte_rules.compiler.exceptions import with_exceptions
from dte_rules.compiler.functions import with_function_findings
from dte_rules.compiler.names import with_names
from dte_rules.compiler.parameters import with_parameters
from dte_rules.compiler.rows import with_row_findings
from dte_rules.compiler.slots import with_slots
from dte_rules.compiler.standing import with_standing_findings
from dte_rules.compiler.strata import with_strata
from dte_rules.compiler.tables import with_tables
from dte_rules.compiler.terms import with_terms
from dte_rules.compiler.types import with_types
from dte_rules.compiler.unused import with_unused_names
from dte_rules.feel.calendar import Calendar
from dte_rules.pack.model import CalendarYear, Pack
from dte_rules.program.nodes import Program
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError, Severity
from dte_rules.vocabulary.vocabulary import Vocabulary

PASSES: tuple[Callable[[Draft], Draft], ...] = (
    with_names,
    with_types,
    with_function_findings,
    with_parameters,
    with_terms,
    with_tables,
    with_decisions,
    with_slots,
    with_events,
    with_exceptions,
    with_row_findings,
    with_standing_findings,
    with_strata,
    with_unused_names,
)


def compile_pack(pack: Pack, vocabulary: Vocabulary) -> Program:
    """The program of a pack. Raises `DiagnosticsError` with all errors; `compile_all` gives the warnings too."""
    program, diagnostics = compile_all(pack, vocabulary)
    if program is None:
        raise DiagnosticsError(d for d in diagnostics if d.severity is Severity.ERROR)
    return program


def compile_all(pack: Pack, vocabulary: Vocabulary) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """The program, or None where there are errors; and all that is to be said of the pack, in order of place."""
    draft = Draft(pack, vocabulary)
    for each in PASSES:
        draft = each(draft)
    diagnostics = tuple(sorted(draft.diagnostics, key=_place))
    if any(d.severity is Severity.ERROR for d in diagnostics):
        return None, diagnostics
    return _program(draft), diagnostics


def _program(draft: Draft) -> Program:
    pack = draft.pack
    return Program(
        name=pack.name,
        version=pack.version,
        digest=pack.digest,
        jurisdiction=pack.jurisdiction,
        title=pack.title,
        rules=draft.rules,
        strata=dict(draft.strata),
        decisions=dict(draft.decisions),
        interpretations=dict(pack.interpretations),
        sources=dict(pack.sources),
        open_points=dict(pack.open_points),
        facts=dict(draft.vocabulary.root.fields),
        calendar=_calendar(pack.calendar),
        targets=dict(pack.targets),
    )


def _calendar(years: tuple[CalendarYear, ...]) -> Calendar:
    day = timedelta(days=1)
    holidays = (first + day * offset for year in years for first, last in year.holidays for offset in range((last - first).days + 1))
    return Calendar(
        years=frozenset(year.year for year in years),
        holidays=frozenset(holidays),
        workdays=frozenset(workday for year in years for workday in year.workdays),
    )


def _place(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
    span = diagnostic.span
    return (span.file, span.line, span.column, diagnostic.code) if span else ("", 0, 0, diagnostic.code)
