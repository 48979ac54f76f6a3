"""Encodes a plan: the value of every slot, and the verdict, as terms over symbolic facts.

The mirror of the reference interpreter (`dte_rules.engine.reference`, `dte_rules.feel.evaluate`), value by value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, assert_never

from dte_rules.analysis.builtins import Functions, filtered, listing
from dte_rules.analysis.days import WorkingDays, day_of
from dte_rules.analysis.logic import Bit, conj, disj, disjoined, neg, ones
from dte_rules.analysis.numbers import Num, num
from dte_rules.analysis.operators import Arithmetic, compare, conjunction, disjunction, negation, property_of, truth
from dte_rules.analysis.solver import NotEncoded
from dte_rules.analysis.space import Space
from dte_rules.analysis.tables import look_up
from dte_rules.analysis.values import (
    NULL,
    UNKNOWN,
    Blank,
    Entry,
    Listing,
    Ordered,
    Rec,
    Text,
    Truth,
    Value,
    exactly,
    join,
    picked,
    settled,
)
from dte_rules.engine.plan import Plan, reads
from dte_rules.engine.verdict import Verdict
from dte_rules.feel import core
from dte_rules.feel.evaluate import Environment, evaluate
from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, STRING, Enum, Type
from dte_rules.feel.values import Months, Unknown
from dte_rules.program.nodes import Formula, Group, Program, Rule, Table

Locals = Mapping[str, Value]


@dataclass
class Encoded:
    """A plan over symbolic facts: its slots, and for which facts each verdict is reached.

    ``gaps`` are the slots that aren't encoded, with the reason; a verdict that rests on one raises `NotEncoded`.
    """

    program: Program
    plan: Plan
    space: Space
    slots: dict[str, Value]
    gaps: dict[str, str] = field(default_factory=dict)

    def value(self, slot: str) -> Value:
        """A slot's value; unknown where no rule concludes it.

        Raises:
            NotEncoded: where its rule isn't encoded.
        """
        if slot in self.gaps:
            raise NotEncoded(f"{slot}: {self.gaps[slot]}")
        return self.slots.get(slot, UNKNOWN)

    def truth(self, slot: str) -> Truth:
        """A condition's value."""
        return truth(self.value(slot))

    def truths(self, slots: Iterable[str]) -> list[Truth]:
        """The values of several conditions."""
        return [self.truth(slot) for slot in slots]

    @property
    def hard(self) -> Truth:
        """Requirements hold, and no exclusion does."""
        decision = self.plan.decision
        return conjunction([*self.truths(decision.requires), *map(negation, self.truths(decision.excludes))])

    def verdict(self, verdict: Verdict) -> Bit:
        """Whether this is the verdict."""
        return self._verdicts()[verdict]

    @property
    def grants(self) -> Bit:
        """Met, or at discretion."""
        return disj(self.verdict("met"), self.verdict("discretionary"))

    def fails(self, slot: str) -> Bit:
        """Whether a requirement, an exclusion or a soft condition fails."""
        found = self.truth(slot)
        return found.t if slot in self.plan.decision.excludes else found.f

    def _verdicts(self) -> Mapping[str, Bit]:
        if self.plan.absent:
            return {"met": False, "not_met": False, "discretionary": False, "undetermined": True}
        decision, hard = self.plan.decision, self.hard
        power = disjunction(self.truths(decision.empowers))
        soft = conjunction(self.truths(decision.soft))
        given = conj(hard.t, disjunction(self.truths(decision.delegates)).f, *(known(self.value(slot)) for slot in decision.grants))
        discretion = disj(power.t, soft.f)
        met, discretionary = conj(given, power.f, soft.t), conj(given, discretion)
        return {"met": met, "not_met": hard.f, "discretionary": discretionary, "undetermined": neg(disj(met, hard.f, discretionary))}


def known(value: Value) -> Bit:
    """Whether a grant's value is known, and is not null."""
    match value:
        case Truth(t, f, _):
            return disj(t, f)
        case Text(_, sure, _) | Ordered(_, _, _, sure):
            return sure
        case Listing(entries, sure, _):
            return conj(sure, *(disj(neg(e.possible), conj(e.certain, known(e.value))) for e in entries))
        case Rec(options, null, lost):
            return conj(neg(null), neg(lost), _at_most_one([guard for guard, _ in options]))
        case Blank():
            return False
        case _:
            assert_never(value)


def _at_most_one(bits: Sequence[Bit]) -> Bit:
    return True if len(bits) < 2 else ones(bits) <= 1


def encode(program: Program, plan: Plan, space: Space, *, supposed: Mapping[str, Value] | None = None) -> Encoded:
    """The plan over the facts of a space; ``supposed`` are values for open points, by their ids."""
    encoder = Encoder(program, space, supposed or {})
    made = Encoded(program, plan, space, encoder.slots, encoder.gaps)
    for rule in plan.rules:
        encoder.conclude(rule)
    return made


