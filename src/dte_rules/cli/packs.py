"""Loads packs for a command, and says what is wrong with them if they can't be loaded."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from dte_rules.cli.diagnostics import NoPacks
from dte_rules.cli.guard import FINDINGS, USAGE
from dte_rules.cli.json_text import broken_object, json_text
from dte_rules.cli.screen import complain
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError, Lang
from dte_rules.source.render import render

if TYPE_CHECKING:
    from dte_rules.api import Packs
    from dte_rules.pack.model import Pack

P = TypeVar("P")


def packs_for(directory: Path | None, lang: Lang, *, as_json: bool) -> Packs:
    """The packs of the folder, or the shipped ones.

    Raises:
        typer.Exit: with 1 after the diagnostics of packs that can't be loaded, with 2 where the folder has no packs.
    """
    from dte_rules.api import load_packs

    try:
        packs = load_packs(directory)
    except DiagnosticsError as error:
        raise refusal(error, lang, as_json=as_json) from None
    if not packs:
        complain([NoPacks(directory=str(directory))], lang, PackTexts().writer(lang))
        raise typer.Exit(USAGE)
    return packs


def pack_files(directory: Path | None, lang: Lang, *, as_json: bool) -> dict[str, Pack]:
    """The packs as they are written, not compiled, by name.

    Raises:
        typer.Exit: as ``packs_for`` does.
    """
    from dte_rules.pack.library import Library
    from dte_rules.pack.loader import load_packs

    library = Library.shipped() if directory is None else Library.at(directory)
    try:
        packs = load_packs(library)
    except DiagnosticsError as error:
        raise refusal(error, lang, as_json=as_json) from None
    if not packs:
        complain([NoPacks(directory=str(library.directory))], lang, PackTexts().writer(lang))
        raise typer.Exit(USAGE)
    return packs


def chosen(region: str | None, packs: Mapping[str, P], lang: Lang) -> list[P]:
    """The pack of the region that was asked for; without one, all packs.

    Raises:
        typer.Exit: with 2 where there is no such pack.
    """
    from dte_rules.cases.diagnostics import UnknownRegion
    from dte_rules.source.suggest import nearest

    if region is None:
        return list(packs.values())
    if region not in packs:
        known = tuple(packs)
        complain([UnknownRegion(name=region, known=known, suggestion=nearest(region, known))], lang, PackTexts().writer(lang))
        raise typer.Exit(USAGE)
    return [packs[region]]


def refusal(error: DiagnosticsError, lang: Lang, *, as_json: bool) -> typer.Exit:
    """Tells what is wrong before any case was looked at; the exit to raise."""
    complain(error.diagnostics, lang, PackTexts().writer(lang))
    if as_json:
        print(json_text([broken_object(None, error.diagnostics, lang)]), file=sys.stdout)
    return typer.Exit(FINDINGS)


class PackTexts:
    """The texts of the files that diagnostics point into, each read once."""

    def __init__(self) -> None:
        self._texts: dict[str, str | None] = {}

    def writer(self, lang: Lang) -> PackWriter:
        """What renders a diagnostic, in colour or without."""
        return PackWriter(self, lang)

    def text(self, file: str) -> str | None:
        """The text of a file; None where it can't be read."""
        if file not in self._texts:
            from dte_rules.source.yaml import read_yaml_file

            self._texts[file] = read_yaml_file(file).text or None
        return self._texts[file]


class PackWriter:
    """Renders diagnostics of packs with their lines."""

    def __init__(self, texts: PackTexts, lang: Lang) -> None:
        self.texts, self.lang = texts, lang

    def __call__(self, diagnostic: Diagnostic, colour: bool) -> str:
        """The diagnostic as text."""
        text = self.texts.text(diagnostic.span.file) if diagnostic.span else None
        return render(diagnostic, text, self.lang, colour=colour)
