"""Makes justifications: a question's rules are prepared once, then each case leaves its trace.

The compiled engine decides; the trace goes through the same plan and tells how. Nothing of it is made unless it is asked for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from dte_rules.engine import reference
from dte_rules.engine.decide import CACHE_LIMIT, Decider
from dte_rules.engine.decision import Clause
from dte_rules.engine.face import Face
from dte_rules.engine.justification import (
    WITHHELD,
    Conclusion,
    Explained,
    Frame,
    Justification,
    ParameterUsed,
    Part,
    ReadingChosen,
    RuleForm,
    SourceUsed,
    TableTrace,
)
from dte_rules.engine.justify_rows import Rows
from dte_rules.engine.justify_trace import Tracers
from dte_rules.engine.justify_values import PLAIN, Reader, shown
from dte_rules.engine.plan import Plan, Readings, expressions, reads, stands
from dte_rules.engine.reference import Run
from dte_rules.feel import core
from dte_rules.feel.evaluate import Environment, evaluate
from dte_rules.feel.operators import conjunction, disjunction, negation
from dte_rules.feel.types import STRING, Enum, ListOf
from dte_rules.feel.unparse import unparse
from dte_rules.feel.values import Unknown
from dte_rules.program.nodes import Citation, Decision, Formula, Group, Program, Rule, Table

Conclude = Callable[[Reader], Conclusion]


class Explainer:
    """Explains the decisions of one decider. ``withheld`` are paths of facts whose values are never shown."""

    def __init__(self, decider: Decider, withheld: frozenset[str] = frozenset()) -> None:
        self.decider, self.withheld = decider, withheld
        self._cache: dict[int, tuple[Face, Traced]] = {}
        self._lock = threading.Lock()

    def explain(self, decision: str, facts: Any, as_of: date, readings: Mapping[str, str]) -> Explained:
        """The decision for facts that are closed under their implications, and its justification."""
        program = self.decider.program
        chosen: Readings = tuple(sorted((i, r) for i, r in readings.items() if r != program.interpretations[i].default))
        face = self.decider.prepared(decision, as_of, chosen)
        decided = face.decision(facts, as_of)
        traced = self._traced(face, as_of, decided.readings)
        run = face.question.run(facts, as_of)
        return Explained(decided, traced.justification(facts, as_of, run))

    def _traced(self, face: Face, as_of: date, readings: Mapping[str, str]) -> Traced:
        found = self._cache.get(id(face))
        if found is not None and found[0] is face:
            return found[1]
        made = Traced(self.decider.program, face.question.base, as_of, readings, self.withheld)
        with self._lock:
            while len(self._cache) >= CACHE_LIMIT:
                del self._cache[next(iter(self._cache))]
            self._cache[id(face)] = (face, made)
        return made


class Traced:
    """A plan whose rules tell what they do."""

    def __init__(
        self, program: Program, plan: Plan, as_of: date, readings: Mapping[str, str], withheld: frozenset[str] = frozenset()
    ) -> None:
        self.program, self.plan, self.withheld = program, plan, withheld
        chosen = {i.id: i.default for i in program.interpretations.values()} | dict(plan.readings)
        active = [r for r in program.rules if r.kind == "parameter" and as_of in r.period and stands(r.under, chosen)]
        self._parameters = {r.slot: r for r in active}
        names = {id(r.body.expr): r.slot for r in active if isinstance(r.body, Formula)}
        slots = {slot: rule.slot for rule in plan.rules for slot in rule.slots}
        self._parts = _parts_of(plan.decision)
        self._tracers = Tracers(program.facts, program.calendar, slots, names, withheld)
        self._concluding: list[Conclude] = []
        used: dict[str, None] = {}
        for rule in plan.rules:
            found = dict.fromkeys(names[id(node)] for e in expressions(rule) for node in core.walk(e) if id(node) in names)
            used.update(found)
            self._concluding.append(self._conclude(rule, tuple(found)))
            if any(_is_text(node) for node in [rule.type]) and any(map(self._tracers.hides, expressions(rule))):
                self._tracers.tainted.update(rule.slots)
        self.frame = self._frame(used, readings)

    def justification(self, facts: Any, as_of: date, run: Run) -> Justification:
        """What made the decision that this run came to."""
        reader = Reader(facts, as_of, run.values, self.withheld)
        conclusions = tuple([conclude(reader) for conclude in self._concluding])
        return Justification(self.program.name, self.plan.decision.id, as_of, run.verdict, self.frame, conclusions, reader.noted())

    # --- rules ---

    def _conclude(self, rule: Rule, parameters: tuple[str, ...]) -> Conclude:
        form = self._form(rule, parameters)
        match rule.body:
            case Formula(expr):
                return self._formula(rule, form, expr)
            case Group(kind, members):
                return _group(form, kind, members)
            case Table() as table:
                return self._table(rule, form, table)

    def _form(self, rule: Rule, parameters: tuple[str, ...]) -> RuleForm:
        body = rule.body
        known = self._tracers.slots
        return RuleForm(
            rule.slot,
            "condition" if rule.kind == "parameter" else rule.kind,
            rule.title,
            self._parts.get(rule.slot),
            body.kind if isinstance(body, Group) else None,
            body.members if isinstance(body, Group) else (),
            unparse(body.expr) if isinstance(body, Formula) else "",
            clauses(rule.cites),
            rule.period,
            rule.under,
            rule.pack,
            tuple(dict.fromkeys(known[name] for name in reads(rule) if name in known)),
            parameters,
            rule.span,
        )

    def _formula(self, rule: Rule, form: RuleForm, expr: core.Expr) -> Conclude:
        slot, trace = rule.slot, self._tracers.step(expr)
        asked = rule.kind == "condition"
        known = None if asked else self._tracers.known(expr)
        hidden = self._tracers.hides(expr) and _is_text(rule.type)

        def conclude(c: Reader) -> Conclusion:
            out: list[Any] = []
            decided = c.run.get(slot)
            if known is not None and decided is not None and type(decided) in PLAIN:
                value = known(c, {"=": decided}, out)
            else:
                value = trace(c, {}, out)
            if asked and value is None:
                value = Unknown([form.id.rpartition(".")[2]])
            c.values[slot] = value
            return Conclusion(form, ((slot, WITHHELD if hidden else value if type(value) in PLAIN else shown(value)),), out[0])

        return conclude

    def _table(self, rule: Rule, form: RuleForm, table: Table) -> Conclude:
        rows = Rows(table, self._tracers)
        inputs = [(unparse(expr), self._tracers.trace(expr), self._tracers.hides(expr)) for expr in table.inputs]
        calendar, slot = self.program.calendar, rule.slot

        def conclude(c: Reader) -> Conclusion:
            out: list[Any] = []
            given = [trace(c, {}, out) for _, trace, _ in inputs]
            values = [c.run.get(output) for output in table.outputs]
            if not all(type(value) in PLAIN for value in values):
                values = reference.look_up(table, slot, Environment(lambda name: self._look_up(c, name), calendar))
            c.values.update(zip(table.outputs, values, strict=True))
            hit, possible, near, otherwise = rows.looked_at(c, given, values)
            asked = tuple([(text, WITHHELD if hidden else shown(value)) for (text, _, hidden), value in zip(inputs, given, strict=True)])
            trace = TableTrace(asked, hit, possible, near, len(table.rows), otherwise)
            return Conclusion(form, tuple([(o, shown(v)) for o, v in zip(table.outputs, values, strict=True)]), None, trace)

        return conclude

    def _look_up(self, c: Reader, name: str) -> Any:
        if name == "as_of":
            return c.as_of
        if name in self.program.facts:
            return c.fact(self.program.facts[name], getattr(c.facts, name, None), name, name)
        return c.values[name]

    # --- what is the same for all cases ---

    def _frame(self, parameters: Iterable[str], readings: Mapping[str, str]) -> Frame:
        program, decision = self.program, self.plan.decision
        parts = {name: slots for name, slots in _slots_by_part(decision).items() if slots}
        used = tuple(self._parameter(self._parameters[name]) for name in parameters)
        chosen = tuple(self._reading(i, r) for i, r in readings.items() if i in program.interpretations)
        cited = dict.fromkeys(c.source for rule in self.plan.rules for c in rule.cites)
        cited |= dict.fromkeys(clause.source for parameter in used for clause in parameter.cites)
        cited |= dict.fromkeys(name for name in self.plan.absent if name in program.sources)
        sources = tuple(SourceUsed(s.id, s.number, s.title, s.issued, s.period) for s in program.sources.values() if s.id in cited)
        return Frame(decision.title, parts, used, chosen, sources, self.plan.absent)

    def _parameter(self, rule: Rule) -> ParameterUsed:
        assert isinstance(rule.body, Formula)
        value = shown(evaluate(rule.body.expr, Environment(lambda name: None, self.program.calendar)))
        return ParameterUsed(rule.slot, value, rule.period, rule.title, clauses(rule.cites), rule.pack, rule.span)

    def _reading(self, interpretation: str, reading: str) -> ReadingChosen:
        found = self.program.interpretations[interpretation]
        label = next(r.label for r in found.readings if r.id == reading)
        return ReadingChosen(interpretation, reading, reading == found.default, found.question, label, clauses(found.cites))


def _group(form: RuleForm, kind: str, members: tuple[str, ...]) -> Conclude:
    slot = form.id

    def conclude(c: Reader) -> Conclusion:
        parts = [c.values[member] for member in members]
        value = conjunction(parts) if kind == "all" else disjunction(parts)
        if kind == "none":
            value = negation(value)
        c.values[slot] = value
        return Conclusion(form, ((slot, shown(value)),))

    return conclude


def clauses(cites: Iterable[Citation]) -> tuple[Clause, ...]:
    """Citations as the decision has them."""
    return tuple(Clause(source=c.source, locator=c.locator) for c in cites)


def _slots_by_part(decision: Decision) -> dict[Part, tuple[str, ...]]:
    return {
        "requires": decision.requires,
        "excludes": decision.excludes,
        "soft": decision.soft,
        "delegates": decision.delegates,
        "empowers": decision.empowers,
        "grants": decision.grants,
        "dates": tuple(slot for _, slot in decision.dates),
    }


def _parts_of(decision: Decision) -> dict[str, Part]:
    return {slot: part for part, slots in _slots_by_part(decision).items() for slot in slots}


def _is_text(type_: Any) -> bool:
    element = type_.element if isinstance(type_, ListOf) else type_
    return element == STRING or isinstance(element, Enum)
