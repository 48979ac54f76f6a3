"""On which days a decision is met, and what opens and closes the stretches."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dte_rules import load_packs
from dte_rules.advice.causes import Cause
from dte_rules.advice.paths import changed, plain
from dte_rules.advice.when import Timeline
from dte_rules.cases import Case, facts_of, read_cases
from dte_rules.report.cause_words import cause_words, turned_words
from dte_rules.report.names import Names

PACKS = load_packs()
FILE = Path(__file__).parents[2] / "cases" / "subsidy-jinhua.yaml"
CASES = {case.id: case for case in read_cases(FILE).cases if isinstance(case, Case)}


def timeline(changes: dict[str, object] | None = None, first: str = "2024-01-01", last: str = "2027-12-31") -> Timeline:
    case, pack = CASES["JZ-01"], PACKS["jinhua"]
    data = plain(facts_of(case, pack.Facts, pack.vocabulary))
    facts = pack.Facts.model_validate(changed(data, changes or {}))
    return pack.when(case.decision, facts, date.fromisoformat(first), date.fromisoformat(last), readings=case.readings)


def names(lang: str) -> Names:
    case, pack = CASES["JZ-01"], PACKS["jinhua"]
    decision = pack.decide(case.decision, facts_of(case, pack.Facts, pack.vocabulary), as_of=case.as_of)
    return Names(pack.program, pack.vocabulary, decision, "zh" if lang == "zh" else "en")


def met(found: Timeline) -> list[tuple[str, str]]:
    return [(s.first.isoformat(), s.last.isoformat()) for s in found.stretches if s.verdict == "met"]


def causes(found: Timeline, day: str) -> dict[str, tuple[Cause, ...]]:
    [turn] = [turn for turn in found.turns if turn.day == date.fromisoformat(day)]
    return {turned.slot.rpartition(".")[2]: turned.causes for turned in turn.turned}


def test_from_the_certificate_until_twelve_months_later() -> None:
    found = timeline()
    assert met(found) == [("2024-06-10", "2025-06-10")]
    [event] = causes(found, "2024-06-10")["grade_certificate"]
    assert (event.kind, event.fact) == ("event", "certificates[2].issued")
    [deadline] = causes(found, "2025-06-11")["in_time"]
    assert (deadline.kind, deadline.day, deadline.fact) == ("day", date(2025, 6, 10), "certificates[2].issued")
    assert (deadline.lengths, deadline.rule, deadline.moved_from) == (("P1Y",), "claim_deadline", None)
    assert cause_words(deadline, names("zh")) == "申请截止日 2025年6月10日（证书第2项：发证日期起12个月）"


def test_a_deadline_on_a_rest_day_moves() -> None:
    found = timeline({"certificates[2].issued": date(2024, 6, 14)})
    assert met(found)[-1][1] == "2025-06-16"
    [deadline] = causes(found, "2025-06-17")["in_time"]
    assert (deadline.day, deadline.moved_from) == (date(2025, 6, 16), date(2025, 6, 14))
    assert "休息日，顺延" in cause_words(deadline, names("zh"))
    assert "a rest day" in cause_words(deadline, names("en"))


def test_from_the_sixteenth_birthday() -> None:
    found = timeline({"person.birth_date": date(2008, 9, 20)})
    assert met(found)[0][0] == "2024-09-20"
    [birthday] = causes(found, "2024-09-20")["under_age"]
    assert (birthday.fact, birthday.lengths) == ("person.birth_date", ("P16Y",))
    assert "the 16th birthday" in cause_words(birthday, names("en"))
    assert "16周岁生日" in cause_words(birthday, names("zh"))


def test_again_with_the_new_year_when_the_cap_starts_anew() -> None:
    claim = {"occupation": "区块链工程技术人员", "region": "330700", "applied_on": date(2024, 7, 1)}
    claims = [{**claim, "level": level} for level in ("初级", "中级", "高级")]
    found = timeline({"claims": claims})
    assert met(found) == [("2024-06-10", "2024-06-30"), ("2025-01-01", "2025-06-10")]
    assert {cause.kind for cause in causes(found, "2025-01-01")["yearly_cap"]} == {"year"}
    assert {cause.kind for cause in causes(found, "2024-07-01")["yearly_cap"]} >= {"event"}


def test_a_calendar_not_yet_announced_leaves_days_uncertain() -> None:
    found = timeline({"certificates[2].issued": date(2027, 3, 1)}, "2027-01-01", "2028-12-31")
    uncertain = [s for s in found.stretches if s.verdict == "undetermined"]
    assert uncertain
    [cause] = causes(found, uncertain[0].first.isoformat())["in_time"]
    assert cause.kind == "unannounced"
    assert cause.day is not None
    assert cause.through is not None
    assert cause.day < cause.through


def test_law_that_comes_into_force_is_named() -> None:
    found = timeline({}, "2023-01-01", "2024-12-31")
    assert any(cause.kind == "law" and cause.sources == ("zj-2023-36",) for each in causes(found, "2023-09-16").values() for cause in each)


def test_stretches_have_no_gaps_and_differ() -> None:
    found = timeline()
    for a, b in zip(found.stretches, found.stretches[1:], strict=False):
        assert (b.first - a.last).days == 1
        assert (a.verdict, a.amount, a.effect) != (b.verdict, b.amount, b.effect)
    assert found.opens(0) is None
    assert found.closes(len(found.stretches) - 1) is None


def test_a_span_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="span"):
        timeline({}, "2025-01-01", "2024-01-01")


def test_what_a_new_document_takes_away_no_longer_applies() -> None:
    """Jinhua's notice takes the place of "the city's rules"; it cites them nowhere, and still it is what turned."""
    found = timeline({"certificates[2].issued": date(2024, 3, 1)}, "2024-03-10", "2024-12-31")
    [turn] = [turn for turn in found.turns if turn.day == date(2024, 5, 1)]
    [rules] = [turned for turned in turn.turned if turned.slot.endswith("city_rule")]
    assert rules.gone
    assert [cause.sources for cause in rules.causes] == [("jh-2024-15",)]
    assert turned_words(rules, names("zh")) == "“各市有关规定”不再适用：金人社发〔2024〕15号自 2024年5月1日 起施行"


def test_a_day_less_is_told_as_less() -> None:
    cause = Cause("day", date(2025, 6, 9), "certificates[2].issued", ("P1Y", "-P1D"), "claim_deadline")
    assert cause_words(cause, names("zh")) == "申请截止日 2025年6月9日（证书第2项：发证日期起12个月，减1日）"
    assert "(12 months after certificate no. 2: date of issue, less 1 day)" in cause_words(cause, names("en"))
    before = Cause("day", date(2025, 6, 9), "certificates[2].issued", ("-P1D",))
    assert cause_words(before, names("zh")) == "2025年6月9日（证书第2项：发证日期前1日）"


def test_a_day_that_a_parameter_sets_is_told_by_its_name() -> None:
    pack = PACKS["shanghai"]
    facts = pack.Facts.model_validate({"contests": [{"kind": "创新创业大赛", "outstanding": True}]})
    found = pack.when("contest_title", facts, date(2026, 12, 1), date(2027, 2, 1))
    [cause] = causes(found, "2027-01-01")["plan_applies"]
    assert (cause.kind, cause.day, cause.rule) == ("day", date(2027, 1, 1), "plan_end")
