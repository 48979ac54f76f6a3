"""Justifications as JSON, and back: every value keeps its kind, what is empty is left out.

Numbers are JSON numbers with all their digits, texts and truth values stand as they are. The rest is an object of one or more keys:
``{"date": "2025-06-12"}``, ``{"months": 12}``, ``{"seconds": 86400}``, ``{"record": "certificates[2]"}``, ``{"withheld": true}``,
``{"unknown": ["person.hukou"], "low": ..., "high": ...}``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dte_rules.engine.decision import Clause
from dte_rules.engine.justification import (
    SCHEMA,
    WITHHELD,
    Conclusion,
    Form,
    Frame,
    Justification,
    NotKnown,
    ParameterUsed,
    ReadingChosen,
    RecordAt,
    RowForm,
    RowTrace,
    RuleForm,
    SourceUsed,
    Step,
    TableTrace,
    Withheld,
)
from dte_rules.feel.values import Months
from dte_rules.program.nodes import Label, Period
from dte_rules.source.span import Span

Data = dict[str, Any]
_FORM_TEXTS = ("left", "right", "left_rule", "right_rule", "left_parameter", "right_parameter", "function")


def from_json(text: str) -> Justification:
    """The justification that a JSON text holds.

    Raises:
        ValueError: for another schema, or text that is no justification.
    """
    try:
        data = json.loads(text, parse_float=Decimal, parse_int=Decimal)
        if data.get("schema") != SCHEMA:
            raise ValueError(f"not a {SCHEMA}: {data.get('schema')!r}")
        return _justification(data)
    except (AttributeError, KeyError, TypeError, IndexError) as error:
        raise ValueError(f"not a justification: {error}") from error


def json_text(value: Any) -> str:
    """Plain data as JSON; unlike the standard library it keeps every digit of a decimal."""
    match value:
        case Decimal():
            return format(value, "f")
        case dict():
            return "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {json_text(part)}" for key, part in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(json_text, value)) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def _full(**fields: Any) -> Data:
    """The fields that hold something."""
    return {name: value for name, value in fields.items() if value is not None and value != [] and value != "" and value != {}}


# --- values ---------------------------------------------------------------------------------------------------------


def value_data(value: Any) -> Any:
    """A value as plain data."""
    match value:
        case None | bool() | str() | Decimal():
            return value
        case date():
            return {"date": value.isoformat()}
        case Months(count):
            return {"months": count}
        case timedelta():
            return {"seconds": int(value.total_seconds())}
        case NotKnown(needs, low, high):
            return {"unknown": list(needs), **_full(low=value_data(low), high=value_data(high))}
        case RecordAt(path):
            return {"record": path}
        case Withheld():
            return {"withheld": True}
        case tuple():
            return [value_data(item) for item in value]
        case _:
            raise TypeError(f"no value of a justification: {type(value).__name__}")


def value_of(data: Any) -> Any:
    """A value from plain data."""
    match data:
        case list():
            return tuple(map(value_of, data))
        case {"date": day}:
            return date.fromisoformat(day)
        case {"months": count}:
            return Months(int(count))
        case {"seconds": count}:
            return timedelta(seconds=int(count))
        case {"unknown": needs}:
            return NotKnown(tuple(needs), value_of(data.get("low")), value_of(data.get("high")))
        case {"record": path}:
            return RecordAt(path)
        case {"withheld": True}:
            return WITHHELD
        case _:
            return data


# --- writing --------------------------------------------------------------------------------------------------------


def as_dict(j: Justification) -> Data:
    """The justification as plain data, the schema's version first."""
    return {
        "schema": j.schema,
        "region": j.region,
        "decision": j.decision,
        "as_of": j.as_of.isoformat(),
        "verdict": j.verdict,
        **frame_head(j.frame),
        "conclusions": [_conclusion(each) for each in j.conclusions],
        "facts": [{"path": path, "value": value_data(value)} for path, value in j.facts],
        **frame_tail(j.frame),
    }


def frame_head(frame: Frame) -> Data:
    """What stands before the conclusions."""
    return {
        "title": _label(frame.title),
        "parts": {part: list(slots) for part, slots in frame.parts.items()},
        "absent": list(frame.absent),
    }


