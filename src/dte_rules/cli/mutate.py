"""``dte mutate``: plants faults in a pack's rules, and shows which of them its cases don't notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dte_rules.cli import options
from dte_rules.cli.cases_of import Out, Question, Region
from dte_rules.cli.options import Format, FormatOption, LanguageOption, Rules
from dte_rules.source.diagnostic import Lang

if TYPE_CHECKING:
    from dte_rules.analysis.mutation import Mutation
    from dte_rules.api import LoadedPack
    from dte_rules.cases import Case

Named = Annotated[
    list[str] | None, typer.Option("--cases", metavar="FILE", help="Case files; without any, those of cases/ or tests/cases/.")
]
More = Annotated[list[str] | None, typer.Argument(metavar="[CASES]", help="Further case files.", show_default=False)]
Seconds = Annotated[float | None, typer.Option("--max-seconds", help="Stop after so many seconds; what is left is `not run`.")]
Workers = Annotated[int, typer.Option("--workers", min=1, max=32, help="How many processes.")]
Samples = Annotated[int, typer.Option("--samples", min=1, help="How many generated cases are tried where the solver can't tell.")]
Solver = Annotated[float, typer.Option("--solver-seconds", min=0.1, help="How long the solver looks at one survivor.")]


def mutate(
    context: typer.Context,
    more: More = None,
    cases: Named = None,
    region: Region = None,
    decision: Question = None,
    output: FormatOption = Format.TEXT,
    out: Out = None,
    max_seconds: Seconds = None,
    workers: Workers = 2,
    samples: Samples = 2000,
    solver_seconds: Solver = 8.0,
    rules: Rules = None,
    lang: LanguageOption = None,
) -> None:
    """Plant faults in the rules, one at a time, and show which of them no case notices.

    Each survivor comes with a case that would notice it, from the solver, for an analyst to check and add; --out writes these cases to
    a file. A fault of which the solver proves that nobody is decided differently is left out of the score. Exits with 1 if a fault
    survives.
    """
    from dte_rules.analysis.mutation_killers import killers
    from dte_rules.cli.cases_of import asked_of, cases_in, usual_files, written
    from dte_rules.cli.guard import FINDINGS, USAGE
    from dte_rules.cli.packs import packs_for
    from dte_rules.cli.screen import console, show

    language = options.language(context, lang)
    files = [*(cases or ()), *(more or ())] or usual_files()
    if not files:
        told = "没有案例文件；请用 --cases 指明" if language == "zh" else "no case files here; name them with --cases"
        typer.echo(told, err=True)
        raise typer.Exit(USAGE)
    packs = packs_for(options.rules(context, rules), language, as_json=output is Format.JSON)
    meant = asked_of(packs, region, decision, language)
    found = cases_in(files, packs, language)
    several = [
        (pack, _mutation(pack, found[pack.name], decision, language, workers, max_seconds, samples, solver_seconds))
        for pack in meant
        if pack.name in found
    ]
    found_cases = {pack.name: killers(mutation, pack.program, pack.vocabulary, language) for pack, mutation in several}
    if output is Format.JSON:
        from dte_rules.cli.json_text import json_text
        from dte_rules.report.mutation_text import mutation_data

        data: Any = [mutation_data(mutation, found_cases[pack.name]) for pack, mutation in several]
        written(json_text(data), None)
    else:
        from dte_rules.report.mutation_text import mutation_text

        for pack, mutation in several:
            show(console(), mutation_text(mutation, pack.program.title.text(language), found_cases[pack.name], language))
    if out is not None:
        from dte_rules.cases import write_cases

        written(write_cases(case for each in found_cases.values() for case in each.all), out)
    if any(mutation.score.survived for _, mutation in several):
        raise typer.Exit(FINDINGS)


def _mutation(
    pack: LoadedPack,
    cases: list[Case],
    decision: str | None,
    lang: Lang,
    workers: int,
    max_seconds: float | None,
    samples: int,
    seconds: float,
) -> Mutation:
    from dte_rules.analysis.mutation import Work
    from dte_rules.analysis.mutation import mutate as run
    from dte_rules.analysis.questions import checked
    from dte_rules.cli.progress import bar

    decisions = (decision,) if decision is not None else tuple(pack.program.decisions)
    ready = [checked(case, pack.program, pack.vocabulary) for case in cases if case.decision in decisions]
    work = Work(pack.program, pack.vocabulary, decisions, tuple(case for case in ready if case is not None), samples, seconds)
    with bar(f"{pack.name} 变异" if lang == "zh" else f"mutating {pack.name}") as progress:
        return run(work, workers=workers, max_seconds=max_seconds, progress=progress)
