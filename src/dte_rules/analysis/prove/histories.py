"""Decides rows of claims: each in order, what is granted being among the facts of those that follow.

A claim that is refused leaves nothing behind. What is granted on one day is entered in a fixed order (as the entries' values are sorted),
so that rows which differ only in the order of grants of a day come to the same state, and each state is decided once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise, permutations, product
from typing import Any

from dte_rules.analysis.prove.concrete import Actual, decided, facts_in, plan_of, shown, supposed_of, then_word
from dte_rules.analysis.prove.forms import History
from dte_rules.analysis.prove.grid import combinations_of, evaluated, not_given, place
from dte_rules.analysis.prove.model import FACTS_NOT_GIVEN, Branch, Claims, Example, Question, Shown
from dte_rules.engine.decide import CompiledPrepared
from dte_rules.engine.facts import read
from dte_rules.feel import core
from dte_rules.feel.evaluate import Environment, evaluate
from dte_rules.feel.values import RecordValue, Unknown

Entry = tuple[tuple[str, Any], ...]
Entries = tuple[Entry, ...]
Claim = tuple[int, tuple[Any, ...]]
"""A claim: the number of its day, and its choices."""
_ZERO = Decimal(0)


def followed(question: Question, choices: Mapping[str, str | bool]) -> tuple[Branch, int]:
    """What comes out of every row of claims, and how many single claims were decided."""
    assert question.claims is not None
    count, idle = 0, True
    for values in combinations_of(question.grid):
        desk = _Desk(question.claims, choices, values)
        found = _rows(question, desk, choices)
        count += desk.count
        idle = idle and found.idle
        if found.outcome != "holds":
            return found, count
    return Branch(choices, "holds", idle=idle), count


def _rows(question: Question, desk: _Desk, choices: Mapping[str, str | bool]) -> Branch:
    names = {n.name for expr in (question.given, question.then) for n in core.walk(expr) if isinstance(n, core.Ref)}
    paid = any(isinstance(n, core.Field) and n.name in ("paid", "claims") for e in (question.given, question.then) for n in core.walk(e))
    rows = desk.rows() if "reordered" in names or paid else desk.states()
    idle = True
    told_before: set[tuple[History, History]] = set()
    for row in rows:
        history = desk.history(row)
        for other in _orders(row) if "reordered" in names else (row,):
            reordered = history if other is row else desk.history(other)
            if (history, reordered) in told_before:
                continue  # rows that come to the same results are one to the statement
            told_before.add((history, reordered))
            bound = {"history": _Result(history), "reordered": _Result(reordered), **desk.fixed, **supposed_of(choices)}
            env = Environment(bound.__getitem__)
            if evaluate(question.given, env) is not True:
                continue
            idle = False
            then = evaluate(question.then, env)
            if then is True:
                continue
            told = desk.shown(row)
            example = Example((), then_word(then), desk.fixed, told, desk.shown(other) if other is not row else ())
            if lacking := _lacking((*example.steps, *example.other)):
                return Branch(choices, "could_not_tell", replace(example, then="unknown", missing=lacking), FACTS_NOT_GIVEN)
            return Branch(choices, "not_specified" if isinstance(then, Unknown) else "fails", example)
    for undecided in desk.undecided():
        if lacking := _lacking([undecided]):
            example = Example((), "unknown", desk.fixed, (undecided,), missing=lacking)
            return Branch(choices, "could_not_tell", example, FACTS_NOT_GIVEN)
    return Branch(choices, "holds", idle=idle)


def _lacking(steps: Iterable[Shown]) -> tuple[str, ...]:
    """The facts that claims don't give and for want of which they can't be decided."""
    return tuple(dict.fromkeys(name for step in steps for name in not_given(step.decision.missing, [step.side])))


def _orders(row: tuple[Claim, ...]) -> Iterator[tuple[Claim, ...]]:
    """The same claims in another order on the same days."""
    days = [day for day, _ in row]
    for order in dict.fromkeys(permutations([choice for _, choice in row])):
        other = tuple(zip(days, order, strict=True))
        if other != row:
            yield other


@dataclass(frozen=True, slots=True)
class _Result(RecordValue):
    """A row's results, as an expression reads them."""

    history: History

    def get_field(self, name: str) -> Any:
        return getattr(self.history, name)


