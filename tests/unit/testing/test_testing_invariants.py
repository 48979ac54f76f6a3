"""The invariants hold of the shipped packs, and find planted faults."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dte_rules import LoadedPack, load_packs
from dte_rules.testing import Question, invariants

PACKS = load_packs()
JINHUA = PACKS["jinhua"]
SUBSIDY = "training_subsidy"
RULES = Path(__file__).parents[3] / "rules"


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A copy of the packs."""
    for source in [*RULES.glob("*.yaml"), *RULES.rglob("lib/**/*.yaml")]:
        target = tmp_path / source.relative_to(RULES)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source.read_text("utf-8"), "utf-8")
    return tmp_path


def planted(folder: Path, name: str, old: str, new: str) -> LoadedPack:
    path = folder / f"{name}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return load_packs(folder)["jinhua"]


@pytest.mark.parametrize("name", list(PACKS))
@pytest.mark.parametrize("decision", ["training_subsidy", "title_mapping", "training_admission"])
def test_the_packs_keep_their_promises(name: str, decision: str) -> None:
    pack = PACKS[name]
    invariants.unknown_never_flips(pack, decision, max_examples=80)
    invariants.list_order_irrelevant(pack, decision, max_examples=80)
    invariants.exclusions_exclude(pack, decision, max_examples=80)
    invariants.engines_agree(pack, decision, max_examples=15)


def test_more_hours_never_hurt() -> None:
    invariants.monotone(JINHUA, SUBSIDY, "training.hours_completed", max_examples=120)


def test_monotone_shows_the_case() -> None:
    with pytest.raises(AssertionError) as caught:
        invariants.monotone(JINHUA, SUBSIDY, "training.hours_completed", direction="down")
    message = str(caught.value)
    assert message.startswith("less `training.hours_completed` makes it worse")
    assert "decision: training_subsidy" in message
    assert "hours_completed:" in message


def test_no_fact_is_ignored_but_the_one_that_is(faulty: Path) -> None:
    invariants.no_fact_ignored(PACKS["weihai"], "class_opening", max_examples=400)
    old = "when: person.receives_pension"
    ignoring = planted(faulty, "jinhua", old, "when: person.receives_pension and not(person.receives_pension)")
    with pytest.raises(AssertionError, match=r"make no difference in .*: person\.receives_pension"):
        invariants.no_fact_ignored(ignoring, SUBSIDY, max_examples=300)


def test_an_exclusion_that_one_route_escapes_is_found(faulty: Path) -> None:
    def claim(question: Question) -> bool:
        in_establishment = question.data.get("person", {}).get("employment", {}).get("in_establishment")
        return question.verdict == "not_met" or in_establishment is not True or question.as_of < date(2024, 5, 1)

    invariants.holds(JINHUA, SUBSIDY, claim, max_examples=150)
    old = "when: person.employment.in_establishment\n"
    escaping = planted(faulty, "jinhua", old, 'when: person.employment.in_establishment and person.employment.status = "在职"\n')
    with pytest.raises(AssertionError, match="the claim fails: `met`"):
        invariants.holds(escaping, SUBSIDY, claim)


def test_a_rule_that_is_forgotten_is_noticed_where_its_fact_varies(faulty: Path) -> None:
    pack = planted(faulty, "jinhua", "when: person.receives_pension", "when: false")

    def pensioners_get_nothing(question: Question) -> bool:
        return question.verdict != "met" or question.data.get("person", {}).get("receives_pension") is not True

    invariants.holds(pack, SUBSIDY, pensioners_get_nothing)  # no rule reads the fact any more, so it never varies
    with pytest.raises(AssertionError, match="receives_pension: true"):
        invariants.holds(pack, SUBSIDY, pensioners_get_nothing, also=["person.receives_pension"])
    with pytest.raises(ValueError, match=r"did you mean `person\.receives_pension`"):
        invariants.holds(pack, SUBSIDY, pensioners_get_nothing, also=["person.receives_pensions"])
