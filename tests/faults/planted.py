"""Forty faults of the kinds that people make when they write rules, each to be planted by itself in a copy of the packs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Fault:
    """``old`` stands once in the pack's file, and ``new`` takes its place; ``decision`` is the one that suffers."""

    id: str
    kind: str
    pack: str
    decision: str
    what: str
    old: str
    new: str

    def plant(self, folder: Path) -> None:
        """Changes the pack's file in a copy of the rules. Raises ValueError where ``old`` does not stand there once."""
        file = folder / ("lib/national.yaml" if self.pack == "national" else f"{self.pack}.yaml")
        text = file.read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise ValueError(f"{self.id}: {self.old!r} stands {text.count(self.old)} times in {file.name}")
        file.write_text(text.replace(self.old, self.new), encoding="utf-8")


FAULTS = (
    # --- thresholds ---
    Fault("F01", "threshold", "zhejiang", "training_subsidy", "one hour more is asked", "初级, 128, 3300]", "初级, 129, 3300]"),
    Fault(
        "F02", "threshold", "zhejiang", "training_subsidy", "a fourth subsidy a year", '@"P12M"])) < yearly_cap', '@"P12M"])) <= yearly_cap'
    ),
    Fault("F03", "threshold", "jinhua", "training_subsidy", "eighteen instead of sixteen years", '@"P16Y"', '@"P18Y"'),
    Fault(
        "F04",
        "threshold",
        "shanghai",
        "institution_exit",
        "a third bad year is asked",
        "cite: sh-2024-462 四（五）\n    values: [{value: 2}]",
        "cite: sh-2024-462 四（五）\n    values: [{value: 3}]",
    ),
    Fault(
        "F05",
        "threshold",
        "shanghai",
        "institution_selection",
        "1,500 must be exceeded",
        "entry.count >= yearly_scale",
        "entry.count > yearly_scale",
    ),
    Fault(
        "F06",
        "threshold",
        "shanghai",
        "online_share",
        "less than half, not up to half",
        "hours_online <= training",
        "hours_online < training",
    ),
    # --- an exclusion or a condition is gone, on one route or everywhere ---
    Fault(
        "F07",
        "exclusion dropped on one route",
        "jinhua",
        "training_subsidy",
        "the unemployed need no household",
        'in_city(person.hukou)\n          and (person.employment.status = "未就业"',
        'person.hukou != ""\n          and (person.employment.status = "未就业"',
    ),
    Fault(
        "F08",
        "exclusion dropped on one route",
        "jinhua",
        "training_subsidy",
        "having paid in Jinhua is enough, also when no longer insured there",
        "in_city(policy.region) and policy.paying_now",
        "in_city(policy.region) and policy.has_paid",
    ),
    Fault(
        "F09",
        "exclusion dropped on one route",
        "zhejiang",
        "training_subsidy",
        "graduates of any school may claim",
        "graduate_of_the_year and in_province(person.education.school_region)",
        "graduate_of_the_year",
    ),
    Fault(
        "F10",
        "exclusion dropped on one route",
        "weihai",
        "training_admission",
        "graduates of any major",
        "person.education.digital_major and person.education.meets_occupational_standard",
        "person.education.meets_occupational_standard",
    ),
    Fault(
        "F11",
        "exclusion dropped on one route",
        "shanghai",
        "institution_selection",
        "a banned institution of influence may be selected",
        "cite: [sh-2024-462 四（五）, sh-2026-55 四]\n        when: banned",
        "cite: [sh-2024-462 四（五）, sh-2026-55 四]\n        when: banned and not(institution.influential)",
    ),
    Fault("F12", "exclusion dropped", "jinhua", "training_subsidy", "pensioners are paid", "when: person.receives_pension", "when: false"),
    Fault(
        "F13",
        "exclusion dropped",
        "jinhua",
        "training_subsidy",
        "people in establishment are paid",
        "when: person.employment.in_establishment",
        "when: person.employment.in_establishment and person.receives_pension",
    ),
    Fault(
        "F14",
        "exclusion dropped",
        "weihai",
        "title_mapping",
        "examined specialties are not left out at the middle level",
        'training.level != "高级" or wh_senior_exam',
        'training.level = "初级" or wh_senior_exam',
    ),
    Fault("F15", "exclusion dropped", "weihai", "training_admission", "the retired may train", '= "已退休"', '= "学生"'),
    # --- amounts and cells ---
    Fault(
        "F16",
        "swapped amount",
        "zhejiang",
        "training_subsidy",
        "junior and middle amounts swapped",
        "初级, 80, 2200]\n      - [区块链工程技术人员, 中级, 64, 2400]",
        "初级, 80, 2400]\n      - [区块链工程技术人员, 中级, 64, 2200]",
    ),
    Fault("F17", "swapped amount", "zhejiang", "training_subsidy", "two digits swapped", "高级, 160, 5200]", "高级, 160, 2500]"),
    Fault(
        "F18",
        "swapped amount",
        "zhejiang",
        "training_subsidy",
        "an amount of the row above",
        "[智能制造工程技术人员, 中级, 90, 2700]",
        "[智能制造工程技术人员, 中级, 90, 2300]",
    ),
    Fault(
        "F19",
        "swapped cell",
        "zhejiang",
        "training_subsidy",
        "hours of two levels swapped",
        "中级, 90, 2700]\n      - [智能制造工程技术人员, 高级, 80, 3300]",
        "中级, 80, 2700]\n      - [智能制造工程技术人员, 高级, 90, 3300]",
    ),
    Fault(
        "F20",
        "swapped cell",
        "shanghai",
        "title_mapping",
        "the committee recognises junior titles",
        "[初级, appointment_by_employer, 助理工程师, 用人单位聘任]",
        "[初级, recognition_by_committee, 助理工程师, 职称评审委员会认定]",
    ),
    Fault(
        "F21",
        "swapped cell",
        "weihai",
        "title_mapping",
        "the senior level is recognised",
        "[高级, review_reference,",
        "[高级, recognition_by_authority,",
    ),
    # --- table rows ---
    Fault(
        "F22",
        "shadowed table row",
        "zhejiang",
        "training_subsidy",
        "a row stands twice, with another amount",
        "      - [区块链工程技术人员, 高级, 64, 2900]\n",
        "      - [区块链工程技术人员, 高级, 64, 2900]\n      - [区块链工程技术人员, 高级, 64, 3900]\n",
    ),
    Fault(
        "F23",
        "shadowed table row",
        "zhejiang",
        "title_mapping",
        "a row for all levels stands before the others",
        "hit: unique\n    inputs: [training.level]\n    outputs: [effect, title]\n    rows:\n",
        "hit: first\n    inputs: [training.level]\n    outputs: [effect, title]\n    rows:\n      - [-, direct_recognition, 工程师]\n",
    ),
    Fault(
        "F24",
        "table row missing",
        "shanghai",
        "institution_selection",
        "an occupation of the batch is left out",
        "      - [物联网工程技术人员, true]\n",
        "",
    ),
    Fault(
        "F25",
        "table row missing",
        "weihai",
        "title_mapping",
        "the middle level is left out",
        "      - [中级, recognition_by_authority, 工程师, 按职称管理权限认定]\n",
        "",
    ),
    # --- days ---
    Fault(
        "F26",
        "deadline off by a day",
        "jinhua",
        "training_subsidy",
        "the last day is too late",
        "when: as_of <= claim_deadline",
        "when: as_of < claim_deadline",
    ),
    Fault("F27", "deadline off by a day", "jinhua", "training_subsidy", "eleven months", '@"P12M"', '@"P11M"'),
    Fault(
        "F28",
        "deadline off by a day",
        "shanghai",
        "institution_selection",
        "one day more for the form",
        "values: [{value: 2026-04-03}]",
        "values: [{value: 2026-04-04}]",
    ),
    Fault("F29", "deadline off by a day", "weihai", "reporting_duty", "29 days for the list", '@"P30D"', '@"P29D"'),
    Fault(
        "F30",
        "deadline off by a day",
        "shanghai",
        "catalogue_listing",
        "listed on the last day of the notice",
        "when: as_of > notice_ends",
        "when: as_of >= notice_ends",
    ),
    Fault(
        "F31",
        "deadline off by a day",
        "zhejiang",
        "training_subsidy",
        "the plan's first day is a day later",
        "values: [{value: 2023-09-16}]",
        "values: [{value: 2023-09-17}]",
    ),
    Fault(
        "F32",
        "deadline off by a day",
        "jinhua",
        "training_subsidy",
        "out one day before the birthday of retirement",
        "then status_day > retirement_date",
        "then status_day >= retirement_date",
    ),
    Fault(
        "F33",
        "deadline off by a day",
        "shanghai",
        "institution_reapplication",
        "the ban ends a day early",
        "as_of <= banned_until",
        "as_of < banned_until",
    ),
    # --- rules that can't be reached, contradict each other, or mean the reverse ---
    Fault(
        "F34",
        "unreachable rule",
        "zhejiang",
        "training_admission",
        "the route of graduates asks for what nobody is",
        "            when: graduate_of_the_year\n          high_skilled",
        "            when: graduate_of_the_year and not(person.education.full_time)\n          high_skilled",
    ),
    Fault(
        "F35",
        "unreachable rule",
        "jinhua",
        "training_subsidy",
        "contradicting requirements: hours enough and too few",
        "when: training.content_completed",
        "when: training.content_completed and training.hours_completed < 64",
    ),
    Fault(
        "F36",
        "unreachable rule",
        "shanghai",
        "institution_selection",
        "two occupations of one are asked",
        "occupations) = 1",
        "occupations) = 1 and count(institution.application.levels) < 1",
    ),
    Fault(
        "F37",
        "wrong connective",
        "shanghai",
        "training_admission",
        "both instead of either",
        "digital_role or person.employment.intends_digital_role\n      of_the_city",
        "digital_role and person.employment.intends_digital_role\n      of_the_city",
    ),
    Fault(
        "F38",
        "wrong connective",
        "shanghai",
        "institution_renewal",
        "a negation is lost",
        "and not(some assessment in latest",
        "and (some assessment in latest",
    ),
    Fault(
        "F39",
        "wrong fact",
        "jinhua",
        "training_subsidy",
        "the listing for any occupation",
        "then training.institution.listed else training.institution.listed_any",
        "then training.institution.listed_any else training.institution.listed_any",
    ),
    Fault(
        "F40",
        "wrong fact",
        "weihai",
        "training_subsidy",
        "any level bars a second subsidy",
        "claim.occupation = training.occupation and claim.level = training.level",
        "claim.occupation = training.occupation",
    ),
)
