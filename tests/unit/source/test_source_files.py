"""Files: encodings, and everything that can be wrong before the text is seen."""

import os
from pathlib import Path

import pytest

from dte_rules.source.builder import Limits
from dte_rules.source.yaml import read_yaml_file


def codes(path: Path | str, limits: Limits | None = None) -> list[tuple[str, str]]:
    document = read_yaml_file(path, limits=limits or Limits())
    assert document.root is None
    return [(x.code, f"{x.span.line}:{x.span.column}") for x in document.diagnostics if x.span]


def test_reads_a_file(tmp_path: Path) -> None:
    path = tmp_path / "浙江.yaml"
    path.write_bytes("\ufeffpack: 浙江\r\nn: 1\r\n".encode())
    document = read_yaml_file(path)
    assert document.plain() == {"pack": "浙江", "n": 1}
    assert document.diagnostics == ()
    assert str(document.span(("n",))) == f"{path}:2:4"
    assert document == read_yaml_file(str(path))


def test_missing_folder_and_too_large(tmp_path: Path) -> None:
    assert codes(tmp_path / "none.yaml") == [("DTE101", "1:1")]
    assert codes(tmp_path / "none" / "x\0y") == [("DTE101", "1:1")]
    assert codes(tmp_path) == [("DTE103", "1:1")]
    path = tmp_path / "a.yaml"
    path.write_text("a: 1234567890")
    assert codes(path, Limits(size=10)) == [("DTE104", "1:1")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert codes(tmp_path / "pipe") == [("DTE102", "1:1")]


def test_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    found = read_yaml_file(path).diagnostics[0]
    assert found.code == "DTE102"
    assert found.message("en").endswith("can't be read: Permission denied")


@pytest.mark.parametrize(
    ("data", "at", "guess"),
    [
        ("a: 1\n甲: 浙江".encode()[:-1], "2:5", "GBK"),
        ("a: 1\nb: 浙江".encode("gbk"), "2:4", "GBK"),
        ("a: 浙江".encode("utf-16"), "1:1", "UTF-16"),
        (b"\xef\xbb\xbfa: \xff", "1:4", "GBK"),
    ],
)
def test_other_encodings(tmp_path: Path, data: bytes, at: str, guess: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(data)
    assert codes(path) == [("DTE105", at)]
    assert guess in read_yaml_file(path).diagnostics[0].message("zh")
