"""Generated cases: few, passing, and reaching as much as all candidates do."""

from __future__ import annotations

import pytest

from dte_rules import load_packs
from dte_rules.analysis.generate_cases import generate, header
from dte_rules.cases import Case, read_cases, write_cases

PACKS = load_packs()


@pytest.mark.parametrize(
    ("name", "decision"), [("weihai", "class_opening"), ("shanghai", "online_share"), ("zhejiang", "level_assessment")]
)
def test_few_cases_reach_what_all_do(name: str, decision: str) -> None:
    pack = PACKS[name]
    found = generate(pack.program, pack.vocabulary, decision, "en", samples=300)
    assert 2 <= len(found.cases) <= 12
    assert found.coverage.total == found.possible.total
    read = read_cases("generated.yaml", text=header(found, "en") + write_cases(found.cases)).cases
    for case in read:
        assert isinstance(case, Case)
        assert case.expect is not None
        facts = pack.Facts.model_validate(case.facts)
        decided = pack.decide(decision, facts, as_of=case.as_of, readings=case.readings)
        assert decided.verdict == case.expect.fields["verdict"]
        assert case.title


def test_titles_say_what_departs() -> None:
    pack = PACKS["weihai"]
    found = generate(pack.program, pack.vocabulary, "class_opening", "zh", samples=200)
    assert found.cases[0].title == "典型情形"
    assert "生成" in header(found, "zh")
    assert len({case.id for case in found.cases}) == len(found.cases)
