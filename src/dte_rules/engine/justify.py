"""Makes justifications: a question's rules are prepared once, then each case leaves its trace.

The compiled engine decides; the trace goes through the same plan and tells how. Nothing of it is made unless it is asked for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from dte_rules.engine import reference
from dte_rules.engine.compiled import build
from dte_rules.engine.decide import CACHE_LIMIT, CompiledRun, Decider
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
)
from dte_rules.engine.justify_forms import is_text
from dte_rules.engine.justify_rows import Rows
from dte_rules.engine.justify_runtime import HELPERS
from dte_rules.engine.justify_steps import listed
from dte_rules.engine.justify_trace import Tracer
from dte_rules.engine.justify_values import Reader, shown
from dte_rules.engine.justify_veil import texts_at, veiled
from dte_rules.engine.plan import Plan, expressions, reads, stands
from dte_rules.engine.reference import Run
from dte_rules.feel import core
from dte_rules.feel.evaluate import Environment, evaluate
from dte_rules.feel.unparse import unparse
from dte_rules.feel.values import Unknown
from dte_rules.program.nodes import Citation, Decision, Formula, Group, Program, Row, Rule, Table


class Explainer:
    """Explains the decisions of one decider. ``withheld`` are paths of facts whose values are never shown."""

    def __init__(self, decider: Decider, withheld: frozenset[str] = frozenset()) -> None:
        self.decider, self.withheld = decider, withheld
        self._cache: dict[int, tuple[Face, Traced]] = {}
        self._lock = threading.Lock()

    def explain(self, face: Face, facts: Any, as_of: date) -> Explained:
        """The decision for facts that are closed under their implications, and its justification; they are decided once."""
        run = face.question.run(facts, as_of)
        decided = face.decision(facts, as_of, run=run)
        return Explained(decided, self._traced(face, as_of, decided.readings).justification(facts, as_of, run))

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
    """A plan whose rules tell what they do: one generated function goes through them all and makes their conclusions."""

    def __init__(
        self, program: Program, plan: Plan, as_of: date, readings: Mapping[str, str], withheld: frozenset[str] = frozenset()
    ) -> None:
        self.program, self.plan, self.withheld = program, plan, withheld
        chosen = {i.id: i.default for i in program.interpretations.values()} | dict(plan.readings)
        active = [r for r in program.rules if r.kind == "parameter" and as_of in r.period and stands(r.under, chosen)]
        self._parameters = {r.slot: r for r in active}
        names = {id(r.body.expr): r.slot for r in active if isinstance(r.body, Formula)}
        slots = {slot: rule.slot for rule in plan.rules for slot in rule.slots}
        self._places = {slot: place for place, slot in enumerate(slots)}
        self._parts = _parts_of(plan.decision)
        self._tracer = Tracer(program.facts, program.calendar, slots, names, withheld)
        used: dict[str, None] = {}
        made = []
        for rule in plan.rules:
            found = dict.fromkeys(names[id(node)] for e in expressions(rule) for node in core.walk(e) if id(node) in names)
            used.update(found)
            made.append(self._conclude(rule, self._form(rule, tuple(found))))
            if any(is_text(node) for node in [rule.type]) and any(map(self._tracer.hides, expressions(rule))):
                self._tracer.tainted.update(rule.slots)
        self._veils = any(self._tracer.hides(expr) for rule in plan.rules for expr in expressions(rule))
        """Whether the rules read facts that are not shown."""
        self._tracer.line(f"return {listed(made)}")
        self._tracer.head.insert(0, "    read = c.read")
        self._function, self.source = build(self._tracer, "c, facts, as_of, raw", HELPERS)
        del self._tracer  # what it wrote is done with
        self.frame = self._frame(used, readings)

    def justification(self, facts: Any, as_of: date, run: Run) -> Justification:
        """What made the decision that this run of the plan, on the compiled engine, came to."""
        assert isinstance(run, CompiledRun)
        reader = Reader(self.withheld)
        conclusions = self._function(reader, facts, as_of, run.raw)
        if self._veils:
            paths = [path for path, value in reader.read.items() if value is WITHHELD]
            conclusions = veiled(conclusions, texts_at(facts, paths))
        read = tuple(reader.read.items())
        return Justification.made(self.program.name, self.plan.decision.id, as_of, run.verdict, self.frame, conclusions, read)

    # --- rules ---

    def _conclude(self, rule: Rule, form: RuleForm) -> str:
        """Writes what a rule does; the name of its conclusion."""
        match rule.body:
            case Formula(expr):
                return self._formula(rule, form, expr)
            case Group(kind, members):
                return self._group(rule, form, kind, members)
            case Table() as table:
                return self._table(rule, form, table)

    def _form(self, rule: Rule, parameters: tuple[str, ...]) -> RuleForm:
        body = rule.body
        known = self._tracer.slots
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

    def _formula(self, rule: Rule, form: RuleForm, expr: core.Expr) -> str:
        write, slot = self._tracer, rule.slot
        if rule.kind == "condition" or not write.saves(expr):
            few = write.asked(expr)
            value, concluded = write.keep(few, lambda: self._stepped(rule, form, expr)) if few else self._stepped(rule, form, expr)
            write.values[slot] = value
            return concluded
        value, step = write.bound(f"raw[{self._places[slot]}]"), write.fresh("s")
        null = f" or {value} is NULL" if write.notes_all(expr) else ""
        with write.branch(f"if type({value}) in DECIDED{null}:"):
            if null:
                write.line(f"if {value} is NULL: {value} = None")
            write.show(value, value)
            found, made = write.known(expr, value)
            write.line(f"{value}, {step} = {found}, {made}")
        with write.branch("else:"):
            found, made = write.step(expr)
            write.line(f"{value}, {step} = {found}, {made}")
        write.values[slot] = write.like(value, found)
        hides = write.hides(expr)
        write.show(value, f"_shown({value})" if hides else f"{step}[1]")
        return self._concluded(form, value, step, hidden=hides and is_text(rule.type))

    def _stepped(self, rule: Rule, form: RuleForm, expr: core.Expr) -> tuple[str, str]:
        """Writes a formula as one step; the names of its value and of its conclusion."""
        write = self._tracer
        found, step = write.step(expr)
        code = found
        if rule.kind == "condition":  # FEEL's null is no answer
            code = f"{write.own(Unknown([form.id.rpartition('.')[2]]))} if {found} is None else {found}"
        value = write.like(write.bound(code), found)
        hides = write.hides(expr)
        if not hides:  # a step of null shows null
            write.show(value, f"({step}[1] if {found} is not None else _shown({value}))")
        return value, self._concluded(form, value, step, hidden=hides and is_text(rule.type))

    def _group(self, rule: Rule, form: RuleForm, kind: str, members: tuple[str, ...]) -> str:
        write = self._tracer
        value = write.kleene([write.values[member] for member in members], absorbing=kind != "all")
        if kind == "none":
            value = write.bound(f"False if {value} is True else True if {value} is False else _negation({value})")
        write.values[rule.slot] = value
        true, false = (write.own(Conclusion(form, ((rule.slot, truth),))) for truth in (True, False))
        other = self._concluded_as(form, f"(({write.constant(rule.slot)}, _shown({value})),)", "None")
        return write.bound(f"{true} if {value} is True else {false} if {value} is False else {other}")

    def _concluded(self, form: RuleForm, value: str, step: str, *, hidden: bool) -> str:
        """Writes a conclusion of one slot; those of a truth value share the pair of slot and value."""
        write, slot = self._tracer, form.id
        true, false = (write.own(((slot, truth),)) for truth in (True, False))
        other = f"(({write.constant(slot)}, {write.side(value)}),)"
        values = f"{true} if {value} is True else {false} if {value} is False else {other}"
        if hidden:
            values = write.own(((slot, WITHHELD),))
        return write.bound(self._concluded_as(form, values, step))

    def _concluded_as(self, form: RuleForm, values: str, step: str) -> str:
        return f"_new(Conclusion, ({self._tracer.own(form)}, {values}, {step}, None))"

    def _table(self, rule: Rule, form: RuleForm, table: Table) -> str:
        write = self._tracer
        rows = Rows(table, write)
        few = [write.asked(expr) for expr in table.inputs]
        if rows.constant and all(few):
            values, concluded = write.keep(sum(few, ()), lambda: self._looked_up(rule, form, table, rows))
        else:
            values, concluded = self._looked_up(rule, form, table, rows)
        for number, output in enumerate(table.outputs):
            write.values[output] = write.bound(f"{values}[{number}]")
        return concluded

    def _looked_up(self, rule: Rule, form: RuleForm, table: Table, rows: Rows) -> tuple[str, str]:
        """Writes how rows are looked at; the names of the outputs and of the conclusion."""
        write = self._tracer
        given = [write.trace(expr).value for expr in table.inputs]
        inputs = write.bound(listed(given))
        values = write.bound(f"_decided(raw, {write.constant(tuple(self._places[output] for output in table.outputs))})")
        with write.block(f"if {values} is None:"):
            for slot, name in write.values.items():
                write.line(f"c.values[{write.constant(slot)}] = {name}")
            write.line(f"{values} = {write.own(self._look_up(rule.slot, rows))}(c, facts, as_of, {inputs})")
        results = write.bound(self._results(rows.written, given))
        found = write.bound(f"{write.own(rows.looked_at)}({inputs}, {values}, {results})")
        asked = []
        for expr, value in zip(table.inputs, given, strict=True):
            seen = write.own(WITHHELD) if write.hides(expr) else f"_shown({value})"
            asked.append(f"({write.constant(unparse(expr))}, {seen})")
        rest = f"{found}[0], {found}[1], {found}[2], {len(table.rows)}, {found}[3]"
        trace = write.bound(f"_new(TableTrace, ({listed(asked)}, {rest}))")
        concluded = [f"({write.constant(output)}, _shown({values}[{number}]))" for number, output in enumerate(table.outputs)]
        return values, write.bound(f"_new(Conclusion, ({write.own(form)}, {listed(concluded)}, None, {trace}))")

    def _results(self, rows: Iterable[Row], given: Iterable[str]) -> str:
        """Writes the tests of rows; code for each row's results and steps."""
        write = self._tracer
        write.vars.update({f"?{number}": name for number, name in enumerate(given, 1)})
        found = []
        for row in rows:
            tests = [("True", "") if test is None else write.step(test) for test in row.tests]
            found.append(f"({listed(value for value, _ in tests)}, {listed(step for _, step in tests if step)})")
        return listed(found)

    def _look_up(self, slot: str, rows: Rows) -> Callable[[Reader, Any, date, Sequence[Any]], Sequence[Any]]:
        """A look-up where the engine's answer is not plain, so that it is told what the answer rests on."""
        program = self.program

        def look_up(c: Reader, facts: Any, as_of: date, inputs: Sequence[Any]) -> Sequence[Any]:
            def named(name: str) -> Any:
                if name == "as_of":
                    return as_of
                if name in program.facts:
                    return c.fact(program.facts[name], getattr(facts, name, None), name, name)
                return c.values[name]

            return rows.concluded(inputs, lambda table: reference.look_up(table, slot, Environment(named, program.calendar)))

        return look_up

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
