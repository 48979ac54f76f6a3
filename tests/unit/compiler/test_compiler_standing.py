"""Rules in time and under readings: what overlaps, what is left uncovered, and circles."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from compiler_loans import HEAD, LOANS, codes, compiled_text
from hypothesis import given, settings
from hypothesis import strategies as st

from dte_rules.compiler import compile_all
from dte_rules.compiler.coverage import Standing, days_text, gaps, meet_under, periods_text, within
from dte_rules.pack.library import Library
from dte_rules.pack.loader import load_pack
from dte_rules.pack.model import Pack
from dte_rules.program.nodes import Period, Under

DAY = date(2024, 1, 1)
ENDS = st.none() | st.integers(0, 12).map(lambda n: DAY + timedelta(days=n))
PERIODS = st.tuples(ENDS, ENDS).filter(lambda p: p[0] is None or p[1] is None or p[0] < p[1]).map(lambda p: Period(*p))
DAYS = [DAY + timedelta(days=n) for n in range(-2, 16)]


@settings(max_examples=800)
@given(PERIODS, st.lists(PERIODS, max_size=4))
def test_gaps_are_the_days_that_nothing_covers(period: Period, covers: list[Period]) -> None:
    found = gaps(period, covers)
    for day in DAYS:
        assert any(day in gap for gap in found) == (day in period and not any(day in cover for cover in covers))
    for gap in found:
        assert gap.start is None or gap.end is None or gap.start < gap.end


@given(PERIODS, PERIODS)
def test_a_period_within_another_keeps_only_its_own_ends(inner: Period, outer: Period) -> None:
    short = within(inner, outer)
    for day in DAYS:
        if day in outer:
            assert (day in short) == (day in inner)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((), (("x", ("p",)),), (("x", ("p",)),)),
        ((("x", ("p", "q")),), (("x", ("q", "r")),), (("x", ("q",)),)),
        ((("x", ("p",)),), (("x", ("q",)),), None),
        ((("x", ("p",)),), (("y", ("q",)),), (("x", ("p",)), ("y", ("q",)))),
    ],
)
def test_readings_meet(a: Under, b: Under, expected: Under | None) -> None:
    assert meet_under(a, b) == expected
    met = Standing(under=a).meet(Standing(under=b))
    assert (None if met is None else met.under) == expected


def test_days_in_words() -> None:
    later = date(2024, 3, 1)
    assert days_text(Period(DAY, later), "en") == "from 2024-01-01 through 2024-02-29"
    assert days_text(Period(DAY, later), "zh") == "2024-01-01 至 2024-02-29 期间"
    assert days_text(Period(DAY, DAY + timedelta(days=1)), "en") == "on 2024-01-01"
    assert days_text(Period(DAY), "en") == "from 2024-01-01 on"
    assert days_text(Period(None, later), "en") == "before 2024-03-01"
    assert days_text(Period(), "en") == "on any day"
    assert periods_text([], "en") == "on no day"
    assert periods_text([Period(later), Period(None, DAY)], "en") == "before 2024-01-01, from 2024-03-01 on"


# --- packs ----------------------------------------------------------------------------------------------------------

TWO = """\
interpretations:
  copy: {{cite: rules 2, question: {{en: what?}}, readings: {{each: {{en: each}}, title: {{en: by title}}}}}}
parameters:
  most: {{cite: rules 1, under: {{copy: each}}, values: [{{value: 3}}]}}
decisions:
  lend: {{title: {{en: lend}}, requires: {{few: {{cite: rules 1, {when}}}}}}}
"""


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("when: wanted.copies < most", ["DTE432"]),
        ("under: {copy: each}, when: wanted.copies < most", []),
        ("under: {copy: title}, when: wanted.copies < most", ["DTE432"]),
        ("when: 'if copy = \"each\" then wanted.copies < most else spare'", []),
        ("when: 'if copy != \"each\" then wanted.copies < most else spare'", ["DTE432"]),
        ("when: 'copy = \"each\" and wanted.copies < most'", []),
        ("when: 'copy = \"title\" or wanted.copies < most'", []),
        ("when: 'not(copy = \"each\") or wanted.copies < most'", []),
        ("when: '(copy = \"each\" and spare) or wanted.copies < most'", ["DTE432"]),
    ],
)
def test_reading_what_stands_under_one_reading_only(tmp_path: Path, when: str, expected: list[str]) -> None:
    found = compiled_text(tmp_path, TWO.format(when=when))[1]
    assert codes(found) == expected
    if expected:
        assert "`copy: title`" in found[0].message()


def test_the_days_left_out_are_named(tmp_path: Path) -> None:
    found = compiled_text(
        tmp_path,
        """\
parameters:
  most: {cite: rules 1, in_force: {from: 2019-01-01, to: 2023-01-01}, values: [{value: 3}]}
decisions:
  lend: {title: {en: lend}, requires: {few: {cite: rules 1, when: wanted.copies < most}}}
