"""Each file in tests/packs/bad/source shows exactly the diagnostic that it is named for, at the place its first line names."""

import re
from pathlib import Path

import pytest

from dte_rules.source.diagnostics import DIAGNOSTICS
from dte_rules.source.yaml import read_yaml_file

BAD = Path(__file__).parents[2] / "packs" / "bad" / "source"
FILES = sorted(BAD.iterdir())
JSON_PLACES = {"dte137_trailing_comma.json": "3:1", "dte138_nan.json": "1:12"}
# these need no file, a folder or more than a file's worth of text: test_source_files.py and test_source_limits.py
WITHOUT_FILE = {"DTE101", "DTE102", "DTE103", "DTE104", "DTE134"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shows_exactly_its_diagnostic(path: Path) -> None:
    found = [(x.code, f"{x.span.line}:{x.span.column}") for x in read_yaml_file(path).diagnostics if x.span]
    first_line = path.read_bytes().split(b"\n")[0].decode("ascii", "replace")
    expected = re.match(r"# expect: (DTE\d+) (\d+:\d+)", first_line)
    wanted = (expected[1], expected[2]) if expected else (path.name[:6].upper(), JSON_PLACES[path.name])
    assert wanted[0] == path.name[:6].upper()
    assert found == [wanted]


def test_every_code_has_a_bad_input() -> None:
    assert {path.name[:6].upper() for path in FILES} | WITHOUT_FILE == {x.code for x in DIAGNOSTICS}
