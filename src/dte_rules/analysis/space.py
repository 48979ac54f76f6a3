"""Symbolic facts: every path that rules read, as a value and what is known of it. Several plans can share one space."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from dte_rules.analysis.days import Day, Definitions, day_in, day_of, key_of, length
from dte_rules.analysis.logic import Bit, Int, conj, disj, equal, implies, neg
from dte_rules.analysis.numbers import Num
from dte_rules.analysis.solver import NotEncoded, z3
from dte_rules.analysis.texts import Pool
from dte_rules.analysis.values import Entry, Listing, Ordered, Rec, Text, Truth, Value, exactly
from dte_rules.engine.plan import Plan, expressions
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, STRING, Enum, ListOf, Record, Type
from dte_rules.feel.values import Months
from dte_rules.program.nodes import Period, Program
from dte_rules.vocabulary import Vocabulary
from dte_rules.vocabulary.implication import KNOWN
from dte_rules.vocabulary.meaning import UNCONSTRAINED, Constraint

Mode = Literal["complete", "partial"]
LONG = 120
"""So many months added to a day make it one of long ago."""
MOST = 10**9
"""No number of the facts is greater, nor less than its negative."""
_POSITION = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class Horizon:
    """Over what the solver looks: an answer holds for no more, and is told with it."""

    mode: Mode = "complete"
    slots: int = 3
    first: date = date(2018, 1, 1)
    last: date = date(2029, 12, 31)
    long_ago: date = date(1930, 1, 1)
    """The first day of what the rules reckon by ten years or more, as a birth date."""
    places: int = 2
    """Decimal places of numbers."""

    def words(self, lang: Literal["zh", "en"]) -> str:
        """The horizon in words."""
        if lang == "zh":
            mode = "事实全部已知" if self.mode == "complete" else "事实可以未知"
            return (
                f"{mode}；每个列表至多{self.slots}项；日期自{self.first}至{self.last}（按十年以上计算的日期自{self.long_ago}起）；数值至多{self.places}位小数、不超过10⁹；"
                "文本取规则中出现的、每个所涉行政区划的代表和若干其他文本"
            )
        mode = "all facts known" if self.mode == "complete" else "facts may be unknown"
        return (
            f"{mode}; at most {self.slots} members in a list; days from {self.first} to {self.last} (reckoned by ten years or "
            f"more: from {self.long_ago}); numbers with at most {self.places} decimal "
            "places, up to 10⁹; texts that occur in the rules, places for each division they name, and some others"
        )


@dataclass(frozen=True)
class Leaf:
    """A symbolic fact: its path, type, value, and the bit that says whether it is known."""

    path: str
    type: Type
    value: Value
    known: Bit
    parent: str


@dataclass
class Space:
    """The facts of a question, made as rules read them.

    ``leaves`` are the single facts by path, ``lists`` the lists with their symbolic lengths. ``constraints`` hold of every
    person of the horizon. `as_of` is a symbol within ``period`` where no day is given.
    """

    types: Mapping[str, Type]
    pool: Pool
    horizon: Horizon
    vocabularies: Sequence[Vocabulary] = ()
    name: str = ""
    """What the names of its symbols begin with."""
    long_ago: frozenset[str] = frozenset()
    """The names of the fields whose days may lie long ago."""
    as_of: Day = field(default_factory=lambda: day_of(date(2000, 1, 1)))
    define: Definitions = field(default_factory=Definitions)
    leaves: dict[str, Leaf] = field(default_factory=dict)
    lists: dict[str, tuple[Int, Bit, Type]] = field(default_factory=dict)
    _constraints: list[Any] = field(default_factory=list)
    _values: dict[str, Value] = field(default_factory=dict)
    _open: dict[tuple[str, ...], Value] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        programs: Sequence[Program],
        plans: Sequence[Plan],
        *,
        as_of: date | Period,
        horizon: Horizon | None = None,
        vocabularies: Sequence[Vocabulary] = (),
        texts: Iterable[str] = (),
        name: str = "",
        context: Any = None,
    ) -> Space:
        """The space of facts for some plans of some programs; on a day, or on a symbolic day of a period.

        ``context`` is a context of z3, by itself the one that is everybody's. In a context of its own a question has the same answer
        whatever was asked before; spaces about which one `Search` asks are in the same.
        """
        types: dict[str, Type] = {}
        for program in programs:
            for root, type_ in program.facts.items():
                types[root] = _merged(types[root], type_) if root in types else type_
        horizon = horizon or Horizon()
        made = cls(types, Pool.of(types, plans, texts), horizon, vocabularies, name, frozenset(_long_ago(plans)))
        made.define = Definitions(name, context)
        if isinstance(as_of, date):
            made.as_of = day_of(as_of)
        else:
            made.as_of = made._symbolic_day("as_of", as_of.start or horizon.first, _before(as_of.end) or horizon.last)
        return made

    @property
    def context(self) -> Any:
        """The context of z3 in which its symbols are; None for the one that is everybody's."""
        return self.define.context

    @property
    def constraints(self) -> list[Any]:
        """Everything that holds of the symbols made so far."""
        return [*self._constraints, *self.define.constraints]

    def require(self, bit: Bit) -> None:
        """Adds a constraint."""
        if bit is not True:
            self._constraints.append(z3.BoolVal(False, self.context) if bit is False else bit)

    def root(self, name: str) -> Value:
        """A root of the facts."""
        return self.at(name, self.types[name], "")

    def field(self, path: str, name: str) -> Value:
        """A field of the record at a path."""
        type_ = self.type_at(path)
        if not isinstance(type_, Record) or name not in type_.fields:
            raise NotEncoded(f"the field {path}.{name}, which the facts don't have")
        return self.at(f"{path}.{name}", type_.fields[name], path)

    def type_at(self, path: str) -> Type | None:
        """The type of a path, positions included."""
        current: Type | None = Record("", self.types)
        for name, position in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
            if position:
                current = current.element if isinstance(current, ListOf) else None
            else:
                current = current.fields.get(name) if isinstance(current, Record) else None
        return current

    def at(self, path: str, type_: Type, parent: str) -> Value:
        """The value of a path; made when it is first asked for."""
        found = self._values.get(path)
        if found is None:
            found = self._made(path, type_, parent)
            self._values[path] = found
            if path in self.leaves:
                self._imply(path, parent)
        return found

    def _made(self, path: str, type_: Type, parent: str) -> Value:
        if isinstance(type_, Record):
            return Rec(((True, path),))
        if isinstance(type_, ListOf):
            return self._list(path, type_)
        known: Bit = True if self._always_known(path, parent) else z3.Bool(f"{self.name}{path}?", self.context)
        value = self._leaf(path, type_, known)
        self.leaves[path] = Leaf(path, type_, value, known, parent)
        return value

    def _always_known(self, path: str, parent: str) -> bool:
        if path.endswith("]"):
            return True  # a member of a list of single values
        if self.horizon.mode == "partial":
            return False
        name = path.rpartition(".")[2]
        # where knowing a fact says something by itself, it must be possible not to know it
        return not any(rule.field == name and rule.value is KNOWN for rule in self._implications(parent))

    def constraint(self, path: str) -> Constraint:
        """What the vocabulary holds a fact to beyond its type."""
        return next((v.constraints[p] for v in self.vocabularies if (p := _plain(path)) in v.constraints), UNCONSTRAINED)

    def _leaf(self, path: str, type_: Type, known: Bit) -> Value:
        constraint = self.constraint(path)
        if type_ == BOOLEAN:
            symbol = z3.Bool(f"{self.name}{path}", self.context)
            return Truth(symbol, neg(symbol)) if known is True else Truth(conj(known, symbol), conj(known, neg(symbol)))
        if type_ == DATE:
            first = self.horizon.long_ago if path.rpartition(".")[2] in self.long_ago else self.horizon.first
            return exactly("date", self._symbolic_day(path, first, self.horizon.last), known)
        symbol = z3.Int(f"{self.name}{path}", self.context)
        if type_ == NUMBER:
            scale = 1 if constraint.whole else 10**self.horizon.places
            low = _bound(constraint.ge, constraint.gt, scale, 1, -MOST)
            high = _bound(constraint.le, constraint.lt, scale, -1, MOST)
            self.require(conj(symbol >= low, symbol <= high))
            return exactly("number", Num(symbol, scale, (Fraction(low, scale), Fraction(high, scale))), known)
        if isinstance(type_, Enum):
            codes = sorted(self.pool.code(text) for text in type_.values)
        elif type_ == STRING and constraint.format == "division_code":
            codes = sorted(self.pool.code(text) for text in self.pool.places)
        elif type_ == STRING and constraint.format is None and constraint.pattern is None:
            codes = sorted(self.pool.free)
        else:
            raise NotEncoded(f"the fact {path}, a text of a fixed form")
        self.require(_one_of(symbol, codes))
        return Text(symbol, known)

    def _symbolic_day(self, name: str, first: date, last: date) -> Day:
        month, day = z3.Int(f"{self.name}{name}.month", self.context), z3.Int(f"{self.name}{name}.day", self.context)
        months = day_of(first).month, day_of(last).month
        found = day_in(month, day, months)
        if isinstance(found.month, int):
            self.require(equal(month, found.month))
        self.require(conj(month >= months[0], month <= months[1], day >= 1, day <= length(found.month)))
        if first.day > 1:
            self.require(found.key >= key_of(first))
        if last != date(last.year, last.month, length(months[1])):
            self.require(found.key <= key_of(last))
        return found

    def _list(self, path: str, type_: ListOf) -> Listing:
        size = z3.Int(f"{self.name}{path}#", self.context)
        self.require(conj(size >= 0, size <= self.horizon.slots))
        known: Bit = True if self.horizon.mode == "complete" else z3.Bool(f"{self.name}{path}?", self.context)
        self.lists[path] = size, known, type_
        entries = []
        for number in range(1, self.horizon.slots + 1):
            there = size >= number
            entries.append(Entry(self.at(f"{path}[{number}]", type_.element, path), there, there))
        return Listing(tuple(entries), known)

    # --- what one fact says of another -----------------------------------------------------------------------------

    def _implications(self, parent: str) -> Sequence[Any]:
        record = self.type_at(parent) if parent else None
        if not isinstance(record, Record):
            return ()
        return next((v.implications[record.name] for v in self.vocabularies if record.name in v.implications), ())

    def _imply(self, path: str, parent: str) -> None:
        """Facts come to an engine with all that they imply."""
        name = path.rpartition(".")[2]
        for rule in self._implications(parent):
            if name not in (rule.field, rule.then):
                continue
            other = rule.then if name == rule.field else rule.field
            record = self.type_at(parent)
            assert isinstance(record, Record)
            if other not in record.fields:
                continue
            self.at(f"{parent}.{other}", record.fields[other], parent)
            given, then = self.leaves.get(f"{parent}.{rule.field}"), self.leaves.get(f"{parent}.{rule.then}")
            if given is not None and then is not None:
                self.require(implies(self._fires(rule, given), conj(then.known, self._is(then.value, rule.then_value))))

    def _fires(self, rule: Any, leaf: Leaf) -> Bit:
        if rule.value is KNOWN:
            return leaf.known
        same = self._is(leaf.value, rule.value)
        return conj(leaf.known, same if rule.test == "equals" else neg(same))

    def _is(self, value: Value, wanted: object) -> Bit:
        match value, wanted:
            case Truth(t, f, _), bool():
                return t if wanted else f
            case Text(code, _, _), str():
                return equal(code, self.pool.code(wanted)) if self.pool.knows(wanted) else False
            case _:
                raise NotEncoded("an implication between such facts")

    def equals(self, path: str, wanted: object) -> Bit | None:
        """That a fact has a value; None where it can't have."""
        leaf = self.leaves[path]
        match leaf.value, wanted:
            case Truth(), bool():
                return conj(leaf.known, self._is(leaf.value, wanted))
            case Text(code, _, _), str():
                return conj(leaf.known, equal(code, self.pool.code(wanted))) if self.pool.knows(wanted) else None
            case Ordered("date", Day() as day, _), date():
                return conj(leaf.known, equal(day.key, key_of(wanted)))
            case Ordered("number", Num() as number, _), Decimal() | int():
                exact = Fraction(wanted) * number.bottom
                return conj(leaf.known, equal(number.top, exact.numerator)) if exact.denominator == 1 else None
            case _:
                return None