def frame_tail(frame: Frame) -> Data:
    """What stands after the facts."""
    return {
        "parameters": [_parameter(each) for each in frame.parameters],
        "readings": [_reading(each) for each in frame.readings],
        "sources": [_source(each) for each in frame.sources],
    }


def _conclusion(c: Conclusion) -> Data:
    return (
        rule_head(c.form)
        | _full(values=[{"slot": slot, "value": value_data(value)} for slot, value in c.values])
        | rule_tail(c.form)
        | _full(step=None if c.step is None else _step(c.step), table=None if c.table is None else _table(c.table))
    )


def rule_head(form: RuleForm) -> Data:
    """What stands before a conclusion's values."""
    return _full(
        id=form.id,
        kind=form.kind,
        part=form.part,
        title=_label(form.title),
        text=form.text,
        group=form.group,
        members=list(form.members),
    )


def rule_tail(form: RuleForm) -> Data:
    """What stands after a conclusion's values, and before its step or table."""
    return _full(
        cites=_clauses(form.cites),
        period=_period(form.period),
        under={interpretation: list(readings) for interpretation, readings in form.under},
        pack=form.pack,
        reads=list(form.reads),
        parameters=list(form.parameters),
        span=_span(form.span),
    )


def _step(step: Step) -> Data:
    form = step.form
    data: Data = {"op": form.op, "value": value_data(step.value)} | step_head(form)
    if has_sides(form):
        data |= {"found": [value_data(step.left), value_data(step.right)]}
    data |= _full(member=step.member, facts=list(step.facts))
    return data | step_tail(form) | _full(parts=[_step(part) for part in step.parts])


def has_sides(form: Form) -> bool:
    """Whether a step of this form tells what was found on its two sides."""
    return form.op in ("=", "!=", "<", "<=", ">", ">=", "call")


def step_head(form: Form) -> Data:
    """What stands after a step's value, and before what was found."""
    return {"text": form.text} | _full(**{name: getattr(form, name) for name in _FORM_TEXTS})


def step_tail(form: Form) -> Data:
    """What stands after the facts that a step read, and before the steps within it."""
    return _full(rules=list(form.rules), parameters=list(form.parameters), span=_span(form.span))


def _table(table: TableTrace) -> Data:
    return {
        "inputs": [{"text": text, "value": value_data(value)} for text, value in table.inputs],
        "rows": table.rows,
        **_full(
            hit=[_row(row) for row in table.hit],
            possible=[_row(row) for row in table.possible],
            near=[_row(row) for row in table.near],
            otherwise=table.otherwise or None,
        ),
    }


def _row(row: RowTrace) -> Data:
    data = {"id": row.form.id, "outcome": row.outcome} | row_head(row.form) | _full(missed=[number + 1 for number in row.missed])
    return data | row_tail(row.form) | _full(parts=[_step(part) for part in row.parts])


def row_head(form: RowForm) -> Data:
    """What stands after a row's outcome."""
    return {"tests": list(form.tests), "outputs": list(form.outputs)}


def row_tail(form: RowForm) -> Data:
    """What stands after the inputs that a row missed by, and before its steps."""
    return _full(cites=_clauses(form.cites), period=_period(form.period), span=_span(form.span))


def _parameter(p: ParameterUsed) -> Data:
    return {"name": p.name, "value": value_data(p.value)} | _full(
        title=_label(p.title), period=_period(p.period), cites=_clauses(p.cites), pack=p.pack, span=_span(p.span)
    )


def _reading(r: ReadingChosen) -> Data:
    return {
        "interpretation": r.interpretation,
        "reading": r.reading,
        "default": r.default,
        "question": _label(r.question),
        "label": _label(r.label),
        "cites": _clauses(r.cites),
    }


def _source(s: SourceUsed) -> Data:
    issued = None if s.issued is None else s.issued.isoformat()
    return {"id": s.id} | _full(number=s.number, title=_label(s.title), issued=issued, period=_period(s.period))


def _label(label: Label | None) -> Data | None:
    return None if label is None else {"zh": label.zh, "en": label.en}


def _clauses(cites: Sequence[Clause]) -> list[Data]:
    return [{"source": c.source, "locator": c.locator} for c in cites]


def _period(period: Period) -> Data:
    return {name: day.isoformat() for name, day in (("from", period.start), ("to", period.end)) if day is not None}


