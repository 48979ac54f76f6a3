"""Runs the conformance kit's literal expressions through `feel.elaborate` and `feel.evaluate`, and through the compiled engine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tck_kit import Case, KitRecord, Model, agrees, folders, read_cases, read_model

from dte_rules.engine.compiled import compile_plan, exported
from dte_rules.engine.plan import Plan
from dte_rules.feel import core
from dte_rules.feel.builtins import BUILTINS
from dte_rules.feel.calendar import Calendar
from dte_rules.feel.elaborate import Elaborated, Scope, UserFunction, elaborate_all
from dte_rules.feel.evaluate import Environment, evaluate
from dte_rules.feel.types import ANY, BOOLEAN, DATE, DAYS, MONTHS, NUMBER, STRING, ListOf, Record, Simple, Type
from dte_rules.feel.values import Months
from dte_rules.program.nodes import Decision, Formula, Label, Program, Rule
from dte_rules.source.span import Snippet

PLAIN: Mapping[Type, type] = {NUMBER: Decimal, STRING: str, BOOLEAN: bool, DATE: date, MONTHS: Months, DAYS: timedelta}
YEARS = re.compile(r"\d{9}")
"""Years that Python's dates don't have."""


class NotCovered(Exception):
    """Why a case is not covered: one of `REASONS`, and the particulars."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


REASONS = {
    "boxed": "the decision, or one that it needs, is no single expression: a decision table, boxed context, invocation ...",
    "context": "a context, `{a: 1}`, or what only works on one",
    "external": "an import, a decision service, or a function in another language",
    "function": "a built-in function that isn't covered",
    "lambda": "a function defined inside an expression",
    "range": "a range as a value",
    "refused": "a mistake that the checker refuses, where the standard gives null at run time",
    "result type": "the standard converts a result that isn't of the decision's declared type, or makes it null",
    "time": "times of day, date and time, time zones",
    "type test": "`instance of`",
    "other": "anything else",
}


@dataclass
class Report:
    """What became of each case."""

    agreeing: list[str] = field(default_factory=list)
    disagreeing: dict[str, str] = field(default_factory=dict)
    uncovered: dict[str, str] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)
    engines: dict[str, str] = field(default_factory=dict)


def run_kit() -> Report:
    """Runs every case of the kit."""
    report = Report()
    for folder in folders():
        run_folder(folder, report)
    return report


def run_folder(folder: Path, report: Report) -> None:
    """Runs a folder's cases."""
    model = read_model(folder)
    for case in read_cases(folder):
        if isinstance(case, tuple):
            report.uncovered[case[0]] = case[1]
            continue
        try:
            run = Running(model, case)
            actual = run.decision(case.decision)
        except NotCovered as why:
            report.uncovered[case.name] = why.reason
            report.details[case.name] = why.detail
            continue
        expected = None if case.error else case.expected
        if agrees(actual, expected):
            report.agreeing.append(case.name)
        elif run.mistakes:  # a pack can't say this
            report.uncovered[case.name] = "refused"
            report.details[case.name] = f"{model.literals[case.decision].strip()}: {run.mistakes[0]}, {actual!r}, {expected!r}"
        elif YEARS.search(model.literals[case.decision]):
            report.uncovered[case.name] = "time"
        else:
            report.disagreeing[case.name] = f"{model.literals[case.decision].strip()}: {actual!r}, but the kit says {expected!r}"
        for text, mine, theirs in run.differences:
            report.engines[case.name] = f"{text}: {mine!r} by the reference, {theirs!r} by the compiled engine"


