"""What became of the clauses of each document, in numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dte_rules.pack.model import Clause, Pack, Register
from dte_rules.program.nodes import Source


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many clauses a document has, and how many led to what; a clause may have led to several things.

    ``rules`` counts soft conditions too. ``total`` includes the clauses of a text that the register does not list.
    """

    total: int
    accounted: int
    rules: int
    parameters: int
    interpretations: int
    open_points: int
    targets: int
    delegated: int
    not_executable: int

    @property
    def share(self) -> float:
        """The part of the clauses that is accounted for, 0 to 1."""
        return self.accounted / self.total if self.total else 1.0


@dataclass(frozen=True)
class Account:
    """A document with its register. ``missing`` are the clauses of its text that the register does not list."""

    source: Source
    register: Register
    missing: tuple[str, ...] = ()

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses in the order of the register."""
        return tuple(self.register.clauses.values())

    @property
    def coverage(self) -> Coverage:
        """The figures."""
        clauses = self.clauses
        return Coverage(
            total=len(clauses) + len(self.missing),
            accounted=len(clauses),
            rules=sum(bool(clause.rules or clause.soft) for clause in clauses),
            parameters=sum(bool(clause.parameters) for clause in clauses),
            interpretations=sum(bool(clause.interpretations) for clause in clauses),
            open_points=sum(bool(clause.open_points) for clause in clauses),
            targets=sum(bool(clause.targets) for clause in clauses),
            delegated=sum(clause.delegated is not None for clause in clauses),
            not_executable=sum(clause.not_executable is not None for clause in clauses),
        )


def accounts(packs: Sequence[Pack], missing: Mapping[str, tuple[str, ...]] | None = None) -> tuple[Account, ...]:
    """The account of every registered document, each once: a pack's own before those that it inherits."""
    found: dict[str, Account] = {}
    for pack in packs:
        own_first = sorted(pack.clauses.values(), key=lambda register: register.pack != pack.name)
        for register in own_first:
            found.setdefault(register.source, Account(pack.sources[register.source], register, (missing or {}).get(register.source, ())))
    return tuple(found.values())
