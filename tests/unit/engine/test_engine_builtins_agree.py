"""The functions of the reference evaluator and those of the compiled engine, written apart, give the same values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dte_rules.engine import builtins, runtime
from dte_rules.engine.builtins import CALENDAR, KLEENE, PLAIN
from dte_rules.engine.compiled import exported
from dte_rules.engine.facts import FactRecord
from dte_rules.feel import functions, operators
from dte_rules.feel.builtins import BUILTINS, INTERNALS, Parameter, Signature
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.types import ANY, BOOLEAN, DATE, DAYS, MONTHS, NUMBER, STRING, ListOf, Record, Type
from dte_rules.feel.values import Member, Months, PartialList, Unknown, is_known, join

LOWERED = {"list contains"}
"""Functions that the checker says with others, so that no engine has them."""
PUT_IN = {"happened", *INTERNALS}
"""Functions that only the checker and the compiler put into expressions."""
SPECIAL = {"happened", "list contains"}

CALENDAR_OF_TESTS = Calendar(
    years=frozenset({2023, 2024, 2025}),
    holidays=frozenset({date(2024, 10, 1), date(2024, 10, 2), date(2025, 1, 31), date(2023, 12, 31)}),
    workdays=frozenset({date(2024, 6, 1)}),
)


@dataclass(frozen=True)
class Pair:
    """One value as the two engines write it."""

    reference: Any
    compiled: Any


def known(value: Any) -> Pair:
    return Pair(value, runtime.NULL if value is None else value)


UNKNOWN = Pair(Unknown(["x"]), None)
NULL = known(None)
NUMBERS = st.one_of(
    st.integers(-9, 9).map(Decimal),
    st.sampled_from([Decimal(n) for n in ("0.5", "1.50", "-2.5", "1E+3", "0.1", "100", "6176", "-6112", "1E+40", "-0")]),
    st.decimals(-1000, 1000, places=2),
)
DATES = st.one_of(
    st.dates(date(2023, 1, 1), date(2026, 12, 31)),
    st.sampled_from([date(2024, 2, 29), date(1, 1, 1), date(9999, 12, 31), date(2025, 12, 31)]),
)
TEXTS = st.one_of(
    st.sampled_from(
        ["", "330700", "330000", "abc", "b", "2024-02-29", "2023-02-29", "P1Y6M", "P30DT2H", "1,000.5", "1 000", ".", ",", "图书馆"]
    ),
    st.text("ab.,图1-P", max_size=6),
)
SCALARS: dict[Type, st.SearchStrategy[Any]] = {
    NUMBER: NUMBERS,
    DATE: DATES,
    STRING: TEXTS,
    BOOLEAN: st.booleans(),
    MONTHS: st.integers(-30, 30).map(Months),
    DAYS: st.integers(-(10**6), 10**6).map(lambda s: timedelta(seconds=s)),
}
ANYTHING = st.one_of(*SCALARS.values())


def bounded(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Pair]:
    def pair(ends: tuple[Any, Any], open_end: int) -> Pair:
        low, high = sorted(ends)
        low, high = (None, high) if open_end == 1 else (low, None) if open_end == 2 else (low, high)
        return known(low) if low == high else Pair(Unknown(["x"], low, high), runtime.between(low, high))

    return st.builds(pair, st.tuples(values, values), st.sampled_from([0, 0, 1, 2]))


def of(type_: Type, *, unknown: bool = True) -> st.SearchStrategy[Pair]:
    """Values of a type, unknown and bounded ones and null too."""
    if isinstance(type_, ListOf):
        return listed(type_.element, unknown=unknown)
    values = SCALARS.get(type_, ANYTHING)
    options = [values.map(known)] * 4 + [st.just(NULL)]
    if unknown:
        options.append(st.just(UNKNOWN))
        if type_ in (NUMBER, DATE):
            options.append(bounded(values))
    return st.one_of(*options)


def listed(element: Type, *, unknown: bool = True) -> st.SearchStrategy[Pair]:
    """Lists, with unknown members and with members that are only possible."""

    def build(pairs: list[tuple[Pair, bool]]) -> Pair:
        values = tuple(p.reference for p, _ in pairs)
        theirs = tuple(p.compiled for p, _ in pairs)
        if all(sure for _, sure in pairs):
            return Pair(values, theirs)
        members = tuple(Member(p.reference, sure, frozenset() if sure else frozenset(["m"])) for p, sure in pairs)
        return Pair(PartialList(members), runtime.Partial(theirs, tuple(sure for _, sure in pairs)))

    inner = of(element, unknown=unknown) if not isinstance(element, ListOf) else listed(element.element, unknown=unknown)
    if element == ANY:
        inner = st.one_of(*(of(t, unknown=unknown) for t in SCALARS), of(NUMBER, unknown=unknown), listed(NUMBER, unknown=unknown))
    plain = st.lists(st.tuples(inner, st.just(True)), max_size=4).map(build)
    if not unknown:
        return plain
    partial = st.lists(st.tuples(inner, st.booleans()), max_size=4).map(build)
    return st.one_of(plain, plain, partial, st.just(NULL), st.just(UNKNOWN))


def argument(parameter: Parameter, *, unknown: bool) -> st.SearchStrategy[Pair]:
    return st.one_of(*(of(type_, unknown=unknown) for type_ in parameter.types))


@st.composite
def calls(draw: st.DrawFn, signature: Signature, *, gathers: bool, unknown: bool) -> list[Pair]:
    """Arguments for a function."""
    pairs: list[Pair] = []
    for parameter in signature.parameters:
        if parameter.optional and draw(st.booleans()):
            break
        for _ in range(draw(st.integers(1, 3)) if parameter.variadic else 1):
            pairs.append(draw(argument(parameter, unknown=unknown)))
    if gathers and draw(st.integers(0, 3)) == 0:  # several arguments stand for a list
        element = signature.parameters[0].types[0]
        assert isinstance(element, ListOf)
        pairs = [draw(of(element.element, unknown=unknown)) for _ in range(draw(st.integers(2, 3)))]
    return pairs


def plainly(value: Any) -> Any:
    """A value without what it rests on, which only the reference knows."""
    match value:
        case Unknown():
            return ("unknown", value.low, value.high)
        case PartialList(members):
            return ("partial", tuple((plainly(m.value), m.certain) for m in members))
        case tuple():
            return tuple(plainly(v) for v in value)
        case bool() | None:
            return value
        case _:
            return (type(value).__name__, value)


def by_reference(name: str, pairs: list[Pair]) -> Any:
    return functions.call(name, [p.reference for p in pairs], CALENDAR_OF_TESTS)


def by_compiled(name: str, pairs: list[Pair]) -> Any:
    arguments = [p.compiled for p in pairs]
    if name in CALENDAR:
        return exported(CALENDAR[name](CALENDAR_OF_TESTS, *arguments))
    if name in KLEENE:
        return exported(KLEENE[name](*arguments))
    return exported(builtins.call(name, *arguments))


FUNCTIONS = [(name, signature) for name, f in {**BUILTINS, **INTERNALS}.items() if name not in SPECIAL for signature in f.signatures]
GATHERING = {name for name, f in BUILTINS.items() if f.gathers}


def test_every_function_is_implemented_and_registered() -> None:
    registered = (set(BUILTINS) | PUT_IN) - LOWERED
    assert registered == functions.IMPLEMENTED
    assert registered == builtins.IMPLEMENTED
    assert set(PLAIN) | set(KLEENE) | set(CALENDAR) == builtins.IMPLEMENTED


def test_the_same_functions_follow_bounds() -> None:
    assert functions._MONOTONE == builtins.MONOTONE


@pytest.mark.parametrize(("name", "signature"), FUNCTIONS, ids=[f"{name}/{len(s.parameters)}" for name, s in FUNCTIONS])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_they_agree(name: str, signature: Signature, data: st.DataObject) -> None:
    unknown = data.draw(st.sampled_from([True, True, False]), label="unknown")
    pairs = data.draw(calls(signature, gathers=name in GATHERING, unknown=unknown), label="arguments")
    assert plainly(by_reference(name, pairs)) == plainly(by_compiled(name, pairs))


@pytest.mark.parametrize(("name", "signature"), FUNCTIONS, ids=[f"{name}/{len(s.parameters)}" for name, s in FUNCTIONS])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_they_agree_on_arguments_of_wrong_types(name: str, signature: Signature, data: st.DataObject) -> None:
    """Dynamic FEEL lets them through; the result is mostly null."""
    count = len(signature.parameters)
    pairs = [data.draw(st.one_of(ANYTHING.map(known), st.just(NULL), st.just(UNKNOWN), listed(ANY))) for _ in range(count)]
    assert plainly(by_reference(name, pairs)) == plainly(by_compiled(name, pairs))


VALUES = st.one_of(*(of(t) for t in SCALARS), listed(ANY), of(NUMBER))
OPERATORS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "+": (operators.add, runtime.add),
    "-": (operators.subtract, runtime.sub),
    "*": (operators.multiply, runtime.mul),
    "/": (operators.divide, runtime.div),
    "**": (operators.power, runtime.power),
    "=": (lambda a, b: operators.compare("=", a, b), runtime.eq),
    "!=": (lambda a, b: operators.compare("!=", a, b), runtime.ne),
    "<": (lambda a, b: operators.compare("<", a, b), runtime.lt),
    "<=": (lambda a, b: operators.compare("<=", a, b), runtime.le),
    "and": (lambda a, b: operators.conjunction([a, b]), lambda a, b: runtime.all_of([a, b])),
    "or": (lambda a, b: operators.disjunction([a, b]), lambda a, b: runtime.any_of([a, b])),
    "minus": (lambda a, b: operators.negate(a), lambda a, b: runtime.neg(a)),
    "not": (lambda a, b: operators.negation(a), lambda a, b: runtime.not_(a)),
    "join": (lambda a, b: join([a, b], ["y"]), lambda a, b: runtime.join([a, b])),
    "year": (lambda a, b: operators.property_of(a, "year"), lambda a, b: runtime.part(a, "year")),
    "days": (lambda a, b: operators.property_of(a, "days"), lambda a, b: runtime.part(a, "days")),
    "seconds": (lambda a, b: operators.property_of(a, "seconds"), lambda a, b: runtime.part(a, "seconds")),
    "months": (lambda a, b: operators.property_of(a, "months"), lambda a, b: runtime.part(a, "months")),
    "weekday": (lambda a, b: operators.property_of(a, "weekday"), lambda a, b: runtime.part(a, "weekday")),
}


@pytest.mark.parametrize("operator", OPERATORS)
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_operators_agree(operator: str, data: st.DataObject) -> None:
    mine, theirs = OPERATORS[operator]
    kinds = st.sampled_from([*map(of, SCALARS), VALUES])
    a = data.draw(data.draw(kinds))
    b = data.draw(data.draw(kinds))
    assert plainly(mine(a.reference, b.reference)) == plainly(exported(theirs(a.compiled, b.compiled)))


EVENT = Record("event", {"kind": STRING, "on": DATE})


@settings(max_examples=250, deadline=None)
@given(
    st.one_of(st.none(), st.lists(st.tuples(st.one_of(st.none(), DATES), st.booleans()), max_size=4)),
    DATES,
)
@example(None, date(2024, 1, 1))
def test_happened_agrees(events: list[tuple[date | None, bool]] | None, as_of: date) -> None:
    """Events dated after the day have not happened; those without a date have."""
    if events is None:
        pairs = UNKNOWN
    else:
        records = [SimpleNamespace(kind=str(n), on=on) for n, (on, _) in enumerate(events)]
        members = tuple(
            Member(FactRecord(EVENT, r, f"events[{n}]", {}), sure, frozenset() if sure else frozenset(["m"]))
            for n, (r, (_, sure)) in enumerate(zip(records, events, strict=True), 1)
        )
        if all(m.certain for m in members):
            pairs = Pair(tuple(m.value for m in members), tuple(records))
        else:
            pairs = Pair(PartialList(members), runtime.Partial(tuple(records), tuple(m.certain for m in members)))
    mine = functions.call("happened", [pairs.reference, "on", as_of], CALENDAR_OF_TESTS)
    theirs = runtime.happened(pairs.compiled, "on", as_of)

    def kinds(value: Any) -> Any:
        if isinstance(value, PartialList):
            return [(m.value.data.kind, m.certain) for m in value.members]
        if isinstance(value, runtime.Partial):
            return [(v.kind, sure) for v, sure in zip(value.values, value.sure, strict=True)]
        if value is None or isinstance(value, Unknown):
            return None
        return [((v.data if isinstance(v, FactRecord) else v).kind, True) for v in value]

    assert kinds(mine) == kinds(theirs)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_what_an_unknown_argument_gives_holds_for_every_value(data: st.DataObject) -> None:
    """Bounds and definite values of the reference are right: putting a value in place of an unknown one keeps within them."""
    name = data.draw(st.sampled_from(["sum", "min", "max", "count", "all", "any", "floor", "concatenate"]))
    element = BOOLEAN if name in ("all", "any") else NUMBER
    pairs = [data.draw(of(NUMBER) if name == "floor" else listed(element)) for _ in range(2 if name == "concatenate" else 1)]
    before = by_reference(name, pairs)
    after = by_reference(name, [Pair(settled(p.reference, data, name), None) for p in pairs])
    assert within(after, before)


def settled(value: Any, data: st.DataObject, name: str) -> Any:
    """The value with each unknown part given a value, and each possible member made one or dropped."""
    match value:
        case Unknown(low=None, high=None):
            return data.draw(st.booleans() if name in ("all", "any") else st.just(()) if name == "concatenate" else NUMBERS)
        case Unknown():
            low, high = value.low, value.high
            return data.draw(st.sampled_from([end for end in (low, high) if end is not None]))
        case PartialList(members):
            return tuple(settled(m.value, data, name) for m in members if m.certain or data.draw(st.booleans()))
        case tuple():
            return tuple(settled(v, data, name) for v in value)
        case _:
            return value


def within(value: Any, known_before: Any) -> bool:
    """Whether a value is one of those that were possible."""
    match known_before:
        case Unknown():
            low, high = known_before.low, known_before.high
            if value is None or (low is None and high is None):
                return True
            return (low is None or low <= value) and (high is None or value <= high)
        case PartialList():
            return True
        case tuple() if not is_known(known_before):
            return isinstance(value, tuple) and len(value) == len(known_before) and all(map(within, value, known_before))
        case _:
            return bool(value == known_before)