def _span(span: Span | None) -> Data | None:
    if span is None:
        return None
    return {"file": span.file, "line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}


# --- reading --------------------------------------------------------------------------------------------------------


def _justification(data: Data) -> Justification:
    frame = Frame(
        _label_of(data["title"]) or Label("", ""),
        {part: tuple(slots) for part, slots in data["parts"].items()},
        tuple(map(_parameter_of, data["parameters"])),
        tuple(map(_reading_of, data["readings"])),
        tuple(map(_source_of, data["sources"])),
        tuple(data["absent"]),
    )
    facts = tuple((each["path"], value_of(each["value"])) for each in data["facts"])
    conclusions = tuple(map(_conclusion_of, data["conclusions"]))
    return Justification(
        data["region"], data["decision"], date.fromisoformat(data["as_of"]), data["verdict"], frame, conclusions, facts, data["schema"]
    )


def _conclusion_of(data: Data) -> Conclusion:
    form = RuleForm(
        data["id"],
        data["kind"],
        _label_of(data.get("title")),
        data.get("part"),
        data.get("group"),
        tuple(data.get("members", ())),
        data.get("text", ""),
        _clauses_of(data),
        _period_of(data),
        tuple((interpretation, tuple(readings)) for interpretation, readings in data.get("under", {}).items()),
        data.get("pack", ""),
        tuple(data.get("reads", ())),
        tuple(data.get("parameters", ())),
        _span_of(data),
    )
    values = tuple((each["slot"], value_of(each["value"])) for each in data["values"])
    step, table = data.get("step"), data.get("table")
    return Conclusion(form, values, None if step is None else _step_of(step), None if table is None else _table_of(table))


def _step_of(data: Data) -> Step:
    form = Form(
        data["op"],
        data["text"],
        _span_of(data),
        **{name: data.get(name, "") for name in _FORM_TEXTS},
        rules=tuple(data.get("rules", ())),
        parameters=tuple(data.get("parameters", ())),
    )
    left, right = map(value_of, data.get("found", (None, None)))
    parts = tuple(map(_step_of, data.get("parts", ())))
    return Step(form, value_of(data["value"]), tuple(data.get("facts", ())), parts, left, right, data.get("member", ""))


def _table_of(data: Data) -> TableTrace:
    rows = {name: tuple(map(_row_of, data.get(name, ()))) for name in ("hit", "possible", "near")}
    inputs = tuple((each["text"], value_of(each["value"])) for each in data["inputs"])
    return TableTrace(inputs, rows=int(data["rows"]), otherwise=data.get("otherwise", False), **rows)


def _row_of(data: Data) -> RowTrace:
    form = RowForm(data["id"], tuple(data["tests"]), tuple(data["outputs"]), _clauses_of(data), _period_of(data), _span_of(data))
    missed = tuple(int(number) - 1 for number in data.get("missed", ()))
    return RowTrace(form, data["outcome"], missed, tuple(map(_step_of, data.get("parts", ()))))


def _parameter_of(data: Data) -> ParameterUsed:
    return ParameterUsed(
        data["name"],
        value_of(data["value"]),
        _period_of(data),
        _label_of(data.get("title")),
        _clauses_of(data),
        data.get("pack", ""),
        _span_of(data),
    )


def _reading_of(data: Data) -> ReadingChosen:
    question, label = _label_of(data["question"]), _label_of(data["label"])
    assert question is not None
    assert label is not None
    return ReadingChosen(data["interpretation"], data["reading"], data["default"], question, label, _clauses_of(data))


def _source_of(data: Data) -> SourceUsed:
    issued = data.get("issued")
    day = None if issued is None else date.fromisoformat(issued)
    return SourceUsed(data["id"], data.get("number", ""), _label_of(data.get("title")), day, _period_of(data))


def _label_of(data: Mapping[str, str] | None) -> Label | None:
    return None if data is None else Label(data["zh"], data["en"])


def _clauses_of(data: Data) -> tuple[Clause, ...]:
    return tuple(Clause(source=each["source"], locator=each["locator"]) for each in data.get("cites", ()))


def _period_of(data: Data) -> Period:
    days = data.get("period", {})
    start, end = days.get("from"), days.get("to")
    return Period(date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None)


def _span_of(data: Data) -> Span | None:
    found = data.get("span")
    if found is None:
        return None
    return Span(found["file"], *(int(found[name]) for name in ("line", "column", "end_line", "end_column")))
