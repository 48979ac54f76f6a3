"""The house holds: layers, names, sizes, one place that runs generated code, diagnostics complete, and a true map of it."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import dte_rules
from dte_rules.source.diagnostic import Diagnostic

HOME = Path(__file__).parents[1]
SOURCE = HOME / "src" / "dte_rules"
FILES = sorted(SOURCE.rglob("*.py"))
MAP = HOME / "docs" / "architecture.md"
MOST_LINES = 500
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
RUNS_CODE = "generated.py"
"""The one module that may run generated code."""
READS_CLOCK = {"cli/receipts.py"}
"""Modules that may ask what time it is."""
SEES_FACTS = {"api", "cli", "facts", "testing"}
"""The packages that may import the shipped facts."""


def packages() -> list[str]:
    """The names directly under `dte_rules`: packages, and modules as `api`."""
    return sorted(m.name for m in pkgutil.iter_modules([str(SOURCE)]) if not m.name.startswith("_"))


def settings() -> dict[str, Any]:
    return tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))


# --- layers ---------------------------------------------------------------------------------------------------------


def test_layers_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    found = str(program) if program.exists() else shutil.which("lint-imports")
    assert found, "import-linter is not installed: pip install --group dev"
    done = subprocess.run([found, "--no-cache"], cwd=HOME, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_package_stands_in_the_contracts() -> None:
    contracts = {c["id"]: c for c in settings()["tool"]["importlinter"]["contracts"]}
    layered = set(re.findall(r"\w+", " ".join(contracts["layers"]["layers"])))
    assert set(packages()) - {"facts"} <= layered, "a new package must be given a layer in pyproject.toml"
    assert {f"dte_rules.{p}" for p in packages()} - {f"dte_rules.{p}" for p in SEES_FACTS} == set(contracts["facts"]["source_modules"])
    engines = {f"dte_rules.{p}" for p in packages() if p in ("engine", "batch")}
    assert engines == set(contracts["engine-sees-programs-only"]["source_modules"])


def test_importing_the_package_is_cheap() -> None:
    program = (
        "import sys, dte_rules; print(*(m for m in sys.modules if m.split('.')[0] in ('pydantic', 'yaml', 'typer', 'rich', 'hypothesis')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


# --- files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(SOURCE).as_posix())
def test_file(file: Path) -> None:
    """Not too long, no name that says nothing, a docstring, and no code that is made at run time."""
    text = file.read_text("utf-8")
    name = file.relative_to(SOURCE).as_posix()
    assert text.count("\n") <= MOST_LINES
    assert FORBIDDEN_NAMES.isdisjoint(file.relative_to(SOURCE).with_suffix("").parts)
    tree = ast.parse(text)
    if file.name != "__init__.py" or len(tree.body) > 1:
        assert ast.get_docstring(tree), "a module says what it is for"
    called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    runs = called & {"eval", "exec", "compile", "__import__"}
    assert runs == ({"exec", "compile"} if name == RUNS_CODE else set())


def test_one_place_runs_generated_code() -> None:
    calls = [n for n in ast.walk(ast.parse((SOURCE / RUNS_CODE).read_text("utf-8"))) if isinstance(n, ast.Call)]
    assert [n.func.id for n in calls if isinstance(n.func, ast.Name)].count("exec") == 1


def test_nothing_reads_the_clock() -> None:
    """Every decision is asked for a day. A journal of decisions notes when it was written."""
    clock = re.compile(r"\b(date\.today|datetime\.now|datetime\.today|datetime\.utcnow|time\.time|time\.localtime)\b")
    assert {f.relative_to(SOURCE).as_posix() for f in FILES if clock.search(f.read_text("utf-8"))} <= READS_CLOCK


# --- the map --------------------------------------------------------------------------------------------------------


def test_every_path_on_the_map_exists() -> None:
    text = MAP.read_text("utf-8")
    paths = set(re.findall(r"`((?:src|rules|tests|docs|examples|benchmarks|schemas|\.ci)/[^`\s*]*|Makefile|pyproject\.toml)`", text))
    assert len(paths) > 20
    assert [p for p in sorted(paths) if not (HOME / p).exists()] == []


def test_every_package_is_on_the_map() -> None:
    text = MAP.read_text("utf-8")
    assert [p for p in packages() if f"`src/dte_rules/{p}" not in text] == []


# --- diagnostics ----------------------------------------------------------------------------------------------------


def diagnostic_classes() -> Iterator[tuple[str, type[Diagnostic]]]:
    """The members of every package's `DIAGNOSTICS`, with the package's name."""
    for package in packages():
        if (SOURCE / package / "diagnostics.py").exists():
            for kind in importlib.import_module(f"dte_rules.{package}.diagnostics").DIAGNOSTICS:
                yield package, kind


DIAGNOSTICS = list(diagnostic_classes())


@pytest.mark.parametrize(("package", "kind"), DIAGNOSTICS, ids=[f"{k.code}-{k.__name__}" for _, k in DIAGNOSTICS])
def test_diagnostic(package: str, kind: type[Diagnostic]) -> None:
    assert re.fullmatch(r"DTE[0-9]{3}", kind.code)
    assert kind.zh
    assert kind.en
    assert re.search(r"[\u4e00-\u9fff]", re.sub(r"{\w+_zh}", "文", kind.zh))
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"`[^`]*`", "", kind.en))
    assert not kind.en.endswith(".")
    assert not kind.zh.endswith("。")
    assert bool(kind.zh_help) is bool(kind.en_help)
    page = kind.__doc__
    assert page
    assert page != Diagnostic.__doc__
    assert not page.startswith(f"{kind.__name__}("), "the docstring is the page of the documentation"


def test_codes_are_unique() -> None:
    codes = Counter(kind.code for _, kind in DIAGNOSTICS)
    assert [code for code, count in codes.items() if count > 1] == []


def test_every_diagnostic_is_registered() -> None:
    for module in pkgutil.walk_packages(dte_rules.__path__, "dte_rules."):
        if "diagnostics" in module.name:
            importlib.import_module(module.name)
    registered = {kind for _, kind in DIAGNOSTICS}
    own = [
        k for k in subclasses(Diagnostic) if vars(k).get("code") and k.__module__.startswith("dte_rules.")
    ]  # not another's, in other words
    assert [k.__name__ for k in own if k not in registered] == []


def subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    for sub in kind.__subclasses__():
        yield sub
        yield from subclasses(sub)


def test_every_diagnostics_module_is_collected() -> None:
    assert {p.parent.name for p in SOURCE.glob("*/diagnostics.py")} == {package for package, _ in DIAGNOSTICS}
