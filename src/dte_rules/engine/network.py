"""A fenced driver of durable-rules: a Rete network over *literals*, which are small numbers that hold or don't.

A rule says that a literal holds where all of some others do. That is all that is asked of durable-rules (DESIGN, "durable-rules
2.0.28", lists what goes wrong with more): each condition is an equality with a small number, each rule a join of at most
`WIDEST` of them, each fact one number under that number as its id. The C core is driven directly: there is no host, hence no
timer, no action of ours inside it, and no error that it could swallow.

The one thing shared by the whole process is a counter that keeps the rulesets' names apart, because the core's are global.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dte_rules.engine.diagnostics import DurableLimit, DurableMissing, DurableNotInstalled, NetworkTooLarge

NEVER: Final = 0
"""The literal that never holds."""
ALWAYS: Final = -1
"""The literal that always holds."""
START: Final = 1
"""The literal told first in every run, for rules without premises."""

WIDEST: Final = 8
"""How many premises a rule may have."""
CHUNK_RULES: Final = 60
"""How many rules a ruleset may have: past 64 branches on one fact the core's state is corrupt."""
CHUNK_PREMISES: Final = 240
"""How many conditions a ruleset may have: it crashes past 255 equal ones, and never ends past 511 on one property."""
MOST_RULES: Final = 4_000
MOST_PREMISES: Final = 12_000
"""How large a network may be; a premise takes about 16 KB in each thread."""
SESSION: Final = "1"
FIRST: Final = "first"
"""The rule in each ruleset that has fired before anything else: the core crashes on deleting a session in which none has."""

_names = itertools.count()


class NetworkFault(RuntimeError):
    """The C core failed. The network is abandoned; the next question builds a new one."""


@dataclass(frozen=True, slots=True)
class NetworkRule:
    """``conclusion`` holds where all of ``premises`` do. ``about`` says what that means, for people."""

    name: str
    conclusion: int
    premises: tuple[int, ...]
    about: str = ""


@dataclass(frozen=True)
class Layout:
    """Rules cut into rulesets, as text for the core. It is made once and shared by the networks of all threads.

    ``routes`` tells which rulesets have a condition on a literal, ``facts`` what the fact of a literal is.
    """

    rules: tuple[NetworkRule, ...]
    rulesets: tuple[str, ...] = field(repr=False)
    routes: dict[int, tuple[int, ...]] = field(repr=False)
    facts: dict[int, str] = field(repr=False)
    conclusions: dict[str, int] = field(repr=False)


def require_core() -> Any:
    """The C core. Raises `DurableMissing`, an ImportError, where it isn't installed."""
    try:
        import durable_rules_engine
    except ImportError as error:
        raise DurableMissing([DurableNotInstalled(reason=str(error))]) from error
    return durable_rules_engine


def lay_out(rules: Sequence[NetworkRule], decision: str = "") -> Layout:
    """Cuts rules into rulesets, in their order. Raises `DurableLimit` where there are too many."""
    premises = sum(len(rule.premises) for rule in rules)
    if len(rules) > MOST_RULES:
        raise DurableLimit([NetworkTooLarge(decision=decision, count=len(rules), limit=MOST_RULES, what="rules", what_zh="规则")])
    if premises > MOST_PREMISES:
        raise DurableLimit([NetworkTooLarge(decision=decision, count=premises, limit=MOST_PREMISES, what="conditions", what_zh="条件")])
    chunks: list[list[NetworkRule]] = []
    room = 0
    for rule in rules:
        if not 1 <= len(set(rule.premises)) == len(rule.premises) <= WIDEST or min(rule.premises) < START:
            raise ValueError(f"a rule has 1 to {WIDEST} different premises, not {rule.premises}")
        if room < len(rule.premises) or len(chunks[-1]) == CHUNK_RULES:
            chunks.append([])
            room = CHUNK_PREMISES
        chunks[-1].append(rule)
        room -= len(rule.premises)
    routes: dict[int, dict[int, None]] = {}
    for place, chunk in enumerate(chunks):
        for rule in chunk:
            for premise in rule.premises:
                routes.setdefault(premise, {})[place] = None
    return Layout(
        rules=tuple(rules),
        rulesets=tuple(map(_definition, chunks)),
        routes={literal: tuple(places) for literal, places in routes.items()},
        facts={literal: _fact(literal) for literal in routes},
        conclusions={rule.name: rule.conclusion for rule in rules},
    )


