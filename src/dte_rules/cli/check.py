"""``dte check``: everything that is to be said of packs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dte_rules.cli import options
from dte_rules.cli.options import Format, FormatOption, LanguageOption, Rules
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError, Lang, Severity

if TYPE_CHECKING:
    from dte_rules.pack.library import Library

PackFiles = Annotated[
    list[str] | None,
    typer.Argument(metavar="PACK.yaml", help="Packs, each checked in its own folder; without any, all packs.", show_default=False),
]


def check(
    context: typer.Context,
    packs: PackFiles = None,
    output: FormatOption = Format.TEXT,
    rules: Rules = None,
    lang: LanguageOption = None,
) -> None:
    """Check packs: every error and warning, with its line.

    Exits with 1 on an error; warnings alone exit with 0.
    """
    from dte_rules.cli.guard import FINDINGS

    language = options.language(context, lang)
    targets = list(_targets(packs or [], options.rules(context, rules), language))
    found = dict.fromkeys(d for name, library in targets for d in _diagnostics(name, library))
    if output is Format.JSON:
        from dte_rules.cli.json_text import json_text

        print(json_text([d.as_dict(language) for d in found]), file=sys.stdout)
    else:
        _print(len(targets), found, language)
    if any(d.severity is Severity.ERROR for d in found):
        raise typer.Exit(FINDINGS)


def _targets(paths: Iterable[str], directory: Path | None, lang: Lang) -> Iterator[tuple[str | Path, Library]]:
    """What is to be checked, each with the folder that it is checked in."""
    from dte_rules.cli.diagnostics import NoPacks
    from dte_rules.cli.guard import USAGE
    from dte_rules.cli.packs import PackTexts
    from dte_rules.cli.screen import complain
    from dte_rules.pack.library import Library

    given = list(paths)
    for text in given:
        path = Path(text)
        # the packs stand one folder above the libraries
        yield path, Library.at(path.parent.parent if _is_library(path) else path.parent)
    if given:
        return
    library = Library.shipped() if directory is None else Library.at(directory)
    names = library.names()
    if not names:
        complain([NoPacks(directory=str(library.directory))], lang, PackTexts().writer(lang))
        raise typer.Exit(USAGE)
    for name in names:
        yield name, library


def _diagnostics(pack: str | Path, library: Library) -> tuple[Diagnostic, ...]:
    """All that is to be said of one pack, warnings too."""
    from dte_rules.api import vocabulary_of
    from dte_rules.compiler import compile_all
    from dte_rules.compiler.diagnostics import Unused
    from dte_rules.facts import Facts
    from dte_rules.pack.library import CALENDAR
    from dte_rules.pack.loader import load_pack

    if isinstance(pack, Path) and pack.stem == CALENDAR:
        return _of_calendar(pack, library)
    try:
        loaded = load_pack(pack, library)
        vocabulary = vocabulary_of(loaded, Facts)
    except DiagnosticsError as error:
        return error.diagnostics
    found = compile_all(loaded, vocabulary)[1]
    # a library is there for others to use
    return tuple(d for d in found if not (isinstance(d, Unused) and _is_library(pack)))


def _is_library(pack: str | Path) -> bool:
    return isinstance(pack, Path) and pack.parent.name == "lib"


def _of_calendar(path: Path, library: Library) -> tuple[Diagnostic, ...]:
    """What is wrong with the form of a file of holidays."""
    from dte_rules.pack.reading import read_content
    from dte_rules.pack.schema.file import CalendarFile

    return read_content(library.read(path), CalendarFile).diagnostics


def _print(count: int, found: Iterable[Diagnostic], lang: Lang) -> None:
    from dte_rules.cli.packs import PackTexts
    from dte_rules.cli.screen import report

    several = list(found)
    report(sys.stdout, several, lang, PackTexts().writer(lang))
    errors = sum(d.severity is Severity.ERROR for d in several)
    warnings = len(several) - errors
    if lang == "zh":
        parts = [f"{errors} 个错误" if errors else "", f"{warnings} 个警告" if warnings else ""]
        print(f"已检查 {count} 个规则包：" + ("，".join(part for part in parts if part) or "没有问题"))
        return
    parts = [_count(errors, "error") if errors else "", _count(warnings, "warning") if warnings else ""]
    print(f"{_count(count, 'pack')} checked: " + (", ".join(part for part in parts if part) or "no problems"))


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
