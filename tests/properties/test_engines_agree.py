"""The engines agree on random programs and random facts, unknowns included."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dte_rules.engine import reference
from dte_rules.engine.compiled import compile_plan, exported
from dte_rules.engine.plan import plan
from dte_rules.feel.values import Member, OneOf, PartialList, Unknown
from dte_rules.program.nodes import Decision as Question
from dte_rules.program.nodes import Program
from tests.properties.random_programs import AS_OF, Drawn, Root, Seeded, random_facts, random_program


def shape(value: Any) -> Any:
    """A value without the names of what it rests on, so that the engines' values can be compared."""
    match value:
        case Unknown():
            return ("unknown", shape(value.low), shape(value.high))
        case PartialList(members):
            return ("partial", tuple((shape(m.value), m.certain) for m in members))
        case Member():
            return (shape(value.value), value.certain)
        case OneOf():
            return "one of"
        case tuple():
            return tuple(map(shape, value))
        case None | bool() | str():
            return (type(value).__name__, value)
        case _ if hasattr(value, "data"):
            return ("record", value.data)
        case _ if hasattr(value, "model_fields_set"):
            return ("record", value)
        case _:
            return value


def differences(program: Program, facts: Root, as_of: date) -> list[str]:
    """How the compiled engine differs from the reference interpreter."""
    made = plan(program, "d", as_of)
    expected = reference.run(program, made, facts, as_of)
    compiled = compile_plan(program, made)
    verdict, values = compiled.function(facts, as_of)
    found = [] if verdict == expected.verdict else [f"verdict {verdict}, expected {expected.verdict}"]
    for slot, value in zip(compiled.slots, values, strict=True):
        a, b = shape(exported(value)), shape(expected.values[slot])
        if a != b:
            found.append(f"{slot}: {a}, expected {b}\n{compiled.source}")
    return found


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_compiled_agrees_with_reference(data: st.DataObject) -> None:
    choose = Drawn(data)
    program = random_program(choose, size=3, depth=3)
    facts = random_facts(choose)
    assert differences(program, facts, choose.pick(AS_OF)) == []


@pytest.mark.parametrize("block", range(10))
def test_compiled_agrees_with_reference_on_many_programs(block: int) -> None:
    """Ten blocks of a hundred programs with ten sets of facts each: 10,000 random cases."""
    for number in range(100):
        choose = Seeded(block * 1000 + number)
        program = random_program(choose)
        for _ in range(10):
            facts = random_facts(choose)
            assert differences(program, facts, choose.pick(AS_OF)) == [], f"seed {block * 1000 + number}"


def test_questions_are_exercised() -> None:
    """The random programs lead to every verdict."""
    verdicts = set()
    for seed in range(400):
        choose = Seeded(seed)
        program = random_program(choose)
        question: Question = program.decisions["d"]
        as_of = choose.pick(AS_OF)
        verdicts.add(reference.run(program, plan(program, question.id, as_of), random_facts(choose), as_of).verdict)
    assert verdicts == {"met", "not_met", "discretionary", "undetermined"}
