"""Kleene's logic as rules of a network: for each condition a literal for its truth, its falsity, and its being null.

What is unknown is what doesn't hold; so no rule needs a negation, and more knowledge only adds conclusions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from dte_rules.engine.network import ALWAYS, NEVER, START, WIDEST, NetworkRule
from dte_rules.engine.runtime import NULL as NULL_VALUE

GROUP = 4
"""How many literals are joined first where there are too many for one rule: readings of a clause then share most joins."""


class Truth(NamedTuple):
    """The literals of a condition: it is true, it is false, it is null."""

    true: int
    false: int
    null: int = NEVER

    def opposite(self) -> Truth:
        """The truth of the condition's negation: the same literals, exchanged."""
        return Truth(self.false, self.true, self.null)


UNKNOWN = Truth(NEVER, NEVER)
TRUE = Truth(ALWAYS, NEVER)
FALSE = Truth(NEVER, ALWAYS)
NULL = Truth(NEVER, NEVER, ALWAYS)


@dataclass(frozen=True)
class ReadTruth:
    """Reads a condition: True, False, NULL, or None where it isn't known."""

    truth: Truth

    def __call__(self, holds: Set[int]) -> Any:
        """What holds of the condition."""
        true, false, null = self.truth
        return True if true in holds else False if false in holds else NULL_VALUE if null in holds else None

    @property
    def read(self) -> tuple[int, ...]:
        """The literals that it looks at."""
        return self.truth


class RuleBase:
    """Collects the rules of a network; equal combinations are one literal."""

    def __init__(self) -> None:
        self._last = START
        self._drafts: list[tuple[int, tuple[int, ...], str]] = []
        self._known: dict[tuple[object, ...], int] = {}

    def literal(self) -> int:
        """A new literal."""
        self._last += 1
        return self._last

    # --- conjunction and disjunction of literals ---

    def all_of(self, literals: Iterable[int], about: str) -> int:
        """The literal that holds where all of these do."""
        parts = [x for x in dict.fromkeys(literals) if x != ALWAYS]
        if NEVER in parts:
            return NEVER
        while len(parts) > WIDEST:
            parts = list(dict.fromkeys(self.all_of(parts[i : i + GROUP], about) for i in range(0, len(parts), GROUP)))
        if len(parts) < 2:
            return parts[0] if parts else ALWAYS
        return self._concluded(("all", frozenset(parts)), (tuple(parts),), about)

    def any_of(self, literals: Iterable[int], about: str) -> int:
        """The literal that holds where any of these does."""
        parts = [x for x in dict.fromkeys(literals) if x != NEVER]
        if ALWAYS in parts:
            return ALWAYS
        parts = self._grouped(parts, about)
        if len(parts) < 2:
            return parts[0] if parts else NEVER
        return self._concluded(("any", frozenset(parts)), tuple((x,) for x in parts), about)

    def concluded(self, about: str, ways: Iterable[Sequence[int]]) -> int:
        """A literal of its own, which holds where all literals of any of these ways do."""
        bodies: dict[tuple[int, ...], None] = {}
        for way in ways:
            parts = [x for x in dict.fromkeys(way) if x != ALWAYS]
            if NEVER not in parts:
                bodies[tuple(parts if len(parts) <= WIDEST else [self.all_of(parts, about)]) or (START,)] = None
        return self._concluded((about, frozenset(bodies)), tuple(bodies), about) if bodies else NEVER

    def concluded_from_any(self, about: str, literals: Iterable[int]) -> int:
        """A literal of its own, which holds where any of these does."""
        parts = self._grouped([x for x in dict.fromkeys(literals) if x != NEVER], about)
        return self.concluded(about, [(x,) for x in parts])

    def _grouped(self, parts: list[int], about: str) -> list[int]:
        while len(parts) > WIDEST:
            parts = list(dict.fromkeys(self.any_of(parts[i : i + GROUP], about) for i in range(0, len(parts), GROUP)))
        return parts

    def _concluded(self, key: tuple[object, ...], bodies: Iterable[tuple[int, ...]], about: str) -> int:
        if key not in self._known:
            self._known[key] = literal = self.literal()
            self._drafts += [(literal, body, about) for body in bodies]
        return self._known[key]

    # --- Kleene's connectives ---

    def conjunction(self, parts: Sequence[Truth], about: str) -> Truth:
        """And: null where nothing is false or unknown, but something is null."""
        return self._conjunction(parts, f"{about} is true", f"{about} is false", f"{about} is null")

    def disjunction(self, parts: Sequence[Truth], about: str) -> Truth:
        """Or: false where every part is, which is to say that the opposite of every part is true."""
        opposites = [p.opposite() for p in parts]
        return self._conjunction(opposites, f"{about} is false", f"{about} is true", f"{about} is null").opposite()

    def _conjunction(self, parts: Sequence[Truth], true: str, false: str, null: str) -> Truth:
        if len(parts) == 1:
            return parts[0]
        ways = []
        if any(p.null != NEVER for p in parts):
            settled = [self.any_of((p.true, p.null), f"a part allows that {null}") for p in parts]
            ways = [self.all_of((p.null, *settled[:i], *settled[i + 1 :]), null) for i, p in enumerate(parts)]
        return Truth(self.all_of((p.true for p in parts), true), self.any_of((p.false for p in parts), false), self.any_of(ways, null))

    def choice(self, test: Truth, then: Truth, otherwise: Truth, about: str) -> Truth:
        """If: where the test is unknown, what both branches agree on; a test that is null chooses the second."""

        def outcome(a: int, b: int, what: str) -> int:
            ways = [(test.true, a), (test.false, b), (test.null, b), (a, b)]
            return self.any_of((self.all_of(way, f"{about} is {what}") for way in ways), f"{about} is {what}")

        return Truth(
            outcome(then.true, otherwise.true, "true"),
            outcome(then.false, otherwise.false, "false"),
            outcome(then.null, otherwise.null, "null"),
        )

    # --- the rules ---

    def rules(self, read: Iterable[int]) -> tuple[NetworkRule, ...]:
        """The rules on which the literals that are read rest, each after those on which it rests itself."""
        wanted = set(read)
        kept = []
        for literal, body, about in reversed(self._drafts):
            if literal in wanted:
                wanted.update(body)
                kept.append((literal, body, about))
        return tuple(NetworkRule(f"r{n}", literal, body, about) for n, (literal, body, about) in enumerate(reversed(kept)))
