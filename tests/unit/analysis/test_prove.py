"""The language of properties: how cases may differ, what is left open, finite forms, and what is wrong with a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("z3")

from dte_rules import load_packs
from dte_rules.analysis.prove.diagnostics import DIAGNOSTICS
from dte_rules.analysis.prove.model import FACTS_NOT_GIVEN, Proved
from dte_rules.analysis.prove.read import chosen, read
from dte_rules.analysis.prove.ready import ready
from dte_rules.analysis.prove.run import prove
from dte_rules.api import Packs
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError

PACK = """
pack: toy
version: "1"
title: {zh: 玩具}
sources: {s: {issued: 2020-01-01, in_force: {from: 2020-01-01}}}
interpretations:
  narrow: {cite: s 二, question: {zh: 是否从窄, en: Narrowly?}, readings: {wide: {zh: 从宽}, strict: {zh: 从严}}}
open:
  doubt: {cite: s 三, question: {zh: 是否存疑, en: Is there a doubt?}}
  figure: {cite: s 三, type: number, question: {zh: 多少, en: How much?}}
tables:
  rates: {cite: s 四, hit: unique, inputs: [training.level], outputs: [rate], rows: [[初级, 10], [中级, 20]], otherwise: unspecified}
terms:
  adult_from: {cite: s 一, is: 'person.birth_date + @"P18Y"'}
decisions:
  grant:
    title: {zh: 补贴}
    modality: entitlement
    requires:
      enough: {cite: s 一, when: training.hours_completed >= 10}
      adult: {cite: s 一, when: as_of >= adult_from}
      once: {cite: s 一, when: count(claims) < 2}
      skilled: {cite: s 二, under: {narrow: strict}, when: person.employment.professional_technical}
    excludes:
      pensioner: {cite: s 一, when: person.receives_pension}
    grants: {amount: {cite: s 四, is: rates.rate}}
  doubtful:
    title: {zh: 存疑}
    modality: entitlement
    requires: {clear: {cite: s 三, when: doubt or person.receives_pension}}
  left:
    title: {zh: 另行规定}
    modality: entitlement
    requires: {pension: {cite: s 一, when: person.receives_pension}}
    delegates: {rules: {cite: s 五, to: {zh: 另行规定, en: other rules}}}
