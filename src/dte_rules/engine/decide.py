"""From a question to a decision: picks the plan, runs an engine, and puts together what it concluded."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol

from dte_rules.engine import reference
from dte_rules.engine.compiled import Compiled, Variant, compile_plan, compile_variant, exported
from dte_rules.engine.decision import Alternative, Clause, Decision, PackRef
from dte_rules.engine.missing import Missing, missing_of, needs_of_run
from dte_rules.engine.plan import Plan, Readings, changes, era, plan
from dte_rules.engine.reference import Run
from dte_rules.feel.values import Unknown, bounds, is_known
from dte_rules.program.nodes import Citation, Program, Rule
from dte_rules.program.nodes import Decision as Question

EngineName = Literal["compiled", "reference", "durable"]
CACHE_LIMIT = 256
"""How many questions (decision, stretch of law, readings) are kept compiled; beyond that the oldest is dropped."""


@dataclass(frozen=True)
class Other:
    """Another reading of an interpretation, and the plan under it."""

    interpretation: str
    reading: str
    plan: Plan


class Prepared(Protocol):
    """A question made ready by an engine."""

    base: Plan
    others: tuple[Other, ...]

    def run(self, facts: Any, as_of: date) -> Run:
        """What the rules conclude."""

    def run_others(self, facts: Any, as_of: date, base: Run) -> list[Run | None]:
        """What they conclude under each other reading; None where that is the same."""


class ReferencePrepared:
    """A question for the reference interpreter: each reading is run from the start."""

    def __init__(self, program: Program, base: Plan, others: tuple[Other, ...]) -> None:
        self.program, self.base, self.others = program, base, others

    def run(self, facts: Any, as_of: date) -> Run:
        """What the rules conclude."""
        return reference.run(self.program, self.base, facts, as_of)

    def run_others(self, facts: Any, as_of: date, base: Run) -> list[Run | None]:
        """What they conclude under each other reading."""
        return [reference.run(self.program, other.plan, facts, as_of) for other in self.others]


class CompiledPrepared:
    """A question for the compiled engine: other readings share what they don't change."""

    def __init__(self, program: Program, base: Plan, others: tuple[Other, ...]) -> None:
        self.base, self.others = base, others
        self.compiled: Compiled = compile_plan(program, base)
        self.variants: tuple[Variant, ...] = tuple(compile_variant(program, self.compiled, other.plan) for other in others)

    def run(self, facts: Any, as_of: date) -> Run:
        """What the rules conclude."""
        verdict, values = self.compiled.function(facts, as_of)
        return CompiledRun(self.compiled.slots, values, verdict)

    def run_others(self, facts: Any, as_of: date, base: Run) -> list[Run | None]:
        """What they conclude under each other reading; None where that is the same."""
        assert isinstance(base, CompiledRun)
        runs: list[Run | None] = []
        for variant in self.variants:
            result = variant.function(facts, as_of, base.raw)
            runs.append(None if result is None else CompiledRun(variant.slots, result[1], result[0]))
        return runs


class CompiledRun(Run):
    """A run of the compiled engine; its values are exported when asked for."""

    def __init__(self, slots: tuple[str, ...], raw: tuple[Any, ...], verdict: Any) -> None:
        object.__setattr__(self, "raw", raw)
        object.__setattr__(self, "values", _Exported(slots, raw))
        object.__setattr__(self, "verdict", verdict)

    raw: tuple[Any, ...]


class _Exported(dict[str, Any]):
    """Slots to values, exported as they are read."""

    def __init__(self, slots: tuple[str, ...], raw: tuple[Any, ...]) -> None:
        super().__init__(zip(slots, raw, strict=True))

    def __getitem__(self, slot: str) -> Any:
        return exported(super().__getitem__(slot))

    def get(self, slot: str, default: Any = None) -> Any:
        return exported(super().__getitem__(slot)) if slot in self else default


Prepare = Callable[[Program, Plan, tuple[Other, ...]], Prepared]


