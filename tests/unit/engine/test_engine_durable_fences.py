"""durable-rules behind its fences: limits, threads, interruptions, errors, memory, absence (DESIGN, "durable-rules 2.0.28")."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import pytest
from durable_samples import DAY, Chance, comparable, random_facts

from dte_rules.engine.decide import Decider, other_readings
from dte_rules.engine.diagnostics import DurableLimit, DurableMissing
from dte_rules.engine.plan import plan
from dte_rules.source.diagnostic import DiagnosticsError

pytest.importorskip("durable_rules_engine")

from dte_rules.engine import network
from dte_rules.engine.durable import DurablePrepared
from dte_rules.engine.network import Network, NetworkFault, NetworkRule, lay_out


def question(seed: int) -> DurablePrepared:
    a_program = Chance(seed).program()
    base = plan(a_program, "d", DAY)
    return DurablePrepared(a_program, base, other_readings(a_program, base, DAY))


def rules(count: int, width: int = 1) -> list[NetworkRule]:
    return [NetworkRule(f"r{i}", 100_000 + i, tuple(range(2 + i * width, 2 + i * width + width))) for i in range(count)]


def resident() -> int:
    """Kilobytes of memory in use."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4


@pytest.mark.parametrize("width", [1, 4, 8])
def test_rulesets_stay_within_the_limits_of_the_core(width: int) -> None:
    layout = lay_out(rules(200, width))
    for text in layout.rulesets:
        definition = json.loads(text)
        joins = [rule["all"] for name, rule in definition.items() if name != network.FIRST]
        assert len(joins) <= network.CHUNK_RULES
        assert sum(map(len, joins)) <= network.CHUNK_PREMISES
        for join in joins:  # equality with a number, and nothing else
            assert all(next(iter(pattern.values()))["$and"][0].keys() == {"n"} for pattern in join)
    told = Network(layout)
    told.tell(range(2, 2 + 200 * width))
    assert told.holds >= {rule.conclusion for rule in layout.rules}
    told.clear()
    told.close()


def test_too_many_rules_are_refused() -> None:
    with pytest.raises(DurableLimit, match="DTE702"):
        lay_out(rules(network.MOST_RULES + 1))
    with pytest.raises(DurableLimit, match="12000"):
        lay_out(rules(network.MOST_PREMISES // 8 + 1, 8))


@pytest.mark.parametrize("premises", [(), (2, 2), tuple(range(2, 11)), (0,), (-1, 3)])
def test_malformed_rules_are_refused(premises: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="premises"):
        lay_out([NetworkRule("r", 99, premises)])


def test_a_network_at_its_limit_draws_all_conclusions() -> None:
    chain = [NetworkRule(f"r{i}", i + 1, (i,)) for i in range(2, 1000)]
    told = Network(lay_out(chain[::-1]))  # against the order: each conclusion is for an earlier ruleset
    for _ in range(2):
        told.tell([2])
        assert len(told.holds) == 1000
        told.clear()
    assert told.holds == {network.ALWAYS}
    told.close()


def test_eight_threads_share_a_question() -> None:
    shared = question(3)
    cases = [random_facts(Random(n), 0.2) for n in range(40)]

    def seen(n: int) -> tuple[str, list[Any]]:
        run = shared.run(cases[n], DAY)
        return run.verdict, [comparable(run.values[slot]) for slot in run.values]

    expected = list(map(seen, range(40)))

    def work(start: int) -> int:
        return sum(seen(n) != expected[n] for n in [*range(start, 40), *range(start)] * 8)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(0, 40, 5))) == 0


@pytest.mark.parametrize("failing", ["assert_fact", "start_action_for_state", "complete_and_start_action", "retract_fact"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, RuntimeError])
def test_after_an_error_the_network_is_abandoned(monkeypatch: pytest.MonkeyPatch, failing: str, error: type[BaseException]) -> None:
    asked = question(3)
    case = random_facts(Random(1), 0)
    expected = asked.run(case, DAY)
    (before,) = asked._idle()
    core: Any = before.core
    for after in (1, 2, 5):
        left = [after]

        def fails(*arguments: Any, left: list[int] = left) -> Any:
            left[0] -= 1
            if left[0] == 0:
                raise error
            return getattr(core, failing)(*arguments)

        for used in asked._idle():
            used.core = _Patched(core, failing, fails)
        with pytest.raises(error):
            asked.run(case, DAY)
        assert asked._idle() == []
        again = asked.run(case, DAY)
        assert (again.raw, again.verdict) == (expected.raw, expected.verdict)
        assert asked._idle() != [before]


