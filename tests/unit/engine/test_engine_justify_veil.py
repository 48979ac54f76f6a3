"""What came from facts that are not shown is in no part of a justification, whatever way it went."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dte_rules import load_packs
from dte_rules.engine.justification import WITHHELD

NUMBER = "11010519491231002X"
PACK = """pack: p
version: "1"
jurisdiction: "330000"
title: {zh: 甲, en: a}
sources: {s: {number: s, issued: 2020-01-01}}
tables:
  t:
    cite: s 一
    title: {zh: 表, en: table}
    hit: first
    inputs: [person.identity_number, training.hours_completed]
    outputs: [n]
    rows:
      - ['"110105194912310021"', '> 3', 1]
      - ['!= "110105194912310021"', '> 500', 3]
      - ['!= "110105194912310021"', '> 4', 2]
    otherwise: unspecified
terms:
  names: {cite: s 一, title: {zh: 名, en: names}, is: '[person.identity_number, institution.name, "甲"]'}
  again: {cite: s 一, title: {zh: 又, en: again}, is: 'for n in names return n'}
decisions:
  d:
    title: {zh: 问, en: question}
    modality: entitlement
    requires:
      a: {cite: s 一, title: {zh: 一, en: first}, when: 'some n in names satisfies n = "张三"'}
      b: {cite: s 一, title: {zh: 二, en: second}, when: 't.n > 1'}
      c: {cite: s 一, title: {zh: 三, en: third}, when: 'every n in again satisfies (if n = "王五" then n else "x") != n'}
      d: {cite: s 一, title: {zh: 四, en: fourth}, when: 'count(names[item != "赵"]) > 5'}
      e: {cite: s 一, title: {zh: 五, en: fifth}, when: 'count(certificates) > 0'}
"""


@pytest.mark.parametrize("name", ["某某职业培训学校", "e"])
def test_nothing_tells_it(tmp_path: Path, name: str) -> None:
    (tmp_path / "p.yaml").write_text(PACK, encoding="utf-8")
    pack = load_packs(tmp_path)["p"]
    facts = {"person": {"identity_number": NUMBER}, "training": {"hours_completed": 5}, "institution": {"name": name}, "certificates": []}
    for _ in range(2):  # what is kept from the first holds nothing of it either
        made = pack.explain("d", pack.Facts.model_validate(facts), as_of=date(2024, 1, 1))
        assert (made.decision.verdict, made.decision.failed) == ("not_met", ("a", "d", "e"))
        justification: Any = made.justification
        (names,) = [each for each in justification.conclusions if each.id == "names"]
        assert names.values[0][1] in (WITHHELD, (WITHHELD, WITHHELD, "甲"))
        text = justification.to_json()
        assert NUMBER not in text
        assert f'"{name}"' not in text
        assert f'\\"{name}\\"' not in text
        assert NUMBER.encode() not in pickle.dumps(justification)
    other = pack.explain("d", pack.Facts.model_validate({**facts, "person": {}, "institution": {}}), as_of=date(2024, 1, 1))
    assert NUMBER not in other.justification.to_json()
