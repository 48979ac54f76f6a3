"""Case files as they are read: forms, defaults, places of problems, broken cases beside sound ones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dte_rules.cases import BrokenCase, Case, CaseFile, fact_problems, facts_of, read_cases
from dte_rules.cases.diagnostics import DIAGNOSTICS
from dte_rules.facts import Facts
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError
from dte_rules.vocabulary import Vocabulary

VOCABULARY = Vocabulary.of(Facts)
HEAD = "region: jinhua, decision: training_subsidy, as_of: 2024-09-02"


def read(text: str, name: str = "cases.yaml") -> CaseFile:
    return read_cases(name, text=text)


def only(text: str, name: str = "cases.yaml") -> Case:
    file = read(text, name)
    assert file.all_diagnostics == ()
    [case] = file.cases
    assert isinstance(case, Case)
    return case


def problems(text: str) -> list[tuple[str, int, int]]:
    """The codes and places of everything that is wrong."""
    return [(d.code, d.span.line, d.span.column) for d in read(text).all_diagnostics if d.span]


def told(text: str) -> Diagnostic:
    [diagnostic] = read(text).all_diagnostics
    return diagnostic


def test_a_case_is_read_with_all_its_parts() -> None:
    case = only(
        """cases:
  - id: a
    title: 甲
    region: jinhua
    decision: training_subsidy
    as_of: 2024-09-02
    readings: {rest_day: stays}
    facts: {training: {hours_completed: 128.5}}
    expect: {verdict: met, amount: 3900, exactly: [flags]}
"""
    )
    assert (case.id, case.title, case.region, case.decision) == ("a", "甲", "jinhua", "training_subsidy")
    assert case.as_of == date(2024, 9, 2)
    assert case.readings == {"rest_day": "stays"}
    assert case.facts == {"training": {"hours_completed": Decimal("128.5")}}
    assert case.expect is not None
    assert case.expect.fields == {"verdict": "met", "amount": 3900}
    assert case.expect.exactly == {"flags"}


@pytest.mark.parametrize(
    "text",
    [
        f"cases:\n  - {{id: a, {HEAD}}}\n",
        f"- {{id: a, {HEAD}}}\n",
        f"{{id: a, {HEAD}}}\n",
        "id: a\nregion: jinhua\ndecision: training_subsidy\nas_of: 2024-09-02\n",
        '{"cases": [{"id": "a", "region": "jinhua", "decision": "training_subsidy", "as_of": "2024-09-02"}]}',
        '[{"id": "a", "region": "jinhua", "decision": "training_subsidy", "as_of": "2024-09-02"}]',
        '{"id": "a", "region": "jinhua", "decision": "training_subsidy", "as_of": "2024-09-02", "title": null, "facts": null}',
    ],
)
def test_a_file_is_a_mapping_a_list_or_a_single_case(text: str) -> None:
    case = only(text)
    assert (case.id, case.as_of, case.title, case.facts, case.expect) == ("a", date(2024, 9, 2), None, {}, None)


def test_json_numbers_keep_their_digits() -> None:
    text = '[{"id": "a", "region": "r", "decision": "d", "as_of": "2024-09-02", "facts": {"training": {"hours_completed": 127.10}}}]'
    assert str(only(text, "cases.json").facts["training"]["hours_completed"]) == "127.10"


DEFAULTS = """defaults:
  region: jinhua
  decision: training_subsidy
  as_of: 2024-09-02
  facts: {person: {sex: 男, hukou: "330700"}, claims: [{level: 初级}]}
  expect: {verdict: met, flags: [a]}