class _Desk:
    """Decides claims, each once for the same grants before it."""

    def __init__(self, claims: Claims, choices: Mapping[str, str | bool], fixed: Mapping[str, Any]) -> None:
        self.claims, self.choices, self.fixed = claims, choices, fixed
        self.supposed = supposed_of(choices)
        self.options = list(product(*claims.each.values()))
        self._plans = [plan_of(claims.side, day, choices) for day in claims.days]
        program = claims.side.policy.program
        self._engines = [CompiledPrepared(program, made, ()) for made in self._plans]
        self._money: dict[tuple[int, tuple[Any, ...], Entries], Decimal | None] = {}
        self._histories: dict[tuple[Claim, ...], History] = {}
        self._after: dict[tuple[int, tuple[Any, ...], Entries], Entries] = {}
        self._undecided: dict[tuple[Any, ...], tuple[int, Entries]] = {}
        self.count = 0

    # --- rows of claims ---------------------------------------------------------------------------------------------------

    def rows(self) -> Iterator[tuple[Claim, ...]]:
        """Every row of claims, on days that never go back."""
        every = [(day, choice) for day in range(len(self.claims.days)) for choice in self.options]
        for length in range(1, self.claims.most + 1):
            for row in product(every, repeat=length):
                if all(a[0] <= b[0] for a, b in pairwise(row)):
                    yield row

    def states(self) -> Iterator[tuple[Claim, ...]]:
        """One row of granted claims for each state that rows come to; refused claims change nothing, so none of them are in it."""
        seen: set[tuple[int, Entries]] = set()
        waiting: list[tuple[tuple[Claim, ...], int, Entries]] = [((), 0, ())]
        while waiting:
            row, first, entries = waiting.pop()
            if row:
                yield row
            if len(row) == self.claims.most:
                continue
            for day in range(first, len(self.claims.days)):
                for choice in self.options:
                    if self.money(day, choice, entries) is None:
                        continue
                    after = self.entered(day, choice, entries)
                    if (day, after) not in seen:
                        seen.add((day, after))
                        waiting.append(((*row, (day, choice)), day, after))

    def history(self, row: tuple[Claim, ...]) -> History:
        """What a row comes to."""
        found = self._histories.get(row)
        if found is None:
            found = self._histories[row] = self._followed(row)
        return found

    def _followed(self, row: tuple[Claim, ...]) -> History:
        entries: Entries = ()
        paid: list[Decimal] = []
        granted = 0
        for day, choice in row:
            money = self.money(day, choice, entries)
            paid.append(_ZERO if money is None else money)
            if money is not None:
                granted += 1
                entries = self.entered(day, choice, entries)
        return History(sum(paid, _ZERO), Decimal(granted), Decimal(len(row)), tuple(paid))

    # --- single claims ----------------------------------------------------------------------------------------------------

    def money(self, day: int, choice: tuple[Any, ...], entries: Entries) -> Decimal | None:
        """What is granted for a claim after some grants; None where it is refused, or can't be decided."""
        key = day, choice, entries
        if key not in self._money:
            self.count += 1
            facts = facts_in(self.claims.side.policy.vocabulary, self.facts(choice, entries))
            run = self._engines[day].run(facts, self.claims.days[day])
            granting = run.verdict in ("met", "discretionary")
            if run.verdict == "undetermined":
                self._undecided.setdefault(choice, (day, entries))
            found = run.known(self._plans[day].decision.amount) if granting else None
            self._money[key] = (found or _ZERO) if granting else None
        return self._money[key]

    def undecided(self) -> Iterator[Shown]:
        """For each choice that met with one, a claim that could not be decided; it left nothing behind, like one that is refused."""
        for choice, (day, entries) in self._undecided.items():
            yield self._claim(1, day, choice, entries)

    def values(self, choice: tuple[Any, ...]) -> dict[str, Any]:
        """The variables of a claim."""
        return {**self.fixed, **dict(zip(self.claims.each, choice, strict=True))}

    def facts(self, choice: tuple[Any, ...], entries: Entries) -> dict[str, Any]:
        """The facts of a claim, as in a case file."""
        made = evaluated(self.claims.side.facts, self.values(choice))
        place(made, self.claims.enters, [dict(entry) for entry in entries])
        return made

    def entered(self, day: int, choice: tuple[Any, ...], entries: Entries) -> Entries:
        """The grants with one more."""
        key = day, choice, entries
        if key not in self._after:
            self._after[key] = self._entered(day, choice, entries)
        return self._after[key]

    def _entered(self, day: int, choice: tuple[Any, ...], entries: Entries) -> Entries:
        made, names = self.facts(choice, ()), self.values(choice)
        vocabulary, program = self.claims.side.policy.vocabulary, self.claims.side.policy.program
        closed = facts_in(vocabulary, made)

        def lookup(name: str) -> Any:
            if name in names:
                return names[name]
            return self.claims.days[day] if name == "as_of" else _Facts(program.facts, closed)

        values = [(key, evaluate(expr, Environment(lookup))) for key, expr in self.claims.entry.items()]
        entry: Entry = tuple((key, value) for key, value in values if not isinstance(value, Unknown))
        return tuple(sorted((*entries, entry), key=_order))

    def shown(self, row: tuple[Claim, ...]) -> tuple[Shown, ...]:
        """The claims of a row with their decisions."""
        entries: Entries = ()
        told: list[Shown] = []
        for number, (day, choice) in enumerate(row, 1):
            told.append(self._claim(number, day, choice, entries))
            if self.money(day, choice, entries) is not None:
                entries = self.entered(day, choice, entries)
        return tuple(told)

    def _claim(self, number: int, day: int, choice: tuple[Any, ...], entries: Entries) -> Shown:
        facts, moment = self.facts(choice, entries), self.claims.days[day]
        side = replace(self.claims.side, name=f"{number}")
        closed = facts_in(side.policy.vocabulary, facts)
        actual: Actual = decided(side, self._plans[day], closed, moment, self.supposed)
        return replace(shown(actual, facts, self.choices), values=self.values(choice))


@dataclass(frozen=True, slots=True)
class _Facts(RecordValue):
    """The facts of a claim, as an expression reads them."""

    types: Mapping[str, Any]
    data: Any

    def get_field(self, name: str) -> Any:
        return read(self.types[name], getattr(self.data, name, None), name)


def _order(entry: Entry) -> tuple[str, ...]:
    """Days first, as they went by; then the other values."""
    days = sorted(str(value) for _, value in entry if isinstance(value, date))
    return (*days, *(str(value) for _, value in entry))
