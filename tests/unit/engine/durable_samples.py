"""Programs made by hand and by chance, and how values of two engines are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from random import Random
from types import SimpleNamespace
from typing import Any

from dte_rules.feel import core
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.types import BOOLEAN, NUMBER, STRING, Record, Type
from dte_rules.feel.values import OneOf, PartialList, Unknown
from dte_rules.program.nodes import Decision, Formula, Group, HitPolicy, Interpretation, Label, Program, Reading, Row, Rule, Table

DAY = date(2025, 3, 1)
LEVELS = ("初级", "中级", "高级")
FIELDS: Mapping[str, Type] = {
    **{f"b{i}": BOOLEAN for i in range(1, 6)},
    **{f"n{i}": NUMBER for i in range(1, 4)},
    **{f"s{i}": STRING for i in range(1, 3)},
}
FACTS = Record("facts", FIELDS)
ROOT = core.Ref("f", type=FACTS)
HITS: tuple[HitPolicy, ...] = ("unique", "any", "first", "priority", "collect", "collect sum", "collect count", "collect max")


def fact(name: str) -> core.Expr:
    """A field of the facts."""
    return core.Field(ROOT, name, type=FIELDS[name])


def ref(name: str, type_: Type = BOOLEAN) -> core.Ref:
    """What another rule concludes."""
    return core.Ref(name, type=type_)


def const(value: Any) -> core.Const:
    """A constant."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    return core.Const(value, type=BOOLEAN if isinstance(value, bool) else NUMBER if isinstance(value, Decimal) else STRING)


def both(*operands: core.Expr) -> core.Expr:
    """And."""
    return core.And(operands, type=BOOLEAN)


def either(*operands: core.Expr) -> core.Expr:
    """Or."""
    return core.Or(operands, type=BOOLEAN)


def no(operand: core.Expr) -> core.Expr:
    """Not."""
    return core.Not(operand, type=BOOLEAN)


def compare(op: core.CompareOp, left: core.Expr, right: core.Expr) -> core.Expr:
    """A comparison."""
    return core.Compare(op, left, right, type=BOOLEAN)


def condition(slot: str, expr: core.Expr) -> Rule:
    """A condition of a decision."""
    return Rule(slot, "condition", BOOLEAN, Formula(expr))


def term(slot: str, expr: core.Expr) -> Rule:
    """A term."""
    return Rule(slot, "term", expr.type, Formula(expr))


def table(slot: str, inputs: Sequence[core.Expr], rows: Sequence[Row], hit: HitPolicy = "unique", **more: Any) -> Rule:
    """A table with one output, `slot` with ``.out``."""
    return Rule(slot, "table", NUMBER, Table(tuple(inputs), (f"{slot}.out",), tuple(rows), hit, **more))


def program(rules: Sequence[Rule], decision: Decision, interpretations: Sequence[Interpretation] = ()) -> Program:
    """A program of these rules."""
    return Program(
        name="sample",
        version="1",
        digest="0" * 64,
        jurisdiction="",
        title=Label("", ""),
        rules=tuple(rules),
        strata={},
        decisions={decision.id: decision},
        interpretations={i.id: i for i in interpretations},
        sources={},
        open_points={},
        facts={"f": FACTS},
        calendar=Calendar(),
    )


def facts(**known: Any) -> Any:
    """Facts, of which those not given are unknown."""
    values = dict.fromkeys(FIELDS) | {k: Decimal(v) if k.startswith("n") else v for k, v in known.items()}
    return SimpleNamespace(f=SimpleNamespace(**values))


def random_facts(random: Random, unknown: float) -> Any:
    """Facts of which some are unknown."""
    values: dict[str, Any] = {}
    for name, type_ in FIELDS.items():
        if random.random() >= unknown:
            values[name] = random.random() < 0.6 if type_ == BOOLEAN else random.randint(0, 4) if type_ == NUMBER else random.choice(LEVELS)
    return facts(**values)


def comparable(value: Any) -> Any:
    """A value without the names of what it lacks, so that engines that don't track them can be compared."""
    if isinstance(value, Unknown):
        return "unknown", value.low, value.high
    if isinstance(value, PartialList):
        return "partial", tuple((comparable(m.value), m.certain) for m in value.members)
    if isinstance(value, tuple):
        return tuple(map(comparable, value))
    if isinstance(value, OneOf) or type(value).__name__ == "Either":
        return "one of several"
    if value is None or isinstance(value, (bool, str, Decimal, date)):
        return value
    return "record", id(getattr(value, "data", value))


