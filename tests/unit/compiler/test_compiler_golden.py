"""The shipped packs as printed programs. ``UPDATE_GOLDEN=1 pytest tests/unit/compiler`` writes them anew; read the difference."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from compiler_loans import compiled

from dte_rules.compiler import compile_pack
from dte_rules.facts import Facts
from dte_rules.pack.library import Library
from dte_rules.pack.loader import load_pack
from dte_rules.program.nodes import Program
from dte_rules.program.printer import print_program
from dte_rules.vocabulary import Vocabulary

TESTS = Path(__file__).parents[2]
GOLDEN = TESTS / "golden"


def check(program: Program, name: str) -> None:
    path = GOLDEN / f"{name}.program.txt"
    printed = print_program(program)
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(printed, encoding="utf-8")
    assert path.is_file(), "run with UPDATE_GOLDEN=1 to write it"
    assert printed == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["zhejiang", "jinhua"])
def test_shipped_programs(name: str) -> None:
    check(compile_pack(load_pack(name, Library.shipped()), Vocabulary.of(Facts)), name)


def test_a_program_of_another_field() -> None:
    program, diagnostics = compiled(TESTS / "packs" / "good" / "compile_loans" / "lending.yaml")
    assert program is not None, diagnostics
    check(program, "lending")
