"""An interview: asks only what can still change the verdict, the question that settles most first.

It knows nothing of screens: a terminal and a web form drive it the same way. Its state is plain data and pickles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from pydantic import BaseModel

from dte_rules.advice.inquiry import Inquiry
from dte_rules.advice.paths import Plain, changed, plain, value_at
from dte_rules.advice.question import MOST_MEMBERS, NoAnswer, Question
from dte_rules.cases import Case
from dte_rules.engine import reference
from dte_rules.engine.decision import Decision
from dte_rules.engine.missing import needs_of_run
from dte_rules.engine.suppositions import Suppositions, type_at
from dte_rules.engine.verdict import granted
from dte_rules.feel.types import BOOLEAN, Enum, ListOf, Record
from dte_rules.feel.values import needs_of

MOST_WEIGHED = 24
"""How many of the missing facts are weighed against one another."""
MOST_VALUES = 6
"""How many answers are tried for each."""


@dataclass(frozen=True)
class State:
    """All that an interview remembers: the answers so far, as facts, and what the person does not know."""

    as_of: date
    facts: Plain = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


class Interview:
    """One interview. Answers are checked as they are given; `back` takes the last one back."""

    def __init__(self, inquiry: Inquiry, as_of: date, facts: BaseModel | Mapping[str, Any] | None = None) -> None:
        self.inquiry = inquiry
        self._past: list[State] = []
        self._state = State(as_of, plain(facts) if facts is not None else {})
        inquiry.facts(self._state.facts)
        self._next: tuple[State, Question | None] | None = None
        self._decided: tuple[State, Decision] | None = None

    @classmethod
    def resumed(cls, inquiry: Inquiry, state: State) -> Interview:
        """The interview that has come so far; it can't go back further."""
        made = cls(inquiry, state.as_of, state.facts)
        made._state = state
        return made

    @property
    def state(self) -> State:
        """What it remembers."""
        return self._state

    @property
    def decision(self) -> Decision:
        """The decision on what is known so far."""
        if self._decided is None or self._decided[0] is not self._state:
            facts = self.inquiry.facts(self._state.facts)
            self._decided = (self._state, self.inquiry.decide(facts, self._state.as_of))
        return self._decided[1]

    @property
    def facts(self) -> Plain:
        """The facts known so far, as a case file has them."""
        return self._state.facts

    @property
    def asked(self) -> int:
        """How many questions have been answered, "don't know" included."""
        return len(self._state.asked)

    def next_question(self) -> Question | None:
        """What to ask next; None when the verdict is settled, or no answer could settle it."""
        if self._next is None or self._next[0] is not self._state:
            self._next = (self._state, self._chosen())
        return self._next[1]

    def answer(self, value: Any) -> None:
        """Takes the answer to the next question: a value of its kind, for a ``count`` a whole number.

        Raises:
            DiagnosticsError: where the vocabulary does not accept it.
            NoAnswer: for a number of members that is none.
            LookupError: when there is no question.
        """
        question = self._open()
        if question.kind == "count":
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_MEMBERS:
                raise NoAnswer(f"请填 0 至 {MOST_MEMBERS} 的数目", f"give a number from 0 to {MOST_MEMBERS}")
            value = [{} for _ in range(value)]
        facts = changed(self._state.facts, {question.path: plain(value)})
        self.inquiry.facts(facts)
        self._advance(replace(self._state, facts=facts, asked=(*self._state.asked, question.path)))

    def dont_know(self) -> None:
        """The person does not know; it is not asked again.

        Raises:
            LookupError: when there is no question.
        """
        path = self._open().path
        self._advance(replace(self._state, unknown=(*self._state.unknown, path), asked=(*self._state.asked, path)))

    def back(self) -> bool:
        """Takes the last answer back; whether there was one."""
        if not self._past:
            return False
        self._state = self._past.pop()
        return True

    def unsettled(self) -> tuple[str, ...]:
        """What stands in the way of a verdict and is not for the person to say, or not known: the names of the decision's ``missing``."""
        return self.decision.missing

    def case(self, id_: str, title: str | None = None) -> Case:
        """The case that the answers make."""
        inquiry, state = self.inquiry, self._state
        return Case(
            id=id_,
            title=title,
            region=inquiry.program.name,
            decision=inquiry.decision,
            as_of=state.as_of,
            readings=dict(inquiry.departures),
            facts=state.facts,
        )

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_next": None, "_decided": None}

    def _open(self) -> Question:
        question = self.next_question()
        if question is None:
            raise LookupError("there is nothing left to ask")
        return question

    def _advance(self, state: State) -> None:
        self._past.append(self._state)
        self._state = state

    def _chosen(self) -> Question | None:
        state = self._state
        weigher = _Weigher(self.inquiry, self.inquiry.facts(state.facts), state.as_of)
        open_ones = self._worth_asking(weigher)
        if not open_ones:
            return None
        last = _owner(state.asked[-1]) if state.asked else ""
        best = min(open_ones, key=lambda name: (weigher.left(name), _owner(name) != last, open_ones.index(name)))
        return Question.about(best, self.inquiry.vocabulary)

    def _worth_asking(self, weigher: _Weigher) -> list[str]:
        """The facts that can be asked for and may settle the verdict, in the order of the rules."""
        if weigher.verdict != "undetermined":
            return []
        if undated := next(self._undated(), None):
            return [undated]
        hard, rest = weigher.of_hard_part(), weigher.of_the_rest()
        wanted = frozenset[str]().union(*hard)
        if not any(needs and not any(map(self._can_be_asked, needs)) for needs in (*hard, *weigher.of_delegations())):
            wanted = wanted.union(*rest)  # else nothing but a refusal can come of the answers
        return [name for name in weigher.needs if name in wanted and self._can_be_asked(name)][:MOST_WEIGHED]

    def _undated(self) -> Iterator[str]:
        """Days of events in the lists told of. They are asked for at once, since an event without its day counts as having happened."""
        vocabulary, state = self.inquiry.vocabulary, self._state
        for path in state.asked:
            type_ = vocabulary.type_at(path)
            if not isinstance(type_, ListOf) or not isinstance(type_.element, Record) or type_.element.name not in vocabulary.events:
                continue
            for position, member in enumerate(value_at(state.facts, path) or (), 1):
                day = f"{path}[{position}].{vocabulary.events[type_.element.name]}"
                if vocabulary.events[type_.element.name] not in member and day not in state.unknown:
                    yield day

    def _can_be_asked(self, name: str) -> bool:
        type_ = type_at(self.inquiry.program.facts, name)
        return name not in self._state.unknown and type_ is not None and not isinstance(type_, Record)


