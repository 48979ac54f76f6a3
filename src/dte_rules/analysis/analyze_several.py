"""Several packs analysed, in more than one process where there is enough to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from dte_rules.analysis.analyze import analyze
from dte_rules.analysis.analyze_findings import Analysis, Options
from dte_rules.analysis.pool import done
from dte_rules.analysis.witness import Policy
from dte_rules.workers import cores

ENOUGH = 1000
"""So much has to be left beside the largest pack (its rules by its readings, as far as it is asked about) for a process to be worth its
start: a pack of a region has some thousand."""
PROCESSES = 4

Told = Callable[[str, int, int], None]
"""Hears, of a pack by its name, how many steps of how many are done."""


@dataclass(frozen=True)
class Work:
    """What a process needs: the packs, the decisions asked about (all, where none is named), and how to analyse."""

    policies: tuple[Policy, ...]
    decisions: tuple[str, ...] = ()
    options: Options = field(default_factory=Options)


def analyze_several(work: Work, told: Told | None = None, *, processes: int | None = None) -> tuple[Analysis, ...]:
    """The packs analysed, in their order; what is found is the same with any number of processes, by default the machine's.

    Raises:
        EncodingDisagrees: where the engine decides a witness otherwise than the solver.
    """
    sizes = [_size(policy, work.decisions) for policy in work.policies]
    count = min(cores(PROCESSES) if processes is None else processes, len(sizes))
    if count < 2 or sum(sizes) - max(sizes) < ENOUGH:
        return tuple(_one(work, policy, told) for policy in work.policies)
    order = sorted(range(len(sizes)), key=lambda place: -sizes[place])
    found: dict[int, Analysis] = {}
    if told is not None:
        told("", 0, len(order))
    with closing(done(order, _begin, work, processes=count)) as results:
        for place, analysis in results:
            found[order[place]] = analysis
            if told is not None:
                told("", len(found), len(order))
    return tuple(found[place] for place in range(len(sizes)))


def _one(work: Work, policy: Policy, told: Told | None) -> Analysis:
    name = policy.program.name
    return analyze(policy, work.decisions, work.options, told and (lambda done, total: told(name, done, total)))


def _begin(work: Work) -> Callable[[int], Analysis]:
    return lambda place: analyze(work.policies[place], work.decisions, work.options)


def _size(policy: Policy, decisions: Sequence[str]) -> int:
    program = policy.program
    size = len(program.rules) * sum(len(interpretation.readings) for interpretation in program.interpretations.values())
    return size * len(decisions or program.decisions) // max(len(program.decisions), 1)
