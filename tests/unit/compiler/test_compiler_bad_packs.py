"""Each pack in tests/packs/bad/compile_* shows exactly the diagnostics that its comments expect, at their places."""

from pathlib import Path

import pytest
from compiler_loans import compiled, expected_of, found_in

from dte_rules.compiler.diagnostics import DIAGNOSTICS

PACKS = Path(__file__).parents[2] / "packs"
BAD = sorted(path for folder in (PACKS / "bad").glob("compile_*") for path in folder.glob("*.yaml"))
GOOD = sorted(path for folder in (PACKS / "good").glob("compile_*") for path in folder.glob("*.yaml"))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_shows_exactly_what_it_expects(path: Path) -> None:
    _, diagnostics = compiled(path)
    assert found_in(path, diagnostics) == expected_of(path)
    assert expected_of(path), "the pack expects nothing"


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_has_nothing_wrong(path: Path) -> None:
    program, diagnostics = compiled(path)
    assert found_in(path, diagnostics) == []
    assert program is not None


def test_every_diagnostic_has_a_bad_pack() -> None:
    shown = {code for path in BAD for code, _, _ in expected_of(path)}
    assert {d.code for d in DIAGNOSTICS} <= shown


def test_messages_are_complete_in_both_languages() -> None:
    for path in BAD:
        for diagnostic in compiled(path)[1]:
            for text in (diagnostic.message("zh"), diagnostic.message("en"), diagnostic.help("zh"), diagnostic.help("en")):
                assert "{" not in text
            assert not diagnostic.message("en")[0].isupper()
            assert not diagnostic.message("en").endswith(".")
            assert any("\u4e00" <= char <= "\u9fff" for char in diagnostic.message("zh"))


def test_codes_are_unique_and_documented() -> None:
    assert len({d.code for d in DIAGNOSTICS}) == len(DIAGNOSTICS)
    assert [d.code for d in DIAGNOSTICS] == sorted(d.code for d in DIAGNOSTICS)
    for diagnostic in DIAGNOSTICS:
        assert len(diagnostic.__doc__ or "") > 80
        assert diagnostic.zh
        assert diagnostic.en
