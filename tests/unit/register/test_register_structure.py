"""The clauses that are found in a text, whatever its line breaks, page breaks and markup."""

from __future__ import annotations

from register_notices import CITY, PLAN

from dte_rules.register.structure import clauses_of, unlisted, whole_text


def locators(text: str) -> list[str]:
    return list(clauses_of(text))


def test_the_clauses_of_a_notice_in_order() -> None:
    assert locators(CITY) == ["标题", "主送", "序", "一", "一（一）", "一（二）", "二", "二1", "二2", "三", "附件1", "附件1注"]
    assert locators(PLAN) == ["标题", "序", "一", "一（一）", "二", "二（二）", "注"]


def test_texts_go_on_over_line_and_page_breaks() -> None:
    found = clauses_of(CITY)
    assert found["一（一）"].text == "在本市耕作满三年,且上一年度作业不少于120亩;"
    assert found["三"].text == "自证书核发之日起12个月内提出,公示 5 个工作日,每年不超过3次。\n本办法自 2024 年 5 月 1 日起施行。"
    assert found["序"].text.endswith("请遵照执\n行。")
    assert found["一"].line == 14


def test_lines_broken_after_a_sentence_go_on_where_blank_lines_part_paragraphs() -> None:
    found = clauses_of("一、标准\n\n（一）初级。\n每人800元。\n\n（二）中级。\n每人\n1200元。\n\n另行公布。\n\n二、附则\n\n无。\n")
    assert found["一（一）"].text == "初级。每人800元。"
    assert found["一（二）"].text == "中级。每人1200元。"
    assert found["一"].text == "另行公布。"


def test_a_paragraph_after_items_is_the_articles() -> None:
    found = clauses_of(CITY)
    assert found["一"].text == "本市年满十六周岁的农机手,符合下列条件之一:\n已退休人员不在此列。"
    assert found["一（二）"].text == "取得农机合格证书的毕业生。"
    # though it may be the second paragraph of （二）, whose numbers are looked for in it too
    assert "已退休人员" in whole_text(found, "一（二）")
    assert "120亩" in whole_text(found, "一")


def test_words_in_the_midst_of_a_sentence_are_no_headings() -> None:
    text = "一、办法\n（一）按照前款\n（三）项的规定办理。\n（二）依照第\n三、四条执行。\n二、附则\n自发布之日起施行。"
    assert locators(text) == ["一", "一（一）", "一（二）", "二"]


def test_a_gap_in_the_numbers_does_not_swallow_what_follows() -> None:
    assert locators("一、甲\n有。\n三、丙\n（二）有。\n（三）有。") == ["一", "三", "三（二）", "三（三）"]


def test_numbers_may_run_on_or_begin_anew() -> None:
    assert locators("一、甲\n（一）有。\n（二）有。\n二、乙\n（三）有。") == ["一", "一（一）", "一（二）", "二", "二（三）"]
    assert locators("一、甲\n1.有。\n2.有。\n二、乙\n1、有。") == ["一", "一1", "一2", "二", "二1"]


def test_points_of_a_note_and_amounts_are_no_clauses() -> None:
    text = "一、标准\n1.5万元以上的，\n2. 另行审批。\n附件\n表\n注：1. 甲；\n2. 乙。"
    assert locators(text) == ["一", "附件", "附件注"]


def test_a_register_lists_clauses_and_only_some_items() -> None:
    found = clauses_of(CITY)

    def lacking(*listed: str) -> list[str]:
        return [clause.locator for clause in unlisted(found, listed)]

    assert lacking() == ["主送", "序", "一", "一（一）", "一（二）", "二", "三", "附件1"]
    assert "二" not in lacking("二")
    # once an item is told apart, so are the others; the article itself says nothing more
    assert [locator for locator in lacking("二1") if locator.startswith("二")] == ["二2"]


def test_numbers_by_themselves_are_pages_except_in_an_annex() -> None:
    found = clauses_of("一、标准\n（一）每人\n12\n800元。\n- 3 -\n附件\n学时\n128\n")
    assert found["一（一）"].text == "每人800元。"
    assert found["附件"].text == "学时\n128"


def test_articles_of_an_annex_are_within_it() -> None:
    text = "一、正文\n有。\n附件1\n办法\n一、甲\n（一）有。\n二、乙\n无。\n附件2\n表"
    assert locators(text) == ["一", "附件1", "附件1一", "附件1一（一）", "附件1二", "附件2"]


def test_nothing_and_noise() -> None:
    assert locators("") == []
    assert locators("---\n- 3 -\n# \n") == []
