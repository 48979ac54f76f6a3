"""The options that all commands share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dte_rules.cli.language import default_language
from dte_rules.source.diagnostic import Lang


class Language(StrEnum):
    """The languages that reports and errors come in."""

    ZH = "zh"
    EN = "en"


class Format(StrEnum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"


class Engine(StrEnum):
    """The engines; they agree."""

    COMPILED = "compiled"
    REFERENCE = "reference"
    DURABLE = "durable"


Rules = Annotated[
    Path | None,
    typer.Option("--rules", metavar="DIR", exists=True, file_okay=False, help="Folder of packs; without it, the shipped packs."),
]
LanguageOption = Annotated[Language | None, typer.Option("--lang", help="Language of the output; by default the environment's.")]
FormatOption = Annotated[Format, typer.Option("--format", help="A readable account, or JSON for programs.")]
EngineOption = Annotated[Engine, typer.Option("--engine", help="Which engine decides; they agree.")]
RegionOption = Annotated[str | None, typer.Option("--region", metavar="PACK", help="Only this pack.")]
CaseFiles = Annotated[
    list[str], typer.Argument(metavar="CASES", help="Case files, YAML or JSON; - reads from standard input.", show_default=False)
]
ReceiptOption = Annotated[
    Path | None, typer.Option("--receipt", metavar="FILE", help="File to write with what is needed to repeat each decision.")
]
JournalOption = Annotated[Path | None, typer.Option("--journal", metavar="DB", help="Journal in which to record each decision.")]
RedactOption = Annotated[
    Path | None, typer.Option("--redact", metavar="KEYFILE", help="Keep personal data as keyed digests only, by the key in this file.")
]


@dataclass(frozen=True)
class Shared:
    """What was given before the command's name; the command's own options come first."""

    rules: Path | None = None
    lang: Language | None = None


def language(context: typer.Context, own: Language | None) -> Lang:
    """The language of a command's output."""
    chosen = own or _shared(context).lang
    if chosen is None:
        return default_language()
    return "zh" if chosen is Language.ZH else "en"


def rules(context: typer.Context, own: Path | None) -> Path | None:
    """The folder of packs that a command works with; None for the shipped packs."""
    return own or _shared(context).rules


def _shared(context: typer.Context) -> Shared:
    return context.obj if isinstance(context.obj, Shared) else Shared()
