"""Where packs are found, what is never read, the calendar and the digest."""

from __future__ import annotations

from pathlib import Path

import pytest

from dte_rules.pack.library import Library
from dte_rules.pack.loader import load_pack, load_packs
from dte_rules.source.diagnostic import DiagnosticsError

GOOD = Path(__file__).parents[2] / "packs" / "good"
SMALL = 'pack: small\nversion: "1"\ntitle: {zh: 小}\n'


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def codes(name: str | Path, library: Library) -> list[str]:
    with pytest.raises(DiagnosticsError) as caught:
        load_pack(name, library)
    return [problem.code for problem in caught.value.diagnostics]


def test_names() -> None:
    assert {"zhejiang", "jinhua"} <= set(Library.shipped().names())
    assert "national" not in Library.shipped().names()
    assert Library.shipped().library_names() == ("national",)
    assert Library.at(GOOD / "pack_calendar").names() == ("own_year",)
    assert Library.at("no such folder").names() == ()


def test_unknown_name_and_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DiagnosticsError) as caught:
        load_pack("jinhau", Library.shipped())
    assert caught.value.diagnostics[0].help().startswith("did you mean `jinhua`?")
    assert codes(tmp_path / "nothing.yaml", Library.shipped()) == ["DTE101"]


def test_a_file_outside_the_library_extends_what_is_in_it(tmp_path: Path) -> None:
    text = SMALL.replace("small", "mine") + "extends: jinhua\n"
    found = load_pack(write(tmp_path, "mine", text), Library.shipped())
    assert "training_subsidy" in [decision.id for decision in found.decisions]


@pytest.mark.parametrize("name", ["../small", "/etc/passwd", "..", "lib/small", "Small", "small.yaml", "."])
@pytest.mark.parametrize("key", ["extends: {}", "uses: [{}]"])
def test_names_are_no_paths(tmp_path: Path, name: str, key: str) -> None:
    write(tmp_path, "small", SMALL)
    folder = tmp_path / "packs"
    path = write(folder, "child", SMALL.replace("small", "child") + key.format(name))
    assert codes(path, Library.at(folder)) == ["DTE309"]
    assert Library.at(folder).pack_path(name) is None
    assert Library.at(folder).library_path(name) is None


def test_links_do_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    outside = write(tmp_path, "small", SMALL)
    folder = tmp_path / "packs"
    folder.mkdir()
    (folder / "small.yaml").symlink_to(outside)
    assert Library.at(folder).pack_path("small") is None


def test_libraries_fall_back_on_those_that_ship(tmp_path: Path) -> None:
    write(tmp_path, "small", SMALL + "uses: [national]\n")
    pack = load_pack("small", Library.at(tmp_path))
    assert "cn-civil-code" in pack.sources
    assert [year.year for year in pack.calendar] == [2023, 2024, 2025, 2026]
    write(tmp_path / "lib", "national", SMALL.replace("small", "national"))
    assert "cn-civil-code" not in load_pack("small", Library.at(tmp_path)).sources


def test_calendars_are_put_together() -> None:
    pack = load_pack("own_year", Library.at(GOOD / "pack_calendar"))
    assert [year.year for year in pack.calendar] == [2023, 2024, 2025, 2026, 2030, 2031]
    assert pack.sources["calendar-2031"].number == "某通知"
    assert pack.calendar[-1].cites[0].source == "calendar-2031"


def test_texts_stand_in_for_files(tmp_path: Path) -> None:
    path = write(tmp_path, "small", SMALL)
    edited = Library(tmp_path, {path: SMALL.replace("小", "大")})
    assert load_pack("small", edited).title.zh == "大"


def test_digest_is_of_the_content_alone(tmp_path: Path) -> None:
    def digest(text: str) -> str:
        write(tmp_path, "small", text)
        return load_pack("small", Library.at(tmp_path)).digest

    first = digest(SMALL)
    assert len(first) == 64
    assert digest("# a comment\n" + SMALL.replace("{zh: 小}", "\n    zh:   '小'")) == first
    assert digest(SMALL.replace("小", "大")) != first
    assert digest(SMALL.replace('"1"', '"2"')) != first


def test_digest_covers_what_is_taken_in(tmp_path: Path) -> None:
    write(tmp_path, "small", SMALL + "uses: [own]\n")
    write(tmp_path / "lib", "own", SMALL.replace("small", "own"))
    first = load_pack("small", Library.at(tmp_path)).digest
    write(tmp_path / "lib", "own", SMALL.replace("small", "own") + "jurisdiction: '000000'\n")
    assert load_pack("small", Library.at(tmp_path)).digest != first
    write(tmp_path / "lib", "own", SMALL.replace("small", "own"))
    write(tmp_path, "calendar", "calendar: {2040: {notice: 某, holidays: []}}\n")
    assert load_pack("small", Library.at(tmp_path)).digest != first


def test_numbers_and_texts_differ_in_the_digest(tmp_path: Path) -> None:
    def digest(value: str) -> str:
        text = SMALL + f"sources: {{s: {{}}}}\nparameters: {{p: {{cite: s 一, values: [{{value: {value}}}]}}}}\n"
        write(tmp_path, "small", text)
        return load_pack("small", Library.at(tmp_path)).digest

    assert digest("3") != digest('"3"')
    assert digest("2024-01-01") != digest('"2024-01-01"')
    assert digest("3.10") == digest("3.1")


def test_all_packs_of_a_library(tmp_path: Path) -> None:
    packs = load_packs(Library.shipped())
    assert tuple(packs) == Library.shipped().names()
    assert packs["jinhua"] == load_pack("jinhua", Library.shipped())
    write(tmp_path, "base", SMALL.replace("small", "base") + "terms: {x: 1}\n")
    write(tmp_path, "child", SMALL.replace("small", "child") + "extends: base\n")
    with pytest.raises(DiagnosticsError) as caught:
        load_packs(Library.at(tmp_path))
    assert len(caught.value.diagnostics) == 1
