"""The wheel works by itself: installed in an empty environment, away from the checkout, it decides the demo alike."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

HOME = Path(__file__).parents[1]
DEMO = HOME / "examples" / "jinhua-applications.yaml"
MOST_PACKAGED = 4 * 2**20

pytestmark = pytest.mark.slow


def run(*command: str | Path, folder: Path, python: Path | None = None) -> str:
    """What a command prints, in a folder, without the environment's own Python settings."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV", "PYTEST", "COV"))}
    done = subprocess.run([*map(str, command)], cwd=folder, env=plain, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, HOME, folder=folder)
    (made,) = folder.glob("dte_rules-*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of an environment that has the wheel and what it needs, nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", folder / "venv", folder=folder)
    programs = folder / "venv" / "bin"
    run(programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, folder=folder)
    return programs


def decided(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)
    return found


def test_it_holds_the_packs_and_nothing_of_the_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    rules = {path.relative_to(HOME / "rules").as_posix() for path in (HOME / "rules").rglob("*.yaml")}
    assert {f"dte_rules/_rules/{name}" for name in rules} <= set(names)
    assert {"jinhua.yaml", "zhejiang.yaml", "lib/calendar.yaml", "lib/national.yaml"} <= rules
    assert "dte_rules/py.typed" in names
    assert [n for n in names if not n.startswith(("dte_rules/", "dte_rules-"))] == []
    assert any(n.endswith("licenses/LICENSE") for n in names)
    assert wheel.stat().st_size < MOST_PACKAGED


def test_it_decides_the_demo_as_the_checkout_does(installed: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.yaml"
    cases.write_bytes(DEMO.read_bytes())
    mine = decided(run(installed / "dte", "decide", cases, "--format", "json", folder=tmp_path))
    theirs = decided(run(Path(sys.executable).with_name("dte"), "decide", DEMO, "--format", "json", folder=HOME))
    assert mine == theirs
    assert len(mine) > 3
    assert all("error" not in one or one["error"] is None for one in mine)


def test_it_needs_no_compiler(installed: Path, tmp_path: Path) -> None:
    listed = run(installed / "python", "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check", folder=tmp_path)
    assert "durable" not in listed
    assert "dte-rules" in listed.replace("_", "-")


def test_its_python_interface_works(installed: Path, tmp_path: Path) -> None:
    program = "from dte_rules import load_packs; p = load_packs(); print(*sorted(p)); print(__import__('dte_rules').__file__)"
    names, file = run(installed / "python", "-c", program, folder=tmp_path).splitlines()
    assert names.split() == sorted(path.stem for path in (HOME / "rules").glob("*.yaml"))
    assert not Path(file).is_relative_to(HOME)