def reencode(encoded: Encoded, plan: Plan) -> Encoded:
    """Another plan of the same program over the same facts; what both plans conclude alike is taken over. No open point is supposed."""
    encoder = Encoder(encoded.program, encoded.space, {})
    made = Encoded(encoded.program, plan, encoded.space, encoder.slots, encoder.gaps)
    other: set[str] = set()
    for rule in plan.rules:
        if encoded.plan.by_slot.get(rule.slots[0]) != rule or not other.isdisjoint(reads(rule)):
            other.update(rule.slots)
            encoder.conclude(rule)
            continue
        for slot in rule.slots:
            if slot in encoded.gaps:
                encoder.gaps[slot] = encoded.gaps[slot]
            else:
                encoder.slots[slot] = encoded.slots[slot]
    return made


def evaluator(encoded: Encoded, supposed: Mapping[str, Value] | None = None) -> Callable[[core.Expr, Locals], Value]:
    """What gives the value of an expression over an encoded plan; it raises `NotEncoded` as `encode` does.

    ``supposed`` are the values for open points that the plan was encoded with.
    """
    encoder = Encoder(encoded.program, encoded.space, supposed or {})
    encoder.slots, encoder.gaps = encoded.slots, encoded.gaps
    return encoder.value


class Encoder:
    """Gives expressions over symbolic facts their values; ``slots`` are those concluded so far, ``gaps`` those that aren't encoded."""

    def __init__(self, program: Program, space: Space, supposed: Mapping[str, Value]) -> None:
        self.program, self.space, self.supposed = program, space, supposed
        self.slots: dict[str, Value] = {}
        self.gaps: dict[str, str] = {}
        self.arithmetic = Arithmetic(space.define)
        self.functions = Functions(space, WorkingDays(program.calendar))
        self.as_of = exactly("date", space.as_of)
        self.ground = Environment(_no_facts, program.calendar)

    def conclude(self, rule: Rule) -> None:
        try:
            self.slots.update(self._concluded(rule))
        except NotEncoded as gap:
            self.gaps.update(dict.fromkeys(rule.slots, str(gap)))

    def _concluded(self, rule: Rule) -> Mapping[str, Value]:
        match rule.body:
            case Formula(expr):
                value = self.value(expr, {})
            case Group(kind, members):
                parts = [truth(self._slot(member)) for member in members]
                value = conjunction(parts) if kind == "all" else disjunction(parts)
                if kind == "none":
                    value = negation(truth(value))
            case Table() as table:
                return dict(zip(table.outputs, look_up(table, self.value), strict=True))
            case _:
                assert_never(rule.body)
        if rule.kind == "condition":
            asked = truth(value)
            value = Truth(asked.t, asked.f)  # FEEL's null is no answer
        return {rule.slot: value}

    def _slot(self, name: str) -> Value:
        if name in self.gaps:
            raise NotEncoded(self.gaps[name])
        if name not in self.slots:
            raise NotEncoded(f"{name}, which no rule concludes")
        return self.slots[name]

    def value(self, expr: core.Expr, local: Locals) -> Value:
        """The value of an expression; what has no facts in it is left to the reference evaluator."""
        match expr:
            case core.Const(value):
                return self.constant(value, expr.type)
            case core.Missing(needs):
                return self.supposed.get(needs[0], UNKNOWN)
            case core.Ref(name):
                return self._ref(name)
            case core.Var(name):
                return local[name]
            case _ if _is_ground(expr):
                found = evaluate(expr, self.ground)
                return UNKNOWN if isinstance(found, Unknown) and found.low is found.high is None else self.constant(found, expr.type)
            case core.Field(base, name):
                return self._field(self.value(base, local), name)
            case core.And(operands):
                return conjunction([truth(self.value(o, local)) for o in operands])
            case core.Or(operands):
                return disjunction([truth(self.value(o, local)) for o in operands])
            case core.Not(operand):
                return negation(truth(self.value(operand, local)))
            case core.Compare(op, left, right):
                return compare(op, self.value(left, local), self.value(right, local))
            case core.Arithmetic():
                return self._arithmetic(expr, local)
            case core.Negate(operand):
                return self.arithmetic.negate(self.value(operand, local))
            case core.If(condition, then, otherwise):
                return self._if(truth(self.value(condition, local)), then, otherwise, local)
            case core.MakeList(items):
                return Listing(tuple(Entry(self.value(item, local), True, True) for item in items))
            case core.Filter(source, var, condition):
                members = listing(self.value(source, local))
                return filtered(members, [truth(self.value(condition, {**local, var: e.value})) for e in members.entries])
            case core.Index(source, index):
                return self._index(listing(self.value(source, local)), index)
            case core.Quantified(kind, var, source, condition):
                members = listing(self.value(source, local))
                results = [truth(self.value(condition, {**local, var: e.value})) for e in members.entries]
                return self.functions.quantified(kind, members, results)
            case core.Map(var, source, body):
                members = listing(self.value(source, local))
                entries = [Entry(self.value(body, {**local, var: e.value}), e.possible, e.certain) for e in members.entries]
                return Listing(tuple(entries), members.known, members.null)
            case core.Call(function, arguments):
                return self.functions.call(function, [self.value(a, local) for a in arguments])
            case _:
                assert_never(expr)

    def constant(self, value: Any, type_: Type) -> Value:
        """A constant of the rules."""
        match value:
            case None:
                return NULL
            case bool():
                return settled(value)
            case Decimal():
                return exactly("number", num(value))
            case str():
                return Text(self.space.pool.code(value))
            case date():
                return exactly("date", day_of(value))
            case Months(count):
                return exactly("months", num(count))
            case timedelta():
                if value % timedelta(days=1):
                    raise NotEncoded("a part of a day")
                return exactly("days", num(value.days))
            case tuple():
                return Listing(tuple(Entry(self.constant(item, type_), True, True) for item in value))
            case Unknown(low=date() as low, high=date() as high):
                return Ordered("date", day_of(low), day_of(high), False)
            case _:
                raise NotEncoded("a constant of such a type")

    def _ref(self, name: str) -> Value:
        if name == "as_of":
            return self.as_of
        return self.space.root(name) if name in self.space.types else self._slot(name)

    def _field(self, base: Value, name: str) -> Value:
        if not isinstance(base, Rec):
            return property_of(base, name, self.space.define)
        options: list[tuple[Bit, Value]] = [(guard, self.space.field(path, name)) for guard, path in base.options if guard is not False]
        if base.null is False and base.lost is False:
            return options[0][1] if len(options) == 1 else join(options)
        if not options:
            return Blank(base.null)
        # a record that may be null as well as lost: each state is told apart from the others
        found = join(options) if len(options) > 1 else options[0][1]
        here = disjoined(guard for guard, _ in options)
        return picked(conj(here, neg(base.lost)), found, Blank(base.null))

    def _arithmetic(self, expr: core.Arithmetic, local: Locals) -> Value:
        left, right = self.value(expr.left, local), self.value(expr.right, local)
        match expr.op:
            case "+":
                return self.arithmetic.add(left, right)
            case "-":
                return self.arithmetic.subtract(left, right)
            case "*":
                return self.arithmetic.multiply(left, right)
            case "/":
                return self.arithmetic.divide(left, right)
            case _:
                raise NotEncoded("a power")

    def _if(self, condition: Truth, then: core.Expr, otherwise: core.Expr, local: Locals) -> Value:
        if condition.t is True:
            return self.value(then, local)
        if condition.t is False and condition.unknown is False:
            return self.value(otherwise, local)
        a, b = self.value(then, local), self.value(otherwise, local)
        if condition.unknown is False:
            return picked(condition.t, a, b)
        return join([(disj(condition.t, condition.unknown), a), (neg(condition.t), b)])

    def _index(self, source: Listing, index: core.Expr) -> Value:
        if not isinstance(index, core.Const) or not isinstance(index.value, Decimal):
            raise NotEncoded("a position that is no constant")
        position = int(index.value)
        if position == 0:
            raise NotEncoded("the position 0")
        entries = source.entries if position > 0 else source.entries[::-1]
        position = abs(position)
        options: list[tuple[Bit, Value]] = []
        for place, entry in enumerate(entries):
            before, upto = ones(e.certain for e in entries[:place]), ones(e.possible for e in entries[: place + 1])
            options.append((conj(source.known, entry.possible, _less(before, position), _less(position - 1, upto)), entry.value))
        absent = conj(source.known, _less(ones(e.certain for e in entries), position))
        if all(isinstance(e.value, Rec) for e in entries):
            records = [(conj(guard, inner), path) for guard, v in options if isinstance(v, Rec) for inner, path in v.options]
            found = disjoined(guard for guard, _ in records)
            odd = disjoined(conj(guard, disj(v.null, v.lost)) for guard, v in options if isinstance(v, Rec))
            if odd is not False:
                raise NotEncoded("a list of records of which some are null")
            null = disj(source.null, conj(absent, neg(found)))
            return Rec(tuple(records), null, disj(source.unknown, conj(absent, found)))
        known = join([*options, (absent, NULL)])
        return known if source.known is True else picked(source.known, known, Blank(source.null))


def _less(left: Any, right: Any) -> Bit:
    return left < right


def _is_ground(expr: core.Expr) -> bool:
    return not any(isinstance(node, (core.Ref, core.Missing, core.Var)) for node in core.walk(expr))


def _no_facts(name: str) -> Any:
    raise NotEncoded(f"{name}, where no facts are")


def free(type_: Type, name: str, space: Space) -> Value:
    """A new symbol for an open point that somebody may settle either way.

    Raises:
        NotEncoded: for a type that isn't encoded.
    """
    symbol = space.define.integer(name)
    if type_ == BOOLEAN:
        return settled(symbol > 0)
    if type_ == NUMBER:
        return exactly("number", Num(symbol))
    if type_ == STRING or isinstance(type_, Enum):
        texts = type_.values if isinstance(type_, Enum) else [space.pool.texts[code] for code in space.pool.free]
        space.require(disj(*(symbol == space.pool.code(text) for text in texts)))
        return Text(symbol)
    if type_ == DATE:
        day = space._symbolic_day(str(symbol), space.horizon.first, space.horizon.last)
        return exactly("date", day)
    raise NotEncoded("an open point of such a type")
