"""The cases that all engines decide: random applicants of whom everything is known, nested as facts and flat.

The other engines have no dates that move to working days, no lists that are filtered by unknown members, and no unknown values. So
they get flat facts: what follows from lists and calendars is worked out for them beforehand, and they decide the fifteen conditions.
"""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from benchmarks.handwritten import PROGRAMME_START, STANDARDS, Subsidy, months_after
from dte_rules import Facts

AS_OF = date(2024, 9, 2)
STATUSES = ("在职", "灵活就业", "未就业", "学生")
OCCUPATIONS = tuple(dict.fromkeys(occupation for occupation, _ in STANDARDS))
LEVELS = tuple(dict.fromkeys(level for _, level in STANDARDS))
CONDITIONS = (
    *("hours", "content", "training_certificate", "grade_certificate", "institution_in_province", "institution_listed"),
    *("transitional", "yearly_cap", "claim_place", "in_time"),
    *("duplicate", "in_establishment", "under_age", "over_retirement_age", "receives_pension"),
)
"""All conditions, in the order of the pack: what requires, then what excludes."""

Flat = dict[str, Any]


def random_facts(random: Random) -> dict[str, Any]:
    """An applicant who mostly fulfils the conditions, as a case file has it."""

    def mostly(usual: Any, *others: Any) -> Any:
        return usual if random.random() < 0.9 else random.choice(others)

    occupation, level = random.choice(OCCUPATIONS), random.choice(LEVELS)
    kinds = [kind for kind in ("培训合格证书", "专业技术等级证书") if mostly(True, False)]
    issued = date(2024, random.randint(1, 8), random.randint(1, 28)) if mostly(True, False) else date(2023, 10, 9)
    return {
        "person": {
            "birth_date": mostly(date(random.randint(1970, 2003), 5, 17), date(2010, 1, 1), date(1955, 3, 3)).isoformat(),
            "sex": "男",
            "hukou": mostly("330700", "330100"),
            "residence": "330700",
            "receives_pension": mostly(False, True),
            "employment": {
                "status": random.choice(STATUSES[:1] * 4 + ("未就业", "学生")),
                "region": "330700",
                "in_establishment": mostly(False, True),
            },
            "insurance": [{"region": mostly("330700", "330100"), "scheme": "职工", "has_paid": True, "paying_now": mostly(True, False)}],
            "education": {
                "school_region": mostly("330100", "330700"),
                "full_time": True,
                "graduation_date": mostly("2014-06-30", "2024-06-30"),
            },
        },
        "training": {
            "programme_region": "330000",
            "institution": {"region": mostly("330100", "310000"), "listed": mostly(True, False)},
            "occupation": occupation,
            "level": level,
            "started": "2024-04-08",
            "hours_completed": mostly(160, 60, 100),
            "content_completed": mostly(True, False),
        },
        "claims": [{"occupation": "其他", "level": "初级", "region": "330700", "applied_on": "2024-03-01"}] * mostly(0, 1, 3)
        + [{"occupation": occupation, "level": level, "region": "330700", "applied_on": "2023-11-01"}] * mostly(0, 1),
        "certificates": [{"kind": kind, "occupation": occupation, "level": level, "issued": issued.isoformat()} for kind in kinds],
    }


def flattened(data: dict[str, Any], by_hand: Subsidy) -> Flat:
    """The flat facts: nineteen, days as numbers. Every one is known."""
    person, training = data["person"], data["training"]
    facts = Facts.model_validate(data)
    decided = by_hand.decide(facts, AS_OF)
    graded = [c for c in data["certificates"] if c["kind"] == "专业技术等级证书"]
    education = person["education"]
    birth = date.fromisoformat(person["birth_date"])
    issued = date.fromisoformat(graded[0]["issued"]) if graded else PROGRAMME_START
    return {
        "day": AS_OF.toordinal(),
        "occupation": training["occupation"],
        "level": training["level"],
        "hours": training["hours_completed"],
        "content": training["content_completed"],
        "trained": any(c["kind"] == "培训合格证书" for c in data["certificates"]),
        "graded": bool(graded),
        "certificate_day": issued.toordinal(),
        "deadline": decided.dates.get("claim_deadline", AS_OF).toordinal(),
        "institution_region": training["institution"]["region"],
        "listed": training["institution"]["listed"],
        "claims_in_year": sum(c["applied_on"].startswith("2024") for c in data["claims"]),
        "claimed_before": any((c["occupation"], c["level"]) == (training["occupation"], training["level"]) for c in data["claims"]),
        "insured": any(i["region"] == "330700" and i["paying_now"] for i in person["insurance"]),
        "hukou": person["hukou"],
        "status": person["employment"]["status"],
        "graduate": education["full_time"] and education["graduation_date"].startswith("2024"),
        "school_region": education["school_region"],
        "in_establishment": person["employment"]["in_establishment"],
        "of_age_on": months_after(birth, 192).toordinal(),
        "retires_on": months_after(birth, 720).toordinal(),
        "pension": person["receives_pension"],
    }


def failed_by_hand(f: Flat) -> tuple[str, ...]:
    """The failed conditions of flat facts, by hand: the least that any engine could do."""
    failed = []
    if f["hours"] < HOURS[f["occupation"], f["level"]]:
        failed.append("hours")
    if not f["content"]:
        failed.append("content")
    if not f["trained"]:
        failed.append("training_certificate")
    if not f["graded"]:
        failed.append("grade_certificate")
    if not f["institution_region"].startswith("33"):
        failed.append("institution_in_province")
    if not f["listed"]:
        failed.append("institution_listed")
    if f["certificate_day"] < START:
        failed.append("transitional")
    if f["claims_in_year"] >= 3:
        failed.append("yearly_cap")
    if not (
        f["insured"]
        or (f["hukou"].startswith("3307") and f["status"] == "未就业")
        or (f["graduate"] and f["school_region"].startswith("3307"))
    ):
        failed.append("claim_place")
    if f["day"] > f["deadline"]:
        failed.append("in_time")
    if f["claimed_before"]:
        failed.append("duplicate")
    if f["in_establishment"]:
        failed.append("in_establishment")
    if f["day"] < f["of_age_on"]:
        failed.append("under_age")
    if f["day"] > f["retires_on"]:
        failed.append("over_retirement_age")
    if f["pension"]:
        failed.append("receives_pension")
    return tuple(failed)


HOURS = {key: int(hours) for key, (hours, _) in STANDARDS.items()}
START = PROGRAMME_START.toordinal()
