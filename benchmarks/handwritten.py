"""The Jinhua training subsidy written by hand, as a programmer would who knows the notices and has to be quick.

It is what the library is measured against: it reads the same validated facts with the same unknowns and returns the same Decision,
for the packs' default readings and days since 2024-05-01. It has no flags, no alternatives, no justification, and no other day.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dte_rules import Decision, Facts
from dte_rules.engine.decision import Clause, PackRef

DAY = timedelta(days=1)
PROGRAMME_START = date(2023, 9, 16)
REFORM = date(2025, 1, 1)
YEARLY_CAP = 3
STANDARDS = {
    ("大数据工程技术人员", "初级"): (Decimal(128), Decimal(3300)),
    ("大数据工程技术人员", "中级"): (Decimal(128), Decimal(3900)),
    ("大数据工程技术人员", "高级"): (Decimal(160), Decimal(5200)),
    ("区块链工程技术人员", "初级"): (Decimal(80), Decimal(2200)),
    ("区块链工程技术人员", "中级"): (Decimal(64), Decimal(2400)),
    ("区块链工程技术人员", "高级"): (Decimal(64), Decimal(2900)),
    ("智能制造工程技术人员", "初级"): (Decimal(90), Decimal(2300)),
    ("智能制造工程技术人员", "中级"): (Decimal(90), Decimal(2700)),
    ("智能制造工程技术人员", "高级"): (Decimal(80), Decimal(3300)),
}
CITES = {
    "hours": ("jh-2024-15 一", "zj-2023-36 三（四）", "zj-2023-36 附件2"),
    "content": ("jh-2024-15 一", "zj-2023-36 三（四）"),
    "training_certificate": ("jh-2024-15 一", "zj-2023-36 三（四）"),
    "grade_certificate": ("jh-2024-15 一", "zj-2023-36 三（四）"),
    "institution_in_province": ("jh-2024-15 一", "zj-2023-36 二（一）"),
    "institution_listed": ("jh-2024-15 一", "zj-2023-36 二（一）"),
    "transitional": ("jh-2024-15 五", "zj-2023-36 五"),
    "yearly_cap": ("zj-2023-36 四（四）",),
    "claim_place": ("jh-2024-15 二",),
    "in_time": ("jh-2024-15 四",),
    "duplicate": ("zj-2023-36 四（四）",),
    "in_establishment": ("jh-2024-15 二",),
    "under_age": ("jh-2024-15 二",),
    "over_retirement_age": ("jh-2024-15 二",),
    "receives_pension": ("jh-2024-15 二",),
    "amount": ("zj-2023-36 三（四）", "zj-2023-36 附件2"),
}
CLAUSES = {name: tuple(Clause(source=c.split()[0], locator=c.split()[1]) for c in cites) for name, cites in CITES.items()}
ALL_CLAUSES = tuple(dict.fromkeys(clause for clauses in CLAUSES.values() for clause in clauses))
READINGS = {
    "period_end": "corresponding_day_included",
    "month_end": "clamp_only",
    "rest_day": "rolls",
    "zj_duplicate": "ever",
    "cap_year": "calendar_year_of_application",
    "annex_hours": "minimum",
    "catalogue_scope": "per_occupation",
    "graduation_year": "calendar_year",
    "status_date": "application",
    "jh_limb2": "hukou_binds_unemployed_only",
    "claim_place": "jinhua_narrows",
    "transitional": "certificates_since_province",
    "age_16": "on_birthday",
    "retirement_day": "after_statutory_day",
}
FIELDS = set(Decision.model_fields)


class Subsidy:
    """The decision by hand. ``pack`` names the pack in whose place it stands; ``calendar`` is the State Council's."""

    def __init__(self, pack: PackRef, years: frozenset[int], holidays: frozenset[date], workdays: frozenset[date]) -> None:
        self.pack, self.years, self.holidays, self.workdays = pack, years, holidays, workdays

    def decide(self, facts: Facts, as_of: date) -> Decision:
        """The decision on a day."""
        person, training = facts.person, facts.training
        employment = person.employment if person is not None else None
        education = person.education if person is not None else None
        institution = training.institution if training is not None else None
        occupation = training.occupation if training is not None else None
        level = training.level if training is not None else None

        trained, graded, day, day_known = self._certificates(facts.certificates, occupation, level, as_of)
        required, amount = STANDARDS.get((occupation, level), (None, None))  # type: ignore[arg-type]
        done = training.hours_completed if training is not None else None
        hours = None if required is None or done is None else done >= required
        content = training.content_completed if training is not None else None
        region = institution.region if institution is not None else None
        in_province = None if region is None else region.startswith("33")
        listed = institution.listed if institution is not None else None
        if listed is None and institution is not None and institution.listed_any is False:
            listed = False
        transitional = None if not day_known or day is None or day < PROGRAMME_START else True
        under_cap, duplicate = _claims(facts.claims, occupation, level, as_of)
        claim_place = _place(person, employment, education, as_of)

        deadline, latest = self.deadline(day) if day_known and day is not None else (None, None)
        in_time: bool | None = None
        if deadline is not None and latest is not None:
            in_time = True if as_of <= deadline else False if as_of > latest else None
        in_establishment = employment.in_establishment if employment is not None else None
        birth = person.birth_date if person is not None else None
        under_age = None if birth is None else as_of < months_after(birth, 192)
        first, last = _retirement(person, birth, as_of)
        over_age = None if first is None or last is None else True if as_of > last else False if as_of <= first else None
        pension = person.receives_pension if person is not None else None

        required_conditions = (
            ("hours", hours),
            ("content", content),
            ("training_certificate", trained),
            ("grade_certificate", graded),
            ("institution_in_province", in_province),
            ("institution_listed", listed),
            ("transitional", transitional),
            ("yearly_cap", under_cap),
            ("claim_place", claim_place),
            ("in_time", in_time),
        )
        excluding = (
            ("duplicate", duplicate),
            ("in_establishment", in_establishment),
            ("under_age", under_age),
            ("over_retirement_age", over_age),
            ("receives_pension", pension),
        )
        failed = tuple([n for n, v in required_conditions if v is False] + [n for n, v in excluding if v is True])
        missing: tuple[str, ...] = ()
        if failed:
            verdict, citations = "not_met", tuple(dict.fromkeys([c for name in failed for c in CLAUSES[name]]))
        else:
            open_conditions = [n for n, v in required_conditions + excluding if v is None]
            if amount is None:
                open_conditions.append("amount")
            if open_conditions:
                verdict, citations = "undetermined", tuple(dict.fromkeys([c for name in open_conditions for c in CLAUSES[name]]))
                missing = tuple(dict.fromkeys(name for condition in open_conditions for name in _needs(condition, facts, as_of, latest)))
            else:
                verdict, citations = "met", ALL_CLAUSES
        dates: dict[str, date] = {}
        ends: dict[str, date] = {}
        if deadline is not None and latest is not None:
            dates["claim_deadline"] = deadline
            if latest != deadline:
                ends["claim_deadline"] = latest
        if first is not None and last is not None:
            dates["retirement_date"] = first
            if last != first:
                ends["retirement_date"] = last
        return Decision.model_construct(
            FIELDS,
            region="jinhua",
            decision="training_subsidy",
            as_of=as_of,
            verdict=verdict,
            amount=amount if verdict == "met" else None,
            effect=None,
            dates=dates,
            latest=ends,
            failed=failed,
            missing=missing,
            missing_sets=(),
            values={},
            flags=(),
            alternatives=(),
            citations=citations,
            readings=dict(READINGS),
            pack=self.pack,
        )

    def _certificates(
        self, certificates: Any, occupation: str | None, level: str | None, as_of: date
    ) -> tuple[bool | None, bool | None, date | None, bool]:
        """Whether there are both certificates, the later day of issue of the second, and whether that day is known."""
        if certificates is None:
            return None, None, None, False
        trained: bool | None = False
        graded: bool | None = False
        day: date | None = None
        known = True
        for c in certificates:
            issued = c.issued
            if issued is not None and issued > as_of:
                continue
            kind, fits = c.kind, _and(_same(c.occupation, occupation), _same(c.level, level))
            if fits is False:
                continue
            if kind is None or kind == "培训合格证书":
                match = None if kind is None else fits
                if match is True or trained is False:
                    trained = match
            if kind is None or kind == "专业技术等级证书":
                match = None if kind is None else fits
                if match is True or graded is False:
                    graded = match
                if match is None or issued is None:
                    known = False
                elif day is None or issued > day:
                    day = issued
        return trained, graded, day, known

    def deadline(self, day: date) -> tuple[date, date]:
        """Twelve months later, moved to a working day; the days between which it lies where the calendar isn't known."""
        end = found = months_after(day, 12)
        while True:
            if found.year not in self.years:
                return found, end + 10 * DAY
            if found in self.workdays or (found.weekday() < 5 and found not in self.holidays):
                return found, found
            found += DAY


