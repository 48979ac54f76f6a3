"""The suggested name is the one that was meant, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dte_rules.source.suggest import nearest

NAMES = ["training.hours_completed", "training.level", "person.birth_date", "person.insured", "certificates", "subsidy_standard.amount"]
CHINESE = ["培训补贴", "岗位补贴", "金华市", "上海市", "参保地", "培训.学时", "培训.等级", "威海"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("training.hours_complete", "training.hours_completed"),
        ("trainning.level", "training.level"),
        ("hours_completed", "training.hours_completed"),
        ("hour_completed", "training.hours_completed"),
        ("person.brith_date", "person.birth_date"),
        ("Person.Insured", "person.insured"),
        ("certificate", "certificates"),
        ("subsidy-standard.amuont", "subsidy_standard.amount"),
        ("ｃertificates", "certificates"),
        ("training.xyz", None),
        ("weather", None),
        ("x", None),
        ("", None),
        ("a" * 10_000, None),
    ],
)
def test_names(word: str, expected: str | None) -> None:
    assert nearest(word, NAMES) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("培训补帖", "培训补贴"),
        ("金华", "金华市"),
        ("参保的", "参保地"),
        ("学时", "培训.学时"),
        ("培训.级别", "培训.等级"),
        ("威诲", "威海"),
        ("天气预报", None),
    ],
)
def test_chinese(word: str, expected: str | None) -> None:
    assert nearest(word, CHINESE) == expected


def test_ties_and_order_and_the_word_itself() -> None:
    assert nearest("levelx", {"levely", "levelz"}) == "levely"
    assert nearest("level", ["level", "levels"]) == "levels"
    assert nearest("level", []) is None


@given(st.text(), st.lists(st.text()))
def test_any_words(word: str, candidates: list[str]) -> None:
    found = nearest(word, candidates)
    assert found is None or (found in candidates and found != word)
