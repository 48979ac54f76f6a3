"""The shipped vocabulary against the case-file contract."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

import dte_rules.facts
from dte_rules.facts import Facts, Person
from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, STRING, Enum, ListOf, Record
from dte_rules.vocabulary import Declaration, Vocabulary, extend
from dte_rules.vocabulary.errors import fact_diagnostics

VOCABULARY = Vocabulary.of(Facts)
SAMPLES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "sample_facts.yaml").read_text("utf-8"))

CONTRACT = {
    "person": "birth_date sex retirement_track hukou residence employment receives_pension insurance education title_review "
    "identity_number",
    "person.employment": "status region in_establishment digital_role intends_digital_role professional_technical high_skilled_digital",
    "person.insurance": "region scheme has_paid paying_now",
    "person.education": "school_region full_time graduation_date digital_major meets_occupational_standard",
    "person.title_review": "meets_conditions within_scope exam_replaces_review held",
    "training": "programme_region institution occupation level direction route started ended hours_completed hours_online hours_total "
    "content_completed assessment_passed in_city_project_catalogue",
    "training.institution": "name uscc region listed listed_any",
    "certificates": "kind occupation level issued programme_region on_recognition_list in_shortage_catalogue",
    "claims": "occupation level direction applied_on certificate_issued region",
    "contests": "kind outstanding exceptional",
    "institution": "name uscc kind registered_region independent_legal_person scope_includes_training sound_systems clean_record "
    "influential capable accepts_supervision wants_renewal training_experience_years yearly_person_times application notice listings "
    "exam_results breaches assessments removals plan_filed_on class_consented_on reports",
    "institution.yearly_person_times": "year count",
    "institution.application": "occupations levels received_on paper_copies stamped_pdf expert_review_passed",
    "institution.notice": "posted_on objection",
    "institution.listings": "occupation listed_on",
    "institution.exam_results": "occupation period pass_rate national_average",
    "institution.breaches": "kind verified_on",
    "institution.assessments": "result assessed_on",
    "institution.removals": "decided_on",
    "institution.reports": "kind event_on made reported_on",
}


def record_at(path: str) -> Record:
    found = VOCABULARY.type_at(path)
    found = found.element if isinstance(found, ListOf) else found
    assert isinstance(found, Record)
    return found


@pytest.mark.parametrize("path", CONTRACT)
def test_the_fields_are_those_of_the_contract(path: str) -> None:
    assert set(record_at(path).names) == set(CONTRACT[path].split())


def test_nothing_else_is_in_the_vocabulary() -> None:
    known = set(CONTRACT) | {f"{path}.{name}" for path, names in CONTRACT.items() for name in names.split()}
    assert set(VOCABULARY.paths) == known | {"person", "training", "certificates", "claims", "contests", "institution"}


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("person.birth_date", DATE),
        ("person.sex", "男 女"),
        ("person.retirement_track", "男职工 女干部 女工人"),
        ("person.hukou", STRING),
        ("person.employment.status", "在职 灵活就业 未就业 学生 已退休"),
        ("person.insurance.scheme", "职工 灵活就业 居民"),
        ("person.title_review.held", ListOf(STRING)),
        ("training.level", "初级 中级 高级"),
        ("training.route", "社会培训 校企合作"),
        ("training.hours_completed", NUMBER),
        ("certificates.kind", "培训合格证书 专业技术等级证书 职业技能等级证书 境外职业资格证书"),
        ("contests.kind", "创新创业大赛 职业技能竞赛"),
        ("institution.kind", "继续教育基地 高等院校 民营企业 行业协会 事业单位 其他"),
        ("institution.breaches.kind", "管理办法 违规培训 乱收费 弄虚作假"),
        ("institution.assessments.result", "较好 合格 不通过"),
        ("institution.reports.kind", "培训结业 考核结果 学时登记 季度情况"),
        ("institution.exam_results.period", NUMBER),
        ("institution.yearly_person_times.year", NUMBER),
        ("institution.notice.objection", BOOLEAN),
        ("institution.plan_filed_on", DATE),
    ],
)
def test_types(path: str, type_: Any) -> None:
    found = VOCABULARY.types[path]
    if isinstance(type_, str):
        assert isinstance(found, Enum)
        assert found.values == tuple(type_.split())
    else:
        assert found == type_


def test_every_field_has_a_label_and_a_question_in_both_languages() -> None:
    for path, meaning in VOCABULARY.meanings.items():
        assert meaning.zh, path
        assert meaning.en, path
        assert meaning.question_zh.endswith("？"), path
        assert meaning.question_en.endswith("?"), path
    assert VOCABULARY.describe("person.birth_date", "zh") == "出生日期"
    assert VOCABULARY.question("person.birth_date", "en") == "What is the applicant's date of birth?"
    assert VOCABULARY.question("person.insurance[1].paying_now", "zh") == "参保记录第1项：目前是否正在缴费？"


def test_events() -> None:
    assert VOCABULARY.events == {
        "certificate": "issued",
        "claim": "applied_on",
        "listing": "listed_on",
        "removal": "decided_on",
        "breach": "verified_on",
        "assessment": "assessed_on",
        "report": "event_on",
        "notice": "posted_on",
    }


def test_every_number_is_decimal_and_bounded() -> None:
    numbers = {path for path, type_ in VOCABULARY.types.items() if type_ == NUMBER}
    assert all(VOCABULARY.constraints[path].ge is not None for path in numbers)
    facts = Facts.model_validate(
        {"institution": {"yearly_person_times": [{"year": 2025, "count": 1500}], "training_experience_years": 4.5}}
    )
    assert facts.institution is not None
    assert facts.institution.yearly_person_times is not None
    assert type(facts.institution.yearly_person_times[0].count) is Decimal
    assert facts.institution.training_experience_years == Decimal("4.5")


@pytest.mark.parametrize("case", SAMPLES)
def test_the_facts_of_the_sample_cases(case: str) -> None:
    facts = Facts.model_validate(SAMPLES[case])
    assert Facts.from_json(facts.to_json()) == facts
    assert Facts.model_validate(json.loads(json.dumps(facts.model_dump(mode="json")))) == facts
    assert Facts.model_validate(facts.model_dump()) == facts
    assert pickle.loads(pickle.dumps(facts)) == facts
    assert hash(facts) == hash(Facts.model_validate(SAMPLES[case]))
    before = facts.to_json()
    closed = VOCABULARY.closed(facts)
    assert VOCABULARY.closed(closed) is closed
    assert facts.to_json() == before


def test_implied_facts() -> None:
    given = Facts.model_validate(
        {
            "person": {"sex": "男"},
            "training": {"institution": {"listed_any": False}},
            "institution": {"reports": [{"reported_on": "2026-04-01"}, {"made": False}]},
        }
    )
    closed: Any = VOCABULARY.closed(given)
    assert closed.person.retirement_track == "男职工"
    assert closed.training.institution.listed is False
    assert [report.made for report in closed.institution.reports] == [True, False]
    listed: Any = VOCABULARY.closed(Facts.model_validate({"training": {"institution": {"listed": True}}}))
    assert listed.training.institution.listed_any is True
    woman: Any = VOCABULARY.closed(Facts.model_validate({"person": {"retirement_track": "女干部"}}))
    assert woman.person.sex == "女"
    unlisted: Any = VOCABULARY.closed(Facts.model_validate({"training": {"institution": {"listed": False}}}))
    assert unlisted.training.institution.listed_any is None


@pytest.mark.parametrize(
    "data",
    [
        {"person": {"sex": "男", "retirement_track": "女干部"}},
        {"person": {"sex": "女", "retirement_track": "男职工"}},
        {"training": {"institution": {"listed": True, "listed_any": False}}},
        {"institution": {"reports": [{"made": False, "reported_on": date(2026, 4, 1)}]}},
    ],
)
def test_contradictory_facts(data: Any) -> None:
    assert codes(data) == ["DTE509"]


def codes(data: Any) -> list[str]:
    try:
        Facts.model_validate(data)
    except ValidationError as error:
        return [found.code for found in fact_diagnostics(error, lambda loc, kind: None, VOCABULARY)]
    return []


@pytest.mark.parametrize("code", ["330700", "330100", "330000", "310000", "371000", "340200", "330800", "110000", "810000", "339999"])
def test_division_codes(code: str) -> None:
    assert codes({"person": {"hukou": code}, "training": {"institution": {"region": code}}}) == []


@pytest.mark.parametrize("code", ["990000", "000000", "33070", "3307000", " 330700", "33O700", "３３０７００", "浙江", ""])
def test_bad_division_codes(code: str) -> None:
    assert codes({"person": {"hukou": code}}) == ["DTE512"]


def test_an_unquoted_division_code_is_refused_with_a_hint() -> None:
    with pytest.raises(ValidationError) as caught:
        Facts.model_validate({"person": {"hukou": 330700}})
    (found,) = fact_diagnostics(caught.value, lambda loc, kind: None, VOCABULARY)
    assert (found.code, found.help("zh")) == ("DTE502", "请加引号，使其作为文本读入")


def test_credit_codes() -> None:
    assert codes({"institution": {"uscc": "91110000600037341L"}, "training": {"institution": {"uscc": "91110000600037341L"}}}) == []
    for bad in ("91110000600037342L", "91110000600037341l", "9111 0000600037341L", "12345", "A1110000600037341L"):
        assert codes({"institution": {"uscc": bad}}) == ["DTE510"]


def test_identity_numbers_are_checked_and_never_shown() -> None:
    number = "11010519491231002X"
    person = Person.model_validate({"identity_number": number, "birth_date": "1949-12-31"})
    assert person.identity_number == number
    assert number not in repr(person)
    assert "1949" not in str(person)
    assert person.model_dump(mode="json") == {"identity_number": number, "birth_date": "1949-12-31"}
    for bad in ("110105194912310021", "11010519491231002x", "110105 19491231002X", "", "99010519491231002X"):
        with pytest.raises(ValidationError) as caught:
            Facts.model_validate({"person": {"identity_number": bad}})
        (found,) = fact_diagnostics(caught.value, lambda loc, kind: None, VOCABULARY)
        assert found.code == "DTE511"
        assert not bad or bad not in f"{caught.value}{found}{found.message()}{found.help('zh')}"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"training": {"hours_completed": -1}}, "DTE506"),
        ({"institution": {"exam_results": [{"pass_rate": 85}]}}, "DTE506"),
        ({"institution": {"exam_results": [{"period": 4}]}}, "DTE506"),
        ({"institution": {"yearly_person_times": [{"count": 1.5}]}}, "DTE507"),
        ({"institution": {"yearly_person_times": [{"year": 0}]}}, "DTE506"),
        ({"institution": {"training_experience_years": -0.5}}, "DTE506"),
        ({"training": {"level": "中"}}, "DTE503"),
        ({"person": {"birth_date": "1990-02-30"}}, "DTE504"),
        ({"claims": {}}, "DTE502"),
        ({"person": {"employment": {"statuss": "在职"}}}, "DTE501"),
        ({"persons": {}}, "DTE501"),
    ],
)
def test_refused(data: Any, code: str) -> None:
    assert codes(data) == [code]


def test_unknown_anywhere() -> None:
    data = dict.fromkeys(Facts.model_fields, "unknown")
    assert Facts.model_validate(data) == Facts()
    assert Facts.model_validate({"person": dict.fromkeys(Person.model_fields, "unknown")}).model_dump() == {"person": {}}


def test_a_pack_adds_a_fact() -> None:
    extra = {"person.veteran": Declaration.read({"type": "boolean", "label": {"zh": "退役军人", "en": "veteran"}})}
    model: Any = extend(Facts, extra)
    facts = model.model_validate({"person": {"veteran": True, "sex": "男"}})
    assert pickle.loads(pickle.dumps(facts)) == facts
    closed: Any = Vocabulary.of(Facts, extra).closed(facts)
    assert (closed.person.veteran, closed.person.retirement_track) == (True, "男职工")
    adopted: Any = Vocabulary.of(Facts, extra).closed(Facts.model_validate(SAMPLES["JZ-01"]))
    assert adopted.person.veteran is None
    assert adopted.person.birth_date == date(1992, 4, 10)


def test_all_records_are_exported() -> None:
    assert {type_.__name__ for name in dte_rules.facts.__all__ if (type_ := getattr(dte_rules.facts, name))} == set(dte_rules.facts.__all__)
    assert len(VOCABULARY.records) == len(dte_rules.facts.__all__)


def test_importing_the_facts_does_not_load_the_tables_of_codes() -> None:
    script = "import sys, dte_rules.facts; sys.exit('stdnum' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
