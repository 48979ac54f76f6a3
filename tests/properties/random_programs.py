"""Random programs and random facts, of a field that has nothing to do with the packs: books lent by a library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from dte_rules.feel import core
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.types import BOOLEAN, DATE, DAYS, MONTHS, NUMBER, STRING, Enum, ListOf, Record, Type
from dte_rules.feel.values import Months
from dte_rules.program.nodes import Decision, Formula, Group, Label, Program, Row, Rule, Table

T = TypeVar("T")


class Chooser(Protocol):
    """Where choices come from: a seeded generator, or Hypothesis."""

    def pick(self, options: Sequence[T]) -> T: ...


class Seeded:
    """Choices of a seeded generator."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def pick(self, options: Sequence[T]) -> T:
        return options[self.random.randrange(len(options))]


class Drawn:
    """Choices that Hypothesis can shrink: the first option is the simplest."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data

    def pick(self, options: Sequence[T]) -> T:
        return self.data.draw(st.sampled_from(options))


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class Loan(_Model):
    title: str | None = None
    kind: str | None = None
    lent_on: date | None = None
    returned: bool | None = None
    fee: Decimal | None = None


class Reader(_Model):
    born: date | None = None
    member: bool | None = None
    points: Decimal | None = None
    town: str | None = None


class Root(_Model):
    reader: Reader | None = None
    loans: tuple[Loan, ...] | None = None
    scores: tuple[Decimal, ...] | None = None
    fee: Decimal | None = None


KIND = Enum("kind", ("novel", "map", "score"))
LOAN = Record("loan", {"title": STRING, "kind": KIND, "lent_on": DATE, "returned": BOOLEAN, "fee": NUMBER})
READER = Record("reader", {"born": DATE, "member": BOOLEAN, "points": NUMBER, "town": STRING})
FACTS: dict[str, Type] = {"reader": READER, "loans": ListOf(LOAN), "scores": ListOf(NUMBER), "fee": NUMBER}

NUMBERS = [Decimal(n) for n in ("0", "1", "2", "3", "12", "-1", "2.5", "100", "0.1")]
DAYS_OF_TESTS = [
    date(2024, 2, 29),
    date(2024, 6, 1),
    date(2023, 12, 31),
    date(2024, 10, 1),
    date(2025, 1, 31),
    date(2025, 2, 28),
    date(2028, 3, 1),
]
TEXTS = ["330700", "330000", "331100", "novel", "", "图书"]
DURATIONS = [Months(1), Months(12), Months(-6), Months(0)]
SPANS = [timedelta(days=n) for n in (1, 30, -7, 0)]
CALENDAR = Calendar(
    years=frozenset({2023, 2024, 2025}),
    holidays=frozenset({date(2024, 10, 1), date(2024, 10, 2), date(2025, 1, 31), date(2023, 12, 31)}),
    workdays=frozenset({date(2024, 6, 1)}),
)
AS_OF = [date(2024, 6, 1), date(2024, 12, 31), date(2025, 2, 28)]
UNARY_NUMBER = ["floor", "ceiling", "abs", "round half up", "round down"]


def random_facts(choose: Chooser) -> Root:
    """Facts of which some are unknown."""

    def maybe(options: Sequence[T]) -> T | None:
        return choose.pick([*options, *options, *options, None])

    def loan() -> Loan:
        return Loan(
            title=maybe(TEXTS), kind=maybe(KIND.values), lent_on=maybe(DAYS_OF_TESTS), returned=maybe([True, False]), fee=maybe(NUMBERS)
        )

    size = maybe([1, 0, 2, 3])
    scores = maybe([1, 0, 3])
    reader = Reader(born=maybe(DAYS_OF_TESTS), member=maybe([True, False]), points=maybe(NUMBERS), town=maybe(TEXTS))
    return Root(
        reader=choose.pick([reader, reader, reader, None]),
        loans=None if size is None else tuple(loan() for _ in range(size)),
        scores=None if scores is None else tuple(choose.pick(NUMBERS) for _ in range(scores)),
        fee=maybe(NUMBERS),
    )


class Expressions:
    """Random well-typed expressions over the facts, the slots concluded so far, and variables in scope."""

    def __init__(self, choose: Chooser, slots: Mapping[str, Type]) -> None:
        self.choose, self.slots = choose, dict(slots)
        self.vars: dict[str, Type] = {}
        self._count = 0

    def of(self, type_: Type, depth: int) -> core.Expr:
        """An expression of a type."""
        leaves = [lambda: self._leaf(type_)]
        makers = self._makers(type_, depth) if depth > 0 else []
        return self.choose.pick([*leaves, *makers, *makers])()

    def _leaf(self, type_: Type) -> core.Expr:
        options: list[core.Expr] = [self._constant(type_)]
        options += [core.Ref(name, type=t) for name, t in self.slots.items() if t == type_]
        options += [core.Var(name, type=t) for name, t in self.vars.items() if t == type_]
        for name, t in self.vars.items():
            if isinstance(t, Record):
                options += [core.Field(core.Var(name, type=t), f, type=ft) for f, ft in t.fields.items() if ft == type_]
        reader = core.Ref("reader", type=READER)
        options += [core.Field(reader, name, type=t) for name, t in READER.fields.items() if t == type_]
        if type_ == NUMBER:
            options.append(core.Ref("fee", type=NUMBER))
        if type_ == DATE:
            options.append(core.Ref("as_of", type=DATE))
        if type_ == ListOf(NUMBER):
            options.append(core.Ref("scores", type=type_))
        if type_ == ListOf(LOAN):
            loans = core.Ref("loans", type=type_)
            dated = core.Const("lent_on", type=STRING)
            options = [loans, core.Call("happened", (loans, dated, core.Ref("as_of", type=DATE)), type=type_)]
        return self.choose.pick([*options * 4, core.Missing(("open_point",), type=type_)])

    def _constant(self, type_: Type) -> core.Expr:
        pools: dict[Any, Sequence[Any]] = {
            NUMBER: NUMBERS, DATE: DAYS_OF_TESTS, STRING: TEXTS, KIND: KIND.values, BOOLEAN: [True, False], MONTHS: DURATIONS, DAYS: SPANS,
            ListOf(NUMBER): [(), (Decimal(1), Decimal(2))], ListOf(LOAN): [()],
        }  # fmt: skip
        return core.Const(self.choose.pick(pools[type_]), type=type_)

    def _fresh(self) -> str:
        self._count += 1
        return f"%{self._count}"

    def _over(self, source: core.Expr, element: Type, type_: Type, depth: int) -> tuple[str, core.Expr]:
        var = self._fresh()
        self.vars[var] = element
        body = self.of(type_, depth - 1)
        del self.vars[var]
        return var, body

    def _makers(self, type_: Type, depth: int) -> list[Any]:
        makers: list[Any] = [lambda: core.If(self.of(BOOLEAN, depth - 1), self.of(type_, depth - 1), self.of(type_, depth - 1), type=type_)]
        less = depth - 1
        if type_ == BOOLEAN:
            makers += [lambda: self._compare(less)] * 4
            makers += [lambda: core.And(tuple(self.of(BOOLEAN, less) for _ in range(self.choose.pick([2, 1, 3]))), type=BOOLEAN)] * 2
            makers += [lambda: core.Or(tuple(self.of(BOOLEAN, less) for _ in range(self.choose.pick([2, 1, 3]))), type=BOOLEAN)] * 2
            makers += [lambda: core.Not(self.of(BOOLEAN, less), type=BOOLEAN)]
            makers += [lambda: self._quantified(less)] * 2
            makers += [lambda: core.Call("division_within", (self.of(STRING, less), core.Const("330000", type=STRING)), type=BOOLEAN)]
            makers += [lambda: core.Call("all", (self._mapped(BOOLEAN, less),), type=BOOLEAN)]
            makers += [lambda: core.Call("any", (self._mapped(BOOLEAN, less),), type=BOOLEAN)]
        if type_ == NUMBER:
            makers += [
                lambda: core.Arithmetic(self.choose.pick(["+", "-", "*", "/"]), self.of(NUMBER, less), self.of(NUMBER, less), type=NUMBER)
            ] * 2
            makers += [lambda: core.Negate(self.of(NUMBER, less), type=NUMBER)]
            makers += [lambda: core.Call("count", (self.of(ListOf(LOAN), less),), type=NUMBER)] * 2
            makers += [
                lambda: core.Call(self.choose.pick(["sum", "min", "max", "mean"]), (self.of(ListOf(NUMBER), less),), type=NUMBER)
            ] * 2
            makers += [lambda: core.Field(self.of(DATE, less), self.choose.pick(["year", "month", "day", "weekday"]), type=NUMBER)]
            makers += [lambda: core.Call(self.choose.pick(UNARY_NUMBER), (self.of(NUMBER, less),), type=NUMBER)]
            makers += [
                lambda: core.Index(
                    self.of(ListOf(NUMBER), less), core.Const(Decimal(self.choose.pick([1, -1, 2])), type=NUMBER), type=NUMBER
                )
            ]
            makers += [lambda: core.Call("modulo", (self.of(NUMBER, less), self.of(NUMBER, less)), type=NUMBER)]
        if type_ == DATE:
            makers += [
                lambda: core.Arithmetic(
                    self.choose.pick(["+", "-"]), self.of(DATE, less), self.of(self.choose.pick([MONTHS, DAYS]), less), type=DATE
                )
            ] * 2
            makers += [
                lambda: core.Call(self.choose.pick(["working_day_on_or_after", "last_day_of_month"]), (self.of(DATE, less),), type=DATE)
            ] * 2
            makers += [
                lambda: core.Call(
                    "add_working_days", (self.of(DATE, less), core.Const(Decimal(self.choose.pick([5, 0, 1])), type=NUMBER)), type=DATE
                )
            ]
            makers += [lambda: core.Call(self.choose.pick(["max", "min"]), (self._mapped(DATE, less),), type=DATE)] * 2
            makers += [lambda: core.Field(self._member(less), "lent_on", type=DATE)]
        if type_ in (STRING, KIND):
            name = "title" if type_ == STRING else "kind"
            makers += [lambda: core.Field(self._member(less), name, type=type_)]
        if type_ == STRING:
            makers += [lambda: core.Arithmetic("+", self.of(STRING, less), self.of(STRING, less), type=STRING)]
        if type_ == DAYS:
            makers += [lambda: core.Arithmetic("-", self.of(DATE, less), self.of(DATE, less), type=DAYS)]
        if type_ == MONTHS:
            makers += [lambda: core.Arithmetic("*", self.of(MONTHS, less), self.of(NUMBER, less), type=MONTHS)]
        if isinstance(type_, ListOf):
            makers += [lambda: self._filtered(type_, less)] * 3
            makers += [lambda: core.Call("concatenate", (self.of(type_, less), self.of(type_, less)), type=type_)]
            if type_.element == NUMBER:
                makers += [lambda: self._mapped(NUMBER, less)]
                makers += [lambda: core.MakeList((self.of(NUMBER, less), self.of(NUMBER, less)), type=type_)]
        return makers

    def _compare(self, depth: int) -> core.Expr:
        type_ = self.choose.pick([NUMBER, DATE, STRING, KIND, BOOLEAN, MONTHS, DAYS])
        ordered = type_ in (NUMBER, DATE, MONTHS, DAYS)
        op = self.choose.pick(["=", "!=", "<", "<=", ">", ">="] if ordered else ["=", "!="])
        return core.Compare(op, self.of(type_, depth), self.of(type_, depth), type=BOOLEAN)

    def _quantified(self, depth: int) -> core.Expr:
        source = self.of(ListOf(LOAN), depth)
        var, condition = self._over(source, LOAN, BOOLEAN, depth)
        return core.Quantified(self.choose.pick(["some", "every"]), var, source, condition, type=BOOLEAN)

    def _filtered(self, type_: ListOf, depth: int) -> core.Expr:
        source = self.of(type_, depth)
        var, condition = self._over(source, type_.element, BOOLEAN, depth)
        return core.Filter(source, var, condition, type=type_)

    def _mapped(self, element: Type, depth: int) -> core.Expr:
        source = self.of(ListOf(LOAN), depth)
        var, body = self._over(source, LOAN, element, depth)
        return core.Map(var, source, body, type=ListOf(element))

    def _member(self, depth: int) -> core.Expr:
        return core.Index(self.of(ListOf(LOAN), depth), core.Const(Decimal(self.choose.pick([1, -1, 2])), type=NUMBER), type=LOAN)


def random_program(choose: Chooser, size: int = 5, depth: int = 3) -> Program:
    """A program with a few terms, perhaps a table, and one decision with all of its parts."""
    slots: dict[str, Type] = {}
    rules: list[Rule] = []

    def expr(type_: Type) -> core.Expr:
        return Expressions(choose, slots).of(type_, depth)

    def add(slot: str, kind: Any, type_: Type, body: Any) -> str:
        rules.append(Rule(slot, kind, type_, body))
        slots[slot] = type_
        return slot

    for number in range(choose.pick(range(size + 1))):
        type_ = choose.pick([BOOLEAN, NUMBER, DATE, STRING, ListOf(LOAN), ListOf(NUMBER)])
        add(f"t{number}", "term", type_, Formula(expr(type_)))
    if choose.pick([False, True]):
        _table(choose, expr, rules, slots)

    def condition(part: str, number: int) -> str:
        slot = f"d.{part}.c{number}"
        if choose.pick([False, False, True]):
            members = tuple(add(f"{slot}.m{i}", "condition", BOOLEAN, Formula(expr(BOOLEAN))) for i in range(choose.pick([1, 2, 3])))
            return add(slot, "condition", BOOLEAN, Group(choose.pick(["any", "all", "none"]), members))
        return add(slot, "condition", BOOLEAN, Formula(expr(BOOLEAN)))

    parts = {part: tuple(condition(part, i) for i in range(choose.pick(counts))) for part, counts in _PARTS.items()}
    amount = add("d.grants.amount", "grant", NUMBER, Formula(expr(NUMBER))) if choose.pick([True, False]) else None
    day = add("d.grants.dates.day", "grant", DATE, Formula(expr(DATE)))
    decision = Decision("d", Label("问", "question"), "entitlement", **parts, amount=amount, dates=(("day", day),))
    return Program(
        name="library", version="1", digest="0", jurisdiction="000000", title=Label("图书馆", "library"), rules=tuple(rules),
        strata={slot: i for i, slot in enumerate(slots)}, decisions={"d": decision}, interpretations={}, sources={}, open_points={},
        facts=FACTS, calendar=CALENDAR,
    )  # fmt: skip


_PARTS: dict[str, Sequence[int]] = {
    "requires": [1, 2, 3],
    "excludes": [0, 1, 2],
    "soft": [0, 0, 1],
    "delegates": [0, 0, 1],
    "empowers": [0, 0, 1],
}


def _table(choose: Chooser, expr: Any, rules: list[Rule], slots: dict[str, Type]) -> None:
    kinds = choose.pick([True, False])
    input_type: Type = KIND if kinds else NUMBER
    given = expr(input_type)
    var = core.Var("?1", type=input_type)
    hit = choose.pick(["unique", "first", "any", "priority", "collect", "collect sum", "collect count", "collect max"])
    rows = []
    values = list(KIND.values) if kinds else NUMBERS[:4]
    for number, value in enumerate(values):
        constant = core.Const(value, type=input_type)
        test: core.Expr | None = core.Compare(
            "=" if kinds or hit == "unique" else choose.pick(["=", "<", ">="]), var, constant, type=BOOLEAN
        )
        if hit not in ("unique", "any") and choose.pick([False, False, True]):
            test = None
        output = core.Const(choose.pick(NUMBERS), type=NUMBER) if choose.pick([True, True, False]) else expr(NUMBER)
        if hit == "any":
            output = core.Const(Decimal(7), type=NUMBER)
        rows.append(Row(str(number), (test,), (output,)))
    otherwise = (core.Const(choose.pick(NUMBERS), type=NUMBER),) if choose.pick([True, False]) else None
    order = tuple(core.Const(n, type=NUMBER) for n in NUMBERS) if hit == "priority" else ()
    listed = hit == "collect"
    rules.append(Rule("table", "table", NUMBER, Table((given,), ("table.out",), tuple(rows), hit, None if listed else otherwise, order)))
    slots["table.out"] = ListOf(NUMBER) if listed else NUMBER
