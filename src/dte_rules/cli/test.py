"""``dte test``: decides cases and compares with what they expect."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from dte_rules.cli import options
from dte_rules.cli.options import CaseFiles, Engine, EngineOption, Format, FormatOption, LanguageOption, Rules
from dte_rules.source.diagnostic import DiagnosticsError, Lang

if TYPE_CHECKING:
    from dte_rules.cases import Difference
    from dte_rules.cli.desk import Desk, Outcome


@dataclass(frozen=True)
class Tested:
    """A case with the differences from what it expects; ``expects`` is false for one that expects nothing."""

    outcome: Outcome
    differences: tuple[Difference, ...]
    expects: bool

    @property
    def passed(self) -> bool:
        """Whether the case was decided as it expects."""
        return self.outcome.decision is not None and self.expects and not self.differences

    @property
    def failed(self) -> bool:
        """Whether the case was decided otherwise."""
        return bool(self.differences)


def run_tests(
    context: typer.Context,
    cases: CaseFiles,
    output: FormatOption = Format.TEXT,
    rules: Rules = None,
    lang: LanguageOption = None,
    engine: EngineOption = Engine.COMPILED,
) -> None:
    """Decide the cases of files and compare with what they expect.

    Exits with 1 on any difference, and if a case, a file or a pack can't be read.
    """
    from dte_rules.cli.desk import Desk, take_in
    from dte_rules.cli.guard import FINDINGS
    from dte_rules.cli.packs import packs_for, refusal

    language = options.language(context, lang)
    as_json = output is Format.JSON
    desk = Desk(packs_for(options.rules(context, rules), language, as_json=as_json), engine.value)
    try:
        tested = [_tested(outcome) for outcome in desk.deciding(take_in(cases), language)]
    except DiagnosticsError as error:
        raise refusal(error, language, as_json=as_json) from None
    if as_json:
        from dte_rules.cli.json_text import json_text

        print(json_text([_as_data(each, language) for each in tested]), file=sys.stdout)
    else:
        _print(desk, tested, language)
    if any(each.failed or each.outcome.decision is None for each in tested):
        raise typer.Exit(FINDINGS)


def _tested(outcome: Outcome) -> Tested:
    from dte_rules.cases import Case, compare

    expect = outcome.case.expect if isinstance(outcome.case, Case) else None
    if outcome.decision is None or expect is None:
        return Tested(outcome, (), expects=False)
    return Tested(outcome, compare(expect, outcome.decision), expects=bool(expect.fields or expect.exactly))


def _as_data(tested: Tested, lang: Lang) -> dict[str, Any]:
    from dte_rules.cli.json_text import broken_object

    outcome = tested.outcome
    if outcome.decision is None:
        return broken_object(outcome.id, outcome.diagnostics, lang) | {"passed": False}
    differences = [
        {"field": one.field, "expected": one.expected, "actual": one.actual} | ({"surplus": one.surplus} if one.surplus else {})
        for one in tested.differences
    ]
    passed = tested.passed if tested.expects else None
    question = {"region": outcome.decision.region, "decision": outcome.decision.decision, "as_of": outcome.decision.as_of}
    return {"id": outcome.id, **question, "file": outcome.file.file, "passed": passed, "differences": differences}


def _print(desk: Desk, tested: Sequence[Tested], lang: Lang) -> None:
    from rich.text import Text

    from dte_rules.cli.screen import complain_of_cases, console, show
    from dte_rules.report.differences import differences

    target = console()
    failed = [each for each in tested if each.failed]
    if failed:
        show(target, differences(((each.outcome.id or "-", each.differences) for each in failed), lang))
        show(target, Text())
    passed = sum(each.passed for each in tested)
    in_error = sum(each.outcome.decision is None for each in tested)
    silent = sum(each.outcome.decision is not None and not each.expects for each in tested)
    zh = lang == "zh"
    parts = [f"{passed} 件通过" if zh else f"{passed} passed", f"{len(failed)} 件不符" if zh else f"{len(failed)} failed"]
    if in_error:
        parts.append(f"{in_error} 件有误" if zh else f"{in_error} with errors")
    if silent:
        parts.append(f"{silent} 件没有期望" if zh else f"{silent} without expectations")
    style = "bold red" if failed or in_error else "bold green"
    show(target, Text(("，" if zh else ", ").join(parts), style=style))
    complain_of_cases(desk, [each.outcome for each in tested], lang)
