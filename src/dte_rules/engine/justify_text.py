"""Justifications as JSON text: what `justify_json` gives as data, without the data.

Most of the text is the same in every justification of a question: the texts, places and clauses of its rules. It is written once for
each form (`Written`), and kept with it; what differs stands between.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from json.encoder import encode_basestring as quoted
from typing import Any

from dte_rules.engine.justification import Conclusion, Form, Frame, Justification, RecordAt, RowForm, RowTrace, RuleForm, Step, TableTrace
from dte_rules.engine.justify_json import (
    Data,
    frame_head,
    frame_tail,
    has_sides,
    json_text,
    row_head,
    row_tail,
    rule_head,
    rule_tail,
    step_head,
    step_tail,
    value_data,
)


def to_json(j: Justification) -> str:
    """The justification as JSON text."""
    head, tail = _frame(j.frame)
    start = json_text({"schema": j.schema, "region": j.region, "decision": j.decision, "as_of": j.as_of.isoformat(), "verdict": j.verdict})
    out = [start[:-1], head, ', "conclusions": [']
    separator = ""
    for conclusion in j.conclusions:
        out.append(separator)
        separator = ", "
        _conclusion(conclusion, out)
    facts = ", ".join([f'{{"path": {quoted(path)}, "value": {_value(value)}}}' for path, value in j.facts])
    out += ('], "facts": [', facts, "]", tail, "}")
    return "".join(out)


def _value(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return quoted(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is Decimal:
        return format(value, "f")
    if value is None:
        return "null"
    if kind is date:
        return f'{{"date": "{value.isoformat()}"}}'
    if kind is tuple:
        return f"[{', '.join(map(_value, value))}]"
    if kind is RecordAt:
        return f'{{"record": {quoted(value.path)}}}'
    return json_text(value_data(value))


def _conclusion(c: Conclusion, out: list[str]) -> None:
    form, values, step, table = c
    head, tail = _rule(form)
    found = ", ".join([f'{{"slot": {quoted(slot)}, "value": {_value(value)}}}' for slot, value in values])
    out += (head, f', "values": [{found}]', tail)
    if step is not None:
        out.append(', "step": ')
        _step(step, out)
    if table is not None:
        out.append(', "table": ')
        _table(table, out)
    out.append("}")


def _step(step: Step, out: list[str]) -> None:
    form, value, facts, parts, left, right, member = step
    head, middle, tail, sides = form.written or _form(form)
    out += (head, "true" if value is True else "false" if value is False else _value(value), middle)
    if sides:
        out.append(f', "found": [{_value(left)}, {_value(right)}]')
    if member:
        out.append(f', "member": {quoted(member)}')
    if facts:
        out.append(f', "facts": [{quoted(facts[0]) if len(facts) == 1 else ", ".join(map(quoted, facts))}]')
    out.append(tail)
    _parts(parts, out)


def _parts(parts: Sequence[Step], out: list[str]) -> None:
    """The steps within, and the end."""
    if parts:
        separator = ', "parts": ['
        for part in parts:
            out.append(separator)
            separator = ", "
            _step(part, out)
        out.append("]}")
    else:
        out.append("}")


def _table(table: TableTrace, out: list[str]) -> None:
    inputs = ", ".join([f'{{"text": {quoted(text)}, "value": {_value(value)}}}' for text, value in table.inputs])
    out.append(f'{{"inputs": [{inputs}], "rows": {table.rows}')
    for name, rows in (("hit", table.hit), ("possible", table.possible), ("near", table.near)):
        separator = f', "{name}": ['
        for row in rows:
            out.append(separator)
            separator = ", "
            _row(row, out)
        if rows:
            out.append("]")
    out.append(', "otherwise": true}' if table.otherwise else "}")


def _row(row: RowTrace, out: list[str]) -> None:
    form, outcome, missed, parts = row
    head, middle, tail = _row_form(form)
    out += (head, f'"{outcome}"', middle)
    if missed:
        out.append(f', "missed": [{", ".join([str(number + 1) for number in missed])}]')
    out.append(tail)
    _parts(parts, out)


# --- what is the same in every justification ------------------------------------------------------------------------


def _frame(frame: Frame) -> tuple[str, ...]:
    return frame.written or frame.write(_rest(frame_head(frame)), _rest(frame_tail(frame)))


def _rule(form: RuleForm) -> tuple[str, ...]:
    return form.written or form.write(json_text(rule_head(form))[:-1], _rest(rule_tail(form)))


def _form(form: Form) -> tuple[str, ...]:
    return form.write(f'{{"op": "{form.op}", "value": ', _rest(step_head(form)), _rest(step_tail(form)), "sides" if has_sides(form) else "")


def _row_form(form: RowForm) -> tuple[str, ...]:
    return form.written or form.write(f'{{"id": {quoted(form.id)}, "outcome": ', _rest(row_head(form)), _rest(row_tail(form)))


def _rest(data: Data) -> str:
    """Fields that follow others."""
    return f", {json_text(data)[1:-1]}" if data else ""
