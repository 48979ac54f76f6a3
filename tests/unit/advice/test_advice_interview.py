"""Interviews: they ask what matters, take answers of every kind, and end with the decision that all the facts give."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dte_rules import DiagnosticsError, load_packs
from dte_rules.advice.inquiry import facts_read
from dte_rules.advice.interview import Interview
from dte_rules.advice.paths import plain, value_at
from dte_rules.advice.question import NoAnswer, Question
from dte_rules.cases import Case, facts_of, read_cases, write_cases

CASES = Path(__file__).parents[2] / "cases"
PACKS = load_packs()
DAY = date(2024, 9, 2)


def sample(step: int) -> list[Case]:
    found = [case for file in sorted(CASES.glob("*.yaml")) for case in read_cases(file).cases if isinstance(case, Case)]
    return found[::step]


def interviewed(case: Case) -> tuple[Interview, int]:
    """The interview with somebody who knows what the case says, and how many questions a form of all facts has."""
    pack = PACKS[case.region]
    data: Any = plain(pack.vocabulary.closed(facts_of(case, pack.Facts, pack.vocabulary)))
    interview = pack.interview(case.decision, as_of=case.as_of, readings=case.readings)
    asked = set()
    while (question := interview.next_question()) is not None:
        assert question.path not in asked, "nothing is asked twice"
        asked.add(question.path)
        value = value_at(data, question.path)
        if value is None:
            interview.dont_know()
        else:
            interview.answer(len(value) if question.kind == "count" else value)
    every = 0
    for path in facts_read(pack.program, interview.inquiry.plan(case.as_of)):
        parts = path.split(".")
        above = [value_at(data, ".".join(parts[:length])) for length in range(1, len(parts))]
        times = 1
        for value in above:
            times *= len(value) if isinstance(value, list) else 1
        every += times
    return interview, every


def test_an_interview_ends_with_the_decision_that_all_facts_give_and_asks_less() -> None:
    asked = every = 0
    for case in sample(11):
        pack = PACKS[case.region]
        facts = facts_of(case, pack.Facts, pack.vocabulary)
        decision = pack.decide(case.decision, facts, as_of=case.as_of, readings=case.readings)
        interview, form = interviewed(case)
        assert (interview.decision.verdict, interview.decision.amount) == (decision.verdict, decision.amount), case.id
        asked += interview.asked
        every += form
    assert asked < 0.85 * every, (asked, every)


def test_a_single_answer_can_settle_it() -> None:
    interview = PACKS["jinhua"].interview("class_opening", as_of=DAY)
    question = interview.next_question()
    assert question is not None
    assert (question.path, question.kind) == ("institution.plan_filed_on", "date")
    assert question.text("zh").endswith("？")
    interview.answer(date(2024, 9, 1))
    assert interview.next_question() is None
    assert interview.decision.verdict == "met"
    with pytest.raises(LookupError):
        interview.answer(True)


def test_what_is_not_known_is_not_asked_again_and_open_points_never() -> None:
    interview = PACKS["jinhua"].interview("training_subsidy", as_of=DAY)
    while (question := interview.next_question()) is not None:
        assert question.path not in interview.state.unknown
        assert question.path not in PACKS["jinhua"].program.open_points
        interview.dont_know()
    assert interview.decision.verdict == "undetermined"
    assert "training.hours_completed" in interview.unsettled()
    assert interview.facts == {}


def test_a_delegated_document_that_bars_every_answer_stops_the_questions() -> None:
    """Weihai leaves the subsidy to another document: only a refusal can come of the answers."""
    interview = PACKS["weihai"].interview("training_subsidy", as_of=DAY)
    while (question := interview.next_question()) is not None:
        value: Any = {"boolean": True, "count": 0, "date": DAY, "number": Decimal(1)}.get(question.kind, question.choices[:1] or "x")
        if question.kind in ("text", "choice", "list"):
            interview.dont_know()
        else:
            interview.answer(value)
    assert interview.asked < 20


def test_back_takes_the_last_answer_back() -> None:
    interview = PACKS["jinhua"].interview("training_subsidy", as_of=DAY)
    assert not interview.back()
    first = interview.next_question()
    interview.dont_know()
    second = interview.next_question()
    assert first != second
    assert interview.back()
    assert interview.next_question() == first
    assert interview.asked == 0


def test_an_answer_that_the_vocabulary_refuses_changes_nothing() -> None:
    interview = PACKS["jinhua"].interview("training_subsidy", as_of=DAY)
    while (question := interview.next_question()) is not None and question.constraint.format != "division_code":
        interview.dont_know()
    assert question is not None
    with pytest.raises(DiagnosticsError):
        interview.answer("金华")
    assert interview.next_question() == question
    interview.answer("330700")
    assert interview.next_question() != question


def test_an_interview_pickles_and_resumes() -> None:
    pack = PACKS["jinhua"]
    interview = pack.interview("training_subsidy", as_of=DAY)
    interview.dont_know()
    again = pickle.loads(pickle.dumps(interview))
    assert again.next_question() == interview.next_question()
    assert again.back()
    state = pickle.loads(pickle.dumps(interview.state))
    resumed = Interview.resumed(pack.inquiry("training_subsidy"), state)
    assert resumed.next_question() == interview.next_question()
    assert resumed.asked == 1


def test_the_case_can_be_written_and_read() -> None:
    interview, _ = interviewed(sample(1)[0])
    case = interview.case("asked")
    [read] = read_cases("x.yaml", text=write_cases([case])).cases
    assert isinstance(read, Case)
    pack = PACKS[case.region]
    decision = pack.decide(read.decision, facts_of(read, pack.Facts, pack.vocabulary), as_of=read.as_of, readings=read.readings)
    assert decision == interview.decision


def test_a_list_of_events_is_asked_for_its_days_at_once() -> None:
    """An event without its day counts as having happened, so nothing may be concluded before it is known."""
    interview = PACKS["shanghai"].interview("institution_exit", as_of=DAY)
    while (question := interview.next_question()) is not None and question.path != "institution.breaches":
        interview.dont_know()
    if question is not None:
        interview.answer(1)
        following = interview.next_question()
        assert following is not None
        assert following.path == "institution.breaches[1].verified_on"


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("person.receives_pension", "是", True),
        ("person.receives_pension", "No", False),
        ("person.birth_date", "1992年4月10日", date(1992, 4, 10)),
        ("person.birth_date", "１９９２-04-10", date(1992, 4, 10)),
        ("person.birth_date", "19920410", date(1992, 4, 10)),
        ("training.level", "2", "中级"),
        ("training.level", "高级", "高级"),
        ("training.hours_completed", "127.5", Decimal("127.5")),
        ("certificates", "2", 2),
        ("person.title_review.held", "工程师，高级工程师", ["工程师", "高级工程师"]),
        ("person.title_review.held", "-", []),
        ("person.hukou", "３３０７００", "330700"),
        ("training.institution.name", "某某（集团）学院", "某某（集团）学院"),
    ],
)
def test_answers_are_read(path: str, text: str, value: Any) -> None:
    assert Question.about(path, PACKS["jinhua"].vocabulary).read(text) == value


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("person.receives_pension", "maybe"),
        ("person.birth_date", "2023-02-29"),
        ("person.birth_date", "soon"),
        ("training.level", "4"),
        ("training.hours_completed", "many"),
        ("certificates", "-1"),
        ("certificates", "1000"),
        ("training.occupation", ""),
    ],
)
def test_what_is_no_answer_says_so_in_both_languages(path: str, text: str) -> None:
    question = Question.about(path, PACKS["jinhua"].vocabulary)
    with pytest.raises(NoAnswer) as caught:
        question.read(text)
    assert caught.value.zh
    assert caught.value.en
    assert question.form("zh")
    assert question.form("en")
