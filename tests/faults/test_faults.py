"""The planted faults are what they say they are. Which tool finds which is measured by ``python -m tests.faults``."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dte_rules import DiagnosticsError, load_packs
from tests.faults.planted import FAULTS, Fault
from tests.faults.statements import STATEMENTS

RULES = Path(__file__).parents[2] / "rules"
REFUSED = {"F22"}
"""The faults with which a pack does not compile."""


def test_there_are_forty() -> None:
    assert [fault.id for fault in FAULTS] == [f"F{number:02}" for number in range(1, 41)]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_a_fault_is_planted_once_and_compiles(fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DTE_CACHE", "off")
    rules = tmp_path / "rules"
    shutil.copytree(RULES, rules)
    fault.plant(rules)
    if fault.id in REFUSED:
        with pytest.raises(DiagnosticsError):
            load_packs(rules)
        return
    packs = load_packs(rules)
    assert fault.decision in packs[fault.pack].program.decisions
    assert packs[fault.pack].program.digest != load_packs(RULES)[fault.pack].program.digest


def test_statements_are_about_decisions_that_there_are() -> None:
    packs = load_packs(RULES)
    assert all(decision in packs[pack].program.decisions for pack, decision, _, _ in STATEMENTS)