""",
    )[1]
    assert [d.message() for d in found] == ["`lend.requires.few` reads `most`, which isn't in force from 2023-01-01 on"]
    assert "from 2019-01-01 through 2022-12-31" in found[0].help()


def test_a_member_not_in_force_is_no_gap_and_a_rows_reads_count_on_its_days(tmp_path: Path) -> None:
    found = compiled_text(
        tmp_path,
        """\
parameters:
  most: {cite: rules 1, values: [{from: 2022-01-01, value: 3}]}
tables:
  weeks:
    cite: rules 1
    inputs: [wanted.kind]
    outputs: [n]
    rows:
      - [book, 1]
      - {cells: [film, (most)], in_force: {from: 2022-01-01}}
decisions:
  lend:
    title: {en: lend}
    requires:
      some:
        cite: rules 1
        any:
          few: {in_force: {from: 2022-01-01}, when: wanted.copies < most}
          short: {when: weeks.n < 2}
""",
    )[1]
    assert codes(found) == []


def test_what_follows_from_an_error_is_not_told(tmp_path: Path) -> None:
    found = compiled_text(
        tmp_path,
        """\
terms:
  one: {cite: rules 1, is: wanted.copeis + 1}
  two: {cite: rules 1, is: one + most}
parameters:
  most: {cite: rules 1, values: [{value: '@"P12"'}]}
tables:
  weeks: {cite: rules 1, inputs: [wanted.kind], outputs: [n], rows: [[boook, 1]]}
decisions:
  lend: {title: {en: lend}, requires: {few: {cite: rules 1, when: two > weeks.n}}, grants: {amount: {cite: rules 1, is: one}}}
""",
    )[1]
    assert codes(found) == ["DTE231", "DTE255", "DTE249"]


def overlapping_versions(folder: Path, change: dict[str, object]) -> list[str]:
    """A term with a second version, made by hand: the loader gives the versions of one item periods that don't overlap."""
    (folder / "loans.yaml").write_text(
        HEAD.format(name="loans")
        + """\
interpretations:
  copy: {cite: rules 2, question: {en: what?}, readings: {each: {en: each}, title: {en: by title}}}
terms: {short: {cite: rules 1, is: 'copy = "each" or spare'}}
decisions: {lend: {title: {en: lend}, requires: {few: {cite: rules 1, when: short}}}}
""",
        encoding="utf-8",
    )
    pack: Pack = load_pack(folder / "loans.yaml", Library.at(folder))
    (term,) = pack.terms
    second = replace(term, span=replace(term.span, line=99), **change)  # type: ignore[arg-type]
    return codes(compile_all(replace(pack, terms=(term, second)), LOANS)[1])


def test_versions_of_one_item(tmp_path: Path) -> None:
    assert overlapping_versions(tmp_path, {}) == ["DTE430"]
    assert overlapping_versions(tmp_path, {"period": Period(date(2022, 1, 1))}) == ["DTE430"]
    assert overlapping_versions(tmp_path, {"period": Period(None, date(2020, 1, 1))}) == []


def test_a_circle_names_its_shortest_path(tmp_path: Path) -> None:
    found = compiled_text(
        tmp_path,
        """\
terms:
  one: {cite: rules 1, is: two + three}
  two: {cite: rules 1, is: three + 1}
  three: {cite: rules 1, is: one + two}
  apart: {cite: rules 1, is: 'if spare then one else 2'}
tables:
  t: {cite: rules 1, inputs: [t.n], outputs: [n, m], rows: [[1, 1, 2], [2, 2, (apart)]]}
decisions: {lend: {title: {en: lend}, requires: {few: {cite: rules 1, when: t.n > t.m}}}}
""",
    )[1]
    assert [d.code for d in found] == ["DTE440", "DTE440"]
    first, second = (d.message() for d in found)
    assert first == "a conclusion rests on itself: `one` → `three` → `one`"
    assert second == "a conclusion rests on itself: `t.n` → `t.n`"
    assert "loans.yaml:9:" in found[0].help()


def test_a_long_circle_is_told_once(tmp_path: Path) -> None:
    terms = "".join(f"  t{i}: {{cite: rules 1, is: t{(i + 1) % 400} + 1}}\n" for i in range(400))
    found = compiled_text(
        tmp_path, f"terms:\n{terms}decisions: {{lend: {{title: {{en: lend}}, requires: {{x: {{cite: rules 1, when: t0 > 1}}}}}}}}\n"
    )[1]
    assert codes(found) == ["DTE440"]
    assert found[0].message().count("→") == 400


def test_an_interpretation_named_like_a_fact(tmp_path: Path) -> None:
    found = compiled_text(
        tmp_path,
        """\
interpretations:
  spare: {cite: rules 2, question: {en: what?}, readings: {each: {en: each}, title: {en: by title}}}
terms:
  weeks: {cite: rules 1, rules: {one: {under: {spare: each}, when: borrower.resident, then: "1"}}}
decisions: {lend: {title: {en: lend}, requires: {few: {cite: rules 1, under: {spare: each}, when: weeks > 1}}}}
""",
    )[1]
    assert "DTE401" in codes(found)
