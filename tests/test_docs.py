"""The examples of the READMEs and of the pages at the top of `docs/` do what they say, and their links lead somewhere.

The tutorial, the how-to pages and the explanations have a test of their own, `test_tutorial.py`.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.doc_pages import run_page

HOME = Path(__file__).parents[1]
PAGES = sorted(p for p in [*HOME.glob("*.md"), *(HOME / "docs").glob("*.md"), *(HOME / "docs" / "adr").glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(HOME).as_posix())
def test_examples(page: Path, tmp_path: Path) -> None:
    """Run in a folder that has the project's `examples/` and `rules/`, as a checkout has."""
    for name in ("examples", "rules", "schemas"):
        if (HOME / name).exists():
            shutil.copytree(HOME / name, tmp_path / name)
    for command, expected, actual in run_page(page, tmp_path).differences:
        assert actual.strip("\n") == expected.strip("\n"), command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(HOME).as_posix())
def test_links(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).resolve().exists(), target


def test_the_readme_is_there() -> None:
    assert HOME / "README.md" in PAGES
