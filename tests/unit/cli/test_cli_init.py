"""``dte init``: a folder that can be used at once, and nothing overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dte_rules.cli.app import app, command
from dte_rules.pack.library import shipped_directory
from dte_rules.source.render import display_width

RUN = CliRunner()


def test_a_pack_comes_with_those_that_it_extends_and_with_schemas(tmp_path: Path) -> None:
    done = RUN.invoke(app, ["init", str(tmp_path / "own"), "--pack", "jinhua"])
    assert done.exit_code == 0, done.output
    rules = tmp_path / "own" / "rules"
    assert sorted(path.name for path in rules.iterdir()) == ["jinhua.yaml", "zhejiang.yaml"]
    assert (rules / "jinhua.yaml").read_bytes() == (shipped_directory() / "jinhua.yaml").read_bytes()
    schemas = tmp_path / "own" / "schemas"
    assert {path.name.split(".")[0] for path in schemas.iterdir()} == {"pack", "calendar", "cases", "properties"}
    assert all("$schema" in json.loads(path.read_text("utf-8")) for path in schemas.iterdir())
    # the first line of each pack names its schema
    assert (rules / "../schemas/pack.schema.json").resolve().is_file()
    assert done.output.splitlines() == [p.as_posix() for p in (*sorted(rules.iterdir(), reverse=True), *_in_order(schemas))]
    checked = RUN.invoke(app, ["check", "--rules", str(rules)])
    assert checked.exit_code == 0, checked.output


def _in_order(schemas: Path) -> list[Path]:
    return [schemas / f"{name}.schema.json" for name in ("pack", "calendar", "cases", "properties")]


def test_all_packs_without_a_name(tmp_path: Path) -> None:
    assert RUN.invoke(app, ["init", str(tmp_path)]).exit_code == 0
    assert {path.stem for path in (tmp_path / "rules").iterdir()} == {"shanghai", "zhejiang", "jinhua", "weihai"}


@pytest.mark.parametrize(("lang", "words"), [("en", "is there already"), ("zh", "已存在")])
def test_nothing_is_overwritten(tmp_path: Path, lang: str, words: str) -> None:
    (tmp_path / "rules").mkdir()
    own = tmp_path / "rules" / "weihai.yaml"
    own.write_text("my own", encoding="utf-8")
    done = RUN.invoke(app, ["init", str(tmp_path), "--lang", lang])
    assert done.exit_code == 1
    assert "DTE991" in done.output
    assert words in done.output
    assert own.read_text("utf-8") == "my own"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["rules", "weihai.yaml"]


def test_a_pack_that_does_not_ship(tmp_path: Path) -> None:
    done = RUN.invoke(app, ["init", str(tmp_path), "--pack", "jinhau"])
    assert done.exit_code == 2
    assert "did you mean `jinhua`" in done.output
    assert list(tmp_path.iterdir()) == []


def test_chinese_help_keeps_to_the_width_of_english() -> None:
    made = command("zh")
    for below in (made, *made.commands.values()):
        paragraphs = (below.help or "").replace("\b\n", "").split("\n")
        assert max(map(display_width, paragraphs)) <= 78, below.name