class _Patched:
    """The core with one function replaced."""

    def __init__(self, core: Any, name: str, function: Any) -> None:
        self._core, self._name, self._function = core, name, function

    def __getattr__(self, name: str) -> Any:
        return self._function if name == self._name else getattr(self._core, name)


def test_an_error_of_the_core_is_a_fault() -> None:
    asked = question(3)
    case = random_facts(Random(1), 0)
    asked.run(case, DAY)
    (used,) = asked._idle()

    def fails(*_: Any) -> Any:
        raise used_core.error("code: 303")

    used_core = used.core
    used.core = _Patched(used.core, "assert_fact", fails)
    with pytest.raises(NetworkFault, match="303"):
        asked.run(case, DAY)


@pytest.mark.parametrize("failing", ["assert_fact", "retract_fact"])
def test_a_code_other_than_0_is_an_error(failing: str) -> None:
    asked = question(3)
    case = random_facts(Random(1), 0)
    asked.run(case, DAY)
    (used,) = asked._idle()
    used.core = _Patched(used.core, failing, lambda *_: (2, 1))
    with pytest.raises(NetworkFault):
        asked.run(case, DAY)
    assert asked._idle() == []


def test_a_run_within_a_run_has_a_network_of_its_own() -> None:
    asked = question(3)
    outer, inner = random_facts(Random(1), 0.1), random_facts(Random(2), 0.1)
    expected = asked.run(outer, DAY).raw, asked.run(inner, DAY).raw
    found: list[Any] = []

    class Facts:
        @property
        def f(self) -> Any:
            found.append(asked.run(inner, DAY).raw)
            return outer.f

    assert (asked.run(Facts(), DAY).raw, found[0]) == expected
    assert len(asked._idle()) == 2


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc")
def test_memory_does_not_grow_over_decisions() -> None:
    asked = question(5)
    cases = [random_facts(Random(n), 0.2) for n in range(50)]

    def work(times: int) -> None:
        for n in range(times):
            asked.run_others(cases[n % 50], DAY, asked.run(cases[n % 50], DAY))

    work(500)
    before = resident()
    work(20_000)
    assert resident() - before < 4_000


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc")
def test_rulesets_are_deleted_with_their_question_and_their_thread() -> None:
    case = random_facts(Random(1), 0.2)

    def work(times: int) -> None:
        for _ in range(times):
            asked = question(3)
            asked.run(case, DAY)
            for _ in range(2):
                thread = threading.Thread(target=asked.run, args=(case, DAY))
                thread.start()
                thread.join()
        del asked
        gc.collect()

    work(5)
    before = resident()
    work(40)
    assert resident() - before < 10_000


def test_the_process_ends_in_order() -> None:
    script = (
        "import threading, durable_samples as s; from random import Random; from dte_rules.engine.decide import Decider\n"
        "d = Decider(s.Chance(3).program(), 'durable'); f = s.random_facts(Random(1), 0.1)\n"
        "ask = lambda: d.decide('d', f, s.DAY, {})\n"
        "t = threading.Thread(target=ask, daemon=True); t.start(); t.join(); print(ask().verdict)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_without_durable_rules_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    a_program, some = Chance(3).program(), random_facts(Random(1), 0)
    with pytest.raises(ImportError, match=r"pip install 'dte-rules\[durable\]'") as caught:
        Decider(a_program, "durable").decide("d", some, DAY, {})
    assert isinstance(caught.value, DurableMissing)
    assert isinstance(caught.value, DiagnosticsError)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "DTE701"
    assert "无法导入" in diagnostic.message("zh")
    assert "pip install 'dte-rules[durable]'" in diagnostic.help("zh")
    assert Decider(a_program).decide("d", some, DAY, {}).verdict
