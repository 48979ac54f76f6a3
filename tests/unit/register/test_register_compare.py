"""What is found where registers, rules and texts disagree: faults planted one by one in made-up notices."""

from __future__ import annotations

from pathlib import Path

import pytest
from register_notices import CITY, PLAN, loaded, pack_text, read_folder, written

from dte_rules.register.account import accounts
from dte_rules.register.compare import Comparison, compare
from dte_rules.register.diagnostics import DIAGNOSTICS
from dte_rules.source.diagnostic import Diagnostic

REAL = Path(__file__).parents[4] / "shared" / "domain" / "policies"


def compared(folder: Path, pack: str | None = None, **texts: str) -> Comparison:
    rules, notices = written(folder, pack or pack_text(), **texts)
    packs = loaded(rules)
    return compare(packs, read_folder(notices, {name: source for each in packs for name, source in each.sources.items()}))


def told(found: Comparison) -> list[tuple[str, str]]:
    """Each finding's code, and what it is about."""
    return [(each.code, _subject(each)) for each in found.findings]


def _subject(found: Diagnostic) -> str:
    return " ".join(str(getattr(found, name)) for name in ("source", "locator", "item", "value", "file") if hasattr(found, name))


def test_what_agrees_is_clean(tmp_path: Path) -> None:
    found = compared(tmp_path, city=CITY, plan=PLAN)
    assert told(found) == []
    assert set(found.compared) == {"yc-3", "yc-plan"}


def test_a_clause_that_the_register_lacks(tmp_path: Path) -> None:
    pack = pack_text().replace("      一（二）: {not_executable: {zh: 略}}\n", "")
    found = compared(tmp_path, pack, city=CITY, plan=PLAN)
    assert told(found) == [("DTE801", "yc-3 一（二） city.txt")]
    assert found.missing["yc-3"] == ("一（二）",)
    (city, _) = accounts(loaded(tmp_path / "rules"), found.missing)
    assert (city.coverage.total, city.coverage.accounted) == (8, 7)


def test_a_locator_that_the_text_has_not(tmp_path: Path) -> None:
    pack = pack_text().replace("      附件1:", "      一（五）: {not_executable: {zh: 无}}\n      附件1:")
    (finding,) = compared(tmp_path, pack, city=CITY, plan=PLAN).findings
    assert (finding.code, _subject(finding)) == ("DTE802", "yc-3 一（五） city.txt")
    assert finding.span is not None
    assert pack.splitlines()[finding.span.line - 1].strip().startswith("一（五）")
    assert "一（一）" in finding.help("zh")


@pytest.mark.parametrize(
    ("before", "after", "item", "value"),
    [
        ('@"P16Y"', '@"P18Y"', "parameters.least_age", "P18Y"),
        ('@"P36M"', '@"P4Y"', "parameters.years", "P4Y"),
        ("{value: 120}", "{value: 121}", "parameters.area", "121"),
        ('@"P1Y"', '@"P13M"', "parameters.period", "P13M"),
        ("{value: 5}", "{value: 7}", "parameters.notice", "7"),
        ("{value: 2024-05-01}", "{value: 2024-05-02}", "parameters.start", "2024-05-02"),
        ("{value: 2027-01-01}", "{value: 2028-01-01}", "parameters.plan_end", "2028-01-01"),
        ("hours_total * 0.5", "hours_total * 0.6", "terms.online", "0.6"),
        ("count(claims) > 3", "count(claims) > 4", "terms.often", "4"),
        ("else 1200", "else 1300", "terms.first", "1300"),
        ("[拖拉机手, 80, 2200]", "[拖拉机手, 80, 2300]", "tables.catalogue.rows.1", "2300"),
        # 64 stands in the annex, but in the line of another row
        ("[拖拉机手, 80, 2200]", "[拖拉机手, 64, 2200]", "tables.catalogue.rows.1", "64"),
        ("value: 10000", "value: 20000", "targets.trained", "20000"),
        ("through: 2026-12-31", "through: 2027-12-31", "targets.trained", "2027-12-31"),
    ],
)
def test_a_number_that_the_clause_has_not(tmp_path: Path, before: str, after: str, item: str, value: str) -> None:
    assert before in pack_text()
    found = compared(tmp_path, pack_text().replace(before, after), city=CITY, plan=PLAN)
    assert told(found) == [("DTE803", f"{item} {value}")]
    (finding,) = found.findings
    assert finding.span is not None
    assert finding.span.file.endswith("yunchuan.yaml")