class Running:
    """The evaluation of one case: decisions on which others rest are evaluated first."""

    def __init__(self, model: Model, case: Case) -> None:
        self.model, self.case = model, case
        self.values: dict[str, Any] = {}
        self.differences: list[tuple[str, Any, Any]] = []
        self.mistakes: list[str] = []

    def decision(self, name: str) -> Any:
        """The value of a decision."""
        if name in self.values:
            return self.values[name]
        if "/" in name or (name not in self.model.literals and name not in self.model.others):
            raise NotCovered("external", name)
        if name not in self.model.literals:
            raise NotCovered("boxed", self.model.others[name])
        names: dict[str, Type] = {}
        values: dict[str, Any] = {}
        for needed in self.model.requires[name]:
            if needed in self.model.inputs:
                names[needed], values[needed] = self.model.inputs[needed], self.case.inputs.get(needed)
            else:
                values[needed], names[needed] = self.decision(needed), self.model.results.get(needed, ANY)
        text = self.model.literals[name]
        functions = {
            f: UserFunction(f, function.parameters, function.result, Snippet.of(function.body, f"{f}.feel"))
            for f, function in self.model.functions.items()
        }
        known = {n: ANY if v is None or not _is_of(v, t) else t for n, t in names.items() for v in [values.get(n)]}
        wanted = self.model.results.get(name, ANY)
        result = elaborate_all(Snippet.of(text), Scope(known, functions), dynamic=True)
        if result.expr is None:
            raise NotCovered(*self._reason(text, result))
        checked = elaborate_all(Snippet.of(text), Scope(known, functions), wanted, allow_null=True)
        value = evaluate(result.expr, Environment(values.__getitem__))
        if checked.expr is None:
            self.mistakes.append(type(checked.diagnostics[0]).__name__)
        if not values and checked.expr is not None:
            compiled = compiled_value(result.expr)
            if not agrees(compiled, value) and not agrees(value, compiled):
                self.differences.append((text.strip(), value, compiled))
        called = self.model.functions.get(text.strip().partition("(")[0])
        for declared in (wanted, ANY if called is None else called.result or ANY):
            if value is not None and not _is_of(value, declared):
                raise NotCovered("result type", f"{declared}")
        self.values[name] = value
        return value

    def _reason(self, text: str, result: Elaborated) -> tuple[str, str]:
        """Why an expression isn't covered, from its first diagnostics."""
        first = next((d for d in result.diagnostics if type(d).__name__ == "NotSupported"), result.diagnostics[0])
        kind, message = type(first).__name__, first.message("en")
        if kind == "NotSupported":
            what = message.lower()
            for word, reason in (
                ("context", "context"), ("times", "time"), ("time", "time"), ("range", "range"), ("instance", "type test"),
                ("function definition", "lambda"), ("calling anything", "lambda"), ("function `", "function"),
            ):  # fmt: skip
                if word in what:
                    return reason, message
            return "other", message
        name = getattr(first, "name", "")
        if kind in ("UnknownFunction", "UnknownName") and (name in self.model.functions or name in BUILTINS):
            return "lambda", message  # a function as a value
        if kind in ("UnknownFunction", "UnknownName") and name in self.model.services:
            return "external", message
        if any(f"{f}(" in text for f in self.model.other_functions):
            return "external" if "external" in self.model.other_functions.values() else "boxed", message
        return ("refused" if self.case.expected is None else "other"), f"{kind}: {message}"


def _is_of(value: Any, type_: Type) -> bool:
    """Whether a value is of a type."""
    match type_:
        case Simple():
            return type_ not in PLAIN or isinstance(value, PLAIN[type_])
        case ListOf(element):
            return isinstance(value, tuple) and all(v is None or _is_of(v, element) for v in value)
        case Record(_, fields):
            if not isinstance(value, KitRecord):
                return False
            return all(value.fields.get(n) is None or _is_of(value.fields[n], t) for n, t in fields.items())
        case _:
            return True


def compiled_value(expr: core.Expr) -> Any:
    """The value of an expression without names, by the compiled engine."""
    label = Label("题", "question")
    rule = Rule("t", "term", expr.type, Formula(expr))
    decision = Decision("d", label, "entitlement", values=(("t", "t"),))
    program = Program(
        name="kit", version="1", digest="0", jurisdiction="000000", title=label, rules=(rule,), strata={"t": 0}, decisions={"d": decision},
        interpretations={}, sources={}, open_points={}, facts={}, calendar=Calendar(),
    )  # fmt: skip
    compiled = compile_plan(program, Plan(decision, (rule,), (), by_slot={"t": rule}))
    return exported(compiled.function(None, date(2024, 9, 2))[1][0])
