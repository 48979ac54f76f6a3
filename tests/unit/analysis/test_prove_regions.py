"""The thirty statements about the four regions, in `rules/properties/regions.yaml`: each comes out as it is expected."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

pytest.importorskip("z3")

from dte_rules import load_packs
from dte_rules.analysis.prove.model import File, Proved
from dte_rules.analysis.prove.read import chosen, read
from dte_rules.analysis.prove.ready import ready
from dte_rules.analysis.prove.run import prove
from dte_rules.cases import Case, compare
from dte_rules.pack.library import shipped_directory
from dte_rules.report.phrases import pick
from dte_rules.report.prove_data import example_cases
from dte_rules.report.prove_words import OUTCOMES
from dte_rules.source.diagnostic import Lang

NUMBERS = [f"P{n}" for n in range(1, 31)]

EXPECTED = {
    "P1": "holds",
    "P2": "fails",
    "P3": "holds",
    "P4.shanghai": "fails",
    "P4.weihai": "fails",
    "P4.rank": "holds",
    "P5": "holds",
    "P6": "fails",
    "P7": "fails",
    "P8": "holds",
    "P9": "holds",
    "P10.subsidy": "holds",
    "P10.online": "fails",
    "P11": "fails",
    "P12.frozen": "holds",
    "P12.toggling": "fails",
    "P13.three": "holds",
    "P13.four": "fails",
    "P14.zhejiang": "holds",
    "P14.weihai": "fails",
    "P14.provinces": "not_specified",
    "P15.year": "holds",
    "P15.reached": "fails",
    "P15.lifetime": "holds",
    "P16.grants": "holds",
    "P16.refusals": "holds",
    "P17": "holds",
    "P18": "holds",
    "P19": "fails",
    "P20.order": "holds",
    "P20.reform": "holds",
    "P21": "holds",
    "P22.exit": "holds",
    "P22.converse": "fails",
    "P23.exit": "holds",
    "P23.renewal": "fails",
    "P24.meets": "fails",
    "P24.listed": "fails",
    "P25": "not_specified",
    "P26": "not_specified",
    "P27": "not_specified",
    "P28": "fails",
    "P29": "not_specified",
    "P30": "holds",
}
"""What the analysis of the notices says of each, written down apart from the file."""


@cache
def shipped() -> File:
    return read(shipped_directory() / "properties" / "regions.yaml")


def proved(number: str) -> list[Proved]:
    file = shipped()
    return list(prove(ready(file, load_packs(), chosen(file, [number]))))


def test_the_file_has_all_thirty_and_expects_what_the_analysis_says() -> None:
    assert {form.id: form.expect for form in shipped().content.properties} == EXPECTED
    assert list(dict.fromkeys(id_.partition(".")[0] for id_ in EXPECTED)) == NUMBERS


@pytest.mark.parametrize(("page", "lang"), [("prove-a-property.md", "en"), ("prove-a-property.zh-CN.md", "zh")])
def test_the_page_has_the_table(page: str, lang: Lang) -> None:
    text = (Path(__file__).parents[3] / "docs" / "how-to" / page).read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (P\d+\S*) \| .+ \| (.+) \|$", text, re.MULTILINE))
    assert rows == {id_: pick(OUTCOMES[outcome], lang) for id_, outcome in EXPECTED.items()}
    for form in shipped().content.properties:
        told = form.title.zh if lang == "zh" else form.title.en
        assert told[1:] in text, form.id


@pytest.mark.parametrize("number", NUMBERS)
def test_property(number: str) -> None:
    packs = load_packs()
    found = proved(number)
    assert {one.ready.id: one.outcome for one in found} == {id_: w for id_, w in EXPECTED.items() if id_.partition(".")[0] == number}
    for one in found:
        # something is stated of somebody, and nothing is left unproved
        assert not any(branch.idle for branch in one.branches)
        assert (one.outcome == "holds") is (one.example is None)
        if one.ready.choices:
            assert {branch.outcome for branch in one.branches} == {"holds", "fails"}
    # an example is a case that its pack decides as the file of cases would expect
    for case in example_cases(found, "en"):
        assert isinstance(case, Case)
        assert case.expect is not None
        pack = packs[case.region]
        decision = pack.decide(case.decision, pack.Facts.model_validate(case.facts), as_of=case.as_of, readings=case.readings)
        assert compare(case.expect, decision) == ()
