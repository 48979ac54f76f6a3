"""The pytest plugin, in runs of pytest of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

RULES = Path(__file__).parents[3] / "rules"
CASES = """defaults: {region: jinhua, decision: training_subsidy, as_of: 2024-09-02}
cases:
  - {id: sound, facts: {person: {employment: {in_establishment: true}}}, expect: {verdict: not_met}}
  - id: wrong
    title: nobody pays
    facts: {person: {employment: {in_establishment: true}}}
    expect: {verdict: met, amount: 3900, flags: [cap_year]}
  - {id: typo, facts: {training: {ocupation: x}}, expect: {verdict: met}}
  - {id: elsewhere, region: jinhau, expect: {verdict: met}}
  - {id: silent}
"""


def pytest_in(folder: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "dte_rules.testing.plugin", "-rs", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_each_case_is_an_item(tmp_path: Path) -> None:
    (tmp_path / "subsidy.cases.yaml").write_text(CASES, "utf-8")
    (tmp_path / "other.yaml").write_text("cases: []", "utf-8")
    code, out = pytest_in(tmp_path)
    assert code == 1
    assert "3 failed, 1 passed, 1 skipped" in out
    assert (
        "wrong: nobody pays\n  training_subsidy in jinhua, asked for 2024-09-02\n  verdict\n    expected  met\n    decided   not_met\n"
        in out
    )
    assert "DTE" in out
    assert "ocupation" in out
    assert "jinhau" in out
    assert "Traceback" not in out


def test_rules_and_engine_can_be_chosen(tmp_path: Path) -> None:
    (tmp_path / "a.cases.yaml").write_text(CASES[: CASES.index("  - id: wrong")], "utf-8")
    assert pytest_in(tmp_path, "--dte-rules", str(RULES), "--dte-engine", "reference")[0] == 0
    (tmp_path / "pytest.ini").write_text(f"[pytest]\ndte_rules = {RULES}\ndte_engine = reference\n", "utf-8")
    assert pytest_in(tmp_path)[0] == 0


def test_a_file_that_cannot_be_read_fails(tmp_path: Path) -> None:
    (tmp_path / "a.cases.yaml").write_text("cases: {", "utf-8")
    code, out = pytest_in(tmp_path)
    assert code == 1
    assert "a.cases.yaml:1" in out


def test_it_is_inert_without_case_files(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text("import sys\ndef test_a():\n    assert 'pydantic' not in sys.modules\n", "utf-8")
    assert pytest_in(tmp_path)[0] == 0


PROPERTIES = """properties:
  - id: P5
    title: {zh: 蕴涵, en: who is eligible in the city meets the province's conditions}
    cite: jh-2024-15 一
    cases: {jh: {region: jinhua, decision: training_subsidy}, zj: {region: zhejiang}}
    given: jh.granted
    then: zj.conditions.hours
  - id: P7
    title: {zh: 反之, en: and the other way round}
    cite: jh-2024-15 一
    expect: holds
    cases: {zj: {region: zhejiang, decision: training_subsidy, settle_delegations: true}, jh: {region: jinhua}}
    given: zj.granted
    then: jh.granted
  - id: Q
    title: {zh: 笔误, en: a slip}
    cite: jh-2024-15 一
    cases: {jh: {region: jinhua, decision: training_subsidy}}
    then: jh.grantd
"""


def test_each_property_is_an_item(tmp_path: Path) -> None:
    pytest.importorskip("z3")
    (tmp_path / "regions.properties.yaml").write_text(PROPERTIES, "utf-8")
    (tmp_path / "broken.properties.yaml").write_text("properties: [{id: P}]", "utf-8")
    code, out = pytest_in(tmp_path)
    assert code == 1
    assert "3 failed, 1 passed" in out
    assert "P7: and the other way round\n  expected  holds\n  came out  fails\n" in out
    assert "jh: training_subsidy in jinhua" in out
    assert "region: jinhua" in out
    assert "regions.properties.yaml:19:14 DTE231" in out
    assert "broken.properties.yaml:1:" in out
    assert "Traceback" not in out


FINITE = """properties:
  - id: grid
    title: {zh: 网格, en: a grid}
    cite: jh-2024-15 一
    each: {hours: [159, 160]}
    cases: {a: {region: jinhua, decision: training_subsidy, as_of: 2026-05-06, facts: {training.hours_completed: hours}}}
    then: a.verdict != "met"
"""


def test_a_property_that_is_decided_value_by_value_needs_no_solver(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("import sys\nsys.modules['z3'] = None\n", "utf-8")
    (tmp_path / "finite.properties.yaml").write_text(FINITE, "utf-8")
    code, out = pytest_in(tmp_path)
    assert (code, "1 passed" in out) == (0, True)
