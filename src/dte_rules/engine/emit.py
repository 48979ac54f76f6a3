"""Python code for expressions of the core language.

Every name in the code is made here (``s3`` a slot, ``f2`` a fact, ``v7`` a value, ``k1`` a constant); no text of a pack is ever part of it.
Alongside each value goes what it may turn out to be, so that most operations come out as a plain Python operator.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, assert_never

from dte_rules.engine import builtins, runtime, whole
from dte_rules.engine.code import ANYTHING, KNOWN, UNKNOWN, B, E, N, P, U, Value, Writer, guarded
from dte_rules.feel import core
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.types import ANY, BOOLEAN, DATE, DAYS, MONTHS, NUMBER, STRING, Enum, ListOf, Record, Type
from dte_rules.feel.values import Months


@dataclass(frozen=True, slots=True)
class _Source:
    """A list to loop over, and the field that dates its members where those after the day are still to be left out."""

    value: Value
    dated_by: str | None


class Emitter(Writer):
    """Collects the lines of one function, and the constants that it uses."""

    def __init__(self, facts: Mapping[str, Type], calendar: Calendar, slots: Mapping[str, Value]) -> None:
        super().__init__()
        self.facts, self.calendar = facts, calendar
        self.slots = dict(slots)
        self._paths: dict[tuple[str, ...], Value] = {}
        self._vars: dict[str, Value] = {}

    # --- expressions ---

    def bind(self, var: str, value: Value) -> None:
        """Lets a variable of the expression stand for a value."""
        self._vars[var] = value

    def emit(self, expr: core.Expr) -> Value:
        """Adds the code of an expression and gives its value."""
        match expr:
            case core.Const(value):
                return self._const(value)
            case core.Missing():
                return Value("None", UNKNOWN)
            case core.Ref(name):
                if name == "as_of":
                    return Value("as_of", KNOWN)
                return self.slots[name] if name in self.slots else self._path((name,), self.facts[name])
            case core.Var(name):
                return self._vars[name]
            case core.Field():
                return self._field(expr)
            case core.And(operands):
                return self._connective(operands, neutral="True", absorbing="False")
            case core.Or(operands):
                return self._connective(operands, neutral="False", absorbing="True")
            case core.Not(operand):
                value = self.emit(operand)
                if value.may <= UNKNOWN and operand.type == BOOLEAN:
                    return self.let(guarded([value], f"not {value.code}"), value.may)
                return self.let(f"_not({value.code})", value.may - {B})
            case core.Compare(op, left, right):
                return self._compare(op, left, right)
            case core.Arithmetic():
                return self._in_integers(expr) or self._moved(expr) or self._arithmetic(expr)
            case core.Negate(operand):
                value = self.emit(operand)
                return self.let(f"_neg({value.code})", value.may | {N})
            case core.If():
                return self._if(expr)
            case core.MakeList(items):
                values = [self.emit(item) for item in items]
                return self.let(_tuple(v.code for v in values), frozenset().union(*(v.may for v in values)))
            case core.Filter():
                return self._filter(expr)
            case core.Index(source, index):
                listed, place = self.emit(source), self.emit(index)
                return self.let(f"_index({listed.code}, {place.code})", ANYTHING)
            case core.Quantified():
                return self._quantified(expr)
            case core.Map():
                return self._map(expr)
            case core.Call():
                return (self._in_integers(expr) if expr.function in ("floor", "min", "max") else None) or self._call(expr)
            case _:
                assert_never(expr)

    def _const(self, value: Any) -> Value:
        if value is None:
            return Value("NULL", frozenset({N}))
        if value is True or value is False:
            return Value(str(value), KNOWN)
        if isinstance(value, tuple):
            return Value(self.constant(tuple(runtime.NULL if v is None else v for v in value)), KNOWN)
        return Value(self.constant(value), KNOWN)

    def _path(self, path: tuple[str, ...], type_: Type) -> Value:
        """A fact read by its path; it is read once, at the head of the function."""
        if path not in self._paths:
            name = self.fresh("f")
            if len(path) == 1:
                self.head.append(f"    {name} = {attribute('facts', path[0], self.constant(path[0]))}")
            else:
                outer = self._path(path[:-1], Record("", {})).code
                self.head.append(f"    {name} = None if {outer} is None else {attribute(outer, path[-1], self.constant(path[-1]))}")
            self._paths[path] = Value(name, KNOWN if isinstance(type_, Record) else UNKNOWN)
        return self._paths[path]

    def _field(self, expr: core.Field) -> Value:
        path = self._fact_path(expr)
        if path is not None:
            return self._path(path, expr.type)
        base = self.emit(expr.base)
        kind = expr.base.type
        if isinstance(kind, Record):
            if E in base.may or N in base.may or B in base.may:
                return self.let(f"_get({base.code}, {self.constant(expr.name)})", ANYTHING)
            return self.let(guarded([base], attribute(base.code, expr.name, self.constant(expr.name))), UNKNOWN)
        if kind == DATE and base.may <= UNKNOWN and expr.name in ("year", "month", "day"):
            number = self.constant(Decimal)
            return self.let(guarded([base], f"{number}({base.code}.{expr.name})"), base.may)
        name = "_any_field" if kind == ANY else "_part"
        return self.let(f"{name}({base.code}, {self.constant(expr.name)})", ANYTHING)

    def _fact_path(self, expr: core.Expr) -> tuple[str, ...] | None:
        if isinstance(expr, core.Ref):
            return (expr.name,) if expr.name in self.facts and isinstance(expr.type, Record) else None
        if isinstance(expr, core.Field) and isinstance(expr.base.type, Record):
            outer = self._fact_path(expr.base)
            return None if outer is None else (*outer, expr.name)
        return None

    def _truth(self, operand: core.Expr) -> Value:
        """An operand of a connective; a value of an untyped one that is no truth value counts as null."""
        value = self.emit(operand)
        if operand.type == BOOLEAN:
            return value
        code = value.code
        return self.let(f"{code} if {code} is True or {code} is False or {code} is None else NULL", value.may | {N})

    def _connective(self, operands: tuple[core.Expr, ...], *, neutral: str, absorbing: str) -> Value:
        result = self.fresh()
        may: frozenset[str] = KNOWN
        for number, operand in enumerate(operands):
            if number == 0:
                value = self._truth(operand)
                self.line(f"{result} = {value.code}")
                may |= value.may & {U, N}
                continue
            with self.block(f"if {result} is not {absorbing}:"):
                value = self._truth(operand)
                new = value.code
                if not may:
                    self.line(f"{result} = {new}")
                elif new == "None":  # the unknown outlasts null
                    self.line(f"{result} = None")
                elif N in may | value.may:
                    settles = f"{new} is not {neutral}"
                    self.line(f"if {settles} and ({result} is {neutral} or {new} is not NULL): {result} = {new}")
                else:
                    self.line(f"if {new} is not {neutral} and ({new} is {absorbing} or {result} is {neutral}): {result} = {new}")
                may |= value.may & {U, N}
        return Value(result, may)

    def _compare(self, op: str, left: core.Expr, right: core.Expr) -> Value:
        if op in (">", ">="):
            op, left, right = {">": "<", ">=": "<="}[op], right, left
        python = {"=": "==", "!=": "!=", "<": "<", "<=": "<="}[op]
        slow = {"=": "_eq", "!=": "_ne", "<": "_lt", "<=": "_le"}[op]
        integers = self._integers(left, right)
        if integers is not None:
            (a, b), days = integers
            return self.let(guarded(days, f"{a} {python} {b}"), frozenset().union(*(day.may for day in days)))
        sized = self._sizes(left, right)
        if sized is not None:
            (a, quick_a, listed), (b, quick_b, _) = sized
            test = f"type({listed}) is tuple"
            return self.let(f"{quick_a} {python} {quick_b} if {test} else {slow}({a}, {b})", frozenset({U}))
        a_value, b_value = self.emit(left), self.emit(right)
        may, code = a_value.may | b_value.may, f"{a_value.code} {python} {b_value.code}"
        if not _comparable(left.type, right.type):
            return self.let(f"{slow}({a_value.code}, {b_value.code})", frozenset({U, N}))
        if may <= UNKNOWN:
            return self.let(guarded([a_value, b_value], code), may)
        kind = "Decimal" if left.type == NUMBER else "date" if left.type == DATE else "bool" if left.type == BOOLEAN else "str"
        tests = [f"type({v.code}) is {kind}" for v in (a_value, b_value) if v.may]
        return self.let(f"{code} if {' and '.join(tests)} else {slow}({a_value.code}, {b_value.code})", frozenset({U, N}) & (may | UNKNOWN))

    def _arithmetic(self, expr: core.Arithmetic) -> Value:
        op, left, right = expr.op, expr.left.type, expr.right.type
        a, b = self.emit(expr.left), self.emit(expr.right)
        may = a.may | b.may | {N} | ({U} if B in a.may | b.may else KNOWN)
        if op in ("+", "-", "*") and left == right == NUMBER and (a.may | b.may) <= UNKNOWN:
            name = {"+": "_plus", "-": "_minus", "*": "_times"}[op]
            return self.let(guarded([a, b], f"_number({name}({a.code}, {b.code}))"), may)
        name = {"+": "_add", "-": "_sub", "*": "_mul", "/": "_div", "**": "_pow"}[op]
        return self.let(f"{name}({a.code}, {b.code})", may)

    def _integers(self, *exprs: core.Expr) -> tuple[list[str], list[Value]] | None:
        """Expressions as Python integers, with the dates that must be known for it; None where they aren't, or are constant."""
        names: dict[core.Expr, str] = {}
        found = [whole.whole(expr, names) for expr in exprs]
        if not names or any(map(whole.bounded, exprs)):
            return None
        return self._with_days([f for f in found if f is not None], names) if None not in found else None

    def _with_days(self, found: Iterable[whole.Whole], names: Mapping[core.Expr, str]) -> tuple[list[str], list[Value]] | None:
        days = {place: self.emit(day) for day, place in names.items()}
        if not all(day.may <= UNKNOWN for day in days.values()):
            return None
        codes = []
        for each in found:
            code = each.code
            for place, day in days.items():
                code = code.replace(place, day.code)
            codes.append(code)
        return codes, list(days.values())

    def _in_integers(self, expr: core.Arithmetic | core.Call) -> Value | None:
        """The value of arithmetic on parts of dates, reckoned in integers where the dates are known."""
        names: dict[core.Expr, str] = {}
        found = whole.whole(expr, names) if expr.type == NUMBER else None
        integers = self._with_days([found], names) if found is not None and names else None
        if integers is None:
            return None
        (code,), days = integers
        if not whole.bounded(expr):
            return self.let(guarded(days, f"Decimal({code})"), frozenset().union(*(day.may for day in days)))
        return self._either(days, f"Decimal({code})", KNOWN, lambda: self._generally(expr))

    def _moved(self, expr: core.Arithmetic) -> Value | None:
        """A day some months or days away."""
        if expr.op != "+" or expr.left.type != DATE or expr.right.type not in (MONTHS, DAYS):
            return None
        if isinstance(expr.right, core.Const):
            day, duration = self.emit(expr.left), self.constant(expr.right.value)
            count = expr.right.value.count if isinstance(expr.right.value, Months) else None
            quick = f"_shift({day.code}, {duration})" if count is None else f"_later({day.code}, {count})"
            if day.may <= UNKNOWN:
                return self.let(guarded([day], quick), day.may | {N})
            return self.let(f"{quick} if type({day.code}) is date else _add({day.code}, {duration})", day.may | {N})
        names: dict[core.Expr, str] = {}
        found = whole.months(expr.right, names)
        if found is None:
            return None
        start = self.emit(expr.left)
        integers = self._with_days([found], names)
        if integers is None or not start.may <= UNKNOWN:
            return None
        (code,), days = integers
        return self._either([start, *days], f"_later({start.code}, {code})", frozenset({N}), lambda: self._arithmetic(expr))

    def _generally(self, expr: core.Arithmetic | core.Call) -> Value:
        return self._arithmetic(expr) if isinstance(expr, core.Arithmetic) else self._call(expr)

    def _either(self, known: Iterable[Value], quick: str, may: frozenset[str], general: Callable[[], Value]) -> Value:
        """Quick code where some values are known, else general code."""
        tests = [f"{value.code} is not None" for value in known if U in value.may]
        if not tests:
            return self.let(quick, may)
        result = self.fresh()
        with self.block(f"if {' and '.join(dict.fromkeys(tests))}:"):
            self.line(f"{result} = {quick}")
        with self.block("else:"):
            value = general()
            self.line(f"{result} = {value.code}")
        return Value(result, may | value.may)

    def _sizes(self, left: core.Expr, right: core.Expr) -> list[tuple[str, str, str]] | None:
        """A count and a whole constant, each as the slow and the quick code; the quick one holds for a plain list."""
        counted = next((e for e in (left, right) if isinstance(e, core.Call) and e.function == "count"), None)
        other = _whole(right if counted is left else left)
        if counted is None or other is None:
            return None
        listed = self.emit(counted.arguments[0])
        count = self.constant(builtins.count)
        sides = (f"{count}({listed.code})", f"len({listed.code})", listed.code)
        constant = (self.constant(Decimal(other)), str(other), listed.code)
        return [sides, constant] if counted is left else [constant, (sides[0], sides[1], listed.code)]

    def _if(self, expr: core.If) -> Value:
        test = self.emit(expr.condition)
        result = self.fresh()
        if not test.may & {U}:
            with self.block(f"if {test.code} is True:"):
                first = self.emit(expr.then)
                self.line(f"{result} = {first.code}")
            with self.block("else:"):
                second = self.emit(expr.otherwise)
                self.line(f"{result} = {second.code}")
            return Value(result, first.may | second.may)
        with self.block(f"if {test.code} is True or {test.code} is None:"):
            first = self.emit(expr.then)
            self.line(f"{result} = {first.code}")
        with self.block(f"if {test.code} is not True:"):
            second = self.emit(expr.otherwise)
            self.line(f"{result} = {second.code} if {test.code} is not None else _join(({result}, {second.code}))")
        joined = {U, B} if expr.type in (NUMBER, DATE) else {U, E} if isinstance(expr.type, Record) else {U}
        return Value(result, first.may | second.may | (ANYTHING if expr.type == ANY else frozenset(joined)))

    # --- lists ---

    @contextmanager
    def _loop(self, source: _Source) -> Iterator[tuple[str, str | None]]:
        """A loop over a list: the member's name, and the name that says whether it is certain where not all are."""
        member = self.fresh()
        sure = self.fresh() if P in source.value.may else None
        opening = f"for {member} in {source.value.code}:"
        if sure is not None:
            listed = source.value.code
            opening = f"for {member}, {sure} in zip({listed}, ALL_SURE) if type({listed}) is tuple else members({listed}):"
        with self.block(opening):
            if source.dated_by is not None:
                day = self.fresh()
                self.line(f"{day} = {attribute(member, source.dated_by, self.constant(source.dated_by))}")
                self.line(f"if {day} is not None and {day} > as_of: continue")
            yield member, sure

    def _source(self, expr: core.Expr) -> _Source:
        """A list to loop over; events that have not happened are left out in the loop itself where that can be."""
        if isinstance(expr, core.Call) and expr.function == "happened":
            events, dated_by, _ = expr.arguments
            if isinstance(dated_by, core.Const) and isinstance(events.type, ListOf) and isinstance(events.type.element, Record):
                value = self.emit(events)
                if value.may <= UNKNOWN:
                    return _Source(value, str(dated_by.value))
                return _Source(self.let(f"_happened({value.code}, {self.constant(dated_by.value)}, as_of)", value.may), None)
        return _Source(self.emit(expr), None)

    @contextmanager
    def _over(self, source: Value, result: str, *, null: str) -> Iterator[None]:
        """Code under the condition that the list is one; else the result is unknown, or what null gives."""
        guards = []
        if U in source.may or B in source.may:
            guards.append(f"if {source.code} is None{self._is_between(source)}: {result} = None")
        if N in source.may:
            guards.append(f"{'el' if guards else ''}if {source.code} is NULL: {result} = {null}")
        for guard in guards:
            self.line(guard)
        if guards:
            with self.block("else:"):
                yield
        else:
            yield

    def _is_between(self, source: Value) -> str:
        return f" or type({source.code}) is {self.constant(runtime.Between)}" if B in source.may else ""

    def _filter(self, expr: core.Filter) -> Value:
        listed = self._source(expr.source)
        if not isinstance(expr.source.type, ListOf):
            listed = _Source(self.let(f"_as_list({listed.value.code})", ANYTHING), None)
        source = listed.value
        result, kept, doubts = self.fresh(), self.fresh(), self.fresh()
        with self._over(source, result, null="()"):
            self.line(f"{kept} = []")
            self.line(f"{doubts} = None")
            with self._loop(listed) as (member, sure):
                self.bind(expr.var, Value(member, _member_may(source, expr.source.type)))
                test = self.emit(expr.condition)
                with self.block(f"if {test.code} is True:"):
                    if sure is not None:
                        self.line(f"if not {sure} and {doubts} is None: {doubts} = [True] * len({kept})")
                    if sure is not None or U in test.may:
                        self.line(f"if {doubts} is not None: {doubts}.append({sure or True})")
                    self.line(f"{kept}.append({member})")
                if U in test.may:
                    with self.block(f"elif {test.code} is None:"):
                        self.line(f"if {doubts} is None: {doubts} = [True] * len({kept})")
                        self.line(f"{doubts}.append(False)")
                        self.line(f"{kept}.append({member})")
            self.line(f"{result} = tuple({kept}) if {doubts} is None else Partial(tuple({kept}), tuple({doubts}))")
        may = source.may | ({P} if U in test.may else KNOWN)
        return Value(result, may - {N})

    def _quantified(self, expr: core.Quantified) -> Value:
        listed = self._source(expr.source)
        source, result = listed.value, self.fresh()
        neutral, absorbing = ("False", "True") if expr.kind == "some" else ("True", "False")
        with self._over(source, result, null="NULL"):
            self.line(f"{result} = {neutral}")
            with self._loop(listed) as (member, sure):
                self.bind(expr.var, Value(member, _member_may(source, expr.source.type)))
                test = self.emit(expr.condition)
                if sure is not None:
                    test = self.let(f"{test.code} if {sure} or {test.code} is {neutral} else None", test.may | UNKNOWN)
                with self.block(f"if {test.code} is {absorbing}:"):
                    self.line(f"{result} = {absorbing}")
                    self.line("break")
                if U in test.may:
                    self.line(f"if {test.code} is None: {result} = None")
                if N in test.may:
                    self.line(f"if {test.code} is NULL and {result} is {neutral}: {result} = NULL")
        return Value(result, (source.may | test.may) & {U, N} | (UNKNOWN if source.may & {B, P} else KNOWN))

    def _map(self, expr: core.Map) -> Value:
        listed = self._source(expr.source)
        source, result, made = listed.value, self.fresh(), self.fresh()
        with self._over(source, result, null="NULL"):
            self.line(f"{made} = []")
            with self._loop(listed) as (member, sure):
                self.bind(expr.var, Value(member, _member_may(source, expr.source.type)))
                body = self.emit(expr.body)
                self.line(f"{made}.append({body.code})")
            whole = f"tuple({made})"
            if sure is not None:
                whole = f"{whole} if type({source.code}) is tuple else Partial({whole}, {source.code}.sure)"
            self.line(f"{result} = {whole}")
        return Value(result, source.may | body.may)

    def _extreme_of(self, function: str, items: core.MakeList) -> Value:
        """The least or greatest of a few values; plain ones are compared as they are."""
        values = [self.emit(item) for item in items.items]
        kind = "Decimal" if items.items and items.items[0].type == NUMBER else "date"
        tests = " and ".join(f"type({v.code}) is {kind}" for v in values if v.may) or ("True" if values else "False")
        codes = ", ".join(v.code for v in values)
        quick = values[0].code if len(values) == 1 else f"_{function}({codes})"
        slow = f"{self.constant(builtins.KLEENE[function])}(({''.join(v.code + ', ' for v in values)}))"
        return self.let(f"{quick if values else 'NULL'} if {tests} else {slow}", ANYTHING - {E, P})

    def _call(self, expr: core.Call) -> Value:
        if expr.function == "division_within" and isinstance(expr.arguments[1], core.Const):
            code = self.emit(expr.arguments[0])
            if code.may <= UNKNOWN:
                prefix = self.constant(builtins.division_prefix(str(expr.arguments[1].value)))
                return self.let(guarded([code], f"{code.code}.startswith({prefix})"), code.may)
        if expr.function in ("min", "max") and isinstance(expr.arguments[0], core.MakeList) and expr.type in (NUMBER, DATE):
            return self._extreme_of(expr.function, expr.arguments[0])
        values = [self.emit(argument) for argument in expr.arguments]
        if expr.function == "floor" and len(values) == 1 and expr.arguments[0].type == NUMBER:
            value = values[0].code
            quick = f"_floor({value})"
            return self.let(f"{quick} if type({value}) is Decimal else _call({self.constant('floor')}, {value})", values[0].may | {N})
        codes = ", ".join(v.code for v in values)
        if expr.function == "happened":
            return self.let(f"_happened({codes})", values[0].may)
        if expr.function in builtins.CALENDAR:
            return self._on_calendar(expr, codes)
        if expr.function in builtins.KLEENE:
            return self._kleene(expr, codes)
        return self.let(f"_call({self.constant(expr.function)}, {codes})", ANYTHING - {E})

    def _on_calendar(self, expr: core.Call, codes: str) -> Value:
        general = f"{self.constant(builtins.CALENDAR[expr.function])}({self.constant(self.calendar)}, {codes})"
        if expr.function == "working_day_on_or_after" and expr.arguments[0].type == DATE:
            general = f"{self.constant(builtins.rolled(self.calendar).get)}({codes}) or {general}"
        return self.let(general, frozenset({U, B, N}))

    def _kleene(self, expr: core.Call, codes: str) -> Value:
        general = f"{self.constant(builtins.KLEENE[expr.function])}({codes})"
        if expr.function in ("min", "max") and len(expr.arguments) == 1 and expr.type in (NUMBER, DATE) and codes not in ("None", "NULL"):
            kind = "Decimal" if expr.type == NUMBER else "date"
            general = f"{codes}[0] if type({codes}) is tuple and len({codes}) == 1 and type({codes}[0]) is {kind} else {general}"
        return self.let(general, ANYTHING - {E})


def _whole(expr: core.Expr) -> int | None:
    """The whole number that an expression is, if it is a constant one."""
    if isinstance(expr, core.Const) and isinstance(expr.value, Decimal) and expr.value == int(expr.value) and abs(expr.value) < 10**9:
        return int(expr.value)
    return None


def _member_may(source: Value, type_: Type) -> frozenset[str]:
    if isinstance(type_, ListOf) and isinstance(type_.element, Record):
        return KNOWN if E not in source.may else frozenset({E, N, U})
    return ANYTHING


def _tuple(codes: Iterable[str]) -> str:
    return "(" + "".join(f"{code}, " for code in codes) + ")"


def _comparable(a: Type, b: Type) -> bool:
    textual = [t == STRING or isinstance(t, Enum) for t in (a, b)]
    return all(textual) or (a == b and a in (NUMBER, BOOLEAN, DATE))


PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]*")


def attribute(record: str, name: str, constant: str) -> str:
    """Code that reads a field of a record. Only a plain word becomes part of the code; any other name stays a constant."""
    plain = PLAIN_NAME.fullmatch(name) and not keyword.iskeyword(name)
    return f"{record}.{name}" if plain else f"_get({record}, {constant})"
