"""What the solver is asked, and what it isn't asked again."""

from __future__ import annotations

import pytest

pytest.importorskip("z3")

from tests.work import calls

from dte_rules.analysis.search import Search
from dte_rules.analysis.solver import z3
from dte_rules.analysis.space import Horizon, Space
from dte_rules.analysis.texts import Pool


def space() -> tuple[Space, object]:
    made = Space({}, Pool([], [], []), Horizon())
    number = z3.Int("number")
    made.require(z3.And(number >= 0, number <= 9))
    return made, number


def test_what_is_opposed() -> None:
    made, number = space()
    search = Search(made)
    assert search.opposed([number > 1, number < 5, number > 6]) == (1, 2)
    assert search.opposed([number > 1, True, number < 5]) is None
    assert search.opposed([number > 1, False]) == (1,)
    assert search.opposed([number > 9]) == (0,)


def test_somebody_met_before_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made, number = space()
    search = Search(made)
    assert search.holds(number > 7)
    asked = []
    monkeypatch.setattr(Search, "_patiently", lambda self, literals: asked.append(literals) or z3.unsat)
    assert search.holds(number > 6)
    assert not asked
    assert search.holds(number < 3) is False
    assert len(asked) == 1
    made.require(number < 3)  # of whoever was met before nothing is known now
    assert search.holds(number > 6) is False
    assert len(asked) == 2


def test_looking_again_is_little_work() -> None:
    made, number = space()
    search = Search(made)
    first = calls(lambda: search.holds(number > 7))
    assert calls(lambda: search.holds(number > 7)) < first
