"""The engine ``durable``: a question answered by a network of durable-rules.

Our code decides only the conditions that combine no others, and computes values; every combination, every exception, every
choice of a table's row and the verdict are rules of the network (`network_program`). Other readings of the law are answered by the
same run: their rules are in the same network, those that they share once.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Sequence
from datetime import date
from typing import Any

from dte_rules.engine.compiled import same_value
from dte_rules.engine.decide import CompiledRun, truths_of
from dte_rules.engine.face import Other
from dte_rules.engine.network import START, Network, NetworkFault, require_core
from dte_rules.engine.network_program import Answer, NetworkProgram, translate
from dte_rules.engine.plan import Plan
from dte_rules.engine.reference import Run
from dte_rules.engine.runtime import NULL
from dte_rules.engine.verdict import Verdict
from dte_rules.program.nodes import Program


class DurableRun(CompiledRun):
    """A run of the network: what was concluded under the readings asked for, and under all others."""

    everything: tuple[Any, ...]
    verdicts: tuple[Verdict, ...]

    def __init__(self, answer: Answer, everything: tuple[Any, ...], verdicts: tuple[Verdict, ...]) -> None:
        super().__init__(answer.slots, tuple(everything[place] for place in answer.places), verdicts[0])
        object.__setattr__(self, "everything", everything)
        object.__setattr__(self, "verdicts", verdicts)


class DurablePrepared:
    """A question for durable-rules. Safe to share between threads: each has networks of its own.

    Raises `DurableMissing` where durable-rules isn't installed, and `DurableLimit` where the question is too large for it.
    """

    def __init__(self, program: Program, base: Plan, others: tuple[Other, ...]) -> None:
        require_core()
        self.base, self.others = base, others
        self.network: NetworkProgram = translate(program, [base, *(other.plan for other in others)])
        self._differing = tuple(_differing(self.network.answers[0], answer) for answer in self.network.answers[1:])
        self._truths = truths_of(base.decision, {slot: place for place, slot in enumerate(self.network.answers[0].slots)})
        self._local = threading.local()

    def run(self, facts: Any, as_of: date) -> DurableRun:
        """What the rules conclude. Raises `NetworkFault` where durable-rules fails; that network is not used again."""
        idle = self._idle()
        network = idle.pop() if idle else Network(self.network.layout)
        stages = self.network.stages

        def tell(stage: int, values: tuple[Any, ...]) -> Sequence[Any]:
            told = [
                literals[0] if value is True else literals[1] if value is False else literals[2] if value is NULL else 0
                for literals, value in zip(stages[stage].atoms, values, strict=True)
            ]
            network.tell(told if stage else [START, *told])
            return [reader(network.holds) for reader in stages[stage].readers]

        try:
            everything = self.network.function(facts, as_of, tell)
            verdicts = tuple(verdict_in(answer, network.holds) for answer in self.network.answers)
            network.clear()
        except network.core.error as error:
            raise NetworkFault(f"durable-rules failed: {error}") from error
        idle.append(network)  # not after an exception: then the network is abandoned, and the next run builds another
        return DurableRun(self.network.answers[0], everything, verdicts)

    def run_others(self, facts: Any, as_of: date, base: Run) -> list[Run | None]:
        """What they conclude under each other reading; None where that is the same. The run has concluded it already."""
        assert isinstance(base, DurableRun)
        runs: list[Run | None] = []
        for answer, verdict, differing in zip(self.network.answers[1:], base.verdicts[1:], self._differing, strict=True):
            values = base.everything
            if differing is not None and verdict == base.verdict and all(same_value(values[a], values[b]) for a, b in differing):
                runs.append(None)
            else:
                runs.append(CompiledRun(answer.slots, tuple(values[place] for place in answer.places), verdict))
        return runs

    def truths(self, run: Run) -> Any:
        """How each condition came out."""
        assert isinstance(run, CompiledRun)
        return self._truths(run.raw)

    def _idle(self) -> list[Network]:
        """This thread's networks that are not at work: one, but for runs within runs."""
        try:
            idle: _Idle = self._local.idle
        except AttributeError:
            idle = self._local.idle = _Idle()
        return idle.networks


class _Idle:
    """The idle networks of one thread and question. When they go, with the thread or the question, their rulesets are deleted."""

    def __init__(self) -> None:
        self.networks: list[Network] = []
        weakref.finalize(self, _close, self.networks).atexit = False


def _close(networks: list[Network]) -> None:
    while networks:
        networks.pop().close()


def verdict_in(answer: Answer, holds: set[int]) -> Verdict:
    """The verdict that the literals that hold say."""
    return next((verdict for literal, verdict in answer.verdicts if literal in holds), "undetermined")


def _differing(one: Answer, other: Answer) -> tuple[tuple[int, int], ...] | None:
    """The places of the values that may differ between two plans; None where the plans don't have the same slots."""
    places = dict(zip(one.slots, one.places, strict=True))
    if places.keys() != set(other.slots):
        return None
    return tuple((places[slot], place) for slot, place in zip(other.slots, other.places, strict=True) if places[slot] != place)
