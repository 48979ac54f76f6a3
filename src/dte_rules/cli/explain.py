"""``dte explain``: why a case is decided as it is."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dte_rules.cli import options
from dte_rules.cli.options import CaseFiles, LanguageOption, Rules
from dte_rules.source.diagnostic import DiagnosticsError, Lang

if TYPE_CHECKING:
    from dte_rules.cli.desk import Desk, Outcome
    from dte_rules.engine.justification import Explained


class ExplainFormat(StrEnum):
    """How an explanation is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


SUFFIXES = {ExplainFormat.TEXT: ".txt", ExplainFormat.MARKDOWN: ".md", ExplainFormat.HTML: ".html", ExplainFormat.JSON: ".json"}
Ids = Annotated[list[str] | None, typer.Option("--id", metavar="ID", help="Only the cases of this id; may be given several times.")]
Full = Annotated[bool, typer.Option("--full", help="Every condition, parameter, rule and fact, unfolded.")]
How = Annotated[ExplainFormat, typer.Option("--format", help="A tree, Markdown, a letter as a page of HTML, or JSON.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE|DIR", help="File to write; a folder gets a file for each case.")]


def explain(
    context: typer.Context,
    cases: CaseFiles,
    ids: Ids = None,
    full: Full = False,
    output: How = ExplainFormat.TEXT,
    out: Out = None,
    rules: Rules = None,
    lang: LanguageOption = None,
) -> None:
    """Explain the decisions of cases: what decides, what was found and asked, by which clause.

    Exits with 1 if a case, a file or a pack can't be read, or no case has the id; the other cases are explained all the same.
    """
    from dte_rules.cli.desk import Desk, take_in
    from dte_rules.cli.guard import FINDINGS
    from dte_rules.cli.packs import packs_for, refusal
    from dte_rules.cli.screen import complain_of_cases

    language = options.language(context, lang)
    as_json = output is ExplainFormat.JSON and out is None
    desk = Desk(packs_for(options.rules(context, rules), language, as_json=as_json))
    try:
        outcomes = _wanted(desk.outcomes(take_in(cases)), ids)
    except DiagnosticsError as error:
        raise refusal(error, language, as_json=as_json) from None
    made = [(outcome, _explained(desk, outcome)) for outcome in outcomes if outcome.decision is not None]
    writer = _Writer(desk, output, language, full=full)
    if out is None:
        writer.show(made, outcomes)
    else:
        writer.write(out, made)
    complain_of_cases(desk, outcomes, language)
    missing = [id_ for id_ in ids or () if not any(outcome.id == id_ for outcome in outcomes)]
    for id_ in missing:
        print(f"没有编号为 {id_} 的案例" if language == "zh" else f"no case has the id {id_}", file=sys.stderr)
    if missing or any(outcome.decision is None for outcome in outcomes):
        raise typer.Exit(FINDINGS)


def _wanted(outcomes: Sequence[Outcome], ids: Sequence[str] | None) -> list[Outcome]:
    return [outcome for outcome in outcomes if not ids or outcome.id in ids or outcome.case is None]


def _explained(desk: Desk, outcome: Outcome) -> Explained:
    from dte_rules.cases import Case, facts_of

    case = outcome.case
    assert isinstance(case, Case)
    pack = desk.packs[case.region]
    return pack.explain(case.decision, facts_of(case, pack.Facts, pack.vocabulary), as_of=case.as_of, readings=case.readings)


class _Writer:
    """Writes explanations in one format."""

    def __init__(self, desk: Desk, output: ExplainFormat, lang: Lang, *, full: bool) -> None:
        self.desk, self.output, self.lang, self.full = desk, output, lang, full

    def show(self, made: Sequence[tuple[Outcome, Explained]], outcomes: Sequence[Outcome]) -> None:
        """Print them."""
        if self.output is ExplainFormat.TEXT:
            from dte_rules.cli.screen import console, show
            from dte_rules.report.explain_text import explanation_text

            for outcome, explained in made:
                show(console(), explanation_text(self._in_words(outcome, explained)))
        elif self.output is ExplainFormat.JSON:
            sys.stdout.write(self._json(made, outcomes))
        elif self.output is ExplainFormat.HTML:
            from dte_rules.report.letter import letters

            sys.stdout.write(letters([self._in_words(*each) for each in made], self.lang))
        else:
            sys.stdout.write("\n".join(self._text(*each) for each in made))

    def write(self, out: Path, made: Sequence[tuple[Outcome, Explained]]) -> None:
        """Write them to a file, or into a folder."""
        from dte_rules.report.writing import write_if_changed

        if out.is_dir() or not out.suffix:
            names: dict[str, int] = {}
            for outcome, explained in made:
                name = re.sub(r"[^\w.-]+", "-", outcome.id or "case").strip(".-") or "case"
                names[name] = count = names.get(name, 0) + 1
                path = out / f"{name if count == 1 else f'{name}-{count}'}{SUFFIXES[self.output]}"
                write_if_changed(path, self._text(outcome, explained))
            return
        if self.output is ExplainFormat.HTML:
            from dte_rules.report.letter import letters

            write_if_changed(out, letters([self._in_words(*each) for each in made], self.lang))
        elif self.output is ExplainFormat.JSON:
            write_if_changed(out, self._json(made, []))
        else:
            write_if_changed(out, "\n".join(self._text(*each) for each in made))

    def _in_words(self, outcome: Outcome, explained: Explained) -> Any:
        from dte_rules.report.explain import explanation

        pack = self.desk.packs[explained.decision.region]
        return explanation(
            explained, pack.program, pack.vocabulary, lang=self.lang, case=outcome.id or "", title=outcome.title, full=self.full
        )

    def _text(self, outcome: Outcome, explained: Explained) -> str:
        match self.output:
            case ExplainFormat.JSON:
                from dte_rules.cli.json_text import json_text

                return json_text(_data(outcome, explained)) + "\n"
            case ExplainFormat.HTML:
                from dte_rules.report.letter import letter

                return letter(self._in_words(outcome, explained))
            case ExplainFormat.MARKDOWN:
                from dte_rules.report.explain_markdown import markdown

                return markdown(self._in_words(outcome, explained))
            case ExplainFormat.TEXT:
                return _plain(self._in_words(outcome, explained))

    def _json(self, made: Sequence[tuple[Outcome, Explained]], outcomes: Sequence[Outcome]) -> str:
        from dte_rules.cli.json_text import broken_object, json_text

        broken = [broken_object(o.id, o.diagnostics, self.lang) for o in outcomes if o.decision is None]
        return json_text([*(_data(*each) for each in made), *broken]) + "\n"


def _data(outcome: Outcome, explained: Explained) -> dict[str, Any]:
    from dte_rules.report.explain_data import why_data

    fields = {name: getattr(explained.decision, name) for name in type(explained.decision).model_fields}
    j = explained.justification
    return {"id": outcome.id, "decision": fields, "why_not": why_data(j), "justification": j.as_dict()}


def _plain(explained: Any) -> str:
    """The tree as plain text of the page's width."""
    import io

    from rich.console import Console

    from dte_rules.cli.screen import WIDTH
    from dte_rules.report.explain_text import explanation_text

    stream = io.StringIO()
    Console(file=stream, width=WIDTH, highlight=False, emoji=False, markup=False, no_color=True).print(explanation_text(explained))
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))
