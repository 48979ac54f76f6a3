"""The generated pages of the documentation are those that ``dte docs`` writes, and say what they must."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from dte_rules.cli import main
from dte_rules.cli.docs import pages
from dte_rules.pack.library import Library
from dte_rules.pack.loader import load_packs
from dte_rules.pack.model import Pack
from dte_rules.report.pages import all_diagnostics
from dte_rules.report.pages.inheritance import items_of

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"


@cache
def packs() -> dict[str, Pack]:
    return load_packs(Library.shipped())


@cache
def generated() -> dict[str, str]:
    return dict(pages(packs()))


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as done:
        main(list(arguments))
    assert isinstance(done.value.code, int)
    return done.value.code


def test_shipped_pages_are_those_that_the_command_writes() -> None:
    stale = [name for name, text in generated().items() if (REFERENCE / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run: dte docs"


def test_no_page_is_left_over() -> None:
    shipped = {path.relative_to(REFERENCE).as_posix() for path in REFERENCE.rglob("*.md")}
    made = set(generated())
    assert {name for name in shipped if name.startswith("packs/")} == {name for name in made if name.startswith("packs/")}
    assert made <= shipped


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_packs_page_names_everything_in_the_pack(lang: str) -> None:
    for name, pack in packs().items():
        page = generated()[f"packs/{lang}/{name}.md"]
        for item in items_of(pack):
            assert f"`{item.id}`" in page or f"`{item.id}(" in page or f".{item.id}`" in page, f"{name}: {item.path}"
        for interpretation in pack.interpretations.values():
            assert f"`{interpretation.id}`" in page
            assert all(f"`{reading.id}`" in page for reading in interpretation.readings)
        for source in pack.sources.values():
            if not source.id.startswith("calendar"):
                assert f"`{source.id}`" in page or source.number in page
        for point in pack.open_points:
            assert f"`{point}`" in page
        for register in pack.clauses.values():
            if register.pack == name:
                assert all(locator in page for locator in register.clauses)


def test_jinhua_tells_what_it_replaces_and_since_when() -> None:
    zh, en = generated()["packs/zh/jinhua.md"], generated()["packs/en/jinhua.md"]
    place, rule = "`decisions.training_subsidy.requires.claim_place`", "`decisions.training_subsidy.delegates.city_rule`"
    assert f"| {place} | `zhejiang` | replaced by this pack from 1 May 2024 (" in en
    assert f"| {place} | `zhejiang` | 自2024年5月1日起由本包替换（" in zh
    assert f"| {rule} | `zhejiang` | taken away from 1 May 2024 |" in en
    assert f"| {rule} | `zhejiang` | 自2024年5月1日起删除 |" in zh
    assert "parameters.retirement_ages.men.base` | `national` | taken away" not in en


def test_every_diagnostic_has_its_place_and_every_code_is_used_once() -> None:
    codes = [kind.code for kind in all_diagnostics()]
    assert len(codes) == len(set(codes))
    assert re.findall(r"^## (DTE\d+)", generated()["diagnostics.md"], re.MULTILINE) == codes


def test_links_between_pages_lead_somewhere() -> None:
    for name, text in generated().items():
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert (REFERENCE / name).parent.joinpath(target).resolve().is_file(), f"{name}: {target}"
        anchors = set(re.findall(r'<a id="([^"]+)">', text))
        assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors, name


def test_tables_have_as_many_cells_in_every_row() -> None:
    for name, text in generated().items():
        width = 0
        for line in text.splitlines():
            if not line.startswith("|"):
                width = 0
                continue
            cells = len(re.findall(r"(?<!\\)\|", line)) - 1
            assert width in (0, cells), f"{name}: {line}"
            width = cells


def test_the_command_writes_only_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("docs", str(tmp_path), "--region", "jinhua", "--lang", "en") == 0
    assert capsys.readouterr().out == "2 pages, 2 changed\n"
    written = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*"))
    assert written == ["packs/en/jinhua.md", "packs/zh/jinhua.md"]
    page = tmp_path / "packs" / "en" / "jinhua.md"
    page.write_text("something else", encoding="utf-8")
    assert run("docs", str(tmp_path), "--region", "jinhua", "--lang", "zh") == 0
    assert capsys.readouterr().out == "共 2 页，已更新 1 页\n"
    assert page.read_text(encoding="utf-8") == generated()["packs/en/jinhua.md"]
    assert run("docs", str(tmp_path), "--region", "hangzhou") == 2
