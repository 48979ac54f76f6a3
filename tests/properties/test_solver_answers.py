"""What the solver says of random programs is so: by brute force over random people, and by replaying every witness."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("z3")

from dte_rules.analysis.encode import encode
from dte_rules.analysis.search import Found, Nobody, Search
from dte_rules.analysis.solver import NotEncoded
from dte_rules.analysis.space import Horizon, Space
from dte_rules.engine import reference
from dte_rules.engine.plan import plan
from dte_rules.engine.verdict import Verdict
from tests.properties.random_programs import AS_OF, TEXTS, Root, Seeded, random_facts, random_program

VERDICTS: tuple[Verdict, ...] = ("met", "not_met", "discretionary", "undetermined")


@pytest.mark.parametrize("seed", range(3))
def test_verdicts_that_anybody_can_have(seed: int) -> None:
    proofs = witnesses = 0
    for number in range(40):
        choose = Seeded(seed * 7919 + number)
        program = random_program(choose, size=3, depth=2)
        as_of = choose.pick(AS_OF)
        made = plan(program, "d", as_of)
        space = Space.of([program], [made], as_of=as_of, horizon=Horizon("partial"), texts=TEXTS)
        encoded = encode(program, made, space)
        try:
            encoded.verdict("met")
        except NotEncoded:
            continue
        seen = {reference.run(program, made, random_facts(choose), as_of).verdict for _ in range(40)}
        search = Search(space)
        for verdict in VERDICTS:
            answer = search.find(encoded.verdict(verdict))
            if isinstance(answer, Nobody):
                proofs += 1
                assert verdict not in seen
            elif isinstance(answer, Found):
                witnesses += 1
                facts: Any = Root.model_validate(answer.witness.facts)
                assert reference.run(program, made, facts, as_of).verdict == verdict
    assert proofs > 10
    assert witnesses > 10
