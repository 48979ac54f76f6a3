"""Which text is which document, and where one ends within a file."""

from __future__ import annotations

from pathlib import Path

from register_notices import CITY, PLAN

from dte_rules.program.nodes import Label, Source
from dte_rules.register.notices import read_folder, split
from dte_rules.register.text import digest_of

CITY_SOURCE = Source("yc-3", "云农机〔2024〕3号", Label("云川市农机手培训补贴办法", ""))
OTHER = Source("yc-9", "云农机〔2025〕9号")
PLAN_SOURCE = Source("yc-plan", "", Label("云川市加快农机人才培养实施方案(2024-2026年)", ""))
SECOND = "# 云川市农机局\n\n云农机〔2025〕9号\n\n一、依据云农机〔2024〕3号办理。\n"


def test_by_number_or_else_by_title() -> None:
    assert [(n.source, n.line) for n in split(CITY, "a.txt", [CITY_SOURCE, OTHER])] == [("yc-3", 1)]
    assert [n.source for n in split(PLAN, "b.txt", [CITY_SOURCE, PLAN_SOURCE])] == ["yc-plan"]
    forwarded = "云川市农机局关于印发《云川市加快农机人才培养实施方案（2024-2026年）》的通知\n一、有。"
    assert [n.source for n in split(forwarded, "b.txt", [PLAN_SOURCE])] == ["yc-plan"]


def test_a_number_within_a_sentence_names_another_document() -> None:
    assert [n.source for n in split(SECOND, "a.txt", [CITY_SOURCE, OTHER])] == ["yc-9"]


def test_several_documents_in_a_file() -> None:
    first, second = split(f"{CITY}\n---\n\n{SECOND}", "a.txt", [CITY_SOURCE, OTHER])
    assert (first.source, second.source) == ("yc-3", "yc-9")
    assert digest_of(second.text) == digest_of(SECOND)
    assert digest_of(first.text) == digest_of(f"{CITY}---")
    assert "金额单位为元" in first.text


def test_without_a_rule_the_signature_ends_a_document() -> None:
    signed = "云农机〔2024〕3号\n一、有。\n2024年3月26日印发\n云川市农机局文件\n云农机〔2025〕9号\n一、无。"
    first, second = split(signed, "a.txt", [CITY_SOURCE, OTHER])
    assert first.text.endswith("印发")
    assert (second.line, second.text.splitlines()[0]) == (4, "云川市农机局文件")


def test_a_document_that_no_pack_has_is_left_out() -> None:
    assert [n.source for n in split(f"{CITY}\n---\n{SECOND}", "a.txt", [OTHER])] == ["yc-9"]
    assert split("一、无号。", "a.txt", [CITY_SOURCE]) == []


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "city.txt").write_text("\ufeff" + CITY, encoding="utf-8")
    (tmp_path / "unknown.txt").write_text("一、无号。", encoding="utf-8")
    (tmp_path / "broken.txt").write_bytes(CITY.encode("gb18030"))
    (tmp_path / "notes.md").write_text(PLAN, encoding="utf-8")
    found = read_folder(tmp_path, {"yc-3": CITY_SOURCE, "yc-plan": PLAN_SOURCE})
    assert [n.source for n in found.notices] == ["yc-3"]
    assert (found.unknown, found.unreadable) == (("unknown.txt",), ("broken.txt",))


def test_a_digest_minds_neither_breaks_nor_widths() -> None:
    assert digest_of("（一） 甲，\n 乙") == digest_of("(一)甲,乙")
    assert digest_of("甲") != digest_of("乙")
