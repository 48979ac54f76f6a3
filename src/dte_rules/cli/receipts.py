"""``dte replay`` and ``dte journal``: decisions repeated, and a journal of them that shows tampering."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dte_rules.cli import options, screen
from dte_rules.cli.guard import FINDINGS, USAGE
from dte_rules.cli.options import Format, FormatOption, LanguageOption, RedactOption, Rules
from dte_rules.report.phrases import Pair, pick
from dte_rules.source.diagnostic import DiagnosticsError, Lang

if TYPE_CHECKING:
    from dte_rules.api import Packs
    from dte_rules.cli.desk import Desk, Outcome
    from dte_rules.receipts import Journal, Key, Receipt, Replayed

Files = Annotated[list[Path], typer.Argument(metavar="FILE", help="Files of receipts, one a line.", show_default=False)]
Originals = Annotated[Path | None, typer.Option("--facts", metavar="CASES", help="Case file with the original facts, by the cases' ids.")]
Database = Annotated[Path, typer.Argument(metavar="DB", help="The journal.", show_default=False)]
IntoJournal = Annotated[Path, typer.Option("--journal", metavar="DB", help="The journal; made where there is none.")]
AnchorOption = Annotated[Path | None, typer.Option("--anchor", metavar="FILE", help="Anchor to check against, or to write.")]


def keep(desk: Desk, outcomes: Sequence[Outcome], file: Path | None, journal: Path | None, redact: Path | None, lang: Lang) -> None:
    """Write the receipts of the decisions to a file, and record them in a journal."""
    from dte_rules.cases import facts_of
    from dte_rules.receipts import Journal
    from dte_rules.report.writing import write_if_changed

    key = _key(redact, lang)
    receipts: list[Receipt] = []
    for outcome in outcomes:
        case: Any = outcome.case
        if outcome.decision is not None:
            pack = desk.packs[case.region]
            facts = facts_of(case, pack.Facts, pack.vocabulary)
            made = pack.receipt(outcome.decision, facts, readings=case.readings, case=case.id, engine=desk.engine, key=key)
            receipts.append(made)
    try:
        if journal is not None:
            with Journal(journal, create=True) as opened:
                opened.append(receipts, datetime.now(UTC))
        if file is not None:
            write_if_changed(file, "".join(f"{receipt.text}\n" for receipt in receipts))
    except (OSError, ValueError, sqlite3.Error) as error:
        raise _unusable(journal if journal is not None else file, error, lang) from None


def replay(
    context: typer.Context,
    files: Files,
    originals: Originals = None,
    redact: RedactOption = None,
    output: FormatOption = Format.TEXT,
    rules: Rules = None,
    lang: LanguageOption = None,
) -> None:
    """Repeat the decisions of receipts, and tell whether anything differs.

    With the same pack the result must be the same, byte for byte. With another version of the pack it is told what changed,
    and by which condition. Exits with 1 where anything differs, or a receipt was altered.
    """
    from dte_rules.cli.packs import packs_for
    from dte_rules.receipts import BadReceipt, Receipt
    from dte_rules.report.replays import replay_account, replay_object

    language = options.language(context, lang)
    packs = packs_for(options.rules(context, rules), language, as_json=output is Format.JSON)
    again = _Again(packs, _key(redact, language), originals, language)
    target = screen.console()
    bad = False
    data: list[dict[str, Any]] = []
    for file, number, line in _lines(files, language):
        try:
            found = again(Receipt.read(line))
        except BadReceipt as error:
            bad = True
            data.append({"file": str(file), "line": number, "status": "unreadable", "message": error.zh if language == "zh" else error.en})
            if output is Format.TEXT:
                print(f"{file}:{number}: {data[-1]['message']}")
            continue
        bad = bad or found.found
        data.append({"file": str(file), "line": number, **replay_object(found)})
        if output is Format.TEXT:
            pack = packs.get(found.receipt.region)
            screen.show(target, replay_account(found, None if pack is None else pack.program, language))
    if output is Format.JSON:
        from dte_rules.cli.json_text import json_text

        print(json_text(data), file=sys.stdout)
    if bad:
        raise typer.Exit(FINDINGS)


def journal_commands() -> typer.Typer:
    """The commands on journals."""
    made = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Keep receipts in a journal that shows tampering.")
    for command in (append, verify, show, anchor):
        made.command(command.__name__)(command)
    return made


def append(context: typer.Context, files: Files, journal: IntoJournal, lang: LanguageOption = None) -> None:
    """Record the receipts of files in a journal: all of them, or none."""
    from dte_rules.receipts import BadReceipt, Journal, Receipt

    language = options.language(context, lang)
    receipts = []
    for file, number, line in _lines(files, language):
        try:
            receipts.append(Receipt.read(line))
        except BadReceipt as error:
            typer.echo(f"{file}:{number}: {error.zh if language == 'zh' else error.en}", err=True)
            raise typer.Exit(FINDINGS) from None
    try:
        with Journal(journal, create=True) as opened:
            end = opened.append(receipts, datetime.now(UTC))
    except (OSError, ValueError, sqlite3.Error) as error:
        raise _unusable(journal, error, language) from None
    print(
        f"已记入 {len(receipts)} 条，末条为第 {end.seq} 条"
        if language == "zh"
        else f"{len(receipts)} recorded; the last is entry {end.seq}"
    )


def verify(context: typer.Context, journal: Database, anchor: AnchorOption = None, lang: LanguageOption = None) -> None:
    """Check a journal: whether any entry was removed, altered or moved.

    Without an anchor a journal that was cut off at its end, or written anew as a whole, can't be told from a sound one.
    """
    from dte_rules.receipts.journal import Anchor

    language = options.language(context, lang)
    zh = language == "zh"
    known = None
    if anchor is not None:
        try:
            known = Anchor.read(anchor.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise _unusable(anchor, error, language) from None
    with _opened(journal, language) as opened:
        problems = opened.verify(known)
        end = None if problems else opened.anchor()
    for problem in problems:
        print(problem.zh if zh else problem.en)
    if end is None:
        raise typer.Exit(FINDINGS)
    print(f"{end.seq} 条，相接完好" if zh else f"sound: {end.seq} {'entry' if end.seq == 1 else 'entries'}, chained without a break")


def show(context: typer.Context, journal: Database, lang: LanguageOption = None) -> None:
    """List the entries of a journal."""
    from dte_rules.receipts import BadReceipt, Receipt
    from dte_rules.report.phrases import verdict_word

    language = options.language(context, lang)
    with _opened(journal, language) as opened:
        for entry in opened.entries():
            try:
                receipt = Receipt.read(entry.receipt)
            except BadReceipt as error:
                print(f"{entry.seq}\t{entry.recorded}\t{error.zh if language == 'zh' else error.en}")
                continue
            question = receipt.data["question"]
            words = [str(entry.seq), entry.recorded, receipt.case or "-", receipt.region, question["decision"], question["as_of"]]
            print("\t".join([*words, verdict_word(receipt.verdict, language), entry.hash[:12]]))


def anchor(context: typer.Context, journal: Database, out: AnchorOption = None, lang: LanguageOption = None) -> None:
    """Print a journal's end, to be kept elsewhere.

    With it, verify finds whether anything up to there is gone.
    """
    from dte_rules.report.writing import write_if_changed

    language = options.language(context, lang)
    with _opened(journal, language) as opened:
        end = opened.anchor()
    text = json.dumps({"journal": end.journal, "seq": end.seq, "hash": end.hash}) + "\n"
    if out is None:
        sys.stdout.write(text)
    else:
        write_if_changed(out, text)


class _Again:
    """Repeats receipts with packs as they are now."""

    def __init__(self, packs: Packs, key: Key | None, originals: Path | None, lang: Lang) -> None:
        from dte_rules.cases import Case, read_cases
        from dte_rules.cli.packs import refusal

        self.packs, self.key, self.lang = packs, key, lang
        found = read_cases(originals) if originals is not None else None
        if found is not None and found.all_diagnostics:
            raise refusal(DiagnosticsError(found.all_diagnostics), lang, as_json=False)
        self.cases = {case.id: case for case in found.cases if isinstance(case, Case)} if found is not None else None

    def __call__(self, receipt: Receipt) -> Replayed:
        from pydantic import ValidationError

        from dte_rules.receipts import Replayed, replay
        from dte_rules.receipts.canonical import canonical

        try:
            pack = self.packs[receipt.region]
            if receipt.redacted is None:
                return replay(receipt, pack.repeat)
            if self.key is not None and self.key.id != receipt.redacted["key"]:
                return Replayed(receipt, "withheld", message=pick(("所给密钥不是原来的密钥", "the key given is another one"), self.lang))
            case = (self.cases or {}).get(receipt.case or "")
            if case is None and self.cases is not None:
                return Replayed(receipt, "withheld", message=pick(("所给文件中没有这一案例", "the file given has no such case"), self.lang))
            if case is None or self.key is None:
                return Replayed(receipt, "withheld")
            facts = pack.Facts.model_validate(case.facts)
            new = pack.repeat(receipt, facts=facts, key=self.key)
            if canonical(new.data["facts"]) != canonical(receipt.data["facts"]):
                return Replayed(receipt, "wrong_facts")
            return replay(receipt, lambda _: new)
        except DiagnosticsError as error:
            return Replayed(receipt, "refused", message=f"{error.diagnostics[0].code} {error.diagnostics[0].message(self.lang)}")
        except ValidationError as error:
            paths = ("、" if self.lang == "zh" else ", ").join(".".join(map(str, line["loc"])) for line in error.errors())
            return Replayed(receipt, "refused", message=f"不能接受的事实：{paths}" if self.lang == "zh" else f"facts not taken: {paths}")


def _lines(files: Sequence[Path], lang: Lang) -> Iterator[tuple[Path, int, bytes]]:
    """The lines of files; as bytes, so that a line that is no text is a finding of its own and the others are read all the same."""
    for file in files:
        try:
            text = file.read_bytes()
        except OSError as error:
            raise _unusable(file, error, lang) from None
        lines = [(number, line) for number, line in enumerate(text.split(b"\n"), 1) if line.strip()]
        if not lines:
            typer.echo(f"{file} 中没有判定记录" if lang == "zh" else f"there is no receipt in {file}", err=True)
        yield from ((file, number, line) for number, line in lines)


@contextmanager
def _opened(path: Path, lang: Lang) -> Iterator[Journal]:
    """A journal for the length of a command; what keeps it from being read ends the command."""
    from dte_rules.receipts import Journal

    try:
        with Journal(path) as journal:
            yield journal
    except (OSError, ValueError, sqlite3.Error) as error:
        raise _unusable(path, error, lang) from None


def _key(path: Path | None, lang: Lang) -> Key | None:
    from dte_rules.receipts import Key

    try:
        return None if path is None else Key.from_file(path)
    except (OSError, ValueError) as error:
        raise _unusable(path, error, lang) from None


def _unusable(path: Path | None, error: Exception, lang: Lang) -> typer.Exit:
    """Tells that a file can't be used; the exit to raise."""
    reason = pick(_reason(error), lang)
    typer.echo(f"无法使用 {path}：{reason}" if lang == "zh" else f"can't use {path}: {reason}", err=True)
    return typer.Exit(USAGE)


