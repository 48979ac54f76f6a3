"""Ctrl-C while a command works: it ends with 130, whatever the interrupt was turned into on its way."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from dte_rules.cli import guard


@pytest.fixture(autouse=True)
def heeded() -> Iterator[None]:
    """A runner that is a background job ignores interrupts; here they are heeded."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


class Lost:
    def __del__(self) -> None:
        interrupt()
        for _ in range(1000):
            pass


def test_an_interrupt_that_became_another_error_is_still_one(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def command(_: Any) -> Any:
        try:
            interrupt()
            for _n in range(1000):
                pass
        except KeyboardInterrupt:
            raise ValueError("argument 2: KeyboardInterrupt") from None

    monkeypatch.setattr("dte_rules.cli.app.command", command)
    assert guard.run(["check"]) == guard.INTERRUPTED
    assert capsys.readouterr().err == ""
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_that_is_lost_in_a_deletion_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def command(_: Any) -> Any:
        made = Lost()
        del made
        for _ in range(300_000_000):
            pass
        raise AssertionError("nobody interrupted")

    monkeypatch.setattr("dte_rules.cli.app.command", command)
    assert guard.run(["check"]) == guard.INTERRUPTED


def test_the_solver_hears_of_an_interrupt() -> None:
    z3 = pytest.importorskip("z3")
    from threading import Timer

    from dte_rules import load_packs
    from dte_rules.analysis.search import Search
    from dte_rules.analysis.space import Horizon, Space

    pack = load_packs()["weihai"]
    space = Space.of([pack.program], [], as_of=date(2026, 5, 6), vocabularies=[pack.vocabulary], horizon=Horizon())
    search = Search(space, timeout=60)
    x, y, z = z3.Ints("x y z")
    hard = z3.And(x * x * x + y * y * y + z * z * z == 114, x > 5)
    timer = Timer(0.5, interrupt)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        search.holds(hard)
