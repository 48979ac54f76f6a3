"""Decision tables in the network: which rows match is concluded by rules, and so is the choice among them.

Rules give each row's match and its exclusion; the hit policy is rules too. What is left to read from the literals that hold is
which rows the outputs may come from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

from dte_rules.engine.network import NEVER
from dte_rules.engine.network_kleene import RuleBase, Truth
from dte_rules.engine.network_union import atoms
from dte_rules.engine.runtime import join
from dte_rules.feel import core
from dte_rules.program.nodes import Row, Table

OTHERWISE: Final = -1
"""Stands for the outputs of a table where no row matches."""
MOST_COMPARED: Final = 300
"""Of how many rows each two are compared, to tell whether both can match."""
MOST_PAIRS: Final = 64
"""How many pairs of rows that may both match get a rule each; more are counted up row by row."""

Choice = tuple[int, ...]
"""The rows from which the outputs may come, by number; empty where nothing can be said of them."""


@dataclass(frozen=True)
class RowLiterals:
    """The literals of a row: it matches, it can't match."""

    match: int
    out: int


@dataclass(frozen=True)
class Unique:
    """Reads the choice of a table of which one row matches, or several that agree."""

    rows: tuple[RowLiterals, ...]
    some: int
    clash: int
    otherwise: bool

    def __call__(self, holds: Set[int]) -> Choice:
        """The row that matches; else, if there is an otherwise, the rows that may, and it."""
        if self.some in holds:
            return () if self.clash in holds else next(((n,) for n, row in enumerate(self.rows) if row.match in holds), ())
        return (*_possible(self.rows, holds), OTHERWISE) if self.otherwise else ()

    @property
    def read(self) -> tuple[int, ...]:
        """The literals that it looks at."""
        return (self.some, self.clash, *(r.match for r in self.rows), *(r.out for r in self.rows if self.otherwise))


@dataclass(frozen=True)
class Ranked:
    """Reads the choice of a table whose rows have an order: ``closed[n]`` says that one of the first n rows in the order matches."""

    order: tuple[int, ...]
    rows: tuple[RowLiterals, ...]
    closed: tuple[int, ...]

    def __call__(self, holds: Set[int]) -> Choice:
        """The rows that may match and before which none is sure to."""
        open_rows = [n for place, n in enumerate(self.order) if self.closed[place] not in holds and self.rows[n].out not in holds]
        return tuple(open_rows) if self.closed[-1] in holds else (*open_rows, OTHERWISE)

    @property
    def read(self) -> tuple[int, ...]:
        """The literals that it looks at."""
        return (*self.closed, *(r.out for r in self.rows))


@dataclass(frozen=True)
class Matches:
    """Reads each row's match (True, False, or None where it isn't known); None where all are known to fail."""

    rows: tuple[RowLiterals, ...]
    none: int

    def __call__(self, holds: Set[int]) -> tuple[bool | None, ...] | None:
        """What is known of each row."""
        if self.none in holds:
            return None
        return tuple(True if row.match in holds else False if row.out in holds else None for row in self.rows)

    @property
    def read(self) -> tuple[int, ...]:
        """The literals that it looks at."""
        return (self.none, *(r.match for r in self.rows), *(r.out for r in self.rows))


def choice_of(base: RuleBase, table: Table, name: str, cell: Callable[[core.Expr], Truth]) -> Unique | Ranked | Matches:
    """Adds the rules of a table, and gives what reads their conclusions."""
    rows = tuple(_row(base, row, name, number, cell) for number, row in enumerate(table.rows, 1))
    order = ranking(table)
    if order is not None:
        closed = [NEVER]
        for n in order:
            closed.append(base.any_of((closed[-1], rows[n].match), f"{name}: row {n + 1} or one before it matches"))
        return Ranked(order, rows, tuple(closed))
    if table.hit in ("unique", "any"):
        some = base.any_of((r.match for r in rows), f"{name}: a row matches")
        clash = _clash(base, table, rows, name) if table.hit == "unique" else NEVER
        return Unique(rows, some, clash, table.otherwise is not None)
    return Matches(rows, base.all_of((r.out for r in rows), f"{name}: no row matches") if table.otherwise is not None else NEVER)


