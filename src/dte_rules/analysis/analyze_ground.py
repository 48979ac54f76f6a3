"""A plan made ready for questions: its facts as symbols, its slots as terms, open points answerable, and a solver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dte_rules.analysis.analyze_findings import Options, Shown, Stretch
from dte_rules.analysis.analyze_law import Law
from dte_rules.analysis.analyze_roles import VERDICTS
from dte_rules.analysis.days import Day
from dte_rules.analysis.encode import Encoded, encode, evaluator, free
from dte_rules.analysis.logic import Bit
from dte_rules.analysis.meaning import usual_day
from dte_rules.analysis.numbers import Num, num_of
from dte_rules.analysis.search import Found, Search, Soft
from dte_rules.analysis.solver import NotEncoded, z3
from dte_rules.analysis.space import Space
from dte_rules.analysis.typical import texts_of, wishes
from dte_rules.analysis.values import Value
from dte_rules.analysis.witness import Policy, Replay, date_of, in_order
from dte_rules.engine.plan import Plan, expressions
from dte_rules.feel import core
from dte_rules.feel.types import ANY
from dte_rules.feel.unparse import literal
from dte_rules.program.nodes import Program, Rule


@dataclass
class Doubts:
    """What could not be told: the solver had no time, or there is no encoding."""

    unsure: dict[str, None] = field(default_factory=dict)
    not_analysed: dict[str, str] = field(default_factory=dict)


class Ground:
    """One plan in one stretch of law.

    `supposing` is encoded with answers to open points, which somebody may settle either way: what is impossible there is impossible
    for everybody, whatever the answers. `plain` leaves them open, as the engine does; witnesses come from it. Where it isn't
    ``conclusive``, lists are shorter than the horizon's: whoever is found is there, but that there is nobody says nothing. ``stretch``
    are the days of which is told, where it is made for some of them.
    """

    def __init__(
        self, policy: Policy, law: Law, options: Options, doubts: Doubts, *, conclusive: bool = True, stretch: Stretch | None = None
    ) -> None:
        self.policy, self.law, self.options, self.doubts = policy, law, options, doubts
        self.conclusive = conclusive
        self.stretch: Stretch = stretch or law.stretch
        self.plan = law.plans[0]
        self.space = space_of(policy, law, options)
        self.answers = _answers(policy.program, law.plans, self.space)
        self.supposing = encode(policy.program, self.plan, self.space, supposed=self.answers)
        self.search = Search(self.space, timeout=options.timeout)
        self.note_gaps(self.supposing)

    def note_gaps(self, encoded: Encoded) -> None:
        """Keeps in mind which slots aren't encoded."""
        for slot, reason in encoded.gaps.items():
            self.doubts.not_analysed.setdefault(slot, reason)

    @property
    def decision(self) -> str:
        """The decision's name."""
        return self.plan.decision.id

    @cached_property
    def plain(self) -> Encoded:
        """The plan as the engine decides it."""
        return encode(self.policy.program, self.plan, self.space) if self.answers else self.supposing

    @property
    def evaluate(self) -> Callable[[core.Expr, Mapping[str, Value]], Value]:
        """What gives values of expressions, open points answered."""
        return evaluator(self.supposing, self.answers)

    @property
    def evaluate_plain(self) -> Callable[[core.Expr, Mapping[str, Value]], Value]:
        """What gives values of expressions, open points left open."""
        return evaluator(self.plain)

    @cached_property
    def softs(self) -> list[Soft]:
        """Wishes that keep witnesses readable."""
        return softs_of(self.policy, self.law, self.space, self.options)

    def possible(self, about: str, *goals: Bit) -> bool | None:
        """Whether anybody is as the goals say; None, and noted, where the solver can't tell."""
        found = self.search.holds(*goals)
        if found is None:
            self.doubts.unsure.setdefault(about)
        return found

    def shown(self, *goals: Bit, wished: Sequence[Soft] = ()) -> Shown | None:
        """A person for whom the goals hold, decided by the engine; None where there is nobody, or nobody was found in time.

        Raises:
            EncodingDisagrees: where the engine decides otherwise than the solver.
        """
        answer = self.search.find(*goals, softs=[*self.softs, *wished])
        return self.show(answer) if isinstance(answer, Found) else None

    def show(self, answer: Found) -> Shown:
        """The person of an answer, decided by the engine.

        Raises:
            EncodingDisagrees: where the engine decides otherwise than the solver.
        """
        return shown(answer, self.plain, self.policy)


def space_of(policy: Policy, law: Law, options: Options) -> Space:
    """The facts of a stretch's plans."""
    here = policy.program.jurisdiction
    return Space.of(
        [policy.program],
        law.plans,
        as_of=law.first if law.first == law.last else law.period,
        horizon=options.horizon,
        vocabularies=[policy.vocabulary],
        texts=[*texts_of(options.typical), here],
        context=z3.Context(),  # whoever is found is then the same, whatever was asked before, and in whichever process
    )


def softs_of(policy: Policy, law: Law, space: Space, options: Options) -> list[Soft]:
    """Wishes for a person who is as the typical one, on the usual day of the stretch, in the pack's own region."""
    return wishes(space, law.plans, options.typical, day=usual_day(law.stretch), places=(policy.program.jurisdiction,))


def shown(answer: Found, encoded: Encoded, policy: Policy) -> Shown:
    """The person of an answer with the engine's decision, which must be the solver's.

    Raises:
        EncodingDisagrees: where it is another.
    """
    wanted: list[str] = list(VERDICTS)
    with suppress(NotEncoded):  # where the verdict rests on something that isn't encoded, the engine's word stands alone
        wanted = [verdict for verdict in VERDICTS if answer.holds(encoded.verdict(verdict))]
    decision = Replay(policy, encoded.plan).expect(answer.witness, *wanted)
    facts = in_order(answer.witness.facts, policy.vocabulary)
    return Shown(facts, answer.witness.as_of, encoded.plan.readings, decision)


def _answers(program: Program, plans: Iterable[Plan], space: Space) -> dict[str, Value]:
    """A symbol for each open point that plans ask about; one whose type has no symbols stays open."""
    found: dict[str, Value] = {}
    for node in (node for made in plans for rule in made.rules for expr in expressions(rule) for node in core.walk(expr)):
        if isinstance(node, core.Missing) and node.needs and node.needs[0] in program.open_points and node.needs[0] not in found:
            try:
                found[node.needs[0]] = free(node.type or ANY, f"open {node.needs[0]}", space)
            except NotEncoded:
                continue
    return found


def key_of(rule: Rule) -> tuple[Any, ...]:
    """By what a rule is the same in several plans, though readings are resolved in it."""
    return rule.slot, rule.period, rule.under, rule.span


def number_of(answer: Found, end: Num | Day) -> str:
    """A number or a day of an answer, as rules write it."""

    def exact(term: Any) -> int:
        return term if isinstance(term, int) else int(answer.model.eval(term, model_completion=True).as_long())

    if isinstance(end, Num):
        return literal(num_of(end.top, end.bottom, exact(end.top)))
    return literal(date_of(exact(end.key)))
