"""Cases of files as coverage and mutation take them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dte_rules.analysis.coverage import Asked
from dte_rules.analysis.mutation_cases import Checked
from dte_rules.cases import Case, facts_of
from dte_rules.engine.plan import Readings
from dte_rules.program.nodes import Program
from dte_rules.vocabulary import Vocabulary


def asked(case: Case, program: Program, vocabulary: Vocabulary) -> Asked:
    """The case as coverage traces it, with the other readings of which it expects something."""
    also: list[Readings] = []
    expected: Any = case.expect.fields.get("alternatives") if case.expect is not None else None
    for alternative in expected or ():
        name, reading = alternative.get("interpretation"), alternative.get("reading")
        if name in program.interpretations and any(r.id == reading for r in program.interpretations[name].readings):
            also.append(departures(program, {**case.readings, name: reading}))
    facts = vocabulary.closed(facts_of(case, vocabulary.model, vocabulary))
    return Asked(case.id, case.decision, facts, case.as_of, departures(program, case.readings), tuple(dict.fromkeys(also)))


def checked(case: Case, program: Program, vocabulary: Vocabulary) -> Checked | None:
    """The case as mutation decides it; None for one that expects nothing."""
    if case.expect is None:
        return None
    facts = vocabulary.closed(facts_of(case, vocabulary.model, vocabulary))
    return Checked(case.id, case.decision, case.as_of, departures(program, case.readings), facts, case.expect)


def departures(program: Program, readings: Mapping[str, str]) -> Readings:
    """A choice of readings without those that are the defaults."""
    return tuple(sorted((i, r) for i, r in readings.items() if r != program.interpretations[i].default))
