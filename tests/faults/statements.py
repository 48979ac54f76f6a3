"""What the notices say of each decision, as statements on any question: what a reviewer would write down without reading the rules.

Each names the pack, the decision, a claim for `dte_rules.testing.invariants.holds`, and the facts that the claim speaks of.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta

from dte_rules.testing import Question

Claim = Callable[[Question], bool]
Statement = tuple[str, str, Claim, tuple[str, ...]]
AMOUNTS = {2200, 2300, 2400, 2700, 2900, 3300, 3900, 5200}


def at(question: Question, path: str) -> Any:
    """A fact; None where it, or what it belongs to, is not known."""
    value: Any = question.facts
    for name in path.split("."):
        value = None if value is None else getattr(value, name)
    return value


def granted(question: Question) -> bool:
    """Whether the question is answered with yes, or left to an authority."""
    return question.outcome.verdict in ("met", "discretionary")


def pensioners_get_nothing(question: Question) -> bool:
    """金人社发〔2024〕15号 二."""
    return not granted(question) or at(question, "person.receives_pension") is not True


def people_in_establishment_get_nothing(question: Question) -> bool:
    """金人社发〔2024〕15号 二."""
    return not granted(question) or at(question, "person.employment.in_establishment") is not True


def sixteen_is_enough(question: Question) -> bool:
    """金人社发〔2024〕15号 二: who is refused as too young is not yet sixteen."""
    born = at(question, "person.birth_date")
    return born is None or "under_age" not in question.outcome.failed or question.as_of < born + relativedelta(years=16)


def amounts_are_those_of_the_annex(question: Question) -> bool:
    """浙人社发〔2023〕36号 附件2."""
    return question.outcome.amount is None or question.outcome.amount in AMOUNTS


def seniors_of_big_data_get_5200(question: Question) -> bool:
    """浙人社发〔2023〕36号 附件2."""
    asked = at(question, "training.occupation") == "大数据工程技术人员" and at(question, "training.level") == "高级"
    return not asked or question.outcome.amount in (None, Decimal(5200))


def nobody_is_paid_a_fourth_time_in_a_year(question: Question) -> bool:
    """浙人社发〔2023〕36号 四（四）."""
    claims = at(question, "claims")
    if not granted(question) or claims is None:
        return True
    year = [c for c in claims if c.applied_on and c.applied_on.year == question.as_of.year and c.applied_on <= question.as_of]
    return len([c for c in year if (c.region or "").startswith("33")]) < 3


def nobody_is_paid_after_a_year(question: Question) -> bool:
    """金人社发〔2024〕15号 四: a deadline moves to a working day, by ten days at most."""
    found = [c.issued for c in at(question, "certificates") or () if c.kind == "专业技术等级证书" and c.issued]
    return not granted(question) or not found or bool(question.as_of <= max(found) + relativedelta(months=12, days=10))


def the_second_bad_year_is_a_ground(question: Question) -> bool:
    """沪人社专〔2024〕462号 四（五）."""
    bad: dict[str, set[Any]] = {}
    for result in at(question, "institution.exam_results") or ():
        known = None not in (result.occupation, result.period, result.pass_rate, result.national_average)
        if known and result.pass_rate < result.national_average and result.period in (1, 2, 3):
            bad.setdefault(result.occupation, set()).add(result.period)
    ground = question.as_of >= date(2024, 12, 26) and any(len(years) >= 2 for years in bad.values())
    return not ground or "ground" not in question.outcome.failed


def a_form_of_4_april_is_late(question: Question) -> bool:
    """沪人社专〔2026〕55号 三1."""
    received = at(question, "institution.application.received_on")
    return not granted(question) or received is None or received <= date(2026, 4, 3)


def the_banned_are_not_selected(question: Question) -> bool:
    """沪人社专〔2024〕462号 四（五）: removed within three years."""
    removed = [r.decided_on for r in at(question, "institution.removals") or () if r.decided_on and r.decided_on <= question.as_of]
    return not granted(question) or not removed or question.as_of > max(removed) + relativedelta(years=3)


def nobody_is_listed_before_the_notice_is_over(question: Question) -> bool:
    """沪人社专〔2026〕55号 三3: five working days are seven days at least."""
    posted = at(question, "institution.notice.posted_on")
    return not granted(question) or posted is None or question.as_of > posted + relativedelta(days=6)


def half_of_the_hours_may_be_online(question: Question) -> bool:
    """沪人社专〔2024〕462号 四（三）."""
    online, total = at(question, "training.hours_online"), at(question, "training.hours_total")
    half = online is not None and total is not None and online * 2 == total
    return not half or question.as_of < date(2024, 12, 26) or question.outcome.verdict == "met"


def the_retired_do_not_train(question: Question) -> bool:
    """威人社函〔2023〕25号 三."""
    return not granted(question) or at(question, "person.employment.status") != "已退休"


def seniors_get_a_reference_only(question: Question) -> bool:
    """威人社函〔2023〕25号 五（二）."""
    return at(question, "training.level") != "高级" or question.outcome.effect in (None, "review_reference")


def thirty_days_are_enough(question: Question) -> bool:
    """威人社函〔2023〕25号 四（二）: a list sent on the thirtieth day is in time."""
    reports = list(at(question, "institution.reports") or ())
    in_time = reports and all(
        r.kind == "培训结业" and r.made and r.event_on and r.reported_on and r.event_on <= r.reported_on <= question.as_of
        and r.reported_on <= r.event_on + relativedelta(days=30)
        for r in reports
    )  # fmt: skip
    return not in_time or question.as_of < date(2023, 5, 24) or question.outcome.verdict == "met"


STATEMENTS: tuple[Statement, ...] = (
    ("jinhua", "training_subsidy", pensioners_get_nothing, ("person.receives_pension",)),
    ("jinhua", "training_subsidy", people_in_establishment_get_nothing, ("person.employment.in_establishment",)),
    ("jinhua", "training_subsidy", sixteen_is_enough, ("person.birth_date",)),
    ("jinhua", "training_subsidy", amounts_are_those_of_the_annex, ()),
    ("jinhua", "training_subsidy", seniors_of_big_data_get_5200, ("training.occupation", "training.level")),
    ("jinhua", "training_subsidy", nobody_is_paid_a_fourth_time_in_a_year, ("claims.applied_on", "claims.region")),
    ("jinhua", "training_subsidy", nobody_is_paid_after_a_year, ("certificates.kind", "certificates.issued")),
    (
        "shanghai",
        "institution_exit",
        the_second_bad_year_is_a_ground,
        (
            "institution.exam_results.occupation",
            "institution.exam_results.period",
            "institution.exam_results.pass_rate",
            "institution.exam_results.national_average",
        ),
    ),
    ("shanghai", "institution_selection", a_form_of_4_april_is_late, ("institution.application.received_on",)),
    ("shanghai", "institution_selection", the_banned_are_not_selected, ("institution.removals.decided_on",)),
    ("shanghai", "institution_reapplication", the_banned_are_not_selected, ("institution.removals.decided_on",)),
    ("shanghai", "catalogue_listing", nobody_is_listed_before_the_notice_is_over, ("institution.notice.posted_on",)),
    ("shanghai", "online_share", half_of_the_hours_may_be_online, ("training.hours_online", "training.hours_total")),
    ("weihai", "training_admission", the_retired_do_not_train, ("person.employment.status",)),
    ("weihai", "title_mapping", seniors_get_a_reference_only, ("training.level",)),
    (
        "weihai",
        "reporting_duty",
        thirty_days_are_enough,
        ("institution.reports.kind", "institution.reports.made", "institution.reports.event_on", "institution.reports.reported_on"),
    ),
)