def _claims(claims: Any, occupation: str | None, level: str | None, as_of: date) -> tuple[bool | None, bool | None]:
    """Whether the year's cap leaves room, and whether the same subsidy was had before."""
    if claims is None:
        return None, None
    least = most = 0
    duplicate: bool | None = False
    for claim in claims:
        applied = claim.applied_on
        if applied is not None and applied > as_of:
            continue
        ours = True if claim.region is not None and claim.region.startswith("33") else None  # elsewhere: an open point
        this_year = None if applied is None else applied.year == as_of.year
        if this_year is not False:
            most += 1
            least += ours is True and this_year is True
        same = _and(_and(_same(claim.occupation, occupation), _same(claim.level, level)), ours)
        if same is True or (same is None and duplicate is False):
            duplicate = same
    return (True if most < YEARLY_CAP else False if least >= YEARLY_CAP else None), duplicate


def _place(person: Any, employment: Any, education: Any, as_of: date) -> bool | None:
    """Insured in the city, or out of work and registered there, or this year's graduate of a school there."""
    if person is None:
        return None
    insured: bool | None = None
    if person.insurance is not None:
        paid: bool | None = False
        paying: bool | None = False
        for policy in person.insurance:
            here = None if policy.region is None else policy.region.startswith("3307")
            if here is False:
                continue
            scheme = True if policy.scheme in ("职工", "灵活就业") else None  # a resident scheme: an open point
            for_paid = _and(_and(here, policy.has_paid), scheme)
            if for_paid is True or (for_paid is None and paid is False):
                paid = for_paid
            for_paying = _and(_and(here, policy.paying_now), scheme)
            if for_paying is True or (for_paying is None and paying is False):
                paying = for_paying
        insured = _and(paid, paying)
    if insured is True:
        return True
    local = None if person.hukou is None else person.hukou.startswith("3307")
    status = employment.status if employment is not None else None
    jobless = True if status == "未就业" else None if status in (None, "灵活就业") else False  # a flexible worker: an open point
    unemployed = _and(local, jobless)
    if unemployed is True:
        return True
    graduate: bool | None = None
    if education is not None:
        graduation, school = education.graduation_date, education.school_region
        graduate = _and(education.full_time, None if graduation is None else graduation.year == as_of.year)
        graduate = _and(graduate, None if school is None else school.startswith("3307"))
    return True if graduate is True else False if insured is False and unemployed is False and graduate is False else None