def _definition(rules: Iterable[NetworkRule]) -> str:
    first = {FIRST: {"all": [{"m": {"$and": [{"first": 1}]}}]}}
    joins = {rule.name: {"all": [{f"m{i}": {"$and": [{"n": p}]}} for i, p in enumerate(rule.premises)]} for rule in rules}
    return json.dumps(first | joins)


def _fact(literal: int) -> str:
    return f'{{"id":{literal},"sid":"{SESSION}","n":{literal}}}'


FIRST_FACT: Final = f'{{"id":0,"sid":"{SESSION}","first":1}}'


class Network:
    """The rulesets of a layout in the C core: for one thread, and for one run at a time.

    ``holds`` are the literals that hold: those told, and all that follows from them. After an exception, whatever it is (a
    KeyboardInterrupt too), the network must not be used or closed again: the core's state may be corrupt.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.holds: set[int] = {ALWAYS}
        self.core = require_core()
        self._handles: list[int] = []
        self._waiting: list[list[str]] = [[] for _ in layout.rulesets]
        self._asserted: list[list[str]] = [[] for _ in layout.rulesets]
        for definition in layout.rulesets:
            handle = self.core.create_ruleset(f"dte{next(_names)}", definition)
            self._handles.append(handle)
            self._fire(handle, self._assert(handle, FIRST_FACT))

    def tell(self, literals: Iterable[int]) -> None:
        """Lets literals hold, and draws all conclusions."""
        self._add(literals)
        pending = True
        while pending:
            pending = False
            for place, handle in enumerate(self._handles):
                while self._waiting[place]:  # the rules stand in order: most conclusions are for this ruleset or a later one
                    facts, self._waiting[place] = self._waiting[place], []
                    self._asserted[place] += facts
                    offset = 0
                    for fact in facts:
                        offset = self._assert(handle, fact)
                    names = self._fire(handle, offset)
                    self._add(self.layout.conclusions[name] for name in names)
                    pending = True

    def clear(self) -> None:
        """Takes everything back."""
        retract = self.core.retract_fact
        for place, handle in enumerate(self._handles):
            for fact in self._asserted[place]:
                if retract(handle, fact)[0]:
                    raise NetworkFault("a fact could not be retracted")
            self._asserted[place].clear()
        self.holds.clear()
        self.holds.add(ALWAYS)

    def close(self) -> None:
        """Deletes the rulesets; only for a network that has been cleared, or has never been told anything."""
        handles, self._handles = self._handles, []
        for handle in handles:
            self.core.delete_state(handle, SESSION)
            self.core.delete_ruleset(handle)

    def _add(self, literals: Iterable[int]) -> None:
        holds, routes, facts = self.holds, self.layout.routes, self.layout.facts
        for literal in literals:
            if literal > 0 and literal not in holds:
                holds.add(literal)
                for place in routes.get(literal, ()):
                    self._waiting[place].append(facts[literal])

    def _assert(self, handle: int, fact: str) -> int:
        """Asserts a fact and gives the session's offset. Any code but 0 is an error: no fact is sent where no rule wants it."""
        code, offset = self.core.assert_fact(handle, fact)
        if code:
            raise NetworkFault(f"a fact was refused with code {code}")
        return int(offset)

    def _fire(self, handle: int, offset: int) -> set[str]:
        """The rules that fire; the core is let run until none does."""
        names: set[str] = set()
        started = self.core.start_action_for_state(handle, offset)
        message = started[1] if started else None
        while message:
            names.add(message[2 : message.index('"', 2)])
            message = self.core.complete_and_start_action(handle, offset)
        return names