def ranking(table: Table) -> tuple[int, ...] | None:
    """The rows in the order in which they prevail; None where they have none, or one that constants don't fix."""
    if table.hit == "first":
        return tuple(range(len(table.rows)))
    if table.hit != "priority" or not all(isinstance(e, core.Const) for e in (*table.priorities, *(r.outputs[0] for r in table.rows))):
        return None

    def rank(number: int) -> int:
        output = table.rows[number].outputs[0]
        return next((place for place, value in enumerate(table.priorities) if value == output), len(table.priorities))

    return tuple(sorted(range(len(table.rows)), key=rank))


def pick(choice: Choice, rows: Sequence[tuple[Any, ...]], otherwise: tuple[Any, ...]) -> tuple[Any, ...]:
    """The outputs, from the rows from which they may come."""
    if not choice:
        return (None,) * len(otherwise)
    options = [otherwise if n == OTHERWISE else rows[n] for n in choice]
    return options[0] if len(options) == 1 else tuple(join(column) for column in zip(*options, strict=True))


def _possible(rows: Sequence[RowLiterals], holds: Set[int]) -> Choice:
    return tuple(n for n, row in enumerate(rows) if row.out not in holds)


def _row(base: RuleBase, row: Row, name: str, number: int, cell: Callable[[core.Expr], Truth]) -> RowLiterals:
    about = f"row {number} of {name}"
    truth = base.conjunction([cell(test) for test in row.tests if test is not None], about)
    return RowLiterals(truth.true, base.any_of((truth.false, truth.null), f"{about} can't match"))


def _clash(base: RuleBase, table: Table, rows: Sequence[RowLiterals], name: str) -> int:
    """The literal that two rows match; rows that plainly exclude each other need no rule."""
    about = f"{name}: two rows match"
    demands = [_demands(row) for row in table.rows]
    matches = [row.match for row in rows]
    if _all_exclusive(demands):
        return NEVER
    pairs = None
    if len(rows) <= MOST_COMPARED:
        pairs = [(i, j) for j in range(len(rows)) for i in range(j) if not _exclusive(demands[i], demands[j])]
    if pairs is not None and len(pairs) <= MOST_PAIRS:
        return base.concluded(about, [(matches[i], matches[j]) for i, j in pairs])
    before, ways = NEVER, []
    for number, match in enumerate(matches, 1):
        ways.append((before, match))
        before = base.any_of((before, match), f"{name}: one of the first {number} rows matches")
    return base.any_of((base.all_of(way, about) for way in ways), about)


def _demands(row: Row) -> dict[core.Expr, Any]:
    """What a row's match asks for: a value of the left side of an equation, or the truth of a condition."""
    found: dict[core.Expr, Any] = {}
    todo = [(test, True) for test in row.tests if test is not None]
    while todo:
        expr, wanted = todo.pop()
        match expr:
            case core.And(operands) if wanted:
                todo += [(o, True) for o in operands]
            case core.Or(operands) if not wanted:
                todo += [(o, False) for o in operands]
            case core.Not(operand):
                todo.append((operand, not wanted))
            case core.Compare("=", left, core.Const(str() as value)) if wanted:
                found[left] = value
                found[expr] = wanted
            case _:
                found[expr] = wanted
    return found


def _all_exclusive(demands: Sequence[dict[core.Expr, Any]]) -> bool:
    """Whether the rows are plainly told apart by texts that all of them ask for, as in a table that is looked up."""
    subjects = [subject for subject, value in demands[0].items() if isinstance(value, str)] if demands else []
    asked = {tuple(row.get(subject) for subject in subjects) for row in demands}
    return len(asked) == len(demands) and all(isinstance(value, str) for values in asked for value in values)


def _exclusive(one: dict[core.Expr, Any], other: dict[core.Expr, Any]) -> bool:
    if len(other) < len(one):
        one, other = other, one
    return any(expr in other and type(other[expr]) is type(value) and other[expr] != value for expr, value in one.items())


def cells(table: Table) -> tuple[core.Expr, ...]:
    """The atoms of all rows' tests, once each."""
    return tuple(dict.fromkeys(atom for row in table.rows for test in row.tests if test is not None for atom in atoms(test)))
