"""Written case files read back as the same cases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dte_rules.cases import Case, read_cases, write_cases

ROOT = Path(__file__).parents[3]
FILES = sorted([*(ROOT / "tests" / "cases").glob("*.yaml"), *(ROOT / "examples").glob("*-applications.*")])

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=20) | st.sampled_from(
    [
        "no",
        "on",
        "012",
        "1:30",
        "1e5",
        "null",
        "~",
        "2024-01-01",
        "330700",
        "true",
        " a ",
        "",
        "- x",
        "a: b",
        "#c",
        "'",
        '"',
        "甲\n乙",
        "<<",
        "=",
        "*a",
    ]
)
VALUES: Any = st.recursive(
    TEXTS
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
    | st.dates()
    | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex("[a-z_]{1,8}", fullmatch=True), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_cases_of_this_repository_round_trip(path: Path) -> None:
    file = read_cases(path)
    assert file.all_diagnostics == ()
    cases = [case for case in file.cases if isinstance(case, Case)]
    text = write_cases(cases)
    again = read_cases("again.yaml", text=text)
    assert list(again.cases) == cases
    assert write_cases([case for case in again.cases if isinstance(case, Case)]) == text


@given(facts=st.dictionaries(st.from_regex("[a-z_]{1,8}", fullmatch=True), VALUES, max_size=4), title=TEXTS)
def test_any_facts_round_trip(facts: dict[str, Any], title: str) -> None:
    case = Case(id="a", title=title, region="r", decision="d", as_of=date(2024, 2, 29), facts=facts)
    again = read_cases("again.yaml", text=write_cases([case]))
    assert again.all_diagnostics == ()
    assert list(again.cases) == [case]


def test_digits_are_kept() -> None:
    case = Case(id="a", region="r", decision="d", as_of=date(2024, 2, 29), facts={"x": Decimal("127.50"), "y": Decimal("5E+3")})
    [again] = read_cases("again.yaml", text=write_cases([case])).cases
    assert (str(again.facts["x"]), again.facts["y"]) == ("127.50", 5000)
