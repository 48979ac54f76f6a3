"""On random programs and facts a justification's outcomes are those of the reference interpreter, and JSON gives it back."""

from __future__ import annotations

from typing import Any

import pytest
from tests.properties.random_programs import AS_OF, Seeded, random_facts, random_program

from dte_rules.engine import reference
from dte_rules.engine.decide import CompiledPrepared
from dte_rules.engine.justification import Justification, NotKnown, RecordAt, Step, outcome_of
from dte_rules.engine.justify import Traced
from dte_rules.engine.plan import plan
from dte_rules.feel.values import OneOf, PartialList, Unknown


def shape(value: Any) -> Any:
    """A value without the names of what it rests on."""
    match value:
        case Unknown() | NotKnown():
            return ("unknown", value.low, value.high)
        case OneOf() | PartialList():
            return ("unknown", None, None)
        case RecordAt(path):
            return path
        case tuple():
            return tuple(map(shape, value))
        case _ if hasattr(value, "path"):
            return value.path
        case _:
            return type(value).__name__, value


@pytest.mark.parametrize("block", range(4))
def test_outcomes_agree_with_the_reference(block: int) -> None:
    for number in range(75):
        seed = 7000 + block * 1000 + number
        choose = Seeded(seed)
        program = random_program(choose)
        for _ in range(4):
            facts, as_of = random_facts(choose), choose.pick(AS_OF)
            made = plan(program, "d", as_of)
            expected = reference.run(program, made, facts, as_of)
            run = CompiledPrepared(program, made, ()).run(facts, as_of)
            j = Traced(program, made, as_of, {}).justification(facts, as_of, run)
            assert j.verdict == expected.verdict, seed
            for conclusion in j.conclusions:
                for slot, value in conclusion.values:
                    assert shape(value) == shape(expected.values[slot]), (seed, slot)
                if conclusion.step is not None and conclusion.form.kind == "condition":
                    assert outcome_of(conclusion.step.value) == outcome_of(shape_of_truth(expected.values[conclusion.id])), (
                        seed,
                        conclusion.id,
                    )
                    assert_connectives(conclusion.step, seed)
            assert Justification.from_json(j.to_json()) == j, seed
            if j.verdict == "met":
                assert not j.why_not
            else:
                assert j.why_not, seed


def shape_of_truth(value: Any) -> Any:
    return value if isinstance(value, bool) else None


def assert_connectives(step: Step, seed: int) -> None:
    """The outcome of each connective follows from those of its parts."""
    for each in step.walk():
        parts = [part.outcome for part in each.parts]
        if each.form.op == "and":
            assert each.outcome == ("false" if "false" in parts else "unknown" if "unknown" in parts else "true"), seed
        if each.form.op == "or":
            assert each.outcome == ("true" if "true" in parts else "unknown" if "unknown" in parts else "false"), seed
        if each.form.op == "not":
            assert each.outcome == {"true": "false", "false": "true", "unknown": "unknown"}[parts[-1]], seed
