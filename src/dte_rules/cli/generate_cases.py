"""``dte generate-cases``: a small set of cases that reaches every condition of a decision, for an analyst to sign off."""

from __future__ import annotations

from typing import Annotated

import typer

from dte_rules.cli import options
from dte_rules.cli.cases_of import Out
from dte_rules.cli.options import LanguageOption, Rules

Region = Annotated[str, typer.Option("--region", metavar="PACK", help="The pack whose rules are to be reached.")]
Question = Annotated[str, typer.Option("--decision", metavar="ID", help="The decision whose rules are to be reached.")]
Seed = Annotated[int, typer.Option("--seed", help="The same seed gives the same cases.")]
Samples = Annotated[int, typer.Option("--samples", min=1, help="How many generated cases there are to choose from.")]


def generate_cases(
    context: typer.Context,
    region: Region,
    decision: Question,
    out: Out = None,
    seed: Seed = 0,
    samples: Samples = 1500,
    rules: Rules = None,
    lang: LanguageOption = None,
) -> None:
    """Write a small set of cases that reaches every condition of a decision, for an analyst to sign off.

    What they expect is what the rules decide today: each expectation has to be checked against the notice before it is kept.
    """
    from dte_rules.analysis.generate_cases import generate, header
    from dte_rules.cases import write_cases
    from dte_rules.cli.cases_of import asked_of, written
    from dte_rules.cli.packs import packs_for
    from dte_rules.cli.progress import bar

    language = options.language(context, lang)
    packs = packs_for(options.rules(context, rules), language, as_json=False)
    pack = asked_of(packs, region, decision, language)[0]
    with bar("生成案例" if language == "zh" else "generating cases") as progress:
        found = generate(pack.program, pack.vocabulary, decision, language, samples=samples, seed=seed, progress=progress)
    written(header(found, language) + write_cases(found.cases), out)
