"""The commands put together."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from dte_rules.cli.analyze import analyze
from dte_rules.cli.ask import ask
from dte_rules.cli.check import check
from dte_rules.cli.clauses import clauses
from dte_rules.cli.compare import compare
from dte_rules.cli.cover import cover
from dte_rules.cli.decide import decide
from dte_rules.cli.diff import diff
from dte_rules.cli.docs import docs
from dte_rules.cli.explain import explain
from dte_rules.cli.generate_cases import generate_cases
from dte_rules.cli.graph import graph
from dte_rules.cli.guard import after_broken_pipe
from dte_rules.cli.help_zh import CHINESE, HELP
from dte_rules.cli.init import init
from dte_rules.cli.interpretations import interpretations
from dte_rules.cli.mutate import mutate
from dte_rules.cli.options import LanguageOption, Rules, Shared
from dte_rules.cli.prove import prove
from dte_rules.cli.receipts import journal_commands, replay
from dte_rules.cli.schema import schema
from dte_rules.cli.test import run_tests
from dte_rules.cli.what_if import what_if
from dte_rules.cli.when import when
from dte_rules.source.diagnostic import Lang

HELP_TEXT = f"""{HELP}

Exit codes:

\b
0    all is well
1    findings: a difference, a case, file or pack that can't be read, an error in a pack
2    wrong usage
3    an internal error (DTE999)
130  interrupted
141  the reader of the output has gone"""


HELP_WIDTH = 76
"""How many columns a paragraph of Chinese help takes: as many as click gives to English."""


class _Commands(TyperGroup):
    """The group of commands; a reader who leaves early ends them quietly."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise typer.Exit(after_broken_pipe()) from None


def _version(wanted: bool) -> None:
    if wanted:
        from dte_rules import __version__

        print(f"dte-rules {__version__}")
        raise typer.Exit


def dte(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")] = False,
    rules: Rules = None,
    lang: LanguageOption = None,
) -> None:
    """Takes the options that stand before a command's name."""
    context.obj = Shared(rules, lang)


def build() -> typer.Typer:
    """The application."""
    made = typer.Typer(
        cls=_Commands,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback(help=HELP_TEXT)(dte)
    made.command("decide")(decide)
    made.command("explain")(explain)
    made.command("graph")(graph)
    made.command("ask")(ask)
    made.command("what-if")(what_if)
    made.command("when")(when)
    made.command("replay")(replay)
    made.add_typer(journal_commands(), name="journal")
    made.command("test")(run_tests)
    made.command("cover")(cover)
    made.command("mutate")(mutate)
    made.command("generate-cases")(generate_cases)
    made.command("check")(check)
    made.command("analyze")(analyze)
    made.command("compare")(compare)
    made.command("diff")(diff)
    made.command("prove")(prove)
    made.command("init")(init)
    made.command("clauses")(clauses)
    made.command("interpretations")(interpretations)
    made.command("schema")(schema)
    made.command("docs")(docs)
    return made


app = build()


def command(lang: Lang = "en") -> Any:
    """The application as a command, its help in the language."""
    made: Any = typer.main.get_command(app)
    if lang == "zh":
        _translate(made)
    return made


def _translate(made: Any) -> None:
    """Put Chinese help in the place of the English."""
    made.help = _broken(CHINESE.get(_first_line(made.help), made.help))
    for parameter in made.params:
        if getattr(parameter, "help", None):
            parameter.help = CHINESE.get(parameter.help, parameter.help)
    for below in getattr(made, "commands", {}).values():
        _translate(below)


def _broken(text: str | None) -> str | None:
    """A text broken where Chinese may break, for click breaks at blanks alone and counts characters. Paragraphs after ``\\b`` stay."""
    if text is None:
        return None
    from rich.text import Text

    from dte_rules.report.prose import filled

    found = []
    for paragraph in text.split("\n\n"):
        if not paragraph.startswith("\b"):
            joined = "".join(line.strip() for line in paragraph.split("\n"))
            paragraph = "\b\n" + "\n".join(line.plain for line in filled(Text(joined), HELP_WIDTH, ()))
        found.append(paragraph)
    return "\n\n".join(found)


def _first_line(text: str | None) -> str:
    return (text or "").strip().split("\n")[0]
