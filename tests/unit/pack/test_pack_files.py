"""Every pack in tests/packs/bad/pack_* shows exactly the diagnostics that its comments expect; those in tests/packs/good load.

An expectation is a comment ``# expect: DTE305 at 14:9``, or ``at other.yaml:14:9`` where the place is in another file.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dte_rules.pack.diagnostics import DIAGNOSTICS
from dte_rules.pack.library import CALENDAR, Library
from dte_rules.pack.loader import load_pack
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError
from dte_rules.source.render import render

PACKS = Path(__file__).parents[2] / "packs"
BAD = [path for path in sorted(PACKS.glob("bad/pack_*/*.yaml")) if path.stem != CALENDAR]
GOOD = [path for path in sorted(PACKS.glob("good/pack_*/*.yaml")) if path.stem != CALENDAR]
_EXPECTED = re.compile(r"^# expect: (DTE\d+) at (?:([\w.]+):)?(\d+:\d+)$", re.MULTILINE)


def expected(path: Path) -> list[tuple[str, str, str]]:
    found = _EXPECTED.findall(path.read_text(encoding="utf-8"))
    return [(code, file or path.name, place) for code, file, place in found]


def problems(path: Path) -> tuple[Diagnostic, ...]:
    try:
        load_pack(path, Library.at(path.parent))
    except DiagnosticsError as error:
        return error.diagnostics
    return ()


@pytest.mark.parametrize("path", BAD, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_bad_pack_shows_exactly_what_it_expects(path: Path) -> None:
    found = [(d.code, Path(d.span.file).name, f"{d.span.line}:{d.span.column}") for d in problems(path) if d.span]
    assert found == expected(path)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_good_pack_loads(path: Path) -> None:
    assert [render(problem, None, "en") for problem in problems(path)] == []


def test_every_diagnostic_has_a_bad_pack() -> None:
    shown = {code for path in BAD for code, _, _ in expected(path)}
    assert {kind.code for kind in DIAGNOSTICS} <= shown


@pytest.mark.parametrize("path", BAD, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_messages_are_in_both_languages_and_show_nothing_of_pydantic(path: Path) -> None:
    for problem in problems(path):
        for text in (problem.message("en"), problem.help("en")):
            assert not re.search(r"Input should|valid |pydantic|<(one|several|short|mapping)>|None", text), text
        assert re.search(r"[\u4e00-\u9fff]", problem.message("zh"))
        assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"`[^`]*`", "", problem.message("en")))
