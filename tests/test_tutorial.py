"""Every step of the tutorial, the how-to pages and the explanations does what the page says it does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.doc_pages import run_page

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(page for folder in ("tutorial", "how-to", "explanation") for page in (DOCS / folder).glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_does_what_it_says(page: Path, tmp_path: Path) -> None:
    run = run_page(page, tmp_path)
    for command, expected, actual in run.differences:
        assert actual.strip("\n") == expected.strip("\n"), f"{command}\n(to write the outputs: python -m tests.doc_pages {page})"


@pytest.mark.parametrize("page", [*PAGES, *DOCS.glob("*.md")], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if not target.startswith("http"):
            assert page.parent.joinpath(target).resolve().exists(), target


def test_index_leads_to_every_page() -> None:
    for name, ending in (("index.md", ".md"), ("index.zh-CN.md", ".zh-CN.md")):
        index = (DOCS / name).read_text(encoding="utf-8")
        for page in PAGES:
            if page.name.endswith(".zh-CN.md") == (ending == ".zh-CN.md"):
                assert f"({page.relative_to(DOCS).as_posix()})" in index, f"{name} does not lead to {page.name}"


def test_the_tutorial_covers_what_an_analyst_needs() -> None:
    text = (DOCS / "tutorial" / "a-fifth-region.md").read_text(encoding="utf-8")
    for word in ("extends:", "overrides:", "tables:", "interpretations:", "facts:", "dte check", "dte test", "dte decide", "invented"):
        assert word in text


def test_the_translation_has_the_same_steps() -> None:
    for page in PAGES:
        if page.name.endswith(".zh-CN.md"):
            english = page.with_name(page.name.replace(".zh-CN.md", ".md"))
            blocks = [re.findall(r"^```([a-z]+[^\n]*)$", each.read_text(encoding="utf-8"), re.MULTILINE) for each in (english, page)]
            assert blocks[0] == blocks[1], page.name
