"""A question as a network: a function that decides atoms and computes values, and rules that conclude everything else.

The function goes through *stages*: it decides the conditions that combine no others, tells the network which of their literals hold, and
goes on with what the network concluded, as which row of a table applies. Everything that needs no more than is known at a
stage belongs to it, so a network is told as seldom as the order of the rules allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, assert_never

from dte_rules.engine.code import ANYTHING, KNOWN, UNKNOWN, N, Value
from dte_rules.engine.compiled import build
from dte_rules.engine.emit import Emitter
from dte_rules.engine.network import ALWAYS, NEVER, Layout, lay_out
from dte_rules.engine.network_kleene import FALSE, NULL, TRUE, ReadTruth, RuleBase, Truth
from dte_rules.engine.network_kleene import UNKNOWN as NOT_KNOWN
from dte_rules.engine.network_stages import Stages
from dte_rules.engine.network_tables import Matches, Ranked, Unique, cells, choice_of, pick, ranking
from dte_rules.engine.network_union import LIFTED, atoms, conditional, connective, unite, variables
from dte_rules.engine.plan import Plan
from dte_rules.engine.verdict import Verdict
from dte_rules.feel import core
from dte_rules.program.nodes import Decision, Formula, Group, Program, Rule, Table

Tell = Callable[[int, tuple[Any, ...]], Sequence[Any]]
"""Given a stage and the values of its atoms, what the stage's readers find."""


Reader = ReadTruth | Unique | Ranked | Matches


@dataclass(frozen=True)
class Stage:
    """What the network is told at once, and what is read from it then."""

    atoms: tuple[Truth, ...]
    readers: tuple[Reader, ...]


@dataclass(frozen=True)
class Answer:
    """What a plan's answer is made of: its slots, the places of their values, and the literals of its verdicts.

    A plan without a rule in force has no verdicts; it is undetermined, as is one of which no verdict is concluded.
    """

    slots: tuple[str, ...]
    places: tuple[int, ...]
    verdicts: tuple[tuple[int, Verdict], ...]


@dataclass(frozen=True)
class NetworkProgram:
    """``function(facts, as_of, tell)`` gives the values of all rules; ``answers`` are for the plans, in their order."""

    layout: Layout
    stages: tuple[Stage, ...]
    answers: tuple[Answer, ...]
    function: Callable[[Any, date, Tell], tuple[Any, ...]] = field(repr=False)
    source: str = field(repr=False)


def translate(program: Program, plans: Sequence[Plan]) -> NetworkProgram:
    """The network for several plans of one question."""
    return _Translator(program, plans).result()


