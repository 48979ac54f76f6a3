"""A question for durable-rules in a session: the network keeps its facts from one update to the next.

Only what changed is asserted and retracted. durable-rules has no truth maintenance, so it is ours: each literal knows the rules that
concluded it, and when none of them stands any longer, it goes, and with it what rested on it. The rules of a network have no
circles, hence nothing can support itself.
"""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from dte_rules.engine.durable import DurablePrepared, DurableRun, verdict_in
from dte_rules.engine.network import START, Layout, Network, NetworkFault
from dte_rules.engine.runtime import NULL


class LiveNetwork(Network):
    """A network in which what is told can be taken back. For one thread at a time; abandon it after any exception.

    ``sound`` is false while it is at work, and so ever after an exception.
    """

    def __init__(self, layout: Layout) -> None:
        self.sound = True
        self._premises: dict[int, list[tuple[str, int]]] = {}
        for rule in layout.rules:
            for premise in rule.premises:
                self._premises.setdefault(premise, []).append((rule.name, rule.conclusion))
        self._fired: set[str] = set()
        self._supports: dict[int, set[str]] = {}
        self._told: dict[int, set[int]] = {}
        super().__init__(layout)

    def retell(self, stage: int, literals: Iterable[int]) -> None:
        """Lets just these literals of a stage hold, and draws all conclusions."""
        wanted = {literal for literal in literals if literal > 0}
        before = self._told.get(stage, set())
        self._told[stage] = wanted
        gone = before - wanted
        if gone:
            self._withdraw(gone)
        if new := wanted - before:
            self.tell(new)

    def clear(self) -> None:
        """Takes everything back."""
        super().clear()
        self._fired.clear()
        self._supports.clear()
        self._told.clear()

    def _fire(self, handle: int, offset: int) -> set[str]:
        names = super()._fire(handle, offset)
        for name in names:
            conclusion = self.layout.conclusions.get(name)
            if conclusion is not None:
                self._fired.add(name)
                self._supports.setdefault(conclusion, set()).add(name)
        return names

    def _withdraw(self, literals: Iterable[int]) -> None:
        todo = list(literals)
        while todo:
            literal = todo.pop()
            if literal not in self.holds:
                continue
            self.holds.discard(literal)
            for place in self.layout.routes.get(literal, ()):
                fact = self.layout.facts[literal]
                if self.core.retract_fact(self._handles[place], fact)[0]:
                    raise NetworkFault("a fact could not be retracted")
                self._asserted[place].remove(fact)
            for rule, conclusion in self._premises.get(literal, ()):
                if rule in self._fired:
                    self._fired.discard(rule)
                    supports = self._supports[conclusion]
                    supports.discard(rule)
                    if not supports:
                        todo.append(conclusion)


class LiveQuestion(DurablePrepared):
    """A question whose network lives as long as it does. For one thread at a time. Its translation is shared with ``prepared``."""

    def __init__(self, prepared: DurablePrepared) -> None:
        self.__dict__.update(prepared.__dict__)
        self._live: LiveNetwork | None = None

    def run(self, facts: Any, as_of: date) -> DurableRun:
        """What the rules conclude. Raises `NetworkFault` where durable-rules fails; the next run then starts with a new network."""
        live = self._live
        if live is None:
            live = LiveNetwork(self.network.layout)
            weakref.finalize(self, _dispose, live).atexit = False
        self._live, live.sound = None, False  # what fails is not used again
        stages = self.network.stages

        def tell(stage: int, values: tuple[Any, ...]) -> Sequence[Any]:
            told = [
                literals[0] if value is True else literals[1] if value is False else literals[2] if value is NULL else 0
                for literals, value in zip(stages[stage].atoms, values, strict=True)
            ]
            live.retell(stage, told if stage else [START, *told])
            return [reader(live.holds) for reader in stages[stage].readers]

        try:
            everything = self.network.function(facts, as_of, tell)
        except live.core.error as error:
            raise NetworkFault(f"durable-rules failed: {error}") from error
        verdicts = tuple(verdict_in(answer, live.holds) for answer in self.network.answers)
        self._live, live.sound = live, True
        return DurableRun(self.network.answers[0], everything, verdicts)


def _dispose(network: LiveNetwork) -> None:
    if network.sound:
        with contextlib.suppress(NetworkFault):
            network.clear()
            network.close()