cases:
"""


def test_defaults_merge_mappings_and_lists_replace() -> None:
    file = read(DEFAULTS + "  - {id: a, facts: {person: {sex: 女}, claims: []}, expect: {flags: [b]}}\n  - id: b\n    as_of: 2025-01-01\n")
    first, second = file.cases
    assert isinstance(first, Case)
    assert isinstance(second, Case)
    assert first.facts == {"person": {"sex": "女", "hukou": "330700"}, "claims": []}
    assert first.expect is not None
    assert first.expect.fields == {"verdict": "met", "flags": ("b",)}
    assert second.as_of == date(2025, 1, 1)
    assert second.facts["claims"] == [{"level": "初级"}]


def test_null_takes_a_default_away() -> None:
    case = only(DEFAULTS + "  - {id: a, facts: {person: null}, expect: null}\n")
    assert case.facts["person"] is None
    assert case.expect is None


def test_a_problem_of_facts_from_the_defaults_stands_in_the_defaults() -> None:
    case = only('defaults:\n  facts: {person: {hukou: "33"}}\ncases:\n  - {id: a, ' + HEAD + ", facts: {person: {sex: 男}}}\n")
    with pytest.raises(DiagnosticsError) as caught:
        facts_of(case, Facts, VOCABULARY)
    [diagnostic] = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.span and (diagnostic.span.line, diagnostic.span.column)) == ("DTE512", (2, 27))


def test_anchors_and_aliases_work() -> None:
    text = f"cases:\n  - {{id: a, {HEAD}, facts: &f {{person: {{sex: 男}}}}}}\n  - {{id: b, {HEAD}, facts: *f}}\n"
    first, second = read(text).cases
    assert first.facts == second.facts == {"person": {"sex": "男"}}


def test_unknown_facts_are_unknown() -> None:
    case = only(f"- {{id: a, {HEAD}, facts: {{person: {{sex: unknown, hukou: null}}, claims: unknown}}}}\n")
    facts = facts_of(case, Facts, VOCABULARY)
    assert isinstance(facts, Facts)
    assert facts.claims is None
    assert facts.person is not None
    assert (facts.person.sex, facts.person.hukou) == (None, None)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("DTE605", "cases: ▶5"),
        ("DTE605", "▶cases:"),
        ("DTE606", "▶defaults: {region: a}"),
        ("DTE606", "▶7"),
        ("DTE607", "- ▶5"),
        ("DTE608", "▶case: []"),
        ("DTE608", "cases: []\n▶notes: x"),
        ("DTE611", "cases: []\ndefaults: ▶3"),
        ("DTE608", "cases: []\ndefaults: {▶regio: x}"),
        ("DTE608", f"- {{id: a, {HEAD}, ▶expekt: {{}}}}"),
        ("DTE609", "- ▶id: a\n  region: r\n  decision: d"),
        ("DTE609", f"- {{▶{HEAD}}}"),
        ("DTE609", f"defaults: {{id: x}}\ncases:\n- {{▶{HEAD}}}"),
        ("DTE610", f"- {{id: a, {HEAD}}}\n- {{id: ▶a, {HEAD}}}"),
        ("DTE611", f"- {{id: ▶5, {HEAD}}}"),
        ("DTE611", f"- {{id: a, title: ▶[b], {HEAD}}}"),
        ("DTE611", "- {id: a, region: ▶330700, decision: d, as_of: 2024-09-02}"),
        ("DTE612", "- {id: a, region: r, decision: d, as_of: ▶soon}"),
        ("DTE612", "- {id: a, region: r, decision: d, as_of: ▶20240902}"),
        ("DTE612", "- {id: a, region: r, decision: d, as_of: ▶'2024-09-02T08:00:00'}"),
        ("DTE135", "- {id: a, region: r, decision: d, as_of: ▶2024-02-30}"),
        ("DTE611", f"- {{id: a, {HEAD}, facts: ▶3}}"),
        ("DTE611", f"- {{id: a, {HEAD}, readings: {{rest_day: ▶3}}}}"),
        ("DTE613", f"- {{id: a, {HEAD}, expect: {{verdict: ▶mett}}}}"),
        ("DTE611", f"- {{id: a, {HEAD}, expect: {{verdict: ▶null}}}}"),
        ("DTE608", f"- {{id: a, {HEAD}, expect: {{▶flagz: []}}}}"),
        ("DTE611", f"- {{id: a, {HEAD}, expect: {{amount: ▶true}}}}"),
        ("DTE611", f"- {{id: a, {HEAD}, expect: {{flags: ▶x}}}}"),
        ("DTE612", f"- {{id: a, {HEAD}, expect: {{dates: {{d: ▶soon}}}}}}"),
        ("DTE614", f"- {{id: a, {HEAD}, expect: {{exactly: [▶amount]}}}}"),
        ("DTE608", f"- {{id: a, {HEAD}, expect: {{alternatives: [{{▶verdikt: met}}]}}}}"),
        ("DTE611", f"- {{id: a, {HEAD}, expect: {{alternatives: [▶met]}}}}"),
        ("DTE608", f"- {{id: a, {HEAD}, expect: {{missing_sets: [{{▶fact: [a]}}]}}}}"),
    ],
)
def test_each_problem_stands_at_its_place(code: str, text: str) -> None:
    before = text[: text.index("▶")]
    place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
    text = text.replace("▶", "") + "\n"
    assert problems(text) == [(code, *place)]
    for diagnostic in read(text).all_diagnostics:
        for words in (diagnostic.message("zh"), diagnostic.message("en"), diagnostic.help("zh"), diagnostic.help("en")):
            assert "{" not in words  # every place in the texts is filled


def test_the_nearest_name_is_given() -> None:
    assert "`expect`" in told(f"- {{id: a, {HEAD}, expekt: {{}}}}\n").help()
    assert "`cases`" in told("case: []\n").help("zh")
    assert "`not_met`" in told(f"- {{id: a, {HEAD}, expect: {{verdict: not met}}}}\n").help()


def test_a_time_of_day_is_named_as_such() -> None:
    assert told("- {id: a, region: r, decision: d, as_of: 2024-09-02T08:00:00}\n").help() == "write the day without a time"


def test_a_broken_case_does_not_stop_the_others() -> None:
    file = read(f"cases:\n  - {{id: a, {HEAD}}}\n  - {{id: b}}\n  - 3\n  - {{id: c, {HEAD}}}\n")
    assert [type(case) for case in file.cases] == [Case, BrokenCase, BrokenCase, Case]
    assert [case.id for case in file.cases] == ["a", "b", None, "c"]
    assert file.diagnostics == ()


def test_what_the_reader_finds_in_a_case_breaks_that_case_alone() -> None:
    file = read(f"cases:\n  - {{id: a, {HEAD}, facts: {{claims: [], claims: []}}}}\n  - {{id: b, {HEAD}}}\n")
    broken, sound = file.cases
    assert isinstance(broken, BrokenCase)
    assert isinstance(sound, Case)
    assert [d.code for d in broken.diagnostics] == ["DTE126"]


def test_what_the_reader_finds_in_the_defaults_or_an_anchor_breaks_all_who_take_it_over() -> None:
    text = "defaults:\n  region: jinhua\n  region: weihai\ncases:\n  - {id: a, decision: d, as_of: 2024-09-02}\n"
    [case] = read(text).cases
    assert isinstance(case, BrokenCase)
    text = f"cases:\n  - {{id: a, {HEAD}, facts: &f {{claims: [], claims: []}}}}\n  - {{id: b, {HEAD}, facts: *f}}\n"
    assert all(isinstance(case, BrokenCase) for case in read(text).cases)


def test_a_file_that_cannot_be_read_has_no_cases() -> None:
    file = read("cases: [\n")
    assert file.cases == ()
    assert [d.code for d in file.diagnostics] == ["DTE114"]
    assert [d.code for d in read_cases("no/such/file.yaml").diagnostics] == ["DTE101"]


def test_all_problems_of_a_case_are_told_at_once_facts_included() -> None:
    [case] = read("- {id: a, region: jinhua, decision: d, as_of: soon, facts: {training: {ocupation: x}}}\n").cases
    assert isinstance(case, BrokenCase)
    [problem] = fact_problems(case, Facts, VOCABULARY)
    assert (problem.code, problem.span and problem.span.column) == ("DTE501", 72)


def test_names_of_persons_stand_in_no_repr_and_no_message_of_the_reader() -> None:
    assert "男" not in repr(only(f"- {{id: a, {HEAD}, facts: {{person: {{sex: 男}}}}}}\n"))
    for text in ('- {id: "a" 张三}\n', "- id: a\n  张三\n", '{"id": 张三}'):
        for diagnostic in read(text).all_diagnostics:
            assert "张三" not in diagnostic.message() + diagnostic.help() + diagnostic.message("zh")


def test_thousands_of_cases_are_no_trouble() -> None:
    one = "  - {id: c%d, facts: {person: {birth_date: 1990-01-01, sex: 男}, claims: []}}\n"
    file = read("defaults: {" + HEAD + "}\ncases:\n" + "".join(one % i for i in range(3000)))
    assert len(file.cases) == 3000
    assert file.all_diagnostics == ()


def test_each_diagnostic_has_a_code_of_its_own_and_words_in_both_languages() -> None:
    codes = [d.code for d in DIAGNOSTICS]
    assert codes == sorted(set(codes))
    assert all(d.zh and d.en and d.__doc__ for d in DIAGNOSTICS)


def test_an_impossible_date_is_told_without_its_digits() -> None:
    """It may be somebody's date of birth."""
    found = told(f"- {{id: a, {HEAD}, facts: {{person: {{birth_date: 1990-13-45}}}}}}\n")
    assert found.code == "DTE135"
    assert "****-**-**" in found.message("zh")
    assert "1990" not in found.message("en")
