"""``dte diff``: two versions of a pack, and who is decided differently."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dte_rules.cli import options
from dte_rules.cli.compare import Near
from dte_rules.cli.options import Format, FormatOption, LanguageOption
from dte_rules.source.diagnostic import DiagnosticsError, Lang

if TYPE_CHECKING:
    from dte_rules.api import LoadedPack
    from dte_rules.report.diff_cases import DecidedTwice

Version = Annotated[Path, typer.Argument(exists=True, help="A pack's file, or a folder of packs.", show_default=False)]
Cases = Annotated[Path | None, typer.Option("--cases", exists=True, help="Case files whose decisions are compared too.")]


def diff(
    context: typer.Context,
    old: Version,
    new: Version,
    cases: Cases = None,
    near: Near = None,
    output: FormatOption = Format.TEXT,
    lang: LanguageOption = None,
) -> None:
    """Compare two versions of packs: who gains, who loses, or proof of no change.

    Exits with 0 if nobody is decided differently, with 1 if somebody is or it can't be told. A pack's file is read with its folder.
    """
    from dte_rules.cli.guard import FINDINGS, USAGE
    from dte_rules.cli.near import near_case
    from dte_rules.cli.packs import refusal

    language = options.language(context, lang)
    as_json = output is Format.JSON
    try:
        before, after = _version(old), _version(new)
        names = [name for name in after if name in before]
        if not names:
            raise typer.BadParameter("the two versions have no pack of the same name")
        person = None if near is None else near_case(near, language, as_json=as_json)
        changed = _run(before, after, names, cases, person, as_json, language)
    except DiagnosticsError as error:
        refusal(error, language, as_json=as_json)
        raise typer.Exit(USAGE) from None
    if changed:
        raise typer.Exit(FINDINGS)


def _version(path: Path) -> dict[str, LoadedPack]:
    from dte_rules.api import load_one, load_packs
    from dte_rules.pack.library import Library

    if path.is_dir():
        return dict(load_packs(path))
    return {path.stem: load_one(path.stem, Library.at(path.parent))}


def _run(
    before: Mapping[str, LoadedPack],
    after: Mapping[str, LoadedPack],
    names: list[str],
    cases: Path | None,
    near: Mapping[str, Any] | None,
    as_json: bool,
    lang: Lang,
) -> bool:
    from dte_rules.analysis.diff import diff as compared
    from dte_rules.analysis.meaning import Options
    from dte_rules.cli.progress import steps
    from dte_rules.report.compare_data import diff_data
    from dte_rules.report.diff_cases import cases_data, cases_text
    from dte_rules.report.diff_text import WORDS, diff_text
    from dte_rules.report.phrases import listing, pick

    with steps("正在比较" if lang == "zh" else "comparing") as told:
        found = {}
        for name in names:
            told(name)
            found[name] = compared(before[name], after[name], Options(near=near))
    gone = [name for name in before if name not in after]
    fresh = [name for name in after if name not in before]
    decided = list(_cases(cases, before, after, names, lang)) if cases is not None else []
    different = [case for case in decided if case.differs]
    broken = [case for case in decided if case.unreadable]
    changed = any(d.verdict_changing for d in found.values()) or bool(gone) or bool(different)
    dated = any(d.dates_differ for d in found.values())
    if as_json:
        from dte_rules.cli.json_text import json_text

        packs = [diff_data(d, lang) for d in found.values()]
        data = {"verdict_changing": changed, "dates_differ": dated, "packs": packs, "only_old": gone, "only_new": fresh}
        print(json_text(data | (cases_data(decided) if cases is not None else {})), file=sys.stdout)
        return changed or dated or bool(broken)
    from dte_rules.cli.screen import console, show

    target = console()
    for name, result in found.items():
        show(target, diff_text(result, before[name], after[name], lang))
    for key, names_ in (("only_old", gone), ("only_new", fresh)):
        if names_:
            print(pick(WORDS[key], lang) + listing(names_, lang))
    if cases is not None:
        show(target, cases_text(decided, before, after, lang))
    return changed or dated or bool(broken)


def _cases(
    path: Path, before: Mapping[str, LoadedPack], after: Mapping[str, LoadedPack], names: list[str], lang: Lang
) -> Iterator[DecidedTwice]:
    """The cases of the packs that both versions have, with both decisions; what can't be read in either is told on the way."""
    from dte_rules.api import Packs
    from dte_rules.cli.desk import Desk, take_in
    from dte_rules.report.diff_cases import DecidedTwice

    files = [str(path)]
    if path.is_dir():
        files = sorted(str(file) for file in path.rglob("*.yaml") if not file.name.endswith(".properties.yaml"))
    read = take_in(files)
    old, new = (Desk(Packs(dict(version))) for version in (before, after))
    for first, second in zip(old.outcomes(read), new.deciding(read, lang), strict=True):
        if first.diagnostics and second.diagnostics:
            if first.case is not None and first.case.region in after and first.case.region not in names:
                continue  # a case of a pack that only the new version has
            for problem in second.diagnostics:
                print(new.render(second.file, problem, lang), file=sys.stderr)
        elif first.case is None or first.case.region not in names:
            continue
        region = first.case.region if first.case is not None else None
        yield DecidedTwice(first.id, region, first.decision, second.decision)
