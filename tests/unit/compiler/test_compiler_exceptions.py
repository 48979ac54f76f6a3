"""Exceptions beat the rule they except; two rules that may both apply and conclude differently are an error."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from compiler_loans import LOANS, codes, compiled_text, program_of
from hypothesis import given, settings
from hypothesis import strategies as st

from dte_rules.compiler.draft import Draft
from dte_rules.compiler.exceptions import with_exceptions
from dte_rules.feel import core
from dte_rules.feel.evaluate import Environment, evaluate
from dte_rules.feel.types import BOOLEAN, NUMBER
from dte_rules.feel.unparse import unparse
from dte_rules.pack.model import Pack, Term, TermRule
from dte_rules.program.nodes import Label, Program, Row, Rule, Table
from dte_rules.source.span import Snippet, Span


def rules(folder: Path, *texts: str, rest: str = "") -> tuple[Program | None, list[str]]:
    """A term with these rules, each as ``when -> then [except]``."""
    lines = ["terms:", "  weeks:", "    cite: rules 1", "    rules:"]
    for number, text in enumerate(texts):
        when, _, then = text.partition(" -> ")
        then, _, excepts = then.partition(" except ")
        lines.append(f"      r{number}: {{when: '{when}', then: '{then}'" + (f", except: [{excepts}]" if excepts else "") + rest + "}")
    lines.append("decisions: {lend: {title: {en: lend}, requires: {x: {cite: rules 1, when: weeks > 1}}}}")
    program, diagnostics = compiled_text(folder, "\n".join(lines) + "\n")
    return program, codes(diagnostics)


def guards_of(program: Program | None, slot: str = "weeks") -> list[str]:
    assert program is not None
    body = program.versions(slot)[0].body
    assert isinstance(body, Table)
    assert all(len(row.tests) == 1 for row in body.rows)
    return [unparse(row.tests[0]) for row in body.rows if row.tests[0] is not None]


def hit_of(program: Program | None) -> str:
    assert program is not None
    body = program.versions("weeks")[0].body
    assert isinstance(body, Table)
    assert body.inputs == ()
    assert body.outputs == ("weeks",)
    return body.hit


DISJOINT = [
    ('borrower.card = "child"', 'borrower.card = "adult"'),
    ('borrower.card = "child"', 'borrower.card != "child"'),
    ('borrower.card in ("child", "adult")', 'not(borrower.card in ("child", "adult"))'),
    ('borrower.card in ("child", "adult")', 'borrower.card = "staff"'),
    ('borrower.card != "child" and borrower.card != "adult"', 'borrower.card != "staff"'),
    ("wanted.copies < 3", "wanted.copies >= 3"),
    ("wanted.copies in [1..3]", "wanted.copies in (3..5]"),
    ("wanted.copies between 1 and 3", "4 <= wanted.copies"),
    ("wanted.copies < 1 or wanted.copies > 5", "wanted.copies = 3"),
    ('wanted.due_on < @"2024-03-01"', 'wanted.due_on > @"2024-02-29"'),
    ("spare", "not(spare)"),
    ("spare", "spare = false"),
    ("wanted.due_on > borrower.born", "not(wanted.due_on > borrower.born)"),
    ('spare and wanted.kind = "map"', 'wanted.copies > 1 and wanted.kind = "book"'),
    ('spare and wanted.kind = "map"', 'not(wanted.kind = "map" and spare) and not(spare and wanted.kind = "map")'),
    ("count(borrower.loans) > 3", "count(borrower.loans) <= 3"),
]
POSSIBLE = [
    ("spare", "borrower.resident"),
    ("wanted.copies < 3", "wanted.copies > 2"),
    ('wanted.due_on < @"2024-03-02"', 'wanted.due_on > @"2024-02-29"'),
    ('borrower.card != "child"', 'borrower.card != "adult"'),
    ("wanted.copies < 3", "borrower.fee_due >= 3"),
    ("wanted.copies < borrower.fee_due", "wanted.copies = 3"),
    ("wanted.due_on > borrower.born", "wanted.due_on < borrower.born"),
]


@pytest.mark.parametrize(("one", "other"), DISJOINT)
def test_conditions_that_exclude_each_other(tmp_path: Path, one: str, other: str) -> None:
    program, found = rules(tmp_path, f"{one} -> 1", f"{other} -> 2")
    assert found == []
    assert hit_of(program) == "unique"


@pytest.mark.parametrize(("one", "other"), POSSIBLE)
def test_conditions_that_may_hold_together(tmp_path: Path, one: str, other: str) -> None:
    assert rules(tmp_path, f"{one} -> 1", f"{other} -> 2") == (None, ["DTE412"])
    program, found = rules(tmp_path, f"{one} -> 1", f"{other} -> 2 except r0")
    assert found == []
    program, found = rules(tmp_path, f"{one} -> 1", f"{other} -> 1")
    assert found == []
    assert hit_of(program) == "any"


def test_an_exception_guards_its_rule(tmp_path: Path) -> None:
    program, _ = rules(tmp_path, "spare -> 1", "borrower.resident -> 2 except r0")
    assert guards_of(program) == ["spare and not(borrower.resident)", "borrower.resident"]


def test_an_exception_to_an_exception(tmp_path: Path) -> None:
    program, found = rules(tmp_path, "spare -> 1", "borrower.resident -> 2 except r0", "wanted.copies > 3 -> 1 except r1")
    assert found == []
    assert guards_of(program)[0] == "spare and not(borrower.resident and not(wanted.copies > 3))"


def test_what_is_denied_beside_is_not_denied_within(tmp_path: Path) -> None:
    program, found = rules(tmp_path, "spare -> 1", "borrower.resident -> 2 except r0", "wanted.copies > 3 -> 3 except r0, r1")
    assert found == []
    assert guards_of(program)[0] == "spare and not(borrower.resident) and not(wanted.copies > 3)"


def test_each_rule_excepting_all_before_stays_small(tmp_path: Path) -> None:
    texts = [f"wanted.copies > {i} -> {i}" + (" except " + ", ".join(f"r{j}" for j in range(i)) if i else "") for i in range(21)]
    program, found = rules(tmp_path, *texts)
    assert found == []
    assert len(guards_of(program)[0]) < 1000


def test_layers_of_exceptions_are_refused_before_they_grow(tmp_path: Path) -> None:
    texts = []
    for layer in range(12):
        below = ", ".join(f"r{(layer - 1) * 6 + i}" for i in range(6))
        texts += [f"wanted.copies > {layer * 6 + i} -> 1" + (f" except {below}" if layer else "") for i in range(6)]
    assert rules(tmp_path, *texts) == (None, ["DTE258"])


def test_a_rule_under_a_reading_asks_for_it(tmp_path: Path) -> None:
    program = program_of(
        tmp_path,
        """\
