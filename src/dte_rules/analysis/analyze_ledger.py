"""What has been asked of each rule and row in one plan after another: it is a finding only if it holds in all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from dte_rules.analysis.analyze_findings import Shown, Stretch
from dte_rules.program.nodes import Row, Rule

Question = Literal["true", "false", "decides", "row"]
"""Whether a condition can be true, be false, decide anything; whether a row can be hit."""


@dataclass(frozen=True)
class Proof:
    """Nobody is so in one plan.

    ``others`` are the slots or rows by which that is explained; ``matches`` says that a row's tests can hold, ``stopped`` that everybody
    is refused, whatever this condition says.
    """

    decision: str
    stretch: Stretch
    others: tuple[str, ...] = ()
    matches: bool = False
    stopped: bool = False
    witness: Shown | None = None


@dataclass
class Entry:
    """One question of one rule or row."""

    question: Question
    rule: Rule
    row: Row | None = None
    number: int = 0
    answered: bool = False
    unsure: bool = False
    proofs: list[Proof] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether it is proved of every plan that was asked about."""
        return not self.answered and not self.unsure and bool(self.proofs)


class Ledger:
    """The questions by rule, in the order in which they came up."""

    def __init__(self) -> None:
        self._entries: dict[Any, Entry] = {}
        self.met: set[Any] = set()
        """The keys of the rules that stood in a plan."""

    def entry(self, question: Question, key: Any, rule: Rule, row: Row | None = None, number: int = 0) -> Entry | None:
        """The entry of a question; None where it is answered already."""
        self.met.add(key)
        found = self._entries.setdefault((question, key, number), Entry(question, rule, row, number))
        return None if found.answered else found

    def note(self, entry: Entry, found: bool | None, proof: Proof) -> None:
        """Writes down whether there is anybody."""
        if found:
            entry.answered = True
        elif found is None:
            entry.unsure = True
        else:
            entry.proofs.append(proof)

    def proofs(self, question: Question, key: Any) -> Sequence[Proof]:
        """The plans in which nobody is so, of a rule."""
        entry = self._entries.get((question, key, 0))
        return entry.proofs if entry is not None else ()

    def pending(self, *questions: Question) -> set[Any]:
        """The keys of rules of which a question isn't answered so far."""
        return {key for (question, key, _), entry in self._entries.items() if question in questions and not entry.answered}

    def proved(self, *questions: Question) -> Iterator[Entry]:
        """The entries of which nobody is so in any plan."""
        return (entry for entry in self._entries.values() if entry.question in questions and entry.holds)

    def count(self, *questions: Question) -> int:
        """How many things were asked about."""
        return len({(key, number) for (question, key, number) in self._entries if question in questions})
