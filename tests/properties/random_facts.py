"""Random facts for a loaded pack: made by walking its vocabulary, with values that its rules' constants suggest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ValidationError

from dte_rules import LoadedPack
from dte_rules.engine.plan import changes, expressions
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, Enum, ListOf, Record, Type
from dte_rules.feel.values import Months
from dte_rules.program.nodes import Program, Table
from tests.properties.random_programs import Chooser

DAY = timedelta(days=1)
FORMATTED = {
    "credit_code": ["91330701MA2XXXXX0X"],
    "division_code": ["330700", "330782", "330100", "310000", "371000", "110000"],
    "identity_number": ["11010519491231002X"],
}


class Maker:
    """Makes random facts and questions for a pack."""

    def __init__(self, pack: LoadedPack, *, unknown: int = 8) -> None:
        self.pack, self.program, self.vocabulary = pack, pack.program, pack.vocabulary
        self.unknown = unknown
        """One fact of so many is unknown."""
        self.texts, self.numbers, self.lengths = mined(pack.program)
        edges = [day + step for day in changes(pack.program) for step in (-DAY, timedelta(0), DAY)]
        self.days_asked = [*(d for d in edges if d.year >= 2023), date(2024, 9, 2), date(2025, 10, 9), date(2026, 3, 2), date(2027, 1, 15)]

    def question(self, choose: Chooser) -> tuple[str, date, dict[str, str]]:
        """A decision, a day, and some departures from the default readings."""
        readings = {}
        for interpretation in self.program.interpretations.values():
            if choose.pick([False] * 7 + [True]):
                readings[interpretation.id] = choose.pick([r.id for r in interpretation.readings])
        return choose.pick(list(self.program.decisions)), choose.pick(self.days_asked), readings

    def facts(self, choose: Chooser, as_of: date) -> dict[str, Any]:
        """Facts as a case file has them; what is unknown is None."""
        made = self.record(choose, self.vocabulary.root, "", as_of)
        self.valid(made)
        return made

    def valid(self, data: dict[str, Any]) -> BaseModel:
        """The facts as the pack reads them. Values that contradict each other are made unknown, in place."""
        for _ in range(20):
            try:
                return self.pack.Facts.model_validate(data)
            except ValidationError as error:
                for problem in error.errors():
                    forget(data, problem["loc"])
        raise AssertionError(f"no valid facts: {data}")

    def record(self, choose: Chooser, record: Record, prefix: str, as_of: date) -> dict[str, Any]:
        values = {name: self.value(choose, type_, f"{prefix}{name}", as_of) for name, type_ in record.fields.items()}
        for rule in self.vocabulary.implications.get(record.name, ()):
            if rule.fires(values.get(rule.field)) and values.get(rule.then) not in (None, rule.then_value):
                values[rule.then] = None
        return values

    def value(self, choose: Chooser, type_: Type, path: str, as_of: date) -> Any:
        """A value, or None for one that is unknown."""
        if choose.pick(range(self.unknown)) == self.unknown - 1:
            return None
        return self.known(choose, type_, path, as_of)

    def known(self, choose: Chooser, type_: Type, path: str, as_of: date) -> Any:
        """A value."""
        constraint = self.vocabulary.constraints.get(path)
        name = path.rpartition(".")[2]
        match type_:
            case Record():
                return self.record(choose, type_, f"{path}.", as_of)
            case ListOf(Record() as element):
                return [self.record(choose, element, f"{path}.", as_of) for _ in range(choose.pick([1, 0, 2, 2, 3]))]
            case ListOf(element):
                return [self.known(choose, element, path, as_of) for _ in range(choose.pick([1, 0, 2]))]
            case Enum(_, values):
                return choose.pick(values)
            case _ if type_ == BOOLEAN:
                return choose.pick([True, True, False])
            case _ if type_ == DATE:
                return self.day(choose, as_of)
            case _ if type_ == NUMBER:
                pool = self.numbers[name] or self.numbers[""]
                number = choose.pick(pool)
                if constraint is not None:
                    low = constraint.ge if constraint.ge is not None else number
                    high = constraint.le if constraint.le is not None else number
                    number = min(max(number, low), high)
                    number = number.to_integral_value() if constraint.whole else number
                return choose.pick([number, Decimal(as_of.year)]) if name == "year" else number
            case _:
                if constraint is not None and constraint.format and constraint.format != "division_code":
                    return None
                places = FORMATTED["division_code"] if constraint is not None and constraint.format else ["〇"]
                return choose.pick([*self.texts[name], *self.texts[name], *places])

    def day(self, choose: Chooser, as_of: date) -> date:
        """A day at or near one that matters: the day asked about, so long before it, a change of the law, a birth."""
        matters = [as_of, *self.days_asked]
        matters += [shifted for length in self.lengths if (shifted := earlier(as_of, length)) is not None]
        matters += [date(1965, 1, 1), date(1985, 2, 28), date(1992, 4, 10), date(2008, 9, 2), date(as_of.year, 12, 31)]
        return choose.pick(matters) + choose.pick([0, 0, 1, -1, 20, -40]) * DAY


def earlier(day: date, length: Months | timedelta) -> date | None:
    """The day so long before, without the niceties of month ends."""
    if isinstance(length, timedelta):
        return day - length
    months = day.year * 12 + day.month - 1 - length.count
    return date(months // 12, months % 12 + 1, min(day.day, 28)) if 12 <= months < 12 * 9999 else None


def mined(program: Program) -> tuple[Mapping[str, list[str]], Mapping[str, list[Decimal]], list[Months | timedelta]]:
    """The constants of a program: texts and numbers by the field that they stand beside, and durations."""
    texts: dict[str, dict[str, None]] = defaultdict(dict)
    numbers: dict[str, dict[Decimal, None]] = defaultdict(dict)
    lengths: dict[Months | timedelta, None] = {}
    numbers[""] = dict.fromkeys(Decimal(n) for n in range(4))

    def note(fields: Sequence[str], constants: Sequence[Any]) -> None:
        for value in constants:
            for name in fields:
                if isinstance(value, str):
                    texts[name][value] = None
                elif isinstance(value, Decimal):
                    numbers[name] |= dict.fromkeys(n for n in (value - 1, value, value + 1) if n >= 0)

    for rule in program.rules:
        for expr in expressions(rule):
            for node in core.walk(expr):
                if isinstance(node, core.Const):
                    if isinstance(node.value, (Months, timedelta)):
                        lengths[node.value] = None
                    elif isinstance(node.value, Decimal) and 0 <= node.value < 10**6:
                        numbers[""] |= dict.fromkeys(n for n in (node.value - 1, node.value, node.value + 1) if n >= 0)
                elif isinstance(node, (core.Compare, core.Call)):
                    parts = list(core.walk(node))
                    note([p.name for p in parts if isinstance(p, core.Field)], [p.value for p in parts if isinstance(p, core.Const)])
        if isinstance(rule.body, Table):
            for number, given in enumerate(rule.body.inputs):
                tests = [row.tests[number] for row in rule.body.rows]
                constants = [p.value for test in tests if test is not None for p in core.walk(test) if isinstance(p, core.Const)]
                note([p.name for p in core.walk(given) if isinstance(p, core.Field)], constants)
    if "occupation" in texts:
        texts["occupations"] = texts["occupation"]
    plain_numbers = defaultdict(list, {name: list(values) for name, values in numbers.items()})
    return defaultdict(list, {name: list(values) for name, values in texts.items()}), plain_numbers, list(lengths)


def forget(data: Any, loc: tuple[int | str, ...]) -> None:
    """Makes the innermost value of a place unknown, or the record's values where the place is a whole record."""
    holder: Any = None
    key: Any = None
    current = data
    for step in loc:
        if (isinstance(current, dict) and step in current) or (isinstance(current, list) and isinstance(step, int) and step < len(current)):
            holder, key, current = current, step, current[step]
    if isinstance(holder, list):
        del holder[key]
    elif holder is not None:
        holder[key] = None
    else:
        data.clear()


def holes(data: Any, type_: Type, path: str = "") -> Iterator[tuple[Any, str, Type, str]]:
    """The unknown values of facts: the record that has each, its name, its type and its path."""
    if isinstance(type_, Record) and isinstance(data, dict):
        for name, field in type_.fields.items():
            inner = f"{path}{name}"
            if data.get(name) is None:
                yield data, name, field, inner
            else:
                yield from holes(data[name], field, inner if isinstance(field, ListOf) else f"{inner}.")
    elif isinstance(type_, ListOf) and isinstance(data, list):
        for item in data:
            yield from holes(item, type_.element, f"{path}.")


def shuffled(data: Any, choose: Chooser) -> Any:
    """The facts with every list in another order."""
    if isinstance(data, dict):
        return {name: shuffled(value, choose) for name, value in data.items()}
    if isinstance(data, list):
        rest = [shuffled(item, choose) for item in data]
        mixed = []
        while rest:
            mixed.append(rest.pop(choose.pick(range(len(rest)))))
        return mixed
    return data