interpretations:
  copy: {cite: rules 2, question: {en: what?}, readings: {each: {en: each}, title: {en: title}, work: {en: work}}}
terms:
  weeks:
    cite: rules 1
    rules:
      child: {when: spare, under: {copy: each}, then: "1"}
      adult: {when: borrower.resident, under: {copy: [title, work]}, then: "2"}
    otherwise: "0"
decisions: {lend: {title: {en: lend}, requires: {x: {cite: rules 1, when: weeks > 1}}}}
""",
    )
    assert guards_of(program) == ['copy = "each" and spare', 'copy in ("title", "work") and borrower.resident']
    body = program.versions("weeks")[0].body
    assert isinstance(body, Table)
    assert body.otherwise is not None


def test_an_exception_acts_while_it_is_in_force(tmp_path: Path) -> None:
    program = program_of(
        tmp_path,
        """\
terms:
  weeks:
    cite: rules 1
    rules:
      all: {when: spare, then: "1"}
      some: {when: borrower.resident, in_force: {from: 2022-01-01, to: 2023-01-01}, then: "2", except: [all]}
      never: {when: wanted.copies > 1, in_force: {from: 2023-01-01}, then: "3", except: [some, all]}
decisions: {lend: {title: {en: lend}, requires: {x: {cite: rules 1, when: weeks > 1}}}}
""",
    )
    assert guards_of(program) == [
        'spare and not(as_of >= @"2022-01-01" and as_of < @"2023-01-01" and borrower.resident)'
        ' and not(as_of >= @"2023-01-01" and wanted.copies > 1)',
        "borrower.resident",
        "wanted.copies > 1",
    ]
    body = program.versions("weeks")[0].body
    assert isinstance(body, Table)
    assert [row.period.start and row.period.start.year for row in body.rows] == [None, 2022, 2023]


def test_rules_of_different_days_do_not_conflict(tmp_path: Path) -> None:
    program_of(
        tmp_path,
        """\
terms:
  weeks:
    cite: rules 1
    rules:
      before: {when: spare, then: "1", in_force: {to: 2022-01-01}}
      after: {when: spare, then: "2", in_force: {from: 2022-01-01}}
decisions: {lend: {title: {en: lend}, requires: {x: {cite: rules 1, when: weeks > 1}}}}
""",
    )


def test_many_conflicts_are_told_once_and_some(tmp_path: Path) -> None:
    _, found = rules(tmp_path, *(f"wanted.copies > {i} -> {i}" for i in range(60)))
    assert found == ["DTE412"] * 20


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_guards_say_what_exceptions_mean(data: st.DataObject) -> None:
    """Against the meaning itself: a rule applies where its condition holds and no rule that excepts it applies."""
    count = data.draw(st.integers(1, 6))
    excepts = [data.draw(st.sets(st.integers(0, i - 1))) if i else set() for i in range(count)]
    span = Span("f", 1, 1, 1, 2)
    snippet = Snippet.of("true")
    term = Term(
        path="terms.t",
        span=span,
        pack="p",
        rules=tuple(
            TermRule(
                path=f"terms.t.rules.r{i}",
                span=span,
                pack="p",
                when=snippet,
                then=snippet,
                excepts=tuple(f"r{j}" for j in sorted(excepts[i])),
            )
            for i in range(count)
        ),
    )
    conditions = [core.Ref(f"c{i}", type=BOOLEAN, span=span) for i in range(count)]
    rows = _rows_guarded(term, conditions)
    for values in product((True, False), repeat=count):
        environment = _environment({f"c{i}": value for i, value in enumerate(values)})
        applies = [False] * count
        for i in reversed(range(count)):  # exceptions come later
            applies[i] = values[i] and not any(applies[j] for j in range(count) if i in excepts[j])
        assert [evaluate(test, environment) for test in rows] == applies


def _rows_guarded(term: Term, conditions: list[core.Ref]) -> list[core.Expr]:
    pack = Pack(name="p", version="1", jurisdiction="", title=Label("", "p"), digest="", files=(), sources={}, terms=(term,))
    rows = tuple(
        Row(rule.id, (condition,), (core.Const(rule.id, type=NUMBER),), span=term.span)
        for rule, condition in zip(term.rules, conditions, strict=True)
    )
    rule = Rule("t", "term", NUMBER, Table((), ("t",), rows), span=term.span)
    draft = with_exceptions(replace(Draft(pack, LOANS), rules=(rule,)))
    body = draft.rules[0].body
    assert isinstance(body, Table)
    return [row.tests[0] for row in body.rows if row.tests[0] is not None]


def _environment(values: dict[str, bool]) -> Environment:
    return Environment(values.__getitem__)
