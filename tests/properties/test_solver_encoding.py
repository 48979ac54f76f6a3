"""The solver's encoding agrees with the reference interpreter, at concrete facts, on random programs and the shipped packs."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest

pytest.importorskip("z3")

from dte_rules import load_packs
from dte_rules.analysis.encode import Encoded, encode
from dte_rules.analysis.solver import NotEncoded, z3
from dte_rules.analysis.space import Horizon, Leaf, Mode, Space
from dte_rules.analysis.values import Ordered
from dte_rules.analysis.witness import date_of, path_is_single, pinned, put, there
from dte_rules.engine import reference
from dte_rules.engine.plan import Plan, changes, plan
from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, STRING, Enum, Type
from dte_rules.feel.values import Unknown
from dte_rules.program.nodes import Program
from tests.properties.random_programs import AS_OF, TEXTS, Seeded, random_facts, random_program

VERDICTS = ("met", "not_met", "discretionary", "undetermined")


def concluded(encoded: Encoded, facts: Any, as_of: date) -> dict[str, Any]:
    """The verdict at concrete facts, and the numbers and days of the slots with what is known of them."""
    solver = z3.SimpleSolver()
    solver.add(*encoded.space.constraints)
    solver.add(*(z3.BoolVal(bit) if isinstance(bit, bool) else bit for bit in pinned(encoded.space, facts, as_of)))
    assert solver.check() == z3.sat, "no person of the space has these facts"
    model = solver.model()

    def holds(bit: Any) -> bool:
        return bit if isinstance(bit, bool) else bool(z3.is_true(model.eval(bit, model_completion=True)))

    def number(term: Any) -> int:
        return term if isinstance(term, int) else int(model.eval(term, model_completion=True).as_long())

    def end(value: Any) -> Any:
        if hasattr(value, "top"):
            return Decimal(number(value.top)) / Decimal(value.bottom)
        return date_of(number(value.key))

    found: dict[str, Any] = {"verdict": next(v for v in VERDICTS if holds(encoded.verdict(v)))}
    for slot, value in encoded.slots.items():
        if isinstance(value, Ordered) and value.kind in ("number", "date"):
            if holds(value.null):
                found[slot] = None
            elif holds(value.known):
                found[slot] = end(value.low)
            else:
                found[slot] = (end(value.low) if holds(value.low_on) else None, end(value.high) if holds(value.high_on) else None)
    return found


def expected(program: Program, made: Plan, facts: Any, as_of: date) -> dict[str, Any]:
    run = reference.run(program, made, facts, as_of)
    found: dict[str, Any] = {"verdict": run.verdict}
    for slot, value in run.values.items():
        found[slot] = (value.low, value.high) if isinstance(value, Unknown) else value
    return found


def compare(encoded: Encoded, facts: Any, as_of: date) -> None:
    wanted = expected(encoded.program, encoded.plan, facts, as_of)
    for slot, value in concluded(encoded, facts, as_of).items():
        if isinstance(value, Decimal) and isinstance(wanted[slot], Decimal):
            assert abs(value - wanted[slot]) < Decimal("1e-20"), slot
        else:
            assert value == wanted[slot], (slot, facts)


@pytest.mark.parametrize("seed", range(4))
def test_random_programs(seed: int) -> None:
    encoded_programs = 0
    for number in range(40):
        choose = Seeded(seed * 1000 + number)
        program = random_program(choose, size=3, depth=2)
        as_of = choose.pick(AS_OF)
        made = plan(program, "d", as_of)
        space = Space.of([program], [made], as_of=as_of, horizon=Horizon("partial"), texts=TEXTS)
        encoded = encode(program, made, space)
        try:
            encoded.verdict("met")
        except NotEncoded:
            continue
        encoded_programs += 1
        for _ in range(4):
            compare(encoded, random_facts(choose), as_of)
    assert encoded_programs > 10


PACKS = load_packs()


class Person:
    """Random facts of what a space's rules read, near what they ask for."""

    def __init__(self, seed: int, space: Space) -> None:
        self.random, self.space = Random(seed), space

    def facts(self) -> dict[str, Any]:
        """Facts as in a case file."""
        lengths = {path: self.random.choice([0, 1, 1, 2, 3]) for path in self.space.lists}
        if self.space.horizon.mode == "partial":
            lengths = {path: n for path, n in lengths.items() if self.random.random() < 0.85}
        found: dict[str, Any] = {}
        for path, length in lengths.items():
            put(found, path, [None if path_is_single(self.space, path) else {} for _ in range(length)])
        for path, leaf in self.space.leaves.items():
            if there(path, lengths) and (leaf.known is True or self.random.random() < 0.85):
                put(found, path, self.value(leaf.type, path))
        return found

    def value(self, type_: Type, path: str) -> Any:
        pick = self.random.choice
        match type_:
            case Enum(_, values):
                return pick(values)
            case _ if type_ == BOOLEAN:
                return pick([True, True, False])
            case _ if type_ == NUMBER:
                if path.endswith("period"):
                    return Decimal(pick([1, 2, 3]))
                return Decimal(
                    pick(["1", "0.5", "0"] if "rate" in path or "average" in path else ["1500", "128", "64", "2", "2023", "2024"])
                )
            case _ if type_ == DATE and path.endswith("birth_date"):
                return date(pick([1961, 1965, 1970, 1975, 1992, 2010]), pick([1, 6, 12]), pick([1, 15, 28]))
            case _ if type_ == DATE:
                year, month, day = pick([2021, 2022, 2023, 2024, 2024, 2025]), pick(range(1, 13)), pick([1, 10, 28, 29, 30, 31])
                return last_of(year, month, day)
            case _ if type_ == STRING:
                leaf = self.space.leaves[path]
                domain = [code for code in self.space.pool.free if possible(self.space, leaf, code)]
                return self.space.pool.texts[pick(domain)]
        raise AssertionError(type_)


def possible(space: Space, leaf: Leaf, code: int) -> bool:
    return ("region" in leaf.path or leaf.path.endswith(("hukou", "residence"))) <= (space.pool.texts[code] in space.pool.places)


def last_of(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def questions() -> Iterator[tuple[str, str]]:
    for name, pack in PACKS.items():
        for decision in pack.program.decisions:
            yield name, decision


def attempt(make: Callable[[], Any]) -> Any:
    """Facts that the vocabulary takes; random ones may contradict each other, or name no day."""
    for _ in range(200):
        try:
            return make()
        except ValueError:
            continue
    raise AssertionError("no facts")


@pytest.mark.parametrize(("region", "decision"), list(questions()))
@pytest.mark.parametrize("mode", ["complete", "partial"])
def test_shipped_packs(region: str, decision: str, mode: Mode) -> None:
    pack = PACKS[region]
    program = pack.program
    for day in [changes(program)[-1], date(2025, 6, 10)]:
        made = plan(program, decision, day)
        space = Space.of([program], [made], as_of=day, horizon=Horizon(mode), vocabularies=[pack.vocabulary])
        encoded = encode(program, made, space)
        source = Person(7, space)
        for _ in range(6):
            compare(encoded, attempt(lambda source=source: pack.vocabulary.closed(pack.Facts.model_validate(source.facts()))), day)