class _Translator:
    """Goes through the rules stage by stage, and writes the function and the rules of the network alongside."""

    def __init__(self, program: Program, plans: Sequence[Plan]) -> None:
        self.plans = plans
        self.union = unite(plans)
        self.rules = self.union.rules
        self.at = Stages(self.rules)
        self.grants = {names[slot] for plan, names in zip(plans, self.union.names, strict=True) for slot in plan.decision.grants}
        self.emitter = Emitter(program.facts, program.calendar, {})
        self.base = RuleBase()
        self.truth: dict[str, Truth] = {}
        self.known: dict[str, int] = {}
        self.inputs: dict[str, list[Value]] = {}
        self.choices: dict[str, Value] = {}
        self.atoms: dict[tuple[core.Expr, ...], tuple[Value, Truth]] = {}
        self.stages: list[Stage] = []
        self._told: list[tuple[Value, Truth]] = []
        self._readers: list[Reader] = []

    def result(self) -> NetworkProgram:
        """Everything put together."""
        last = self.at.last(self.grants)
        for stage in range(last + 2):
            for rule in self.rules:
                self._decide(rule, stage)
            if stage <= last:
                self._tell(stage)
        names = tuple(slot for rule in self.rules for slot in rule.slots if not slot.startswith(LIFTED))
        self.emitter.line("return (" + "".join(f"{self.emitter.slots[name].code}, " for name in names) + ")")
        places = {name: place for place, name in enumerate(names)}
        answers = tuple(self._answer(plan, named, places) for plan, named in zip(self.plans, self.union.names, strict=True))
        read = {literal for stage in self.stages for reader in stage.readers for literal in reader.read}
        read.update(literal for answer in answers for literal, _ in answer.verdicts)
        layout = lay_out(self.base.rules(read), self.plans[0].decision.id)
        function, source = build(self.emitter, "facts, as_of, tell", {"_pick": pick})
        return NetworkProgram(layout, tuple(self.stages), answers, function, source)

    def _tell(self, stage: int) -> None:
        """Ends a stage: the network is told its atoms, and what it concludes gets names."""
        result = self.emitter.fresh("r")
        self.emitter.line(f"{result} = tell({stage}, {_tuple_of(value for value, _ in self._told)})")
        for rule in self.rules:
            name = rule.slot
            if name in self.at.told and self.at.told[name] == stage < self.at.level[name]:
                may = UNKNOWN | ({N} if self.truth[name].null != NEVER else KNOWN)
                self.emitter.slots[name] = self._read(ReadTruth(self.truth[name]), result, may)
            elif isinstance(rule.body, Table) and self.at.chosen[name] == stage:
                reader = choice_of(self.base, rule.body, name, self._cell(rule))
                self.choices[name] = self._read(reader, result, ANYTHING)
        self.stages.append(Stage(tuple(truth for _, truth in self._told), tuple(self._readers)))
        self._told, self._readers = [], []

    def _read(self, reader: Reader, result: str, may: frozenset[str]) -> Value:
        self._readers.append(reader)
        return self.emitter.let(f"{result}[{len(self._readers) - 1}]", may)

    # --- rules ---

    def _decide(self, rule: Rule, stage: int) -> None:
        """What of a rule belongs to a stage."""
        match rule.body:
            case Formula(expr) if conditional(rule):
                self._condition(rule, expr, stage)
            case Formula(expr):
                if self.at.level[rule.slot] == stage:
                    value = self.emitter.emit(expr)
                    self.emitter.slots[rule.slot] = self.emitter.let(value.code, value.may)
            case Group(kind, members):
                if self.at.told[rule.slot] == stage:
                    parts = [self.truth[member] for member in members]
                    truth = self.base.conjunction(parts, rule.slot) if kind == "all" else self.base.disjunction(parts, rule.slot)
                    self.truth[rule.slot] = truth.opposite() if kind == "none" else truth
            case Table() as table:
                self._table(rule, table, stage)
            case _:
                assert_never(rule.body)
        for slot in rule.slots:
            if slot in self.grants and slot not in self.known and self.at.level[slot] == stage and slot in self.emitter.slots:
                self.known[slot] = self._granted(self.emitter.slots[slot])

    def _condition(self, rule: Rule, expr: core.Expr, stage: int) -> None:
        name = rule.slot
        for atom in atoms(expr):
            if self._is_atom(atom) and self.at.value(atom) == stage:
                self._atom((atom,))
        if self.at.told[name] == stage:
            truth = self._truth(expr, name)
            self.truth[name] = Truth(truth.true, truth.false) if rule.kind == "condition" else truth
        if self.at.level[name] == stage and not connective(expr):
            value = self.emitter.emit(expr) if (expr,) not in self.atoms else self.atoms[(expr,)][0]
            nullable = rule.kind == "condition" and N in value.may
            code = f"None if {value.code} is NULL else {value.code}" if nullable else value.code
            self.emitter.slots[name] = self.emitter.let(code, value.may - {N} | UNKNOWN if nullable else value.may)

    def _table(self, rule: Rule, table: Table, stage: int) -> None:
        ready = self.at.value(*table.inputs)
        if stage == ready:
            values = [self.emitter.emit(expr) for expr in table.inputs]
            self.inputs[rule.slot] = [self.emitter.let(v.code, v.may) for v in values]
        self._bind(rule)
        for atom in cells(table):
            if self._is_atom(atom) and stage == (max(ready, self.at.value(atom)) if variables(atom) else self.at.value(atom)):
                self._atom(_key(table, atom))
        if stage != self.at.level[table.outputs[0]]:
            return
        rows = _tuple_of(Value(_tuple_of(map(self.emitter.emit, row.outputs)), KNOWN) for row in table.rows)
        width = self.emitter.constant(len(table.outputs))
        nothing = self.emitter.constant((None,) * len(table.outputs))
        otherwise = nothing if table.otherwise is None else _tuple_of(map(self.emitter.emit, table.otherwise))
        choice, hit = self.choices[rule.slot].code, self.emitter.constant(str(table.hit))
        if table.hit.startswith("collect"):
            code = f"{otherwise} if {choice} is None else _choose({hit}, {choice}, {rows}, {width}, None, ())"
        elif table.hit == "priority" and ranking(table) is None:
            order = _tuple_of(map(self.emitter.emit, table.priorities))
            code = f"{otherwise} if {choice} is None else _choose({hit}, {choice}, {rows}, {width}, {otherwise}, {order})"
        else:
            code = f"_pick({choice}, {rows}, {otherwise})"
        result = self.emitter.let(code, KNOWN)
        for number, slot in enumerate(table.outputs):
            self.emitter.slots[slot] = self.emitter.let(f"{result.code}[{number}]", ANYTHING)

    def _bind(self, rule: Rule) -> None:
        for number, value in enumerate(self.inputs.get(rule.slot, ()), 1):
            self.emitter.bind(f"?{number}", value)

    def _granted(self, value: Value) -> int:
        """The literal that a grant is known."""
        if not value.may:
            return ALWAYS
        literal = self.base.literal()
        self._told.append((self.emitter.let(f"None if _open({value.code}) else True", UNKNOWN), Truth(literal, NEVER)))
        return literal

    # --- conditions ---

    def _is_atom(self, expr: core.Expr) -> bool:
        """Whether our code decides it: what is neither constant nor concluded by the network."""
        return not isinstance(expr, (core.Const, core.Missing)) and not (isinstance(expr, core.Ref) and expr.name in self.at.told)

    def _atom(self, key: tuple[core.Expr, ...]) -> None:
        if key not in self.atoms:
            value = self.emitter.emit(key[-1])
            truth = Truth(self.base.literal(), self.base.literal(), self.base.literal() if N in value.may else NEVER)
            self.atoms[key] = value, truth
            self._told.append((value, truth))

    def _truth(self, expr: core.Expr, about: str) -> Truth:
        match expr:
            case core.And(operands):
                return self.base.conjunction([self._truth(o, about) for o in operands], about)
            case core.Or(operands):
                return self.base.disjunction([self._truth(o, about) for o in operands], about)
            case core.Not(operand):
                return self._truth(operand, about).opposite()
            case core.If(test, then, otherwise) if connective(expr):
                return self.base.choice(self._truth(test, about), self._truth(then, about), self._truth(otherwise, about), about)
            case core.Const(value):
                return TRUE if value is True else FALSE if value is False else NULL
            case core.Missing():
                return NOT_KNOWN
            case core.Ref(name) if name in self.truth:
                return self.truth[name]
            case _:
                return self.atoms[(expr,)][1]

    def _cell(self, rule: Rule) -> Callable[[core.Expr], Truth]:
        table = rule.body
        assert isinstance(table, Table)
        return lambda test: self.atoms[_key(table, test)][1] if variables(test) else self._truth(test, rule.slot)

    # --- the answer ---

    def _answer(self, plan: Plan, named: Mapping[str, str], places: Mapping[str, int]) -> Answer:
        slots = tuple(slot for rule in plan.rules for slot in rule.slots)
        verdicts = () if plan.absent else self._verdicts(plan.decision, named)
        return Answer(slots, tuple(places[named[slot]] for slot in slots), verdicts)

    def _verdicts(self, decision: Decision, named: Mapping[str, str]) -> tuple[tuple[int, Verdict], ...]:
        """DESIGN §3, Verdict, as rules. What they leave open is undetermined."""

        def the(slots: Iterable[str]) -> list[Truth]:
            return [self.truth[named[slot]] for slot in slots]

        hard = the(decision.requires) + [t.opposite() for t in the(decision.excludes)]
        lenient = [t.opposite() for t in the(decision.empowers)] + the(decision.soft)
        clear = [t.false for t in the(decision.delegates)] + [self.known[named[slot]] for slot in decision.grants]
        about = decision.id
        settled = [
            self.base.all_of((t.true for t in hard), f"{about}: the hard part holds"),
            self.base.all_of(clear, f"{about}: nothing is open"),
        ]
        plain = self.base.all_of((t.true for t in lenient), f"{about}: nothing calls for discretion")
        discretion = self.base.any_of((t.false for t in lenient), f"{about}: something calls for discretion")
        return (
            (self.base.concluded_from_any(f"{about} is not_met", (t.false for t in hard)), "not_met"),
            (self.base.concluded(f"{about} is discretionary", [(*settled, discretion)]), "discretionary"),
            (self.base.concluded(f"{about} is met", [(*settled, plain)]), "met"),
        )


def _key(table: Table, atom: core.Expr) -> tuple[core.Expr, ...]:
    """What an atom is known by: one on a table's inputs is another one on other inputs."""
    return (*table.inputs, atom) if variables(atom) else (atom,)


def _tuple_of(values: Iterable[Value]) -> str:
    return "(" + "".join(f"{value.code}, " for value in values) + ")"
