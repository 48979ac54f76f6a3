"""Compiled packs kept from one start to the next."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dte_rules import Facts, cache, load_packs
from dte_rules.cache_text import Unreadable, from_text, to_text

PACK = """
pack: small
version: "1"
jurisdiction: "330700"
title: {zh: 小, en: small}
sources: {s1: {number: n, title: {zh: 文, en: doc}, issued: 2020-01-01, in_force: {from: 2020-01-02}}}
facts:
  person.veteran: {type: boolean, label: {zh: 退役军人, en: veteran}, question: {zh: 是否退役军人？, en: Is the person a veteran?}}
decisions:
  grant:
    title: {zh: 补助, en: grant}
    modality: entitlement
    requires:
      veteran: {cite: s1 一, title: {zh: 退役军人, en: veteran}, when: person.veteran}
    grants: {amount: {cite: s1 二, is: 100}}
"""


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A folder with a pack."""
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "small.yaml").write_text(PACK, encoding="utf-8")
    return folder


def compiled_never(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise AssertionError("a pack was compiled")

    monkeypatch.setattr("dte_rules.compiler.compile_pack", refuse)


def test_a_program_survives_as_text() -> None:
    for pack in load_packs().values():
        again = from_text(to_text(pack.program))
        assert again == pack.program
        assert repr(again) == repr(pack.program)
        assert [r.span for r in again.rules] == [r.span for r in pack.program.rules]


def test_shipped_packs_are_compiled_once(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_packs()
    compiled_never(monkeypatch)
    second = load_packs()
    assert list(first) == list(second)
    facts = Facts.model_validate({"person": {"hukou": "330700"}})
    for name in first:
        assert first[name].program == second[name].program
        for decision in first[name].program.decisions:
            asked = {"as_of": date(2026, 3, 2)}
            assert first[name].decide(decision, facts, **asked) == second[name].decide(decision, facts, **asked)


def test_declared_facts_come_from_the_cache_too(kept: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_packs(rules)
    compiled_never(monkeypatch)
    pack = load_packs(rules)["small"]
    facts = pack.Facts.model_validate({"person": {"veteran": True}})
    assert pack.decide("grant", facts, as_of=date(2024, 1, 1)).amount == 100


def test_another_content_is_another_entry(kept: Path, rules: Path) -> None:
    assert load_packs(rules)["small"].program.version == "1"
    (rules / "small.yaml").write_text(PACK.replace('version: "1"', 'version: "2"'), encoding="utf-8")
    assert load_packs(rules)["small"].program.version == "2"
    (rules / "small.yaml").write_text(PACK, encoding="utf-8")
    assert load_packs(rules)["small"].program.version == "1"
    assert len(list(kept.glob("*.json"))) == 2


def test_a_damaged_file_is_not_trusted(kept: Path, rules: Path) -> None:
    expected = load_packs(rules)["small"].program
    (file,) = kept.glob("*.json")
    whole = file.read_bytes()
    middle = len(whole) // 2
    damaged = [
        b"",
        whole[:10],
        whole[:middle],
        whole[:-1],
        whole + b" ",
        whole[:middle] + b"x" + whole[middle + 1 :],
        b"\xff" * 100,
        b"0\n[]",
    ]
    for content in damaged:
        file.write_bytes(content)
        assert load_packs(rules)["small"].program == expected
        assert file.read_bytes() == whole, "it is written anew"


@pytest.mark.parametrize(
    "table",
    [
        '["x"]',
        '[["dict"]]',
        '[["os.system","x"]]',
        '[["Program",0]]',
        '[["tuple",5]]',
        "5",
        "[]",
        '[["Months",0]]',
        "[" * 5000,
        '[["Decimal","x"]]',
    ],
)
def test_a_file_that_lies_about_itself_is_not_trusted(kept: Path, rules: Path, table: str) -> None:
    """Its digest is right, but it is no program."""
    load_packs(rules)
    (file,) = kept.glob("*.json")
    body = table.encode()
    file.write_bytes(hashlib.sha256(file.stem.encode() + b"\n" + body).hexdigest().encode() + b"\n" + body)
    assert load_packs(rules)["small"].program.name == "small"


def test_reading_makes_nothing_but_known_records() -> None:
    for text in ('[["__import__",0]]', '["os",["eval",0]]', '[["Span",0,1]]', '{"a":1}'):
        with pytest.raises(Unreadable):
            from_text(text)
    with pytest.raises(TypeError):
        to_text(object())


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="POSIX permissions")
def test_a_file_that_others_may_write_is_not_trusted(kept: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_packs(rules)
    (file,) = kept.glob("*.json")
    file.chmod(0o666)
    compiled_never(monkeypatch)
    with pytest.raises(AssertionError, match="compiled"):
        load_packs(rules)


def test_it_can_be_turned_off(kept: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.VARIABLE, "off")
    load_packs(rules)
    assert not kept.exists()


def test_a_folder_that_cannot_be_written_is_no_matter(rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    monkeypatch.setenv(cache.VARIABLE, str(blocked / "cache"))
    assert load_packs(rules)["small"].program.name == "small"


def test_writers_do_not_disturb_each_other(kept: Path, rules: Path) -> None:
    """Eight threads write and read the same entry; each finds the whole of it or nothing."""
    pack = load_packs(rules)["small"]
    key = next(kept.glob("*.json")).stem
    failures: list[Any] = []

    def work() -> None:
        for _ in range(40):
            cache.write(key, {"small": (pack.program, {})})
            found = cache.read(key)
            if found is None or found["small"][0] != pack.program:
                failures.append(found)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert not list(kept.glob("*.part"))


def test_the_folder_does_not_grow_without_end(kept: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_FILES", 3)
    for number in range(6):
        (rules / "small.yaml").write_text(PACK.replace('version: "1"', f'version: "{number}"'), encoding="utf-8")
        load_packs(rules)
    assert len(list(kept.iterdir())) == 3


def test_other_files_stay(kept: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is the user's, and may be one that holds other things."""
    monkeypatch.setattr(cache, "MOST_FILES", 1)
    kept.mkdir(exist_ok=True)
    theirs = [kept / name for name in ("data.json", "download.part", "0123456789abcdef-x.json", f"{'g' * 64}.json")]
    for file in theirs:
        file.write_text("{}", encoding="utf-8")
    for number in range(3):
        (rules / "small.yaml").write_text(PACK.replace('version: "1"', f'version: "{number}"'), encoding="utf-8")
        load_packs(rules)
    assert all(file.exists() for file in theirs)
    assert len(list(kept.iterdir())) == len(theirs) + 1


def test_it_is_the_same_wherever_one_stands(kept: Path, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for folders above the packs, from which their places are told the short way."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        load_packs(rules)
    assert len(list(kept.glob("*.json"))) == 1
    monkeypatch.chdir(rules.parent)
    load_packs(rules)
    assert len(list(kept.glob("*.json"))) == 2


def test_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(cache.VARIABLE, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.folder() == tmp_path / "dte-rules"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache.folder() == Path.home() / ".cache" / "dte-rules"


def test_the_text_is_json(kept: Path, rules: Path) -> None:
    load_packs(rules)
    (file,) = kept.glob("*.json")
    assert isinstance(json.loads(file.read_bytes().partition(b"\n")[2]), list)