def _retirement(person: Any, birth: date | None, as_of: date) -> tuple[date | None, date | None]:
    """The statutory retirement day: the first and the last day on which it may be."""
    if birth is None:
        return None, None
    sex, track = person.sex, person.retirement_track
    if sex == "男" or track == "男职工":
        day = _retired(birth, 720, 1965, 4, 36, as_of)
        return day, day
    days = []
    if sex is None and track is None:
        days.append(_retired(birth, 720, 1965, 4, 36, as_of))
    if track is None or track == "女干部":
        days.append(_retired(birth, 660, 1970, 4, 36, as_of))
    if track is None or track == "女工人":
        days.append(_retired(birth, 600, 1975, 2, 60, as_of))
    return min(days), max(days)


def _retired(birth: date, base: int, first: int, pace: int, most: int, as_of: date) -> date:
    if as_of < REFORM:
        return months_after(birth, base)
    late = ((birth.year - first) * 12 + birth.month - 1) // pace + 1
    return months_after(birth, base + min(most, max(0, late)))


def months_after(day: date, months: int) -> date:
    """The corresponding day, or the month's last."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    if day.day <= 28:
        return date(year, month, day.day)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _same(a: str | None, b: str | None) -> bool | None:
    return None if a is None or b is None else a == b


def _and(a: bool | None, b: bool | None) -> bool | None:
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def _needs(condition: str, facts: Facts, as_of: date, latest: date | None) -> Iterator[str]:
    """What is missing for an open condition."""
    match condition:
        case "hours" | "amount":
            of_the_course = tuple(_unknown(facts, "training.level", "training.occupation"))
            yield from of_the_course
            training = facts.training
            if not of_the_course and training is not None and (training.occupation, training.level) not in STANDARDS:
                yield f"subsidy_standard({training.occupation}, {training.level})"
            if condition == "hours":
                yield from _unknown(facts, "training.hours_completed")
        case "content":
            yield "training.content_completed"
        case "training_certificate" | "grade_certificate" | "transitional" | "in_time":
            kind = "培训合格证书" if condition == "training_certificate" else "专业技术等级证书"
            names = ("kind", "level", "occupation") if condition.endswith("certificate") else ("issued", "kind", "level", "occupation")
            found = [*_in_list("certificates", facts.certificates, lambda c: c.kind in (None, kind), names)]
            found += _unknown(facts, "training.level", "training.occupation")
            yield from found
            if condition == "transitional" and not found:
                yield "certificate_before_programme"
            if condition == "in_time" and not found and latest is not None:
                yield f"calendar-{latest.year}"
        case "institution_in_province":
            yield "training.institution.region"
        case "institution_listed":
            yield "training.institution.listed"
        case "yearly_cap" | "duplicate":
            names = ("applied_on", "region") if condition == "yearly_cap" else ("level", "occupation", "region")
            yield from _in_list("claims", facts.claims, lambda c: c.applied_on is None or c.applied_on <= as_of, names)
            if condition == "duplicate":
                yield from _unknown(facts, "training.level", "training.occupation")
            if any(claim.region is not None and not claim.region.startswith("33") for claim in facts.claims or ()):
                yield "claim_from_elsewhere"
        case "claim_place":
            insurance = facts.person.insurance if facts.person is not None else None
            yield from _in_list("person.insurance", insurance, lambda _: True, ("has_paid", "paying_now", "region", "scheme"))
            if any(policy.scheme in (None, "居民") for policy in insurance or ()):
                yield "resident_insurance"
            yield from _unknown(facts, "person.employment.status", "person.hukou", "person.education.full_time")
            status = facts.person.employment.status if facts.person is not None and facts.person.employment is not None else None
            if status in (None, "灵活就业"):
                yield "flexible_worker_unemployed"
            yield from _unknown(facts, "person.education.graduation_date", "person.education.school_region")
        case "in_establishment":
            yield "person.employment.in_establishment"
        case "receives_pension":
            yield "person.receives_pension"
        case _:
            yield from _unknown(facts, "person.birth_date", "person.sex")
            if facts.person is not None and facts.person.sex == "女":
                yield from _unknown(facts, "person.retirement_track")


def _unknown(facts: Any, *paths: str) -> Iterator[str]:
    for path in paths:
        value = facts
        for name in path.split("."):
            value = None if value is None else getattr(value, name)
        if value is None:
            yield path


def _in_list(path: str, members: Any, wanted: Any, names: tuple[str, ...]) -> Iterator[str]:
    if members is None:
        yield path
        return
    for position, member in enumerate(members, 1):
        if wanted(member):
            yield from (f"{path}[{position}].{name}" for name in names if getattr(member, name) is None)
