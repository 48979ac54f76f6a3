"""What a trace keeps for the next justification changes nothing, holds nothing that must not be held, and stays small."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.properties.random_programs import AS_OF, Seeded, random_facts, random_program
from tests.unit.engine.test_engine_justify_cost import SEVERAL, asked, members, sample_cases

from dte_rules import load_packs
from dte_rules.engine.decide import CompiledPrepared
from dte_rules.engine.justify import Traced
from dte_rules.engine.justify_kept import LONGEST, MOST_KEPT, keep
from dte_rules.engine.plan import plan
from dte_rules.feel.values import Unknown

NESTED = """pack: p
version: "1"
jurisdiction: "330000"
title: {zh: 甲, en: a}
sources: {s: {number: s, issued: 2020-01-01}}
decisions:
  d:
    title: {zh: 问, en: question}
    modality: entitlement
    requires:
      early: {cite: s 一, title: {zh: 甲, en: first}, when: 'some a in claims satisfies
        (every c in certificates satisfies c.issued < a.applied_on and c.issued < as_of)'}
      pairs: {cite: s 一, title: {zh: 乙, en: second}, when: 'some l in institution.application.levels satisfies
        (every a in claims satisfies some c in certificates satisfies c.level = l and c.issued <= a.applied_on)'}
"""


def stores(traced: Traced) -> list[dict[Any, Any]]:
    """What a trace keeps."""
    return [value for name, value in traced._function.__globals__.items() if name.startswith("k") and type(value) is dict]


def traced_of(case: Any) -> Traced:
    pack, facts = asked(case)
    pack.explain(case.decision, facts, as_of=case.as_of, readings=case.readings)
    return pack._explainer._traced(pack.face(case.decision, case.as_of, case.readings), case.as_of, {})


@pytest.mark.parametrize("seed", range(60))
def test_what_is_kept_changes_nothing_of_random_programs(seed: int) -> None:
    choose = Seeded(23_000 + seed)
    program, as_of = random_program(choose), choose.pick(AS_OF)
    made = plan(program, "d", as_of)
    kept, prepared = Traced(program, made, as_of, {}), CompiledPrepared(program, made, ())
    given = [random_facts(choose) for _ in range(6)]
    for facts in [*given, *given]:
        run = prepared.run(facts, as_of)
        anew = Traced(program, made, as_of, {}).justification(facts, as_of, run)
        again = kept.justification(facts, as_of, run)
        assert again == anew
        assert again.to_json() == anew.to_json()


def test_what_is_kept_changes_nothing_of_cases() -> None:
    for case in sample_cases():
        if case.id not in SEVERAL:
            continue
        pack, facts = asked(case)
        question: dict[str, Any] = {"as_of": case.as_of, "readings": case.readings}
        kept = [pack.explain(case.decision, facts, **question).justification for _ in range(2)]
        for store in stores(traced_of(case)):
            store.clear()
        anew = pack.explain(case.decision, facts, **question).justification
        assert kept[0] == kept[1] == anew, case.id
        assert kept[0].to_json() == anew.to_json(), case.id


def test_a_combination_of_codes_is_gone_through_once() -> None:
    case = next(case for case in sample_cases() if case.id == "MJ-001")
    pack, facts = asked(case)
    first, second = (pack.explain(case.decision, facts, as_of=case.as_of, readings=case.readings).justification for _ in range(2))
    shared = [a.id for a, b in zip(first.conclusions, second.conclusions, strict=True) if a is b]
    assert {"subsidy_standard", "training_subsidy.requires.content", "training_subsidy.requires.institution_in_province"} <= set(shared)


def test_only_truth_values_codes_and_counts_are_keys() -> None:
    kept: dict[Any, Any] = {}
    keep(kept, (True, "330700"), 1, 2)
    keep(kept, 3, 1, 2)
    assert set(kept) == {(True, "330700"), 3}
    for key in (Unknown(["a"]), None, ("330700", None), (True, Unknown(["a"])), "字" * (LONGEST + 1), date(2024, 1, 1)):
        keep(kept, key, 1, 2)
    assert len(kept) == 2


def test_no_more_is_kept_than_so_many_combinations() -> None:
    kept: dict[Any, Any] = {}
    for number in range(3 * MOST_KEPT):
        keep(kept, number, 1, 2)
        assert len(kept) <= MOST_KEPT


def test_nothing_withheld_is_kept() -> None:
    """Names and numbers that identify are no part of what stays from one justification to the next."""
    for case in sample_cases():
        if case.id not in SEVERAL:
            continue
        pack, facts = asked(case)
        hidden = set()
        for path in pack._explainer.withheld:
            value: Any = facts
            for name in path.split("."):
                value = getattr(value, name, None)
            if isinstance(value, str):
                hidden.add(value)
        for store in stores(traced_of(case)):
            for key in store:
                assert not hidden.intersection(key if isinstance(key, tuple) else (key,)), case.id


def test_what_bears_on_the_inner_member_alone_is_one_step(tmp_path: Path) -> None:
    """Of a list within a list: what is the same for each member of the outer one is gone through once, and stands in each."""
    (tmp_path / "p.yaml").write_text(NESTED, encoding="utf-8")
    pack = load_packs(tmp_path)["p"]
    certificates = [{"kind": "专业技术等级证书", "level": level, "issued": day} for level, day in (("初级", "2024-02-01"), ("中级", None))]
    claims = [{"applied_on": "2024-03-01"}, {"applied_on": "2024-01-01"}, {"applied_on": None}]
    facts = pack.Facts.model_validate(
        {"certificates": certificates, "claims": claims, "institution": {"application": {"levels": ["初级", "高级"]}}}
    )
    j = pack.explain("d", facts, as_of=date(2024, 9, 2)).justification
    step = j.by_slot["d.requires.early"].step
    assert step is not None
    inner = [members(outer.parts[0]) for outer in members(step)]
    assert [[each.member for each in every] for every in inner] == [["certificates[1]", "certificates[2]"]] * 3
    for number in range(2):
        first, second, third = (every[number].parts[0] for every in inner)
        assert first.form.op == "and"
        assert first.parts[1] is second.parts[1] is third.parts[1]
        assert first.parts[0] is not second.parts[0]
    assert [each.member for each in members(step)] == ["claims[1]", "claims[2]", "claims[3]"]
    pairs = j.by_slot["d.requires.pairs"].step
    assert pairs is not None
    assert [each.member for each in members(pairs)] == ['"初级"', '"高级"']
