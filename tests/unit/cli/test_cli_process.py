"""The command line as a process of its own: encodings, pipes, interrupts, and that nobody sees a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dte_rules import __version__
from dte_rules.cli import main

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples" / "jinhua-applications.yaml"


def run(*arguments: str | Path, env: dict[str, str] | None = None, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    variables = {**os.environ, "DTE_LANG": "en", **(env or {})}
    command = [sys.executable, "-m", "dte_rules", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env=variables, input=stdin, timeout=60, check=False)


def test_version_is_quick_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; from dte_rules.cli import main; main(['--version']); print(sorted({'typer', 'rich', 'pydantic'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert result.stdout == f"dte-rules {__version__}\n[]\n"
    assert run("--lang", "zh", "--version").stdout.decode() == f"dte-rules {__version__}\n"


def test_help_tells_the_exit_codes_in_the_language_of_the_reader() -> None:
    assert "1    findings" in run("--help").stdout.decode()
    assert "1    有发现" in run("--help", env={"DTE_LANG": "zh"}).stdout.decode()
    assert "判定案例" in run("decide", "--help", "--lang", "zh").stdout.decode()


def test_output_is_utf8_whatever_the_locale() -> None:
    result = run("decide", EXAMPLES, "--lang", "zh", env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"})
    assert result.returncode == 0
    assert "符合条件" in result.stdout.decode("utf-8")


def test_no_colour_in_a_pipe() -> None:
    assert b"\x1b" not in run("decide", EXAMPLES, env={"TERM": "xterm-256color"}).stdout


def test_cases_from_a_pipe() -> None:
    result = run("test", "-", stdin=EXAMPLES.read_bytes())
    assert result.stdout == b"16 passed, 0 failed\n"


def test_a_reader_who_leaves_early_is_no_error_to_speak_of() -> None:
    command = [sys.executable, "-m", "dte_rules", "decide", str(EXAMPLES), "--format", "json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.wait(timeout=60) == 141
    assert process.stderr.read() == b""
    process.stderr.close()


def _heed_interrupts() -> None:
    """A job in the background inherits interrupts ignored; a person's terminal heeds them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
def test_an_interrupt_is_quiet() -> None:
    command = [sys.executable, "-m", "dte_rules", "decide", "-"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, preexec_fn=_heed_interrupts)
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")


def test_wrong_usage_is_one_short_text() -> None:
    result = run("decide")
    assert result.returncode == 2
    assert b"Missing argument" in result.stderr
    assert b"Traceback" not in result.stderr


def test_a_defect_is_one_line_without_a_word_of_the_data(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("张三 330702199001011234")

    monkeypatch.setattr("dte_rules.api.load_packs", broken)
    for lang, word in (("en", "internal error (ValueError at "), ("zh", "内部错误（ValueError，")):
        with pytest.raises(SystemExit) as exit_:
            main(["decide", str(EXAMPLES), "--lang", lang])
        assert exit_.value.code == 3
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        assert "DTE999" in error
        assert word in error
        assert "张三" not in error
        assert "330702199001011234" not in error
