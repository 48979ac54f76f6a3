"""What must be true of the shipped packs, whatever the facts."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import pickle
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dte_rules import LoadedPack, load_packs
from dte_rules.engine.compiled import Compiled, compile_plan
from dte_rules.engine.plan import changes, era, plan
from tests.properties.random_facts import Maker, holes, shuffled
from tests.properties.random_programs import Chooser, Drawn, Seeded

PACKS = load_packs()
NAMES = list(PACKS)
MAKERS = {name: Maker(pack) for name, pack in PACKS.items()}
DAYS = {name: changes(pack.program) for name, pack in PACKS.items()}
COMPILED: dict[Any, Compiled] = {}
SPARSE = {name: Maker(pack, unknown=2) for name, pack in PACKS.items()}


def decided(pack: LoadedPack, maker: Maker, choose: Chooser, engine: Any = "compiled") -> dict[str, Any]:
    """A random question, answered."""
    decision, as_of, readings = maker.question(choose)
    facts = maker.valid(maker.facts(choose, as_of))
    return pack.decide(decision, facts, as_of=as_of, readings=readings, engine=engine).model_dump()


def verdict(pack: LoadedPack, decision: str, facts: Any, as_of: date, readings: dict[str, str]) -> str:
    """The verdict alone, without what is missing and what other readings give, which take longer."""
    program = pack.program
    departures = tuple(sorted((i, r) for i, r in readings.items() if r != program.interpretations[i].default))
    key = (program.name, decision, era(DAYS[program.name], as_of), departures)
    if key not in COMPILED:
        COMPILED[key] = compile_plan(program, plan(program, decision, as_of, departures))
    return COMPILED[key].function(pack.vocabulary.closed(facts), as_of)[0]


def same_by_both_engines(name: str, choose: Chooser, maker: Maker) -> dict[str, Any]:
    """A decision, after both engines agreed on the whole of it."""
    pack = PACKS[name]
    decision, as_of, readings = maker.question(choose)
    facts = maker.valid(maker.facts(choose, as_of))
    one, other = (pack.decide(decision, facts, as_of=as_of, readings=readings, engine=e).model_dump() for e in ("compiled", "reference"))
    assert one == other, (decision, as_of, readings, facts.model_dump(exclude_none=True))
    return one


# --- the engines agree ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_engines_agree(name: str, data: st.DataObject) -> None:
    same_by_both_engines(name, Drawn(data), MAKERS[name])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("block", range(2))
def test_engines_agree_on_many_cases(name: str, block: int) -> None:
    """And the random facts lead to several verdicts."""
    verdicts = set()
    for seed in range(150):
        found = same_by_both_engines(name, Seeded(block * 1000 + seed), MAKERS[name] if seed % 10 else SPARSE[name])
        verdicts.add(found["verdict"])
    assert {"met", "not_met", "undetermined"} <= verdicts


# --- unknown facts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("block", range(2))
def test_more_knowledge_never_flips_a_definite_verdict(name: str, block: int) -> None:
    """Unknown facts are replaced by values, one after the other; once the verdict is definite, it stays."""
    pack, maker = PACKS[name], SPARSE[name]
    settled = 0
    for seed in range(250):
        choose = Seeded(block * 1000 + seed)
        decision, as_of, readings = maker.question(choose)
        data = maker.facts(choose, as_of)
        before = verdict(pack, decision, maker.valid(data), as_of, readings)
        for _ in range(40):
            open_ones = list(holes(data, pack.vocabulary.root))
            if not open_ones:
                break
            holder, key, type_, path = choose.pick(open_ones)
            holder[key] = maker.known(choose, type_, path, as_of)
            try:
                facts = pack.Facts.model_validate(data)
            except ValueError:
                holder[key] = None  # it contradicts what other facts imply
                continue
            after = verdict(pack, decision, facts, as_of, readings)
            assert before in ("undetermined", after), (seed, decision, as_of, readings, path, holder[key], before, after)
            settled += before == "undetermined" != after
            before = after
    assert settled > 20


@pytest.mark.parametrize("name", NAMES)
def test_undetermined_always_names_something_missing(name: str) -> None:
    pack = PACKS[name]
    for seed in range(60):
        maker = SPARSE[name] if seed % 2 else MAKERS[name]
        found = decided(pack, maker, Seeded(5000 + seed))
        assert (found["verdict"] == "undetermined") is bool(found["missing"])
        for missing in found["missing_sets"]:
            assert missing["facts"]
            assert set(missing["facts"]) <= set(found["missing"]), (seed, missing)
            assert "undetermined" not in missing["verdicts"]
        for alternative in found["alternatives"]:
            assert alternative["verdict"] != "undetermined" or alternative["missing"]


def test_nothing_is_known_of_nobody() -> None:
    """With no facts at all no decision is met, and none fails."""
    for name, pack in PACKS.items():
        for decision in pack.program.decisions:
            found = verdict(pack, decision, pack.Facts(), date(2026, 3, 2), {})
            assert found == "undetermined", (name, decision)


# --- the same, whatever the order, the thread, the process ----------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_lists_is_irrelevant(name: str) -> None:
    pack, maker = PACKS[name], MAKERS[name]
    for seed in range(250):
        choose = Seeded(9000 + seed)
        decision, as_of, readings = maker.question(choose)
        data = maker.facts(choose, as_of)
        before = verdict(pack, decision, maker.valid(data), as_of, readings)
        after = verdict(pack, decision, maker.valid(shuffled(data, choose)), as_of, readings)
        assert before == after, (seed, decision, as_of, readings)


def fingerprint(packs: Any = None) -> str:
    """A digest over many decisions, as JSON writes them."""
    packs = PACKS if packs is None else packs
    made = hashlib.sha256()
    for name in NAMES:
        for seed in range(25):
            made.update(json.dumps(decided(packs[name], MAKERS[name], Seeded(seed)), default=str, ensure_ascii=False).encode())
    return made.hexdigest()


def test_decisions_are_the_same_in_every_process() -> None:
    """Also where texts hash otherwise."""
    program = "from tests.properties.test_packs import fingerprint; print(fingerprint())"
    found = []
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
        found.append(run.stdout.strip())
    assert set(found) == {fingerprint()}


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_one_pack_serves_many_threads(engine: Any) -> None:
    """Eight threads begin at once with a pack that nobody has used yet."""
    fresh = pickle.loads(pickle.dumps(PACKS["jinhua"]))
    maker = MAKERS["jinhua"]
    seeds = range(12 if engine == "compiled" else 4)
    expected = [decided(PACKS["jinhua"], maker, Seeded(seed), engine) for seed in seeds]
    barrier = threading.Barrier(8)

    def work(number: int) -> list[dict[str, Any]]:
        barrier.wait()
        return [decided(fresh, maker, Seeded(seed), engine) for seed in seeds]

    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(work, range(8)):
            assert found == expected


def test_a_pickled_pack_decides_the_same() -> None:
    assert fingerprint({name: pickle.loads(pickle.dumps(pack)) for name, pack in PACKS.items()}) == fingerprint()


def test_deciding_changes_neither_facts_nor_pack() -> None:
    pack, maker = PACKS["jinhua"], MAKERS["jinhua"]
    choose = Seeded(3)
    decision, as_of, readings = maker.question(choose)
    facts = maker.valid(maker.facts(choose, as_of))
    before, program = copy.deepcopy(facts), pickle.dumps(pack.program)
    pack.decide(decision, facts, as_of=as_of, readings=readings)
    assert facts == before
    assert pickle.dumps(pack.program) == program
