"""``dte decide``: answers the questions of case files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import typer

from dte_rules.cli import options
from dte_rules.cli.options import (
    CaseFiles,
    Engine,
    EngineOption,
    Format,
    FormatOption,
    JournalOption,
    LanguageOption,
    ReceiptOption,
    RedactOption,
    Rules,
)
from dte_rules.source.diagnostic import DiagnosticsError, Lang


def decide(
    context: typer.Context,
    cases: CaseFiles,
    output: FormatOption = Format.TEXT,
    rules: Rules = None,
    lang: LanguageOption = None,
    engine: EngineOption = Engine.COMPILED,
    receipt: ReceiptOption = None,
    journal: JournalOption = None,
    redact: RedactOption = None,
) -> None:
    """Decide the cases of files: verdict, amount, reasons, what is missing.

    Exits with 1 if a case, a file or a pack can't be read; the other cases are decided all the same.
    """
    from dte_rules.cli.desk import Desk, Outcome, take_in
    from dte_rules.cli.guard import FINDINGS
    from dte_rules.cli.packs import packs_for, refusal

    language = options.language(context, lang)
    as_json = output is Format.JSON
    desk = Desk(packs_for(options.rules(context, rules), language, as_json=as_json), engine.value)
    try:
        outcomes: Sequence[Outcome] = desk.deciding(take_in(cases), language)
    except DiagnosticsError as error:
        raise refusal(error, language, as_json=as_json) from None
    if receipt is not None or journal is not None:
        from dte_rules.cli.receipts import keep

        keep(desk, outcomes, receipt, journal, redact, language)  # before the decisions are shown
    if as_json:
        from dte_rules.cli.json_text import json_text

        print(json_text([_as_data(outcome, language) for outcome in outcomes]), file=sys.stdout)
    else:
        _print_accounts(desk, outcomes, language)
    if any(outcome.decision is None for outcome in outcomes):
        raise typer.Exit(FINDINGS)


def _as_data(outcome: Any, lang: Lang) -> dict[str, Any]:
    from dte_rules.cli.json_text import broken_object

    if outcome.decision is None:
        return broken_object(outcome.id, outcome.diagnostics, lang)
    fields = {name: getattr(outcome.decision, name) for name in type(outcome.decision).model_fields}
    return {"id": outcome.id, **fields}


def _print_accounts(desk: Any, outcomes: Sequence[Any], lang: Lang) -> None:
    from dte_rules.cli.screen import complain_of_cases, console, show
    from dte_rules.report.account import account
    from dte_rules.report.summary import Line, summary

    target = console()
    for outcome in outcomes:
        if outcome.decision is not None:
            pack = desk.packs[outcome.decision.region]
            renderable = account(outcome.decision, pack.program, pack.vocabulary, lang=lang, case=outcome.id or "", title=outcome.title)
            show(target, renderable)
    lines = [Line(outcome.id, outcome.title, outcome.decision) for outcome in outcomes if outcome.case is not None]
    if len(lines) > 1:
        show(target, summary(lines, lang))
    complain_of_cases(desk, outcomes, lang)
