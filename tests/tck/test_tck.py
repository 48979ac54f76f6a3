"""The DMN conformance kit: what this project's FEEL covers agrees with it, and what it covers only grows."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from tck_harness import REASONS, Report, run_kit

RECORD = Path(__file__).with_name("uncovered.json")
AGREEING = 535
"""How many expected results are agreed with; raised when more are covered, never lowered."""


@pytest.fixture(scope="module")
def report() -> Report:
    return run_kit()


def test_what_is_covered_agrees(report: Report) -> None:
    assert report.disagreeing == {}
    assert len(report.agreeing) >= AGREEING


def test_the_engines_agree_on_what_is_covered(report: Report) -> None:
    assert report.engines == {}


def test_coverage_only_grows(report: Report) -> None:
    recorded: dict[str, str] = json.loads(RECORD.read_text("utf-8"))
    assert report.uncovered.keys() - recorded.keys() == set(), "no longer covered"
    assert recorded.keys() - report.uncovered.keys() == set(), "now covered: run `python tests/tck/record.py`"
    assert set(recorded.values()) <= set(REASONS)


def test_the_reasons_are_known(report: Report) -> None:
    counts = Counter(report.uncovered.values())
    assert counts["other"] == 0, {name: report.details[name] for name, reason in report.uncovered.items() if reason == "other"}