class Decider:
    """Answers the questions of one program with one engine. Safe to share between threads; pickles without its cache."""

    def __init__(self, program: Program, engine: EngineName = "compiled") -> None:
        self.program, self.engine = program, engine
        self._days = changes(program)
        self._cache: dict[tuple[str, int, Readings], Prepared] = {}
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type[Decider], tuple[Program, EngineName]]:
        return Decider, (self.program, self.engine)

    def prepared(self, decision: str, as_of: date, readings: Readings) -> Prepared:
        """The question made ready; made once for each stretch of law and choice of readings."""
        key = (decision, era(self._days, as_of), readings)
        found = self._cache.get(key)
        if found is None:
            base = plan(self.program, decision, as_of, readings)
            found = self._prepare()(self.program, base, other_readings(self.program, base, as_of))
            with self._lock:
                while len(self._cache) >= CACHE_LIMIT:
                    del self._cache[next(iter(self._cache))]
                self._cache[key] = found
        return found

    def _prepare(self) -> Prepare:
        if self.engine == "durable":
            from dte_rules.engine import durable

            return durable.DurablePrepared
        return ReferencePrepared if self.engine == "reference" else CompiledPrepared

    def decide(self, decision: str, facts: Any, as_of: date, readings: Mapping[str, str]) -> Decision:
        """The decision for facts that are closed under their implications."""
        chosen = tuple(sorted((i, r) for i, r in readings.items() if r != self.program.interpretations[i].default))
        question = self.prepared(decision, as_of, chosen)
        run = question.run(facts, as_of)
        lacking = missing_of(self.program, question.base, facts, as_of) if run.verdict == "undetermined" else Missing()
        alternatives, flags = self._alternatives(question, facts, as_of, run)
        shown = run.verdict in ("met", "discretionary")
        wanted = question.base.decision
        return Decision.model_construct(
            region=self.program.name,
            decision=decision,
            as_of=as_of,
            verdict=run.verdict,
            amount=_known(run, wanted.amount) if shown else None,
            effect=_known(run, wanted.effect) if shown else None,
            dates={name: day for name, slot in wanted.dates if (day := _day(run, slot)) is not None},
            failed=tuple(_failed(wanted, run)),
            missing=lacking.names,
            missing_sets=lacking.sets,
            values={name: value for name, slot in wanted.values if (value := _known(run, slot)) is not None},
            flags=flags,
            alternatives=alternatives,
            citations=_citations(question.base, run),
            readings={i: dict(chosen).get(i, self.program.interpretations[i].default) for i in _rests_on(question)},
            pack=PackRef.model_construct(name=self.program.name, version=self.program.version, digest=self.program.digest),
        )

    def _alternatives(self, question: Prepared, facts: Any, as_of: date, run: Run) -> tuple[tuple[Alternative, ...], tuple[str, ...]]:
        base = _outcome(question.base.decision, run)
        found: list[Alternative] = []
        flags: dict[str, None] = {}
        for other, result in zip(question.others, question.run_others(facts, as_of, run), strict=True):
            if result is None:
                continue
            outcome = _outcome(other.plan.decision, result)
            if outcome == base:
                continue
            lacking: tuple[str, ...] = ()
            if result.verdict == "undetermined":
                lacking = needs_of_run(self.program, other.plan, facts, as_of)
            verdict, amount, effect = outcome
            found.append(
                Alternative.model_construct(
                    interpretation=other.interpretation,
                    reading=other.reading,
                    verdict=verdict,
                    amount=amount,
                    effect=effect,
                    missing=lacking,
                )
            )
            if not any(is_fact(self.program, name) for name in lacking):
                flags[other.interpretation] = None
        clarify = any(self.program.interpretations[i].clarify for i in flags)
        return tuple(found), (*flags, "needs_clarification") if clarify else tuple(flags)


def is_fact(program: Program, name: str) -> bool:
    """Whether the name of something missing is a fact's path."""
    return name.split(".")[0].split("[")[0] in program.facts


def other_readings(program: Program, base: Plan, as_of: date) -> tuple[Other, ...]:
    """The other readings that change a rule of the plan, one interpretation at a time."""
    chosen = dict(base.readings)
    found = []
    for interpretation in program.interpretations.values():
        current = chosen.get(interpretation.id, interpretation.default)
        for reading in interpretation.readings:
            if reading.id == current:
                continue
            rest = {**chosen, interpretation.id: reading.id}
            departures = tuple(sorted((i, r) for i, r in rest.items() if r != program.interpretations[i].default))
            changed = plan(program, base.decision.id, as_of, departures)
            if changed.rules != base.rules or changed.decision != base.decision:
                found.append(Other(interpretation.id, reading.id, changed))
    return tuple(found)


def _rests_on(question: Prepared) -> list[str]:
    return list(dict.fromkeys(other.interpretation for other in question.others))


def _outcome(decision: Question, run: Run) -> tuple[Any, Any, Any]:
    shown = run.verdict in ("met", "discretionary")
    return run.verdict, _known(run, decision.amount) if shown else None, _known(run, decision.effect) if shown else None


def _known(run: Run, slot: str | None) -> Any:
    value = None if slot is None else run.values.get(slot)
    return value if is_known(value) else None


def _day(run: Run, slot: str) -> date | None:
    """A date, or the earlier end of the days between which it lies."""
    value = run.values.get(slot)
    if isinstance(value, Unknown) and None in bounds(value):
        return None
    low, _ = bounds(value)
    return low if isinstance(low, date) else None


def _failed(decision: Question, run: Run) -> list[str]:
    """The ids of the conditions that fail, in the pack's order."""
    failing = [slot for slot in decision.requires if run.values.get(slot) is False]
    failing += [slot for slot in decision.excludes if run.values.get(slot) is True]
    failing += [slot for slot in decision.soft if run.values.get(slot) is False]
    return [slot.rpartition(".")[2] for slot in failing]


def _citations(base: Plan, run: Run) -> tuple[Clause, ...]:
    """The clauses that decided: of what fails, else of what is not known, else of all conditions and grants."""
    decision, values = base.decision, run.values
    match run.verdict:
        case "not_met":
            slots = [s for s in decision.requires if values.get(s) is False] + [s for s in decision.excludes if values.get(s) is True]
        case "undetermined":
            every = decision.requires + decision.excludes + decision.soft + decision.empowers + decision.grants
            slots = [s for s in every if not is_known(values.get(s))]
            slots += [s for s in decision.delegates if values.get(s) is not False]
        case _:
            slots = list(decision.requires + decision.excludes + decision.grants)
            slots += [s for s in decision.soft if values.get(s) is False] + [s for s in decision.empowers if values.get(s) is True]
    cites: dict[Citation, None] = {}
    for slot in slots:
        rule: Rule | None = base.by_slot.get(slot)
        for cite in rule.cites if rule else ():
            cites[cite] = None
    return tuple(Clause.model_construct(source=c.source, locator=c.locator) for c in cites)
