"""Tables: rows that are never hit, rows that contradict each other, inputs for which no row is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from dte_rules.analysis.analyze_findings import Finding, Severity
from dte_rules.analysis.analyze_ground import Ground, key_of, number_of
from dte_rules.analysis.analyze_ledger import Ledger, Proof
from dte_rules.analysis.encode import known
from dte_rules.analysis.logic import Bit, conj, disj, neg, ones
from dte_rules.analysis.search import Found, Soft
from dte_rules.analysis.solver import NotEncoded
from dte_rules.analysis.tables import disjoint, ranked, tests_of
from dte_rules.analysis.values import Ordered, Text, Truth, Value, differ
from dte_rules.engine.plan import Plan, expressions
from dte_rules.feel import core
from dte_rules.feel.unparse import unparse
from dte_rules.program.nodes import Program, Row, Rule, Table
from dte_rules.source.yaml import read_yaml_file

Only = frozenset[Any] | None
MOST_PAIRS = 5
"""So many pairs of rows that contradict each other are shown of a table."""
_GRANTED = 50
"""How much it is wished that a person whom a table leaves without an answer should fulfil the conditions."""


@dataclass
class Tables:
    """The tables of a pack, asked about in one plan after another.

    ``gaps`` are the tables for which it has been found that inputs lack a row, so that it is said once.
    """

    ledger: Ledger
    written: Mapping[Any, Rule]
    found: list[Finding]
    said: set[tuple[str, Any]]

    def ask(self, ground: Ground, only: Only = None) -> None:
        """All that is asked of the tables of a plan."""
        for rule in ground.plan.rules:
            key = key_of(rule)
            if isinstance(rule.body, Table) and (only is None or key in only):
                try:
                    self._ask(ground, rule, rule.body, key)
                except NotEncoded as gap:
                    ground.doubts.not_analysed.setdefault(rule.slot, str(gap))

    def pending(self, rule: Rule, made: Plan, program: Program) -> bool:
        """Whether a table is still to be asked of everybody: until then, that nothing was found says nothing."""
        table, key = rule.body, key_of(rule)
        if not isinstance(table, Table):
            return False
        gap = table.otherwise is None and not table.hit.startswith("collect") and ("gap", key) not in self.said
        conflict = table.hit in ("unique", "any") and not disjoint(table)
        return gap or conflict or (("open", key) not in self.said and bool(open_points_of(made, program, rule.slots)))

    def _ask(self, ground: Ground, rule: Rule, table: Table, key: Any) -> None:
        own = self.written[key]
        tests = tests_of(table, ground.evaluate)
        self._rows(ground, own, table, key, tests)
        if table.hit in ("unique", "any") and not disjoint(table):
            self._conflicts(ground, own, table, key, tests)
        if table.otherwise is None and not table.hit.startswith("collect") and ("gap", key) not in self.said:
            self._gap(ground, own, table, key, tests)
        if ("open", key) not in self.said and ground.answers:
            self._open(ground, own, table, key)

    # --- rows that are never hit ---------------------------------------------------------------------------------------

    def _rows(self, ground: Ground, own: Rule, table: Table, key: Any, tests: Sequence[Truth]) -> None:
        order = list(range(len(table.rows)))
        if table.hit == "priority":
            order = ranked(table)
        before: list[int] = []
        for place in order:
            row = table.rows[place]
            name = _numbered(own, row)
            entry = self.ledger.entry("row", key, own, row, int(name.rpartition("#")[2]))
            earlier = before if table.hit in ("first", "priority") else []
            before = [*before, place]
            if entry is None:
                continue
            found = ground.possible(name, tests[place].t, *(neg(tests[other].t) for other in earlier))
            if not found and not ground.conclusive:
                continue
            proof = Proof(ground.decision, ground.stretch)
            if found is False and not entry.proofs and earlier and ground.possible(name, tests[place].t):
                covering = self._covering(ground, name, tests, place, earlier)
                rows = tuple(_numbered(own, table.rows[other]) for other in covering)
                plain = tests_of(table, ground.evaluate_plain)[place].t
                proof = Proof(ground.decision, ground.stretch, rows, matches=True, witness=ground.shown(plain))
            self.ledger.note(entry, found, proof)

    def _covering(self, ground: Ground, name: str, tests: Sequence[Truth], place: int, earlier: Sequence[int]) -> list[int]:
        """A smallest set of earlier rows of which one always matches with the row."""
        kept = list(earlier)
        for other in earlier:
            rest = [o for o in kept if o != other]
            if rest and ground.possible(name, tests[place].t, *(neg(tests[o].t) for o in rest)) is False:
                kept = rest
        return kept

    # --- rows that contradict each other -------------------------------------------------------------------------------

    def _conflicts(self, ground: Ground, own: Rule, table: Table, key: Any, tests: Sequence[Truth]) -> None:
        if len(tests) < 2 or ground.possible(own.slot, ones(test.t for test in tests) > 1) is not True:
            return
        columns = [[ground.evaluate_plain(row.outputs[n], _local(table, ground)) for row in table.rows] for n in range(len(table.outputs))]
        plain = tests_of(table, ground.evaluate_plain)
        left = MOST_PAIRS
        for i, j in combinations(range(len(tests)), 2):
            pair = "conflict", (key, table.rows[i].id, table.rows[j].id)
            if pair in self.said or left == 0:
                continue
            unlike = disj(*(_unlike(column[i], column[j]) for column in columns))
            witness = None
            if ground.possible(own.slot, plain[i].t, plain[j].t, unlike):
                witness = ground.shown(plain[i].t, plain[j].t, unlike)
            if witness is None:
                continue
            left -= 1
            self.said.add(pair)
            rows = _numbered(own, table.rows[j]), _numbered(own, table.rows[i])
            place, also = table.rows[j].span or own.span, table.rows[i].span
            cites = table.rows[j].cites or own.cites
            self.found.append(
                Finding(
                    "rows-conflict",
                    "error",
                    rows[0],
                    ground.decision,
                    place,
                    cites,
                    ground.stretch,
                    rows[1:],
                    (also,) if also else (),
                    witness=witness,
                )
            )

    # --- inputs without a row ------------------------------------------------------------------------------------------

    def _gap(self, ground: Ground, own: Rule, table: Table, key: Any, tests: Sequence[Truth]) -> None:
        if ground.possible(own.slot, *(test.f for test in tests)) is not True:
            return
        plain = tests_of(table, ground.evaluate_plain)
        answer = ground.search.find(*(test.f for test in plain), softs=[*ground.softs, *_wished(ground)])
        if not isinstance(answer, Found):
            return
        self.said.add(("gap", key))
        inputs = tuple((unparse(expr), _told(ground.evaluate_plain(expr, {}), answer, ground)) for expr in table.inputs)
        severity: Severity = "note" if leaves_open(own) else "warning"
        self.found.append(
            Finding(
                "gap",
                severity,
                own.slot,
                ground.decision,
                own.span,
                own.cites,
                ground.stretch,
                values=inputs,
                witness=ground.show(answer),
            )
        )

    # --- inputs that stay unknown --------------------------------------------------------------------------------------

    def _open(self, ground: Ground, own: Rule, table: Table, key: Any) -> None:
        """Rows that stay possible though all facts are known, since an open point keeps an input unknown."""
        points = open_points_of(ground.plan, ground.policy.program, own.slots)
        if not points:
            return
        plain = tests_of(table, ground.evaluate_plain)
        unsettled = disj(*(neg(known(ground.plain.value(slot))) for slot in table.outputs))
        goal = conj(unsettled, disj(*(test.unknown for test in plain)))
        if ground.possible(own.slot, goal):
            self.said.add(("open", key))
            self.found.append(
                Finding(
                    "rows-open",
                    "note",
                    own.slot,
                    ground.decision,
                    own.span,
                    own.cites,
                    ground.stretch,
                    points,
                    witness=ground.shown(goal),
                )
            )


def _local(table: Table, ground: Ground) -> dict[str, Value]:
    return {f"?{number}": ground.evaluate_plain(expr, {}) for number, expr in enumerate(table.inputs, 1)}


def _unlike(a: Value, b: Value) -> Bit:
    return conj(known(a), known(b), differ(a, b))


def _numbered(own: Rule, row: Row) -> str:
    assert isinstance(own.body, Table)
    number = next((n for n, other in enumerate(own.body.rows, 1) if other.id == row.id), 0)
    return f"{own.slot}#{number}"


def _wished(ground: Ground) -> Iterator[Soft]:
    try:
        yield Soft(neg(ground.plain.hard.f), _GRANTED)
    except NotEncoded:
        return


def _told(value: Value, answer: Found, ground: Ground) -> str:
    """What a value is in the solver's model, in words of the rules."""
    match value:
        case Text(code, sure, _) if answer.holds(sure):
            number = code if isinstance(code, int) else int(answer.model.eval(code, model_completion=True).as_long())
            return ground.space.pool.texts[number]
        case Truth(t, f, _) if answer.holds(disj(t, f)):
            return "true" if answer.holds(t) else "false"
        case Ordered(_, low, _, sure) if answer.holds(sure):
            return number_of(answer, low)
        case _:
            return "null"


def leaves_open(own: Rule) -> bool:
    """Whether the pack says of a table that the text leaves other inputs open: ``otherwise: unspecified``."""
    if own.span is None:
        return False
    data = read_yaml_file(own.span.file).plain()
    sections = [data.get("tables"), data.get("overrides")] if isinstance(data, Mapping) else []
    for section in sections:
        for name in (own.slot, f"tables.{own.slot}"):
            table = section.get(name) if isinstance(section, Mapping) else None
            if isinstance(table, Mapping) and table.get("otherwise") == "unspecified":
                return True
    return False


def open_points_of(made: Plan, program: Program, slots: Sequence[str]) -> tuple[str, ...]:
    """The open points on which slots rest, directly or through others."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    todo = list(slots)
    while todo:
        slot = todo.pop()
        rule = made.by_slot.get(slot)
        if slot in seen or rule is None:
            continue
        seen.add(slot)
        todo += getattr(rule.body, "members", ())
        for node in (node for expr in expressions(rule) for node in core.walk(expr)):
            if isinstance(node, core.Ref):
                todo.append(node.name)
            elif isinstance(node, core.Missing):
                found |= dict.fromkeys(point for point in node.needs if point in program.open_points)
    return tuple(found)
