"""Cases that would notice the faults that survived: few, each serving for as many faults as it can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dte_rules.analysis.generate_cases import case_of
from dte_rules.analysis.mutation import Mutation
from dte_rules.analysis.mutation_cases import Bench
from dte_rules.analysis.questions import checked
from dte_rules.cases import Case
from dte_rules.program.nodes import Program
from dte_rules.source.diagnostic import Lang
from dte_rules.vocabulary import Vocabulary


@dataclass(frozen=True)
class Killers:
    """The cases by the numbers of the mutants for which they were found, and for each survivor the case that notices it."""

    cases: Mapping[int, Case]
    noticed_by: Mapping[int, str]

    @property
    def all(self) -> Sequence[Case]:
        """The cases, in the order of the program."""
        return tuple(self.cases.values())


def killers(mutation: Mutation, program: Program, vocabulary: Vocabulary, lang: Lang) -> Killers:
    """Cases for the survivors, each with what the program as it stands decides. A survivor that an earlier case notices gets none."""
    cases: dict[int, Case] = {}
    benches: list[tuple[str, str, Bench]] = []
    noticed: dict[int, str] = {}
    for result in mutation.of("survived"):
        mutant, witness = result.mutant, result.witness
        earlier = next((id_ for id_, decision, bench in benches if bench.killer(mutant, [decision]) is not None), None)
        if earlier is not None:
            noticed[mutant.number] = earlier
        elif witness is not None:
            id_ = f"{program.name}-mutant-{mutant.number}"
            case = case_of(program, vocabulary, witness.decision, witness.state, id_, mutant.words(lang))
            ready = checked(case, program, vocabulary)
            cases[mutant.number], noticed[mutant.number] = case, id_
            if ready is not None:
                benches.append((id_, witness.decision, Bench(program, [ready])))
    return Killers(cases, noticed)