class _Weigher:
    """What is missing on some facts, and how much is left to ask after a question, on average over answers to it."""

    def __init__(self, inquiry: Inquiry, facts: BaseModel, as_of: date) -> None:
        self.program, self.facts, self.as_of = inquiry.program, facts, as_of
        self.plan = inquiry.plan(as_of)
        run = reference.run(self.program, self.plan, facts, as_of)
        self.verdict, self.values = run.verdict, run.values
        self.needs = needs_of_run(self.program, self.plan, facts, as_of, run) if run.verdict == "undetermined" else ()
        self._suppositions: Suppositions | None = None

    @property
    def suppositions(self) -> Suppositions:
        """Answers worth trying."""
        if self._suppositions is None:
            self._suppositions = Suppositions(self.program, self.plan, self.facts, self.as_of)
        return self._suppositions

    def of_hard_part(self) -> list[frozenset[str]]:
        """For each requirement and exclusion, what is missing for it."""
        d = self.plan.decision
        return [needs_of(self.values[slot]) for slot in d.requires + d.excludes]

    def of_delegations(self) -> list[frozenset[str]]:
        """For each delegation that applies or may apply, what is missing for it; its document, where it applies."""
        slots = self.plan.decision.delegates
        return [needs_of(self.values[s]) or frozenset([s]) for s in slots if self.values[s] is not False]

    def of_the_rest(self) -> list[frozenset[str]]:
        """What is missing for everything else."""
        d = self.plan.decision
        return [needs_of(self.values[slot]) for slot in d.delegates + d.soft + d.empowers + d.grants]

    def left(self, name: str) -> float:
        """How many things are still missing after the answer; none when it settles the verdict."""
        values = list(self._answers(name))
        return sum(self._missing(name, value) for value in values) / len(values) if values else float("inf")

    def _answers(self, name: str) -> Iterator[Any]:
        type_ = type_at(self.program.facts, name)
        if isinstance(type_, ListOf) and isinstance(type_.element, Record):
            yield ()
            yield (SimpleNamespace(**dict.fromkeys(type_.element.fields)),)
            return
        values = self.suppositions.of(name)
        yield from values if isinstance(type_, Enum) or type_ == BOOLEAN else spread(values, MOST_VALUES)

    def _missing(self, name: str, value: Any) -> int:
        run = reference.run(self.program, self.plan, self.facts, self.as_of, {name: value})
        if run.verdict != "undetermined":
            return 0
        d, values = self.plan.decision, run.values
        conditions = d.requires + d.excludes + d.delegates + d.empowers + d.soft
        unknown = [values[slot] for slot in conditions if not isinstance(values[slot], bool)]
        unknown += [values[slot] for slot in d.grants if not granted(values[slot])]
        return max(1, len(needs_of(*unknown)))


def spread(values: Sequence[Any], most: int) -> list[Any]:
    """A few of the values, in even steps."""
    if len(values) <= most:
        return list(values)
    return [values[i * len(values) // most] for i in range(most)]


def _owner(path: str) -> str:
    """The list's member, or the record, that a path stands in."""
    found = re.match(r".*\]", path)
    return found[0] if found else path.rpartition(".")[0]