def _long_ago(plans: Iterable[Plan]) -> Iterable[str]:
    """The fields to which ten years or more are added."""
    for node in (node for plan in plans for rule in plan.rules for expr in expressions(rule) for node in core.walk(expr)):
        match node:
            case core.Arithmetic("+", left, right) if any(_is_long(inner) for inner in core.walk(right)):
                yield from (inner.name for inner in core.walk(left) if isinstance(inner, core.Field))


def _is_long(node: core.Expr) -> bool:
    return isinstance(node, core.Const) and isinstance(node.value, Months) and node.value.count >= LONG


def _merged(a: Type, b: Type) -> Type:
    """The type of a fact that two vocabularies have, each perhaps with facts of its own."""
    if isinstance(a, Record) and isinstance(b, Record):
        fields = {**a.fields, **{n: _merged(a.fields[n], t) if n in a.fields else t for n, t in b.fields.items()}}
        return Record(a.name, fields)
    if isinstance(a, ListOf) and isinstance(b, ListOf):
        return ListOf(_merged(a.element, b.element))
    if a != b:
        raise NotEncoded("one fact of two types in the two vocabularies")
    return a


def _one_of(symbol: Int, codes: Sequence[int]) -> Bit:
    if codes == list(range(codes[0], codes[-1] + 1)):
        return conj(symbol >= codes[0], symbol <= codes[-1])
    return disj(*(equal(symbol, code) for code in codes))


def _bound(closed: Decimal | None, open_: Decimal | None, scale: int, step: int, otherwise: int) -> int:
    if closed is not None:
        exact = Fraction(closed) * scale
        return int(-(-exact // 1)) if step > 0 else int(exact // 1)
    if open_ is not None:
        exact = Fraction(open_) * scale
        return int(exact // 1) + 1 if step > 0 else int(-(-exact // 1)) - 1
    return otherwise * scale


def _plain(path: str) -> str:
    return _POSITION.sub("", path)


def _before(day: date | None) -> date | None:
    return None if day is None else date.fromordinal(day.toordinal() - 1)


Lookup = Callable[[str], Value]
