"""The items of a ``*.properties.yaml`` file: every property is a test, which fails where it comes out otherwise than expected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dte_rules.analysis.prove.model import Example, File, Proved, Shown
from dte_rules.analysis.prove.read import read
from dte_rules.analysis.prove.ready import ready
from dte_rules.cases import Case, Expect, write_cases
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError


class PropertyFailed(Exception):
    """A property that came out otherwise than expected, or a file of properties that can't be read."""


class PropertiesFile(pytest.File):
    """A file of properties."""

    def collect(self) -> Iterator[pytest.Item]:
        """The properties, or one item for what is wrong with the file."""
        try:
            file = read(self.path)
        except DiagnosticsError as error:
            yield BrokenFileItem.from_parent(self, name="file", diagnostics=error.diagnostics)
            return
        for place, id_ in enumerate(file.ids):
            yield PropertyItem.from_parent(self, name=id_, file=file, place=place)


class _Item(pytest.Item):
    line: int | None = 0

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What came out, without a traceback."""
        return str(excinfo.value) if isinstance(excinfo.value, PropertyFailed) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it stands."""
        return self.path, self.line, f"{self.path.name}::{self.name}"


class BrokenFileItem(_Item):
    """What is wrong with a file of properties."""

    def __init__(self, *, diagnostics: tuple[Diagnostic, ...], **rest: Any) -> None:
        super().__init__(**rest)
        self.diagnostics = diagnostics

    def runtest(self) -> None:
        """It fails."""
        raise PropertyFailed("\n".join(map(_line, self.diagnostics)))


class PropertyItem(_Item):
    """One property."""

    def __init__(self, *, file: File, place: int, **rest: Any) -> None:
        super().__init__(**rest)
        self.file, self.place = file, place
        self.line = file.document.span(("properties", place, "id")).line - 1

    def runtest(self) -> None:
        """Prove it, and compare."""
        from dte_rules.analysis.prove.run import prove
        from dte_rules.testing.plugin import packs_of

        try:
            checked = ready(self.file, packs_of(self.config), [self.place])
            (found,) = prove(checked)
        except DiagnosticsError as error:
            if isinstance(error, ImportError):
                raise
            raise PropertyFailed("\n".join(map(_line, error.diagnostics))) from None
        if not found.as_expected:
            raise PropertyFailed(told(found))


def told(found: Proved) -> str:
    """What a property came out as, with the example that says so as a case file."""
    ready_ = found.ready
    lines = [
        f"{ready_.id}: {ready_.title.en or ready_.title.zh}",
        f"  expected  {ready_.expect or 'holds'}",
        f"  came out  {found.outcome}",
    ]
    if found.empty:
        lines.append("  `given` is true of nobody, so nothing is stated of anybody")
    for branch in found.branches:
        if len(found.branches) > 1:
            lines.append(f"    {', '.join(f'{name} = {_word(value)}' for name, value in branch.choices.items())}: {branch.outcome}")
        if branch.why:
            lines.append(f"    {branch.why}")
    example = found.example
    if example is not None:
        lines += [f"  {line}" for line in _example(example)]
    return "\n".join(lines)


def _example(example: Example) -> Iterator[str]:
    if example.variables:
        yield ", ".join(f"{name} = {value}" for name, value in example.variables.items())
    cases = [*example.cases, *example.steps]
    for case in cases:
        amount = f", {case.decision.amount}" if case.decision.amount is not None else ""
        failed = f" ({', '.join(case.decision.failed)})" if case.decision.failed else ""
        asked = f"{case.side.decision} in {case.side.policy.program.name}, {case.as_of}"
        yield f"{case.side.name}: {asked}: {case.decision.verdict}{amount}{failed}"
    yield f"the statement is {example.then} here"
    yield from write_cases(map(_as_case, cases)).rstrip("\n").split("\n")


def _as_case(case: Shown) -> Case:
    program = case.side.policy.program
    expect = Expect({"verdict": case.decision.verdict}) if not case.settled else None
    return Case(
        id=case.side.name,
        region=program.name,
        decision=case.side.decision,
        as_of=case.as_of,
        readings=dict(case.readings),
        facts=dict(case.facts),
        expect=expect,
    )


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _line(diagnostic: Diagnostic) -> str:
    place = f"{diagnostic.span} " if diagnostic.span is not None else ""
    return f"{place}{diagnostic.code} {diagnostic.message()}"
