"""``dte clauses``: what became of each clause, and whether registers and rules agree with the documents' texts."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dte_rules.cli import options
from dte_rules.cli.options import Format, FormatOption, LanguageOption, RegionOption, Rules
from dte_rules.source.diagnostic import Diagnostic, Lang, Severity

if TYPE_CHECKING:
    from dte_rules.pack.model import Clause, Pack
    from dte_rules.register.account import Account
    from dte_rules.register.compare import Comparison

Sources = Annotated[
    Path | None,
    typer.Option(
        "--sources", metavar="DIR", exists=True, file_okay=False, help="Folder with the documents' texts (*.txt, UTF-8) to compare with."
    ),
]


def clauses(
    context: typer.Context,
    region: RegionOption = None,
    sources: Sources = None,
    output: FormatOption = Format.TEXT,
    rules: Rules = None,
    lang: LanguageOption = None,
) -> None:
    """Show what became of each clause of the packs' documents.

    With --sources, compare the texts: clauses that a register lacks, locators that no text has, numbers in rules that their
    clauses don't have, texts that have changed. Exits with 1 on such a finding.
    """
    from dte_rules.cli.guard import FINDINGS
    from dte_rules.cli.packs import chosen, pack_files
    from dte_rules.register.account import accounts

    language = options.language(context, lang)
    as_json = output is Format.JSON
    packs = pack_files(options.rules(context, rules), language, as_json=as_json)
    asked = chosen(region, packs, language)
    compared = _compared(asked, packs, sources) if sources is not None else None
    documents = accounts(asked, compared.missing if compared else None)
    if as_json:
        from dte_rules.cli.json_text import json_text

        print(json_text(_as_data(documents, compared, language)), file=sys.stdout)
    else:
        _print(documents, compared, language)
    if compared and any(found.severity is Severity.ERROR for found in compared.findings):
        raise typer.Exit(FINDINGS)


def _compared(asked: Sequence[Pack], packs: Mapping[str, Pack], folder: Path) -> Comparison:
    from dte_rules.register.compare import compare
    from dte_rules.register.notices import read_folder

    known = {source: found for pack in packs.values() for source, found in pack.sources.items()}
    return compare(asked, read_folder(folder, known))


def _as_data(documents: Sequence[Account], compared: Comparison | None, lang: Lang) -> dict[str, Any]:
    data: dict[str, Any] = {"documents": [_document(document, lang) for document in documents]}
    if compared is not None:
        data["compared"] = list(compared.compared)
        data["findings"] = [found.as_dict(lang) for found in compared.findings]
    return data


def _document(document: Account, lang: Lang) -> dict[str, Any]:
    from dataclasses import asdict

    source, register = document.source, document.register
    return {
        "source": source.id,
        "pack": register.pack,
        "number": source.number,
        "title": source.title.text(lang) if source.title else None,
        "digest": register.digest,
        "coverage": asdict(document.coverage),
        "missing": list(document.missing),
        "clauses": [_clause(clause, lang) for clause in document.clauses],
    }


def _clause(clause: Clause, lang: Lang) -> dict[str, Any]:
    from dte_rules.pack.clauses import outcomes

    words = {"delegated": clause.delegated, "not_executable": clause.not_executable, "note": clause.note}
    listed = {key: list(names) for key, names in outcomes(clause).items() if names}
    return {"locator": clause.locator, **listed, **{key: label.text(lang) for key, label in words.items() if label is not None}}


def _print(documents: Sequence[Account], compared: Comparison | None, lang: Lang) -> None:
    from rich.text import Text

    from dte_rules.cli.packs import PackTexts
    from dte_rules.cli.screen import console, report, show
    from dte_rules.report.clause_table import clause_table

    target = console()
    for document in documents:
        show(target, clause_table(document, lang))
        show(target, Text())
    if not documents:
        show(target, Text("规则包没有登记条款清单（clauses）" if lang == "zh" else "no pack has a register of clauses"))
    if compared is None:
        return
    sys.stdout.flush()
    report(sys.stdout, compared.findings, lang, PackTexts().writer(lang))
    show(target, Text(_verdict(compared, lang), style="bold red" if _errors(compared.findings) else "bold green"))


def _verdict(compared: Comparison, lang: Lang) -> str:
    count, errors = len(compared.compared), _errors(compared.findings)
    warnings = len(compared.findings) - errors
    if lang == "zh":
        parts = [f"{errors} 处不符" if errors else "没有不符之处", *([f"{warnings} 个警告"] if warnings else [])]
        return f"已与 {count} 份文件的文本核对：{'，'.join(parts)}"
    parts = [f"{errors} {'finding' if errors == 1 else 'findings'}" if errors else "no differences"]
    parts += [f"{warnings} {'warning' if warnings == 1 else 'warnings'}"] if warnings else []
    return f"compared with the {'text of 1 document' if count == 1 else f'texts of {count} documents'}: {', '.join(parts)}"


def _errors(findings: Sequence[Diagnostic]) -> int:
    return sum(found.severity is Severity.ERROR for found in findings)
