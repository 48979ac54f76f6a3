"""``dte prove``: a line for each property, examples that can be read and written, and the exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("z3")

from dte_rules.cli import main

PROPERTIES = """title: {zh: 试证, en: A trial}
properties:
  - id: P5
    title: {zh: 金华条件蕴涵省里的学时条件, en: who is eligible in Jinhua has completed the province's hours}
    cite: [jh-2024-15 一, zj-2023-36 三（四）]
    cases: {jinhua: {region: jinhua, decision: training_subsidy}, province: {region: zhejiang}}
    given: jinhua.granted
    then: province.conditions.hours
  - id: P10.online
    title: {zh: 线上学时越多越好, en: more online hours never make it worse}
    cite: sh-2024-462 四（三）
    expect: fails
    because: {zh: 一般不超过一半, en: not more than half as a rule}
    cases:
      fewer: {region: shanghai, decision: online_share, facts: {training.hours_total: 128, training.hours_online: 64}}
      more: {differs_in: [training.hours_online], facts: {training.hours_online: 65}}
    given: fewer.verdict = "met"
    then: more.verdict = "met"
  - id: P29
    title: {zh: 评价机构在目录内, en: the evaluation body is in the catalogue}
    cite: zj-2023-36 二（二）
    expect: not_specified
    unsaid: {listed: {cite: zj-2023-36 二（二）, question: {zh: 评价机构须在目录内吗？, en: Must it be?}}}
    cases: {jinhua: {region: jinhua, decision: training_subsidy}}
    given: jinhua.granted
    then: listed
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "trial.yaml"
    path.write_text(PROPERTIES, encoding="utf-8")
    return path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as done:
        main(list(arguments))
    assert isinstance(done.value.code, int)
    return done.value.code


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_property_has_a_line_and_its_example(file: Path, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("prove", str(file), "--lang", lang) == 0
    out = capsys.readouterr().out
    lines = out.split("\n")
    assert [line.split()[1] for line in lines if line[:1] in "✓✗○" and line] == ["P5", "P10.online", "P29"]
    told = {
        "zh": (
            "· more  shanghai/online_share",
            "线上学时：64 → 65",
            "尚须裁量决定",
            "成立 1、不成立 1、文件未规定 1；均与预期相符",
            "评价机构须在目录内吗？",
        ),
        "en": (
            "· more  shanghai/online_share",
            "hours online: 64 → 65",
            "At discretion",
            "1 holds, 1 fails, 1 not specified; all as expected",
            "Must it be?",
        ),
    }[lang]
    for text in told:
        assert text in out
    assert max(map(len, lines)) <= 100


def test_an_outcome_that_is_not_expected_is_a_finding(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(PROPERTIES.replace("expect: fails", "expect: holds"), encoding="utf-8")
    assert run("prove", str(file), "--id", "P10", "--lang", "en") == 1
    out = capsys.readouterr().out
    assert "expected: holds" in out
    assert "1 property: 1 fails; not as expected: P10.online" in out


def test_json_for_programs(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("prove", str(file), "--format", "json", "--lang", "en") == 0
    data = json.loads(capsys.readouterr().out)
    assert [(p["id"], p["outcome"], p["as_expected"], p["by"]) for p in data] == [
        ("P5", "holds", True, "solver"),
        ("P10.online", "fails", True, "solver"),
        ("P29", "not_specified", True, "solver"),
    ]
    (branch,) = data[1]["branches"]
    fewer, more = branch["example"]["cases"]
    assert (fewer["verdict"], more["verdict"], more["facts"]["training"]["hours_online"]) == ("met", "discretionary", 65)
    assert [(b["choices"], b["outcome"]) for b in data[2]["branches"]] == [({"listed": True}, "holds"), ({"listed": False}, "fails")]
    assert "days from" in data[0]["horizon"]


def test_examples_are_cases_that_pass(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "examples.yaml"
    assert run("prove", str(file), "--out", str(out)) == 0
    assert run("test", str(out), "--lang", "en") == 0
    assert "3 passed, 0 failed" in capsys.readouterr().out
    assert "P10.online.more" in out.read_text(encoding="utf-8")


def test_mistakes_are_told_with_their_place(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(PROPERTIES.replace("jinhua.granted", "jinhua.grantd"), encoding="utf-8")
    assert run("prove", str(file), "--lang", "en") == 1
    error = capsys.readouterr().err
    assert error.count("DTE231") == 2
    assert "did you mean `granted`?" in error
    assert "trial.yaml:7:19" in error
    assert run("prove", str(file), "--id", "P99", "--lang", "zh") == 1
    assert "DTE857" in capsys.readouterr().err


def test_without_a_file_the_shipped_properties_are_proved(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("prove", "--id", "P3", "--lang", "en") == 0
    assert "✓  P3  holds" in capsys.readouterr().out


def test_without_the_solver_the_extra_is_named() -> None:
    program = "import sys; sys.modules['z3'] = None; from dte_rules.cli import main; main(['prove', '--id', 'P5', '--lang', 'en'])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "DTE811" in done.stderr
    assert "dte-rules[analysis]" in done.stderr
    assert "Traceback" not in done.stderr


FINITE = """properties:
  - id: grid
    title: {zh: 网格, en: a grid}
    cite: jh-2024-15 一
    each: {hours: [159, 160]}
    cases: {a: {region: jinhua, decision: training_subsidy, as_of: 2026-05-06, facts: {training.hours_completed: hours}}}
    then: a.verdict = "undetermined"
  - id: claims
    title: {zh: 申请, en: claims}
    cite: jh-2024-15 一
    history:
      region: jinhua
      decision: training_subsidy
      days: [2026-05-06]
      claims: 1
      each: {level: [初级]}
      facts: {person.receives_pension: true, training.level: level}
      enters: claims
      entry: {level: level}
    then: history.granted = 0
"""


@pytest.mark.parametrize("as_json", [False, True])
def test_what_is_decided_value_by_value_needs_no_solver(tmp_path: Path, as_json: bool) -> None:
    file = tmp_path / "finite.yaml"
    file.write_text(FINITE, encoding="utf-8")
    arguments = ["prove", str(file), "--lang", "en", "--out", str(tmp_path / "cases.yaml"), *(["--format", "json"] if as_json else [])]
    program = f"import sys; sys.modules['z3'] = None; from dte_rules.cli import main; main({arguments!r})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False)
    assert done.stderr == ""
    assert done.returncode == 1  # the grid comes out otherwise than expected, which takes an example
    assert ("✓  claims  holds" in done.stdout) is not as_json


def _heed_interrupts() -> None:
    """A job in the background inherits interrupts ignored; a person's terminal heeds them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()]


@pytest.mark.skipif(sys.platform != "linux", reason="children are looked up otherwise elsewhere")
@pytest.mark.parametrize("everybody", [True, False], ids=["a terminal's", "the first process alone"])
def test_an_interrupt_ends_every_process_at_once(everybody: bool) -> None:
    # two processes on whatever machine
    two = "os.cpu_count = lambda: 2; os.sched_getaffinity = lambda _: {0, 1}"
    program = f"import os, sys; {two}; from dte_rules.cli import main; main(['prove', '--id', 'P16'])"
    command = [sys.executable, "-c", program]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=_heed_interrupts, start_new_session=True, encoding="utf-8"
    )
    children: list[int] = []
    while len(children) < 2:  # and one that looks after what they share
        time.sleep(0.05)
        assert process.poll() is None
        children = _children(process.pid)
    time.sleep(2)
    (os.killpg if everybody else os.kill)(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, "", "")
    for _ in range(200):
        if not any(Path(f"/proc/{child}").exists() for child in children):
            break
        time.sleep(0.05)
    assert not any(Path(f"/proc/{child}").exists() for child in children)


DOUBTS = """properties:
  - id: product
    title: {zh: 乘积, en: a product}
    cite: jh-2024-15 一
    cases: {jinhua: {region: jinhua, decision: training_subsidy}}
    given: jinhua.granted
    then: jinhua.amount * jinhua.facts.training.hours_completed > 0
  - id: assessment
    title: {zh: 考核评估合格的继续留在目录, en: who is assessed as sufficient stays in the catalogue}
    cite: sh-2026-55 四
    expect: not_specified
    cases: {centre: {region: shanghai, decision: institution_renewal}}
    given: >-
      count(centre.facts.institution.assessments) = 1 and centre.facts.institution.assessments[1].result = "合格"
      and centre.facts.institution.assessments[1].assessed_on <= centre.as_of
    then: centre.granted
  - id: nobody
    title: {zh: 空, en: of nobody}
    cite: jh-2024-15 一
    cases: {jinhua: {region: jinhua, decision: training_subsidy}}
    given: jinhua.granted and jinhua.facts.person.receives_pension
    then: jinhua.amount > 9000
"""


def test_doubts_are_told_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "doubts.yaml"
    path.write_text(DOUBTS, encoding="utf-8")
    assert run("prove", str(path), "--lang", "en") == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "could not tell expected: holds a product not put to the solver: " in out
    # what the packs leave open is what is missing
    assert "no further fact would settle the statement: " in out
    assert "middling assessment" in out
    assert "`given` is true of nobody" in out
    assert run("prove", str(path), "--id", "assessment", "--lang", "zh") == 0
    assert "再知道任何事实，结论仍不能判定" in capsys.readouterr().out


GRID = """properties:
  - id: hours
    title: {zh: 学时够的可享受, en: who has the hours is granted}
    cite: jh-2024-15 一
    each: {hours: [128, 160]}
    cases: {jinhua: {region: jinhua, decision: training_subsidy, as_of: 2026-05-06, facts: {training.hours_completed: hours}}}
    then: jinhua.granted
"""


def test_facts_that_no_case_gives_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "grid.yaml"
    path.write_text(GRID, encoding="utf-8")
    assert run("prove", str(path), "--lang", "en") == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "could not tell" in out
    assert "the cases don't give what the statement rests on: content completed, certificate" in out
    assert "not put to the solver" not in out
    assert run("prove", str(path), "--lang", "zh") == 1
    assert "结论所依的事实，情形未给出：" in capsys.readouterr().out