def _reason(error: Exception) -> Pair:
    """What keeps a file from being used, in both languages."""
    from dte_rules.receipts.journal import NotAJournal, NotAnAnchor
    from dte_rules.receipts.redact import LEAST_KEY, ShortKey

    match error:
        case NotAJournal():
            return "不是判定记录日志，或已损坏", "it is no journal of receipts, or it is damaged"
        case NotAnAnchor() | UnicodeDecodeError():
            return "不是锚点；锚点由 dte journal anchor 写出", "it is no anchor as `dte journal anchor` writes it"
        case ShortKey():
            return f"密钥不得少于 {LEAST_KEY} 字节", f"a key must have at least {LEAST_KEY} bytes"
        case FileNotFoundError():
            return "没有这个文件或文件夹", "there is no such file or folder"
        case IsADirectoryError():
            return "这是文件夹", "it is a folder"
        case PermissionError():
            return "没有权限", "permission is refused"
        case sqlite3.DatabaseError() if not isinstance(error, sqlite3.OperationalError):
            return "文件已损坏", "the file is damaged"
        case sqlite3.OperationalError():
            return f"数据库无法读写（{error}）", f"the database can't be read or written ({error})"
        case _:
            text = getattr(error, "strerror", None) or str(error) or type(error).__name__
            return text, text
