"""The pytest plugin: every case of a ``*.cases.yaml`` file is a test, and every property of a ``*.properties.yaml`` file.

It is loaded with pytest itself, so it imports nothing of the library until there is such a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from dte_rules.api import Packs
    from dte_rules.cases import BrokenCase, Case
    from dte_rules.cases.compare import Difference

SUFFIX = ".cases.yaml"
PROPERTIES = ".properties.yaml"
PACKS = "_dte_rules_packs"
ENGINES = ("compiled", "reference", "durable")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options, and their counterparts in the configuration file."""
    group = parser.getgroup("dte-rules", "cases and properties of dte-rules (*.cases.yaml, *.properties.yaml)")
    group.addoption("--dte-rules", metavar="DIR", help="folder of packs for cases and properties; without it, the shipped packs")
    group.addoption("--dte-engine", choices=ENGINES, help="the engine that decides *.cases.yaml (compiled)")
    parser.addini("dte_rules", "folder of packs for *.cases.yaml, from the configuration file's folder", default="")
    parser.addini("dte_engine", "the engine that decides *.cases.yaml", default="compiled")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A case file becomes a collector of its cases, a file of properties one of its properties."""
    if file_path.name.endswith(PROPERTIES):
        from dte_rules.testing.plugin_properties import PropertiesFile

        return PropertiesFile.from_parent(parent, path=file_path)
    if not file_path.name.endswith(SUFFIX):
        return None
    return CasesFile.from_parent(parent, path=file_path)


class CaseFailed(Exception):
    """A case that was decided otherwise than it expects, or that can't be decided."""


class CasesFile(pytest.File):
    """A case file."""

    def collect(self) -> Iterator[pytest.Item]:
        """The cases, and an item for what is wrong with the file itself."""
        from dte_rules.cases import read_cases

        read = read_cases(self.path)
        if read.diagnostics:
            yield BrokenItem.from_parent(self, name="file", broken=read)
        for number, case in enumerate(read.cases, 1):
            yield CaseItem.from_parent(self, name=case.id or f"case {number}", case=case)


class BrokenItem(pytest.Item):
    """What is wrong with a case file outside of its cases."""

    def __init__(self, *, broken: Any, **rest: Any) -> None:
        super().__init__(**rest)
        self.broken = broken

    def runtest(self) -> None:
        """It fails."""
        raise CaseFailed("\n".join(_line(diagnostic) for diagnostic in self.broken.diagnostics))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The diagnostics alone."""
        return str(excinfo.value) if isinstance(excinfo.value, CaseFailed) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it stands."""
        return self.path, 0, self.name


class CaseItem(pytest.Item):
    """One case."""

    def __init__(self, *, case: Case | BrokenCase, **rest: Any) -> None:
        super().__init__(**rest)
        self.case = case

    def runtest(self) -> None:
        """Decide the case and compare."""
        from dte_rules.cases import BrokenCase, compare, facts_of
        from dte_rules.source.diagnostic import DiagnosticsError

        case = self.case
        if isinstance(case, BrokenCase):
            raise CaseFailed("\n".join(_line(diagnostic) for diagnostic in case.diagnostics))
        if case.expect is None or not (case.expect.fields or case.expect.exactly):
            pytest.skip("the case expects nothing")
        try:
            pack = packs_of(self.config)[case.region]
            facts = facts_of(case, pack.Facts, pack.vocabulary)
            engine: Any = self.config.getoption("--dte-engine") or self.config.getini("dte_engine")
            decision = pack.decide(case.decision, facts, as_of=case.as_of, readings=case.readings, engine=engine)
        except DiagnosticsError as error:
            if isinstance(error, ImportError):
                raise
            raise CaseFailed("\n".join(_line(diagnostic) for diagnostic in error.diagnostics)) from None
        differences = compare(case.expect, decision)
        if differences:
            raise CaseFailed(_told(case, differences))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was expected beside what was decided, without a traceback."""
        return str(excinfo.value) if isinstance(excinfo.value, CaseFailed) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the case stands."""
        span = self.case.span("id")
        return self.path, None if span is None else span.line - 1, f"{self.path.name}::{self.name}"


def packs_of(config: pytest.Config) -> Packs:
    """The packs that decide, loaded once a session."""
    found: Packs | None = getattr(config, PACKS, None)
    if found is None:
        import dte_rules

        folder = config.getoption("--dte-rules")
        if not folder and (configured := config.getini("dte_rules")):
            folder = config.rootpath / configured
        found = dte_rules.load_packs(folder or None)
        setattr(config, PACKS, found)
    return found


def _told(case: Case, differences: tuple[Difference, ...]) -> str:
    title = f": {case.title}" if case.title else ""
    lines = [f"{case.id}{title}", f"  {case.decision} in {case.region}, asked for {case.as_of.isoformat()}"]
    for one in differences:
        lines += [f"  {one.field}", f"    expected  {_shown(one.expected)}", f"    decided   {_shown(one.actual)}"]
        if one.surplus and one.surplus != one.actual:
            lines.append(f"    too many  {_shown(one.surplus)}")
    return "\n".join(lines)


def _shown(value: Any) -> str:
    """A value on one line, as a case file would have it."""
    dump = getattr(value, "model_dump", None)
    if dump is not None:
        value = {name: part for name, part in dump().items() if part not in (None, ())}
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_shown(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_shown, value)) + "]"
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _line(diagnostic: Any) -> str:
    place = f"{diagnostic.span} " if diagnostic.span is not None else ""
    data = diagnostic.as_dict("en")
    return f"{place}{data['code']} {data['message']}"
