"""A program as text: one text a program, the same on every run, so that a change of meaning shows as a difference of lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from dte_rules.feel import core
from dte_rules.feel.types import Enum, ListOf, RangeOf, Record, Simple, Type
from dte_rules.feel.unparse import unparse
from dte_rules.program.nodes import (
    ALWAYS,
    Body,
    Citation,
    Decision,
    Formula,
    Group,
    Interpretation,
    Label,
    OpenPoint,
    Period,
    Program,
    Row,
    Rule,
    Source,
    Table,
    Under,
)

_INDENT = "  "


def print_program(program: Program) -> str:
    """The text of a program: what it rests on, its rules stratum by stratum, its decisions. The digest is left out."""
    return "\n".join(_program(program)) + "\n"


def print_rule(rule: Rule) -> str:
    """The text of one rule."""
    return "\n".join(_rule(rule)) + "\n"


def type_text(type_: Type) -> str:
    """A type with the values of its enumerations: ``list of certificate``, ``level("初级" | "中级")``."""
    match type_:
        case Simple(name) | Record(name, _):
            return name
        case Enum(name, values):
            return f"{name}({' | '.join(values)})"
        case ListOf(element):
            return f"list of {type_text(element)}"
        case RangeOf(element):
            return f"range of {type_text(element)}"
        case _:
            assert_never(type_)


def _program(program: Program) -> Iterator[str]:
    yield f"program {program.name} {program.version}".rstrip()
    yield from _under_heading(_heading_lines(program))
    yield from _section("facts", [[f"{name}: {type_text(type_)}"] for name, type_ in program.facts.items()])
    yield from _section("sources", [_source(source) for source in program.sources.values()])
    yield from _section("interpretations", [_interpretation(i) for i in program.interpretations.values()])
    yield from _section("open points", [_open_point(point) for point in program.open_points.values()])
    strata: dict[int, list[Rule]] = {}
    for rule in program.rules:
        strata.setdefault(max(program.strata[slot] for slot in rule.slots), []).append(rule)
    for number, rules in strata.items():
        yield from _section(f"stratum {number}", [list(_rule(rule)) for rule in rules])
    yield from _section("decisions", [list(_decision(decision)) for decision in program.decisions.values()])


def _heading_lines(program: Program) -> Iterator[str]:
    calendar = program.calendar
    yield f"title {_label(program.title)}"
    yield f"jurisdiction {program.jurisdiction}"
    if calendar.years:
        years = ", ".join(str(year) for year in sorted(calendar.years))
        yield f"calendar {years}: {len(calendar.holidays)} rest days, {len(calendar.workdays)} make-up working days"


def _section(heading: str, blocks: Sequence[Sequence[str]]) -> Iterator[str]:
    if blocks:
        yield ""
        yield heading
        for block in blocks:
            yield from _under_heading(block)


def _under_heading(lines: Iterator[str] | Sequence[str]) -> Iterator[str]:
    return (_INDENT + line for line in lines)


def _label(label: Label | None) -> str:
    return "" if label is None else " / ".join(text for text in (label.zh, label.en) if text)


def _period(period: Period) -> str:
    return "" if period == ALWAYS else f" [{period.start or ''}..{period.end or ''})"


def _under(under: Under) -> str:
    return "".join(f" under {name}={'|'.join(readings)}" for name, readings in under)


def _cites(cites: Sequence[Citation]) -> Iterator[str]:
    if cites:
        yield f"cite {'; '.join(map(str, cites))}"


# --- what a program rests on ----------------------------------------------------------------------------------------


def _source(source: Source) -> list[str]:
    issued = f", issued {source.issued}" if source.issued else ""
    lines = [f"{source.id}{_period(source.period)}: {source.number}{issued}"]
    return lines + ([_INDENT + _label(source.title)] if source.title else [])


def _interpretation(interpretation: Interpretation) -> list[str]:
    lines = [f"{interpretation.id}{' (an agency should be asked)' if interpretation.clarify else ''}: {_label(interpretation.question)}"]
    lines += [f"{_INDENT}{line}" for line in _cites(interpretation.cites)]
    return lines + [f"{_INDENT}- {reading.id}: {_label(reading.label)}" for reading in interpretation.readings]


def _open_point(point: OpenPoint) -> list[str]:
    return [f"{point.id}: {_label(point.question)}", *(_INDENT + line for line in _cites(point.cites))]


# --- rules ----------------------------------------------------------------------------------------------------------


def _rule(rule: Rule) -> Iterator[str]:
    type_ = "" if isinstance(rule.body, Table) and rule.body.inputs else f": {type_text(rule.type)}"
    yield f"{rule.kind} {rule.slot}{type_}{_period(rule.period)}{_under(rule.under)}"
    details = [f"title {_label(rule.title)}"] if rule.title else []
    details += [f"pack {rule.pack}"] if rule.pack else []
    yield from _under_heading([*details, *_cites(rule.cites), *_body(rule.body, rule)])


def _body(body: Body, rule: Rule) -> Iterator[str]:
    match body:
        case Formula(expr):
            yield f"= {unparse(expr)}"
        case Group(kind, members):
            yield f"{kind} of"
            yield from _under_heading(members)
        case Table():
            yield from _table(body, rule)
        case _:
            assert_never(body)


def _table(table: Table, rule: Rule) -> Iterator[str]:
    if table.inputs:
        types = rule.type.fields if isinstance(rule.type, Record) else {}
        outputs = (f"{slot}: {type_text(types[name])}" if (name := slot.rpartition(".")[2]) in types else slot for slot in table.outputs)
        yield f"hit {table.hit}"
        yield f"inputs {_expressions(table.inputs)}"
        yield f"outputs {', '.join(outputs)}"
    else:
        yield f"the rule that applies, {table.hit}"
    for row in table.rows:
        yield _row(row, rule)
    if table.priorities:
        yield f"priorities {_expressions(table.priorities)}"
    yield f"otherwise {'unknown' if table.otherwise is None else _expressions(table.otherwise)}"


def _row(row: Row, rule: Rule) -> str:
    cites = "" if row.cites == rule.cites else f" ({'; '.join(map(str, row.cites))})"
    return f"{row.id}{_period(row.period)}: {_expressions(row.tests)} => {_expressions(row.outputs)}{cites}"


def _expressions(expressions: Sequence[core.Expr | None]) -> str:
    return " | ".join("-" if expr is None else unparse(expr) for expr in expressions)


# --- decisions ------------------------------------------------------------------------------------------------------


def _decision(decision: Decision) -> Iterator[str]:
    yield f"{decision.id}, {decision.modality}: {_label(decision.title)}"
    parts = {
        "requires": decision.requires,
        "excludes": decision.excludes,
        "soft": decision.soft,
        "delegates": decision.delegates,
        "empowers": decision.empowers,
        "amount": (decision.amount,) if decision.amount else (),
        "effect": (decision.effect,) if decision.effect else (),
        "dates": tuple(slot for _, slot in decision.dates),
        "values": tuple(slot for _, slot in decision.values),
    }
    for name, slots in parts.items():
        if slots:
            yield f"{_INDENT}{name}"
            yield from (_INDENT * 2 + slot for slot in slots)
