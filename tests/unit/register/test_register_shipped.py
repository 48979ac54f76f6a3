"""The shipped packs' registers, targets and interpretations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dte_rules import load_packs
from dte_rules.api import LoadedPack
from dte_rules.pack.library import Library
from dte_rules.pack.loader import load_packs as load_pack_files
from dte_rules.register.account import accounts
from dte_rules.register.hanging import Hanging, hanging


@pytest.fixture(scope="module")
def packs() -> dict[str, LoadedPack]:
    return dict(load_packs())


def on(pack: LoadedPack, interpretation: str) -> Hanging:
    return next(each for each in hanging(pack.program) if each.interpretation.id == interpretation)


def test_every_document_is_registered() -> None:
    packs = load_pack_files(Library.shipped())
    documents = accounts(list(packs.values()))
    assert {each.source.id: each.register.pack for each in documents} == {
        "sh-2024-462": "shanghai",
        "sh-2024-plan": "shanghai",
        "sh-2026-55": "shanghai",
        "zj-2023-36": "zhejiang",
        "jh-2024-15": "jinhua",
        "wh-2023-25": "weihai",
    }
    assert all(each.coverage.share == 1 for each in documents)


def test_targets_are_data(packs: dict[str, LoadedPack]) -> None:
    shanghai, zhejiang = packs["shanghai"].targets, packs["zhejiang"].targets
    yearly = {name: target.value for name, target in shanghai.items() if target.every == "year"}
    assert yearly == {
        "teams": Decimal(20),
        "leading_engineers": Decimal(40),
        "skilled_engineers": Decimal(2000),
        "advanced_seminars": Decimal(50),
        "seminar_participants": Decimal(3000),
    }
    (engineers,) = zhejiang.values()
    assert (engineers.value, engineers.at_least, engineers.through) == (Decimal(10000), True, date(2030, 12, 31))
    assert [str(cite) for cite in engineers.cites] == ["zj-2023-36 一"]
    assert packs["jinhua"].targets == zhejiang
    assert packs["weihai"].targets == {}


def test_what_hangs_on_an_interpretation(packs: dict[str, LoadedPack]) -> None:
    cap = on(packs["jinhua"], "cap_year")
    assert cap.rules == ("training_subsidy.requires.yearly_cap",)
    assert cap.decisions == ("training_subsidy",)


def test_what_hangs_on_it_through_terms_and_functions(packs: dict[str, LoadedPack]) -> None:
    period = on(packs["jinhua"], "period_end")
    assert period.rules == ("claim_deadline",)
    assert {"training_subsidy.requires.in_time", "training_subsidy.grants.dates.claim_deadline"} <= set(period.through)
    assert period.decisions == ("training_subsidy",)
    year = on(packs["zhejiang"], "graduation_year")
    assert year.rules == ("graduate_of_the_year",)
    assert set(year.decisions) == {"training_admission", "training_subsidy"}


def test_what_hangs_on_it_by_standing_under_it(packs: dict[str, LoadedPack]) -> None:
    place = on(packs["jinhua"], "claim_place")
    assert "training_subsidy.requires.claim_place.insured" in place.rules
    assert "training_subsidy.requires.claim_place" in place.through


def test_the_interpretations_of_a_pack_all_matter(packs: dict[str, LoadedPack]) -> None:
    own = {name: [i for i in pack.program.interpretations if i in _written(name)] for name, pack in packs.items()}
    idle = [(name, i) for name, ids in own.items() for i in ids if not on(packs[name], i).decisions]
    assert idle == []


def _written(name: str) -> set[str]:
    pack = load_pack_files(Library.shipped())[name]
    return {i for i, found in pack.interpretations.items() if found.span and found.span.file.endswith(f"{name}.yaml")}
