"""``dte init``: a folder of packs of one's own, begun with copies of the shipped ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dte_rules.cli import options
from dte_rules.cli.guard import FINDINGS
from dte_rules.cli.options import LanguageOption

if TYPE_CHECKING:
    from dte_rules.pack.model import Pack

Folder = Annotated[Path, typer.Argument(file_okay=False, help="Folder to begin; it is made if it isn't there.", show_default=False)]
Wanted = Annotated[
    list[str] | None, typer.Option("--pack", metavar="NAME", help="Only this pack, with those that it extends; may be given again.")
]


def init(context: typer.Context, folder: Folder, pack: Wanted = None, lang: LanguageOption = None) -> None:
    """Begin a folder of packs of your own, with copies of the shipped packs and the schemas for editors.

    Packs go to its folder rules, schemas to its folder schemas. National law and the calendars of working days stay in the library, so
    that they follow its versions. Nothing is overwritten: exits with 1, and writes nothing, if one of the files is there.
    """
    from dte_rules.cli.diagnostics import FileIsThere
    from dte_rules.cli.packs import PackTexts, chosen, pack_files
    from dte_rules.cli.screen import complain
    from dte_rules.report.writing import write_if_changed

    language = options.language(context, lang)
    shipped = pack_files(None, language, as_json=False)
    wanted = [each for name in pack for each in chosen(name, shipped, language)] if pack else list(shipped.values())
    files = {folder / "rules" / name: text for each in wanted for name, text in _packs(each)}
    files |= {folder / "schemas" / f"{name}.schema.json": text for name, text in _schemas()}
    there = [path for path in files if path.exists()]
    if there:
        complain([FileIsThere(path=str(path)) for path in there], language, PackTexts().writer(language))
        raise typer.Exit(FINDINGS)
    for path, text in files.items():
        write_if_changed(path, text)
        print(path.as_posix())


def _packs(pack: Pack) -> Iterator[tuple[str, str]]:
    """The files of a pack and of those that it extends, but for libraries."""
    from dte_rules.pack.library import shipped_directory

    shipped = shipped_directory().resolve()
    for path in map(Path, pack.files):
        if path.resolve().parent == shipped:
            yield path.name, path.read_text(encoding="utf-8")


def _schemas() -> Iterator[tuple[str, str]]:
    from dte_rules.api import load_packs
    from dte_rules.report.schemas import calendar_schema, case_schema, pack_schema, properties_schema, schema_text

    packs = {name: (pack.program, pack.vocabulary) for name, pack in load_packs().items()}
    made = {"pack": pack_schema(), "calendar": calendar_schema(), "cases": case_schema(packs), "properties": properties_schema()}
    for name, schema in made.items():
        yield name, schema_text(schema)
