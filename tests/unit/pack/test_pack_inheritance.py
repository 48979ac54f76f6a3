"""Inheritance and overrides: which versions there are, and on which days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from dte_rules.pack.draft import flatten
from dte_rules.pack.library import Library
from dte_rules.pack.loader import load_pack
from dte_rules.pack.model import Condition, DecisionItem, Item, Pack
from dte_rules.program.nodes import Period

FOLDER = Path(__file__).parents[2] / "packs" / "good" / "pack_inheritance"
PROVINCE, CITY, DISTRICT, VILLAGE = date(2023, 1, 1), date(2024, 5, 1), date(2025, 1, 1), date(2026, 1, 1)
BEFORE, SINCE = Period(PROVINCE, CITY), Period(CITY, None)


@cache
def load(name: str) -> Pack:
    return load_pack(name, Library.at(FOLDER))


def decision(pack: str, name: str) -> DecisionItem:
    return next(item for item in load(pack).decisions if item.id == name)


def versions(items: Iterable[Item], path: str) -> list[tuple[str, Period]]:
    return [(item.pack, item.period) for item in items if item.path == path]


def conditions(pack: str, name: str = "d", part: str = "requires") -> list[Condition]:
    return list(flatten(getattr(decision(pack, name), part)))


def test_libraries_are_taken_in_once_and_keep_their_name() -> None:
    assert versions(load("city").terms, "terms.from_library") == [("common", Period())]
    assert [Path(file).stem for file in load("city").files] == ["calendar", "common", "national", "province", "city"]


def test_both_versions_stand_the_overridden_first() -> None:
    city = load("city")
    both = [("province", BEFORE), ("city", SINCE)]
    assert versions(city.functions, "functions.f") == both
    assert versions(city.tables, "tables.t") == both
    assert versions(city.parameters, "parameters.cap") == both
    assert versions(conditions("city"), "decisions.d.requires.first") == both
    assert versions(decision("city", "d").grants, "decisions.d.grants.amount") == both


def test_order_is_kept_and_additions_come_last() -> None:
    assert [item.id for item in decision("city", "d").requires] == ["first", "first", "group", "last", "own"]
    assert [item.id for item in decision("city", "d").grants] == ["amount", "amount", "end", "start"]


def test_removal_only_cuts() -> None:
    assert versions(decision("city", "d").delegates, "decisions.d.delegates.rule") == [("province", BEFORE)]
    assert versions(decision("city", "d").grants, "decisions.d.grants.dates.end") == [("province", BEFORE)]


def test_an_inherited_rule_stands_again_once_the_override_has_lapsed() -> None:
    lapse = date(2025, 5, 1)
    assert versions(load("city").terms, "terms.day") == [
        ("province", BEFORE),
        ("province", Period(lapse, None)),
        ("city", Period(CITY, lapse)),
    ]


def test_members_of_groups() -> None:
    found = conditions("city")
    assert versions(found, "decisions.d.requires.group") == [("province", Period(PROVINCE, None))]
    assert versions(found, "decisions.d.requires.group.m") == [("province", BEFORE), ("city", SINCE)]
    assert versions(found, "decisions.d.requires.group.inner.deep") == [("province", BEFORE)]


def test_rules_of_terms() -> None:
    ruled = next(item for item in load("city").terms if item.id == "ruled")
    assert versions(ruled.rules, "terms.ruled.rules.y") == [("province", BEFORE), ("city", SINCE)]


def test_a_leaf_of_a_parameter_is_overridden_alone() -> None:
    men = [p for p in load("city").parameters if p.path == "parameters.ages.men"]
    assert [[(period, int(str(value))) for period, value, _ in p.values] for p in men] == [
        [(BEFORE, 60)],
        [(SINCE, 65)],
    ]
    women = [p for p in load("city").parameters if p.path == "parameters.ages.women"]
    assert len(women) == 1


def test_rows_are_cut_with_their_table() -> None:
    old, new = (item for item in load("city").tables if item.id == "t")
    assert [row.period for row in old.rows] == [BEFORE, Period(date(2024, 3, 1), CITY)]
    assert [row.period for row in new.rows] == [SINCE]


def test_interpretations_and_open_points_are_replaced() -> None:
    assert load("city").interpretations["point"].default == "b"
    assert load("city").open_points["gap"].question.zh == "另问"
    assert load("city").open_types == {}


def test_a_whole_decision_is_overridden() -> None:
    found = conditions("city", "e")
    assert decision("city", "e").title is not None
    assert [item.id for item in decision("city", "e").requires] == ["kept", "kept", "gone", "fresh"]
    assert versions(found, "decisions.e.requires.kept") == [("province", BEFORE), ("city", SINCE)]
    assert versions(found, "decisions.e.requires.gone") == [("province", BEFORE)]
    # its own source is older, but it stands only since the override
    assert versions(found, "decisions.e.requires.fresh") == [("city", SINCE)]


def test_three_levels() -> None:
    found = conditions("district")
    assert versions(found, "decisions.d.requires.first") == [
        ("province", BEFORE),
        ("city", Period(CITY, DISTRICT)),
        ("district", Period(DISTRICT, None)),
    ]
    assert versions(found, "decisions.d.requires.group") == [
        ("province", Period(PROVINCE, DISTRICT)),
        ("district", Period(DISTRICT, None)),
    ]
    assert versions(found, "decisions.d.requires.own") == [("city", Period(CITY, DISTRICT))]


def test_a_member_that_an_override_brought_in_can_be_overridden() -> None:
    assert versions(conditions("village"), "decisions.d.requires.group.z") == [
        ("district", Period(DISTRICT, VILLAGE)),
        ("village", Period(VILLAGE, None)),
    ]


def test_versions_never_overlap() -> None:
    for pack in ("city", "district", "village"):
        for name in ("d", "e"):
            by_path: dict[str, list[Period]] = {}
            for item in (*conditions(pack, name), *decision(pack, name).grants):
                by_path.setdefault(item.path, []).append(item.period)
            for periods in by_path.values():
                clashes = [(a, b) for i, a in enumerate(periods) for b in periods[i + 1 :] if a.intersect(b)]
                assert clashes == []


def test_jinhua_overrides_from_its_own_first_day() -> None:
    jinhua = load_pack("jinhua", Library.shipped())
    subsidy = next(item for item in jinhua.decisions if item.id == "training_subsidy")
    found = list(flatten(subsidy.requires))
    start, first = date(2023, 9, 16), date(2024, 5, 1)
    assert versions(found, "decisions.training_subsidy.requires.claim_place.household") == [
        ("zhejiang", Period(start, first)),
        ("jinhua", Period(first, None)),
    ]
    assert versions(subsidy.delegates, "decisions.training_subsidy.delegates.city_rule") == [("zhejiang", Period(start, first))]
