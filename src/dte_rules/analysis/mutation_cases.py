"""Whether cases notice a fault: each is decided by the program with the fault and compared with what it expects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from dte_rules.analysis.generate_runner import shown
from dte_rules.analysis.mutation_mutants import Mutant
from dte_rules.analysis.mutation_plans import FaultyPlans, Plans
from dte_rules.cases import Expect, compare
from dte_rules.engine.compiled import Compiled, compile_plan
from dte_rules.engine.decide import CompiledPrepared, CompiledRun
from dte_rules.engine.decision import Decision
from dte_rules.engine.face import Face, outcome
from dte_rules.engine.missing import needs_of_run
from dte_rules.engine.plan import Readings
from dte_rules.program.nodes import Program

BEYOND = ("missing", "missing_sets", "flags", "alternatives", "citations", "readings")
"""Fields of an expectation that rest on more than what the rules conclude."""


@dataclass(frozen=True)
class Checked:
    """A case made ready: its facts as an engine reads them."""

    id: str
    decision: str
    as_of: date
    readings: Readings
    facts: Any
    expect: Expect

    @property
    def deep(self) -> bool:
        """Whether it expects something of what is missing, or of other readings."""
        return bool(self.expect.exactly) or any(name in self.expect.fields for name in BEYOND)


class Bench:
    """Runs mutants against cases."""

    def __init__(self, program: Program, cases: Iterable[Checked]) -> None:
        self.program = program
        self.plans = Plans(program)
        self.cases: list[Checked] = []
        self.failing: list[str] = []
        self._kills: dict[int, int] = {}
        self._deep: dict[int, tuple[Any, ...]] = {}
        self._questions = _Questions(self.plans)
        for case in cases:
            if self._differs(self._questions, case):
                self.failing.append(case.id)
            elif case.expect.fields or case.expect.exactly:
                self.cases.append(case)
        keys = {id(case): self.plans.key(case.decision, case.as_of, case.readings) for case in self.cases}
        asked = Counter(keys.values())
        self.cases.sort(key=lambda case: -asked[keys[id(case)]])  # those that share a plan stand together
        self._shown = {id(case): self._questions.shown(case) for case in self.cases}

    def killer(self, mutant: Mutant, affected: Sequence[str]) -> str | None:
        """The id of a case that notices the fault; None where none does. Only the decisions affected are asked."""
        questions = _Questions(FaultyPlans(self.plans, mutant))
        cases = [case for case in self.cases if case.decision in affected]
        cases.sort(key=lambda case: -self._kills.get(id(case), 0))
        deep, weak = [], []
        for case in cases:
            now = None if questions.same(case, self.plans) else questions.shown(case)
            if now is None or now == self._shown[id(case)]:
                deep += [case] if case.deep else []
            elif _notices(case, now):
                return self._killed(case)
            elif case.deep:
                weak.append(case)
        for case in [*weak, *deep]:
            unchanged = questions.untouched(case, self.plans) or questions.behind(case) == self._behind_original(case)
            if not unchanged and self._differs(questions, case):
                return self._killed(case)
        return None

    def _differs(self, questions: _Questions, case: Checked) -> bool:
        return bool(compare(case.expect, questions.decision(case)))

    def _behind_original(self, case: Checked) -> tuple[Any, ...]:
        if id(case) not in self._deep:
            self._deep[id(case)] = self._questions.behind(case)
        return self._deep[id(case)]

    def _killed(self, case: Checked) -> str:
        self._kills[id(case)] = self._kills.get(id(case), 0) + 1
        return case.id


class _Questions:
    """The questions of cases to one program, each made ready once, and no further than it is needed."""

    def __init__(self, plans: Plans) -> None:
        self.plans = plans
        self._compiled: dict[Any, Compiled] = {}
        self._faces: dict[Any, Face] = {}

    def same(self, case: Checked, original: Plans) -> bool:
        """Whether the question comes to the same rules as in the original."""
        return self.plans.plan(*_asked(case)) is original.plan(*_asked(case))

    def untouched(self, case: Checked, original: Plans) -> bool:
        """Whether the question and all other readings of it do."""
        return self.same(case, original) and self.plans.others(*_asked(case)) is original.others(*_asked(case))

    def shown(self, case: Checked) -> tuple[Any, ...]:
        """What a decision would show of what the rules conclude."""
        key = self.plans.key(*_asked(case))
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = compile_plan(self.plans.program, self.plans.plan(*_asked(case)))
        verdict, values = compiled.function(case.facts, case.as_of)
        return shown(compiled.plan, CompiledRun(compiled.slots, values, verdict, compiled.places))

    def decision(self, case: Checked) -> Decision:
        """The whole of a decision."""
        return self._face(case).decision(case.facts, case.as_of)

    def _face(self, case: Checked) -> Face:
        key = self.plans.key(*_asked(case))
        if key not in self._faces:
            program, asked = self.plans.program, _asked(case)
            self._faces[key] = Face(program, CompiledPrepared(program, self.plans.plan(*asked), self.plans.others(*asked)))
        return self._faces[key]

    def behind(self, case: Checked) -> tuple[Any, ...]:
        """What other readings come to, and what is missing: cheaper than the whole of a decision, and enough to see a change."""
        question, program = self._face(case).question, self.plans.program
        run = question.run(case.facts, case.as_of)
        found: list[Any] = [shown(question.base, run)]
        if run.verdict == "undetermined":
            found.append(needs_of_run(program, question.base, case.facts, case.as_of, run))
        base = outcome(question.base.decision, run)
        for other, result in zip(question.others, question.run_others(case.facts, case.as_of, run), strict=True):
            if result is not None and (reached := outcome(other.plan.decision, result)) != base:
                open_end = result.verdict == "undetermined"
                needs = needs_of_run(program, other.plan, case.facts, case.as_of, result) if open_end else ()
                found.append((other.interpretation, other.reading, reached, needs))
        return tuple(found)


def _asked(case: Checked) -> tuple[str, date, Readings]:
    return case.decision, case.as_of, case.readings


def _notices(case: Checked, now: tuple[Any, ...]) -> bool:
    """Whether what the rules conclude is already not what the case expects."""
    verdict, amount, effect, failed, dates, values = now
    light: Any = SimpleNamespace(
        verdict=verdict,
        amount=amount,
        effect=effect,
        failed=[slot.rpartition(".")[2] for slot in failed],
        dates={name: day for name, day in dates if day is not None},
        values={name: value for name, value in values if value is not None},
    )
    fields = {name: value for name, value in case.expect.fields.items() if name not in BEYOND}
    return bool(compare(Expect(fields, case.expect.exactly & {"failed"}), light))
