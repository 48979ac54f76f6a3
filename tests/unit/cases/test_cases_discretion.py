"""Lines of case files shown without what they say about a person."""

from __future__ import annotations

import pytest

from dte_rules.cases import Discreet, read_cases

PUBLIC = frozenset({"person.sex", "training.level", "training.hours_completed"})


def shown(text: str) -> str:
    file = read_cases("c.yaml", text=text)
    assert file.document is not None
    veil = Discreet(file.document, PUBLIC.__contains__)
    return "\n".join(veil.render(d, "en") for d in file.all_diagnostics)


def test_keys_the_question_and_harmless_facts_stay_readable() -> None:
    text = (
        "- {id: a-1, title: 张三, region: jinhua, decision: d, as_of: soon, expect: {verdict: met},"
        " facts: {person: {name: 李四, sex: 男, identity_number: '330702199001011234'}, training: {hours_completed: 12}}} # 王五\n"
    )
    document = read_cases("c.yaml", text=text).document
    assert document is not None
    line = Discreet(document, PUBLIC.__contains__).line(1)
    assert line == (
        "- {id: a-1, title: ＊＊, region: jinhua, decision: d, as_of: soon, expect: {verdict: met},"
        " facts: {person: {name: ＊＊, sex: 男, identity_number: '******************'}, training: {hours_completed: 12}}} # ＊＊"
    )


@pytest.mark.parametrize(
    "text",
    [
        '- id: "a" 张三\n',
        "- id: a\n  facts: {person: {name: 张三\n",
        "- {id: a, name: 张三}\n",
        "- {id: a, facts: {identity_number: 330702199001011234, x: [}}\n",
        "- id: a\n  张三\n",
        "- 张三\n",
        "张三\n",
        "cases: 张三 330702199001011234\n",
        "defaults: {name: 张三}\ncases: []\n",
        '{"id": "a", "name": "张三" "330702199001011234"}',
    ],
)
def test_no_error_shows_a_name_or_an_identity_number(text: str) -> None:
    found = shown(text)
    assert "error" in found
    assert "张三" not in found
    assert "330702199001011234" not in found


def test_the_caret_stays_under_its_place() -> None:
    found = shown("- {id: a, facts: {name: 张三}, region: 5, decision: d, as_of: 2024-01-01}\n")
    source, caret = found.split("\n")[1:3]
    assert "name: ＊＊}, region: 5" in source
    assert caret.index("^") == source.index("5") + 2  # two wide signs before it
