"""``dte docs``: the pages of packs, and the reference pages that are made from the code."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dte_rules.cli import options
from dte_rules.cli.options import LanguageOption, Rules
from dte_rules.source.diagnostic import DiagnosticsError, Lang

if TYPE_CHECKING:
    from dte_rules.pack.model import Pack

DEFAULT = Path("docs/reference")
LANGUAGES: tuple[Lang, ...] = ("zh", "en")

Target = Annotated[Path, typer.Argument(metavar="[OUT_DIR]", file_okay=False, help="Folder to write to.", show_default="docs/reference")]
Region = Annotated[str | None, typer.Option("--region", metavar="PACK", help="Only the pages of this pack.")]


def docs(
    context: typer.Context,
    target: Target = DEFAULT,
    region: Region = None,
    rules: Rules = None,
    lang: LanguageOption = None,
) -> None:
    """Write the pages of packs and the reference pages, as Markdown.

    A page a pack in Chinese and one in English; without --region also the pages of diagnostics, facts, commands, built-in
    functions and the format. Only what has changed is written.
    """
    from dte_rules.report.writing import write_if_changed

    language = options.language(context, lang)
    packs = _packs(options.rules(context, rules), language)
    if region is not None and region not in packs:
        raise _unknown(region, packs, language)
    written = [write_if_changed(target / name, content) for name, content in pages(packs, region)]
    if language == "zh":
        print(f"共 {len(written)} 页，已更新 {sum(written)} 页", file=sys.stdout)
    else:
        print(f"{len(written)} {'page' if len(written) == 1 else 'pages'}, {sum(written)} changed", file=sys.stdout)


def pages(packs: dict[str, Pack], region: str | None = None) -> Iterator[tuple[str, str]]:
    """The path and the text of every page, or of one pack's."""
    from dte_rules.cli.reference import cli_page
    from dte_rules.facts import Facts
    from dte_rules.report.pages import builtins_page, diagnostics_page, facts_page, pack_format_page, pack_page
    from dte_rules.vocabulary import Vocabulary

    titles = {name: pack.title for name, pack in packs.items()}
    for name, pack in packs.items():
        if region in (None, name):
            for lang in LANGUAGES:
                yield f"packs/{lang}/{name}.md", pack_page(pack, lang, titles)
    if region is None:
        yield "diagnostics.md", diagnostics_page()
        yield "facts.md", facts_page(Vocabulary.of(Facts))
        yield "cli.md", cli_page()
        yield "builtins.md", builtins_page()
        yield "pack-format.md", pack_format_page()


def _packs(directory: Path | None, lang: Lang) -> dict[str, Pack]:
    from dte_rules.cli.diagnostics import NoPacks
    from dte_rules.cli.guard import USAGE
    from dte_rules.cli.packs import PackTexts, refusal
    from dte_rules.cli.screen import complain
    from dte_rules.pack.library import Library
    from dte_rules.pack.loader import load_packs

    library = Library.shipped() if directory is None else Library.at(directory)
    try:
        packs = load_packs(library)
    except DiagnosticsError as error:
        raise refusal(error, lang, as_json=False) from None
    if not packs:
        complain([NoPacks(directory=str(library.directory))], lang, PackTexts().writer(lang))
        raise typer.Exit(USAGE)
    return packs


def _unknown(region: str, packs: dict[str, Pack], lang: Lang) -> typer.Exit:
    from dte_rules.cases.diagnostics import UnknownRegion
    from dte_rules.cli.guard import USAGE
    from dte_rules.cli.packs import PackTexts
    from dte_rules.cli.screen import complain
    from dte_rules.source.suggest import nearest

    known = tuple(packs)
    complain([UnknownRegion(name=region, known=known, suggestion=nearest(region, known))], lang, PackTexts().writer(lang))
    return typer.Exit(USAGE)
