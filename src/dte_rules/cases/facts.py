"""The second step of reading a case: its plain facts in a pack's vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from dte_rules.cases.case import BrokenCase, Case
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError
from dte_rules.source.document import Document, locate
from dte_rules.source.span import Span
from dte_rules.vocabulary import Vocabulary
from dte_rules.vocabulary.errors import fact_diagnostics


def facts_of(case: Case, model: type[BaseModel], vocabulary: Vocabulary) -> BaseModel:
    """The case's facts as an instance of the model.

    Raises:
        DiagnosticsError: with everything that is wrong with them, each at its place in the file.
    """
    try:
        return model.model_validate(case.facts)
    except ValidationError as error:
        raise DiagnosticsError(_located(error, case.document, vocabulary)) from None


def fact_problems(case: BrokenCase, model: type[BaseModel], vocabulary: Vocabulary) -> tuple[Diagnostic, ...]:
    """What is wrong with the facts of a case that is broken already, so that all of its errors are told at once.

    What stands where the reader found something wrong is not told again.
    """
    known = {d.span for d in case.diagnostics}
    return tuple(d for d in _problems(case.facts, case.document, model, vocabulary) if d.span not in known)


def _problems(
    facts: Mapping[str, Any], document: Document | None, model: type[BaseModel], vocabulary: Vocabulary
) -> tuple[Diagnostic, ...]:
    try:
        model.model_validate(facts)
    except ValidationError as error:
        return _located(error, document, vocabulary)
    return ()


def _located(error: ValidationError, document: Document | None, vocabulary: Vocabulary) -> tuple[Diagnostic, ...]:
    def place(loc: tuple[int | str, ...], kind: str) -> Span | None:
        return None if document is None else locate(document, ("facts", *loc), kind)

    found = fact_diagnostics(error, place, vocabulary)
    return tuple(sorted(found, key=lambda d: (d.span.line, d.span.column) if d.span else (0, 0)))