def test_a_number_in_the_text_has_changed(tmp_path: Path) -> None:
    found = compared(tmp_path, city=CITY.replace("2200", "2250"), plan=PLAN)
    assert told(found) == [("DTE804", "yc-3 city.txt"), ("DTE803", "tables.catalogue.rows.1 2200")]


def test_a_text_that_has_changed_in_words_alone(tmp_path: Path) -> None:
    city = CITY.replace("已退休人员不在此列", "已退休人员除外")
    found = compared(tmp_path, city=city, plan=PLAN.replace("\n", "\n\n"))
    (finding,) = found.findings
    assert (finding.code, _subject(finding)) == ("DTE804", "yc-3 city.txt")
    assert compared_again(tmp_path, city) == []


def compared_again(folder: Path, city: str) -> list[tuple[str, str]]:
    """With the digest that the finding tells put in its place."""
    (folder / "again").mkdir()
    return told(compared(folder / "again", pack_text(city), city=city, plan=PLAN))


def test_texts_that_are_not_there_or_too_many(tmp_path: Path) -> None:
    found = compared(tmp_path, first=CITY, second=CITY, third="一、无号。")
    assert sorted(told(found)) == [("DTE805", "yc-plan"), ("DTE807", "third.txt"), ("DTE808", "yc-3 second.txt")]
    (tmp_path / "notices" / "fourth.txt").write_bytes(b"\xff\xfe")
    packs = loaded(tmp_path / "rules")
    again = compare(packs, read_folder(tmp_path / "notices", packs[0].sources))
    assert ("DTE806", "fourth.txt") in told(again)


def test_an_inherited_document_may_be_elsewhere(tmp_path: Path) -> None:
    rules, notices = written(tmp_path, pack_text(), plan=PLAN)
    (rules / "county.yaml").write_text(
        """pack: county
version: "1"
title: {zh: 某县, en: A county}
extends: yunchuan
terms:
  twice: {cite: yc-plan 一（一）, is: count(claims) > 2}
""",
        encoding="utf-8",
    )
    packs = [pack for pack in loaded(rules) if pack.name == "county"]
    found = compare(packs, read_folder(notices, packs[0].sources))
    # the county's own rule is compared, and need not stand in the city's register
    assert told(found) == [("DTE803", "terms.twice 2")]


def test_where_a_rule_rests_on_a_document_without_text_nothing_can_be_said(tmp_path: Path) -> None:
    pack = (
        pack_text()
        .replace("sources:\n", "sources:\n  law: {number: 某法}\n")
        .replace("cite: yc-3 三, is: count(claims) > 3", "cite: [yc-3 三, law 一], is: count(claims) > 99")
    )
    assert told(compared(tmp_path, pack, city=CITY, plan=PLAN)) == []


@pytest.mark.skipif(not REAL.is_dir(), reason="the notices' texts are no part of the project; they lie beside the checkout only")
def test_the_shipped_registers_agree_with_the_notices() -> None:
    from dte_rules.pack.library import Library
    from dte_rules.pack.loader import load_packs

    packs = load_packs(Library.shipped())
    found = compare(list(packs.values()), read_folder(REAL, {name: s for pack in packs.values() for name, s in pack.sources.items()}))
    assert [f"{each.span} {each.message()}" for each in found.findings] == []
    assert set(found.compared) == {"sh-2024-462", "sh-2024-plan", "sh-2026-55", "zj-2023-36", "jh-2024-15", "wh-2023-25"}


def test_the_diagnostics_have_pages_in_both_languages() -> None:
    assert [kind.code for kind in DIAGNOSTICS] == [f"DTE80{number}" for number in range(1, 9)]
    for kind in DIAGNOSTICS:
        assert "\n\n" in (kind.__doc__ or "")
        assert kind.zh
        assert kind.en
        assert bool(kind.zh_help) == bool(kind.en_help)
