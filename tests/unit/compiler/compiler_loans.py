"""A vocabulary of another field, library loans, in which the compiler's packs are written; and how the tests compile them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

from dte_rules.compiler import compile_all
from dte_rules.pack.library import Library as Packs
from dte_rules.pack.loader import load_pack
from dte_rules.program.nodes import Program
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.vocabulary import Declaration, FactModel, Vocabulary


class Loan(FactModel):
    __event__ = "lent_on"

    lent_on: date | None = None
    due_on: date | None = None
    returned: bool | None = None
    kind: Literal["book", "film", "map"] | None = None
    copies: Decimal | None = None


class Borrower(FactModel):
    born: date | None = None
    card: Literal["child", "adult", "staff"] | None = None
    resident: bool | None = None
    loans: tuple[Loan, ...] | None = None
    fee_due: Decimal | None = None


class Counter(FactModel):
    """The root: what the counter of a library knows when somebody asks for a loan."""

    borrower: Borrower | None = None
    wanted: Loan | None = None
    complaints: tuple[Loan, ...] | None = None
    spare: bool | None = None


LOANS = Vocabulary.of(Counter)

HEAD = """\
pack: {name}
version: "1"
jurisdiction: "000000"
title: {{zh: 图书馆借阅, en: library loans}}
sources:
  rules: {{number: 馆规, in_force: {{from: 2020-01-01}}}}
  old: {{number: 旧馆规, in_force: {{from: 2010-01-01, to: 2020-01-01}}}}
"""

_EXPECTED = re.compile(r"# expect: (DTE\d+) at (\d+):(\d+)")


def compiled(path: Path, vocabulary: Vocabulary = LOANS) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """The program of a pack's file, with what is said of it; the facts that it declares are added to the vocabulary."""
    pack = load_pack(path, Packs.at(path.parent))
    if pack.facts:
        vocabulary = Vocabulary.of(vocabulary.model, {fact.path: Declaration.read(fact.type, fact.path) for fact in pack.facts})
    return compile_all(pack, vocabulary)


def compiled_text(
    folder: Path, body: str, *, name: str = "loans", vocabulary: Vocabulary = LOANS
) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """The program of a pack written as text, below the head that all have in common."""
    path = folder / f"{name}.yaml"
    path.write_text(HEAD.format(name=name) + body, encoding="utf-8")
    return compiled(path, vocabulary)


def program_of(folder: Path, body: str, *, vocabulary: Vocabulary = LOANS) -> Program:
    """The program of a text in which nothing is wrong."""
    program, diagnostics = compiled_text(folder, body, vocabulary=vocabulary)
    assert program is not None, "\n".join(f"{d.span}: {d.code} {d.message()}" for d in diagnostics)
    return program


def codes(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    """The codes, in order of place."""
    return [d.code for d in diagnostics]


def expected_of(path: Path) -> list[tuple[str, int, int]]:
    """The diagnostics that a pack's comments expect."""
    return sorted((code, int(line), int(column)) for code, line, column in _EXPECTED.findall(path.read_text(encoding="utf-8")))


def found_in(path: Path, diagnostics: tuple[Diagnostic, ...]) -> list[tuple[str, int, int]]:
    """The diagnostics found, in the form of those expected. All stand in the file itself."""
    spans = [(d, d.span) for d in diagnostics]
    assert all(span is not None and Path(span.file).name == path.name for _, span in spans), diagnostics
    return sorted((d.code, span.line, span.column) for d, span in spans if span is not None)