"""


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Packs:
    folder = tmp_path_factory.mktemp("rules")
    (folder / "toy.yaml").write_text(PACK, encoding="utf-8")
    return load_packs(folder)


def file_of(body: str, *, cases: str = "a: {region: toy, decision: grant}", id_: str = "P") -> str:
    indented = "\n".join(f"    {line}" for line in body.strip().split("\n"))
    head = f"properties:\n  - id: {id_}\n    title: {{zh: 命题, en: statement}}\n    cite: s 一\n"
    return head + (f"    cases:\n      {cases}\n" if cases else "") + indented + "\n"


def proved(packs: Packs, body: str, cases: str = "a: {region: toy, decision: grant}") -> Proved:
    (found,) = prove(ready(read("p.yaml", text=file_of(body, cases=cases)), packs))
    return found


def outcome(packs: Packs, body: str, cases: str = "a: {region: toy, decision: grant}") -> str:
    return proved(packs, body, cases).outcome


TWO = "a: {region: toy, decision: grant}\n      b: "


# --- how cases may differ ---------------------------------------------------------------------------------------------------


def test_what_rises_only_rises(packs: Packs) -> None:
    hours = TWO + "{rises_in: [training.hours_completed]}"
    assert outcome(packs, "given: a.granted\nthen: b.granted", hours) == "holds"
    assert outcome(packs, "given: b.granted\nthen: a.granted", hours) == "fails"
    assert outcome(packs, "then: b.facts.training.hours_completed >= a.facts.training.hours_completed", hours) == "holds"
    truth = TWO + "{rises_in: [person.receives_pension]}"
    assert outcome(packs, "given: b.granted\nthen: a.granted", truth) == "holds"
    assert outcome(packs, "given: a.granted\nthen: b.granted", truth) == "fails"
    level = TWO + "{rises_in: [training.level]}"
    assert outcome(packs, "given: a.granted and b.granted\nthen: b.amount >= a.amount", level) == "holds"
    assert outcome(packs, "given: a.granted and b.granted\nthen: b.amount = a.amount", level) == "fails"
    days = TWO + "{rises_in: [as_of]}"
    happened = "\nhorizon: {events: have_happened}"
    assert outcome(packs, "given: a.granted\nthen: b.granted" + happened, days) == "holds"
    assert outcome(packs, "given: b.granted\nthen: a.granted" + happened, days) == "fails"
    assert outcome(packs, "given: a.granted\nthen: b.granted", days) == "fails"  # another claim may come in between


def test_what_differs_may_do_so_in_any_way_and_the_rest_is_the_same(packs: Packs) -> None:
    hours = TWO + "{differs_in: [training.hours_completed]}"
    assert outcome(packs, "given: a.granted\nthen: b.granted", hours) == "fails"
    assert outcome(packs, "then: a.facts.person.receives_pension = b.facts.person.receives_pension", hours) == "holds"
    assert outcome(packs, "given: a.granted\nthen: b.granted", TWO + "{}") == "holds"
    members = TWO + "{differs_in: [claims.level]}"
    assert outcome(packs, "then: count(a.facts.claims) = count(b.facts.claims)", members) == "holds"


def test_lists_that_grow_keep_their_members(packs: Packs) -> None:
    more = TWO + "{adds_to: [claims]}"
    assert outcome(packs, "given: b.granted\nthen: a.granted", more) == "holds"
    assert outcome(packs, "given: a.granted\nthen: b.granted", more) == "fails"
    assert outcome(packs, "then: count(b.facts.claims) >= count(a.facts.claims)", more) == "holds"
    first = "given: count(a.facts.claims) > 0\nthen: b.facts.claims[1].level = a.facts.claims[1].level"
    assert outcome(packs, first, more) == "holds"


def test_knowing_more_keeps_what_was_known(packs: Packs) -> None:
    horizon = "\nhorizon: {facts: may_be_unknown, members: 1}"
    more = TWO + "{knows_more: true}"
    assert outcome(packs, 'given: a.verdict != "undetermined"\nthen: b.verdict = a.verdict' + horizon, more) == "holds"
    assert outcome(packs, 'given: b.verdict != "undetermined"\nthen: a.verdict = b.verdict' + horizon, more) == "fails"


def test_a_third_case_is_like_the_second_unless_it_says_otherwise(packs: Packs) -> None:
    three = TWO + "{rises_in: [training.hours_completed]}\n      c: {rises_in: [training.hours_completed]}"
    assert outcome(packs, "given: a.granted\nthen: c.granted", three) == "holds"
    apart = TWO + "{differs_in: [training.hours_completed]}\n      c: {like: a}"
    assert outcome(packs, "then: a.verdict = c.verdict", apart) == "holds"


def test_facts_days_and_readings_are_given(packs: Packs) -> None:
    given = "a: {region: toy, decision: grant, as_of: 2026-05-06, facts: {person.birth_date: 2010-01-01}}"
    assert outcome(packs, "then: a.granted = false", given) == "holds"
    strict = "a: {region: toy, decision: grant, readings: {narrow: strict}}"
    assert outcome(packs, "given: a.granted\nthen: a.facts.person.employment.professional_technical", strict) == "holds"
    assert outcome(packs, "given: a.granted\nthen: a.facts.person.employment.professional_technical") == "fails"


def test_all_decisions_and_the_order_of_choices(packs: Packs) -> None:
    every = "a: {region: all, decision: all}\n      b: {rises_in: [training.hours_completed]}"
    text = file_of("given: a.granted\nthen: b.granted", cases=every)
    (checked,) = ready(read("p.yaml", text=text), packs)
    assert [[side.decision for side in question.sides] for question in checked.questions] == [[d, d] for d in ("grant", "doubtful", "left")]


# --- what comes out ---------------------------------------------------------------------------------------------------------


def test_what_only_the_text_can_lack_is_not_specified(packs: Packs) -> None:
    found = proved(packs, "given: not(a.facts.person.receives_pension)\nthen: a.granted", "a: {region: toy, decision: doubtful}")
    assert (found.outcome, found.example is not None and found.example.then) == ("not_specified", "unknown")
    # a false case settles it
    left = proved(packs, "then: a.granted", "a: {region: toy, decision: left}")
    assert left.outcome == "fails"
    # no amount is laid down for the third level
    row = "given: a.conditions.enough and a.conditions.adult and a.conditions.once and not(a.conditions.pensioner)\nthen: a.amount > 0"
    assert outcome(packs, row) == "not_specified"
    assert outcome(packs, "given: a.granted\nthen: a.amount > 0") == "holds"


def test_open_points_and_readings_are_tried(packs: Packs) -> None:
    case = "a: {region: toy, decision: doubtful}"
    found = proved(packs, "given: not(a.facts.person.receives_pension)\nopen: [doubt]\nthen: a.granted", case)
    assert found.outcome == "not_specified"
    assert [(dict(b.choices), b.outcome) for b in found.branches] == [({"doubt": True}, "holds"), ({"doubt": False}, "fails")]
    skilled = proved(packs, "given: a.granted\nopen: [narrow]\nthen: a.facts.person.employment.professional_technical")
    assert [(dict(b.choices), b.outcome) for b in skilled.branches] == [({"narrow": "wide"}, "fails"), ({"narrow": "strict"}, "holds")]
    point = "unsaid: {settled: {cite: s 九, question: {zh: 问, en: Is it?}}}\n"
    said = proved(packs, point + "given: a.granted\nthen: settled")
    assert (said.outcome, [b.outcome for b in said.branches]) == ("not_specified", ["holds", "fails"])
    # an open point on which nothing rests leaves the outcome as it is
    assert outcome(packs, "open: [doubt]\ngiven: a.granted\nthen: a.conditions.enough") == "holds"


def test_nothing_is_stated_of_nobody(packs: Packs) -> None:
    found = proved(packs, "given: a.granted and a.facts.person.receives_pension\nthen: a.amount > 100")
    assert (found.outcome, found.branches[0].idle) == ("holds", True)
    assert found.empty
    assert not found.as_expected
    nobody = proved(packs, "given: a.granted and a.facts.person.receives_pension\nthen: false")
    assert (nobody.outcome, nobody.empty, nobody.as_expected) == ("holds", False, True)
    assert outcome(packs, "given: a.granted\nthen: false") == "fails"


def test_what_is_not_encoded_is_never_taken_for_an_answer(packs: Packs) -> None:
    found = proved(packs, "given: a.granted\nthen: a.amount * a.facts.training.hours_completed > 0")
    assert (found.outcome, bool(found.branches[0].why)) == ("could_not_tell", True)
    assert not found.as_expected


def test_a_missing_value_is_no_truth(packs: Packs) -> None:
    found = proved(packs, "given: not(a.granted)\nthen: a.amount > 0")
    assert (found.outcome, found.example is not None and found.example.then) == ("fails", "null")
    assert outcome(packs, "given: not(a.granted)\nthen: a.amount = null") == "holds"


def test_stretches_of_law_are_asked_one_by_one(tmp_path: Path) -> None:
    dated = PACK.replace(
        "once: {cite: s 一, when: count(claims) < 2}", "once: {cite: s 一, in_force: {from: 2026-03-01}, when: count(claims) < 2}"
    )
    (tmp_path / "toy.yaml").write_text(dated, encoding="utf-8")
    packs = load_packs(tmp_path)
    body = "given: a.granted\nthen: count(a.facts.claims) < 2\nhorizon: {events: have_happened}"
    assert outcome(packs, body) == "holds"
    whole = "a: {region: toy, decision: grant, as_of: {from: 2026-01-01, through: 2026-12-31}}"
    found = proved(packs, body, whole)
    assert found.outcome == "fails"
    assert found.example is not None
    assert found.example.cases[0].as_of.month < 3


def test_events_may_all_have_happened(packs: Packs) -> None:
    body = "given: count(a.facts.claims) > 0\nthen: every c in a.facts.claims satisfies c.applied_on <= a.as_of"
    assert outcome(packs, body) == "fails"
    assert outcome(packs, body + "\nhorizon: {events: have_happened}") == "holds"


# --- finite forms -----------------------------------------------------------------------------------------------------------


def test_a_grid_is_decided_value_by_value(packs: Packs) -> None:
    case = "a: {region: toy, decision: grant, as_of: 2026-05-06, facts: {training.level: level}}"
    found = proved(packs, "each: {level: [初级, 中级]}\nthen: a.derived.rates.rate > 0", case)
    assert (found.outcome, found.checked) == ("holds", 2)
    failed = proved(packs, "each: {level: [初级, 中级]}\nthen: a.derived.rates.rate < 20", case)
    assert (failed.outcome, failed.example is not None and dict(failed.example.variables)) == ("fails", {"level": "中级"})
    assert outcome(packs, "each: {level: [初级, 高级]}\nthen: a.derived.rates.rate > 0", case) == "not_specified"
    days = "a: {region: toy, decision: grant, as_of: 2026-05-06, facts: {person.birth_date: day}}"
    leap = "each: {day: {from: 2024-02-28, through: 2024-03-01}}\nthen: a.derived.adult_from.month = day.month"
    assert proved(packs, leap, days).checked == 3


def test_what_fails_for_want_of_facts_that_no_case_gives_is_not_laid_at_the_text(packs: Packs) -> None:
    case = "a: {region: toy, decision: grant, as_of: 2026-05-06, facts: {training.level: level}}"
    short = proved(packs, "each: {level: [初级, 中级]}\nthen: a.granted", case)
    assert (short.outcome, short.branches[0].why) == ("could_not_tell", FACTS_NOT_GIVEN)
    assert short.example is not None
    assert "training.hours_completed" in short.example.missing
    named = proved(packs, "each: {level: [初级, 中级]}\nthen: a.facts.person.receives_pension", case)
    assert named.example is not None
    assert (named.outcome, named.example.missing) == ("could_not_tell", ("person.receives_pension",))
    # what no fact would settle is the text's
    row = proved(packs, "each: {level: [初级, 高级]}\nthen: a.derived.rates.rate > 0", case)
    assert row.example is not None
    assert (row.outcome, row.example.missing) == ("not_specified", ("rates(高级)",))
    # a value for which it is false settles it all the same
    both = 'each: {level: [初级, 中级]}\nthen: a.derived.rates.rate < 20 and (a.granted or a.facts.training.level = "中级")'
    assert outcome(packs, both, case) == "fails"


def test_a_fact_may_be_given_as_unknown(packs: Packs) -> None:
    case = 'a: {region: toy, decision: grant, facts: {person.receives_pension: "null"}}'
    horizon = "\nhorizon: {facts: may_be_unknown}"
    assert outcome(packs, 'then: a.verdict != "met"' + horizon, case) == "holds"
    assert outcome(packs, 'then: a.verdict = "undetermined"' + horizon, case) == "fails"  # too few hours are enough to refuse
    lists = 'a: {region: toy, decision: grant, facts: {claims: "null"}}'
    assert outcome(packs, 'then: a.verdict != "met"' + horizon, lists) == "holds"
    (found,) = problems(packs, file_of("then: a.granted", cases=case))
    assert (found.code, found.span is not None and found.span.line) == ("DTE856", 6)
    assert "may_be_unknown" in found.message("en")


HISTORY = """
history:
  region: toy
  decision: grant
  days: [2026-05-06]
  claims: {most}
  each: {{level: [初级, 中级]}}
  facts: {{person.birth_date: 1992-05-20, person.receives_pension: false, training.hours_completed: 12, training.level: level}}
  enters: claims
  entry: {{level: level, applied_on: as_of}}
