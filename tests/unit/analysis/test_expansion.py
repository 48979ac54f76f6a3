"""Formulas without trees of cases in their numbers say the same, and are left as they are where they would grow too much."""

from __future__ import annotations

import pytest

pytest.importorskip("z3")

from dte_rules.analysis import expansion
from dte_rules.analysis.expansion import comparisons, expanded
from dte_rules.analysis.logic import conjoined
from dte_rules.analysis.solver import z3


def tree(name: str, *, depth: int) -> z3.ArithRef:
    """A number that is one of so many by cases."""
    found = z3.Int(name)
    for n in range(depth):
        found = z3.If(z3.Bool(f"{name}{n}"), found, n)
    return found


def test_what_is_expanded_says_the_same() -> None:
    a, b = tree("a", depth=3), tree("b", depth=2)
    bits = [z3.Or(a < b, z3.Not(a + b == 4)), a >= 0]
    made = conjoined(expanded(bits))
    assert "If" in str(bits[0])
    solver = z3.Solver()
    assert solver.check(made != conjoined(bits)) == z3.unsat
    waiting = [made]
    while waiting:
        term = waiting.pop()
        assert not (z3.is_int(term) and z3.is_app_of(term, z3.Z3_OP_ITE))
        waiting += term.children()


def test_comparisons_are_counted() -> None:
    a, b = tree("a", depth=3), tree("b", depth=2)
    assert comparisons([a < b]) == 4 * 3
    assert comparisons([a + b < 7, a < b]) == 4 * 3 + 4 * 3
    assert comparisons([z3.Int("x") < 7, z3.Bool("p")]) == 0


def test_what_would_grow_too_much_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    bits = [tree("a", depth=3) < tree("b", depth=2)]
    monkeypatch.setattr(expansion, "MOST", 11)
    assert expanded(bits) is bits
    assert expanded([]) == []