class Chance:
    """Programs by chance: each rule reads facts and what stands before it."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.conditions: list[str] = []
        self.terms: list[str] = []
        self.numbers: list[str] = []

    def program(self) -> Program:
        """A program with one decision, and an interpretation on which some of its rules rest."""
        rules: list[Rule] = []
        for number in range(self.random.randint(4, 9)):
            rules += self._rules(f"x{number}")
        rules += self._under(f"d.requires.y{len(rules)}")
        conditions, some = list(self.conditions), self.random.sample
        amount = Rule("d.grants.amount", "grant", NUMBER, Formula(self._number(1)))

        def choose(most: int) -> tuple[str, ...]:
            return tuple(some(conditions, min(len(conditions), self.random.randint(0, most))))

        decision = Decision(
            "d", Label("", ""), "entitlement", choose(4), choose(2), choose(2), choose(1), choose(2), amount="d.grants.amount"
        )
        readings = Interpretation("i", Label("", ""), (Reading("one", Label("", "")), Reading("other", Label("", ""))))
        return program([*rules, amount], decision, [readings])

    def _rules(self, slot: str) -> list[Rule]:
        kind = self.random.choice(["condition", "condition", "term", "number", "table", "group", "reading"])
        if kind == "term":
            rule = term(slot, self._test(3))
            self.terms.append(slot)
        elif kind == "number":
            rule = term(slot, self._number(3))
            self.numbers.append(slot)
        elif kind == "table":
            rule = self._table(slot)
            if isinstance(rule.body, Table) and rule.body.hit != "collect":  # its output is a list
                self.numbers.append(f"{slot}.out")
        elif kind == "group" and self.conditions:
            members = tuple(self.random.sample(self.conditions, min(len(self.conditions), self.random.randint(1, 10))))
            rule = Rule(slot, "condition", BOOLEAN, Group(self.random.choice(["all", "any", "none"]), members))
            self.conditions.append(slot)
        elif kind == "reading":
            return self._under(slot)
        else:
            rule = condition(slot, self._test(3))
            self.conditions.append(slot)
        return [rule]

    def _under(self, slot: str) -> list[Rule]:
        """Two versions of a condition, one for each reading."""
        versions = [self._test(2) for _ in range(2)]
        self.conditions.append(slot)
        return [
            Rule(slot, "condition", BOOLEAN, Formula(expr), under=(("i", (reading,)),))
            for expr, reading in zip(versions, ("one", "other"), strict=True)
        ]

    def _test(self, depth: int) -> core.Expr:
        random = self.random
        pick = random.random()
        if depth == 0 or pick < 0.25:
            if self.conditions + self.terms and random.random() < 0.4:
                return ref(random.choice(self.conditions + self.terms))
            if random.random() < 0.3:
                return compare(random.choice(["<", ">=", "=", "!="]), self._number(1), self._number(1))
            if random.random() < 0.12:
                return core.Const(random.choice([True, False, None]), type=BOOLEAN)
            return core.Missing(("open",), type=BOOLEAN) if random.random() < 0.05 else fact(random.choice(["b1", "b2", "b3", "b4", "b5"]))
        if pick < 0.4:
            return no(self._test(depth - 1))
        if pick < 0.55:
            return core.If(self._test(depth - 1), self._test(depth - 1), self._test(depth - 1), type=BOOLEAN)
        operands = tuple(self._test(depth - 1) for _ in range(random.choice([2, 2, 3, 10])))
        return (core.And if random.random() < 0.5 else core.Or)(operands, type=BOOLEAN)

    def _number(self, depth: int) -> core.Expr:
        random = self.random
        if depth == 0 or random.random() < 0.4:
            if self.numbers and random.random() < 0.4:
                return ref(random.choice(self.numbers), NUMBER)
            return const(random.randint(0, 4)) if random.random() < 0.4 else fact(random.choice(["n1", "n2", "n3"]))
        if random.random() < 0.6:
            return core.If(self._test(depth - 1), self._number(depth - 1), self._number(depth - 1), type=NUMBER)
        return core.Arithmetic(random.choice(["+", "-"]), self._number(depth - 1), self._number(depth - 1), type=NUMBER)

    def _table(self, slot: str) -> Rule:
        random = self.random
        inputs: list[core.Expr] = random.choice([[fact("s1"), fact("s2")], [fact("s1"), self._number(1)], []])

        def cell(number: int, subject: core.Expr) -> core.Expr | None:
            var = core.Var(f"?{number}", type=subject.type)
            if random.random() < 0.25:
                return None
            if subject.type == STRING:
                return random.choice(
                    [compare("=", var, const(random.choice(LEVELS))), either(*(compare("=", var, const(v)) for v in LEVELS[1:]))]
                )
            return random.choice([compare(">=", var, const(2)), compare("<", var, const(3)), self._test(1)])

        constant = random.random() < 0.6
        rows = [
            Row(
                str(n),
                tuple(cell(number, i) for number, i in enumerate(inputs, 1)) if inputs else (self._test(2),),
                (const(random.randint(1, 4)) if constant else self._number(1),),
            )
            for n in range(random.randint(1, 12))
        ]
        otherwise = random.choice([None, (self._number(1),)])
        priorities = tuple(const(n) for n in (3, 1, 2))
        return table(slot, inputs, rows, random.choice(HITS), otherwise=otherwise, priorities=priorities)