"""


def rows(packs: Packs, most: int, then: str) -> Proved:
    return proved(packs, HISTORY.format(most=most) + f"then: {then}", "")


def test_rows_of_claims(packs: Packs) -> None:
    assert rows(packs, 3, "history.total <= 40").outcome == "holds"
    assert rows(packs, 3, "history.total < 40").outcome == "fails"
    assert rows(packs, 3, "history.granted <= 2").outcome == "holds"
    assert rows(packs, 2, "history.total = reordered.total").outcome == "holds"
    found = rows(packs, 3, "history.total = reordered.total")
    assert found.outcome == "fails"
    assert found.example is not None
    assert [step.decision.verdict for step in found.example.steps] == ["met", "met", "not_met"]
    assert [len(found.example.steps), len(found.example.other)] == [3, 3]
    assert rows(packs, 2, "count(history.paid) = history.claims").outcome == "holds"


@pytest.mark.parametrize("then", ["history.total <= 40", "history.total = reordered.total"])
def test_claims_that_can_not_be_decided_prove_nothing(packs: Packs, then: str) -> None:
    lacking = HISTORY.format(most=2).replace("training.hours_completed: 12, ", "")
    found = proved(packs, lacking + f"then: {then}", "")
    assert (found.outcome, found.branches[0].why) == ("could_not_tell", FACTS_NOT_GIVEN)
    assert found.example is not None
    assert found.example.missing == ("training.hours_completed",)


# --- what is wrong with a file ----------------------------------------------------------------------------------------------

MANY = (
    "open: [narrow, doubt]\nunsaid: {" + ", ".join(f"p{n}: {{cite: s 一, question: {{zh: 问}}}}" for n in range(4)) + "}\nthen: a.granted"
)
BAD: dict[str, tuple[str, str, int]] = {
    "DTE851": (file_of("then: a.granted", cases=TWO + "{like: c}"), "`c`", 7),
    "DTE852": (file_of("then: a.granted", cases=TWO + "{rises_in: [training.hours_complete]}"), "`training.hours_complete`", 7),
    "DTE853": (file_of("then: a.granted", cases=TWO + "{rises_in: [person.hukou]}"), "`person.hukou`", 7),
    "DTE854": (file_of("open: [narow]\nthen: a.granted"), "`narow`", 7),
    "DTE855": (file_of("then: a.granted") + file_of("then: a.granted").replace("properties:\n", ""), "`P`", 8),
    "DTE856": (file_of("then: a.granted", cases=TWO + "{knows_more: true}"), "facts: may_be_unknown", 7),
    "DTE858": (file_of(MANY), "64", 7),
}  # fmt: skip


AT_ONCE = "a: {region: toy, decision: grant, as_of: 2026-05-06}"


def problems(packs: Packs, text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(DiagnosticsError) as raised:
        ready(read("p.yaml", text=text), packs)
    return raised.value.diagnostics


def test_a_citation_names_a_document_of_the_packs(packs: Packs) -> None:
    (found,) = problems(packs, file_of("then: a.granted").replace("cite: s 一", "cite: [s 一, z 一]"))
    assert (found.code, found.span is not None and (found.span.line, found.span.column)) == ("DTE322", (4, 17))


def test_a_name_that_means_nothing_is_helped_by_those_that_do(packs: Packs) -> None:
    (found,) = problems(packs, file_of("then: other.granted"))
    assert (found.code, "`a`" in found.help("en"), "`a`" in found.help("zh")) == ("DTE230", True, True)
    born = "a: {region: toy, decision: grant, facts: {person.birth_date: 'as_of'}}"
    (found,) = problems(packs, file_of("then: a.granted", cases=born))
    assert (found.code, "`given`" in found.help("en"), "`given`" in found.help("zh")) == ("DTE230", True, True)


@pytest.mark.parametrize("code", BAD)
def test_each_diagnostic_has_its_place(packs: Packs, code: str) -> None:
    text, told, line = BAD[code]
    (found,) = problems(packs, text)
    assert (found.code, found.span is not None and found.span.line) == (code, line)
    assert told in found.message("en")
    assert found.message("zh") != found.message("en")
    assert found.help("zh") or code == "DTE856"


def test_an_unknown_id_is_told(packs: Packs) -> None:
    file = read("p.yaml", text=file_of("then: a.granted", id_="P4.rank"))
    assert chosen(file, ["P4"]) == (0,)
    with pytest.raises(DiagnosticsError) as raised:
        chosen(file, ["P4.rang"])
    (found,) = raised.value.diagnostics
    assert (found.code, "P4.rank" in found.help("en")) == ("DTE857", True)


def test_a_fact_that_cannot_be_is_told(packs: Packs) -> None:
    case = "a: {region: toy, decision: grant, as_of: 2026-05-06, facts: {person.hukou: code}}"
    text = file_of('each: {code: ["330700", "33"]}\nthen: a.granted or true', cases=case)
    with pytest.raises(DiagnosticsError) as raised:
        list(prove(ready(read("p.yaml", text=text), packs)))
    (found,) = raised.value.diagnostics
    assert (found.code, str(found.span)) == ("DTE859", "p.yaml:2:9")
    assert "`person.hukou`" in found.message("en")


def test_every_code_has_a_bad_example() -> None:
    assert {kind.code for kind in DIAGNOSTICS} == {*BAD, "DTE857", "DTE859"}


@pytest.mark.parametrize(
    ("body", "cases", "code", "place"),
    [
        ("then: a.grantd", "a: {region: toy, decision: grant}", "DTE231", "7:13"),
        ("then: c.granted", "a: {region: toy, decision: grant}", "DTE230", "7:11"),
        ("then: a.amount", "a: {region: toy, decision: grant}", "DTE", "7:11"),
        ('then: a.verdict = "yes"', "a: {region: toy, decision: grant}", "DTE", "7:23"),
        ("then: a.granted", "a: {region: tay, decision: grant}", "DTE601", "6:19"),
        ("then: a.granted", "a: {region: toy, decision: grand}", "DTE602", "6:34"),
        ("then: a.granted", "a: {region: toy, decision: grant, readings: {narow: wide}}", "DTE603", "6:52"),
        ("then: a.granted", "a: {region: toy, decision: grant, readings: {narrow: wid}}", "DTE604", "6:60"),
        ("expect: hold\nthen: a.granted", "a: {region: toy, decision: grant}", "DTE", "7:13"),
        ("them: a.granted", "a: {region: toy, decision: grant}", "DTE305", "7:5"),
        ("open: [figure]\nthen: a.granted", "a: {region: toy, decision: grant}", "DTE854", "7:12"),
        ("each: {n: [1]}\nthen: a.granted", "a: {region: toy, decision: grant}", "DTE856", "6:7"),
        ("each: {a: [1]}\nthen: a.granted", AT_ONCE, "DTE856", "2:5"),
        ("each: {n: {from: 1000-01-01, through: 9000-01-01}}\nthen: true", AT_ONCE, "DTE858", "7:5"),
    ],
)  # fmt: skip
def test_other_mistakes_have_their_places(packs: Packs, body: str, cases: str, code: str, place: str) -> None:
    found = problems(packs, file_of(body, cases=cases))[0]
    assert found.code.startswith(code)
    assert str(found.span) == f"p.yaml:{place}"


def test_all_mistakes_of_a_file_are_told_at_once(packs: Packs) -> None:
    text = file_of("then: a.grantd") + file_of("then: b.granted", id_="Q").replace("properties:\n", "")
    assert [d.span.line for d in problems(packs, text) if d.span] == [7, 13]


def test_an_example_is_decided_by_the_pack_itself(packs: Packs) -> None:
    found = proved(packs, "given: a.granted\nthen: a.amount > 10")
    assert found.example is not None
    (case,) = found.example.cases
    facts: Any = packs["toy"].Facts.model_validate(case.facts)
    decision = packs["toy"].decide("grant", facts, as_of=case.as_of)
    assert (decision.verdict, decision.amount) == ("met", 10)
