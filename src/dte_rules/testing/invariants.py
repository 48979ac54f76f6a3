"""What must be true of every decision, ready to be checked: each function raises AssertionError with the smallest case it found.

::

    def test_more_hours_never_hurt():
        invariants.monotone(jinhua, "training_subsidy", "training.hours_completed")

All take ``max_examples`` (how many cases are tried) and ``seed``. They draw on `strategies`, so that the cases lie at the edges of
the rules.
"""

from __future__ import annotations

import random as _random
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

from dte_rules.analysis.generate_facts import consistent
from dte_rules.analysis.generate_frame import State
from dte_rules.testing.question import Question
from dte_rules.testing.sampling import generator_of, question_of
from dte_rules.testing.strategies import cases, pairs_differing_in

if TYPE_CHECKING:
    from dte_rules.api import LoadedPack

DEFINITE = ("met", "not_met", "discretionary")
RANK: Mapping[str, int] = {"not_met": 0, "discretionary": 1, "met": 2}
PHASES = (Phase.generate, Phase.shrink)
EXAMPLES = 200


def monotone(
    pack: LoadedPack,
    decision: str,
    path: str,
    *,
    direction: Literal["up", "down"] = "up",
    max_examples: int = EXAMPLES,
    seed_: int = 0,
) -> None:
    """More of a fact never hurts (``down``: less of it never does): neither the verdict nor the amount gets worse.

    The path is that of a number or a date; true counts as more than false. Undetermined decisions are not compared.
    """

    def check(pair: tuple[Question, Question]) -> None:
        low, high = sorted(pair, key=lambda question: _at(question.data, path))
        if direction == "down":
            low, high = high, low
        one, other = low.outcome, high.outcome
        if one.verdict not in RANK or other.verdict not in RANK:
            return
        worse = RANK[other.verdict] < RANK[one.verdict]
        less = one.amount is not None and other.amount is not None and other.amount < one.amount
        if worse or less:
            more = "more" if direction == "up" else "less"
            raise AssertionError(
                f"{more} `{path}` makes it worse: {_at(low.data, path)} gives {_outcome(low)}, {_at(high.data, path)} gives "
                f"{_outcome(high)}\n\n{low.yaml()}"
            )

    def known(pair: tuple[Question, Question]) -> bool:
        return all(_at(question.data, path) is not None for question in pair)

    _run(pairs_differing_in(pack, decision, path).filter(known), check, max_examples, seed_)


def unknown_never_flips(pack: LoadedPack, decision: str, *, max_examples: int = EXAMPLES, seed_: int = 0) -> None:
    """More knowledge never changes a definite verdict: what is decided with unknown facts stays so when they become known."""
    own = generator_of(pack, decision)

    def check(question: Question, number: int) -> None:
        if question.verdict not in DEFINITE:
            return
        fuller = _filled(own, question, number)
        verdict = question.verdict
        if fuller.verdict != verdict:
            raise AssertionError(
                f"`{verdict}` becomes `{fuller.verdict}` once more is known\n\nbefore:\n{question.yaml()}\nafter:\n{fuller.yaml()}"
            )

    pairs = st.tuples(cases(pack, decision), st.integers(0, 10**6))
    _run(pairs, lambda pair: check(*pair), max_examples, seed_)


def list_order_irrelevant(pack: LoadedPack, decision: str, *, max_examples: int = EXAMPLES, seed_: int = 0) -> None:
    """The order of lists makes no difference to verdict, amount, effect and what fails."""

    def check(question: Question) -> None:
        turned = Question(pack, decision, _reversed(question.data), question.as_of, question.readings)
        if _shown(question) != _shown(turned):
            raise AssertionError(
                f"the order of a list matters: {_outcome(question)}, and in reverse {_outcome(turned)}\n\n{question.yaml()}"
            )

    _run(cases(pack, decision), check, max_examples, seed_)


def no_fact_ignored(pack: LoadedPack, decision: str, *, but: Sequence[str] = (), max_examples: int = 2000, seed_: int = 0) -> None:
    """Two values of every fact that the decision's rules read make a difference in some case; ``but`` names those that need not."""
    own = generator_of(pack, decision)
    random = _random.Random(seed_)
    slots: dict[str, list[Any]] = {}
    for slot in own.frame.slots:
        if slot.kind == "fact" and slot.path not in but:
            slots.setdefault(slot.path, []).append(slot)
    for path in list(slots):
        for made in islice(own.samples(seed_), max_examples):
            slot = random.choice(slots[path])
            count = max(len(own.frame.values(slot, made.state.as_of)), 1)
            one, other = (own.made(made.base, (*made.departures, (slot, random.randrange(count)))) for _ in range(2))
            if one.state.facts == other.state.facts:
                continue
            if own.runner.shown(one.state) != own.runner.shown(other.state) or _missing(pack, decision, one, other):
                del slots[path]
                break
    if slots:
        raise AssertionError(f"`{decision}` reads facts that make no difference in {max_examples} cases: {', '.join(slots)}")


def exclusions_exclude(pack: LoadedPack, decision: str, *, max_examples: int = EXAMPLES, seed_: int = 0) -> None:
    """Wherever an exclusion holds, by whatever route the person would else qualify, the verdict is ``not_met`` and names it."""
    own = generator_of(pack, decision)

    def check(question: Question) -> None:
        compiled, run = own.runner.run(_state(question), pack.vocabulary.closed(question.facts))
        for slot in compiled.plan.decision.excludes:
            if run.values.get(slot) is True:
                name = slot.rpartition(".")[2]
                found = question.outcome
                if found.verdict != "not_met" or name not in found.failed or found.amount is not None:
                    raise AssertionError(f"the exclusion `{name}` holds, but {_outcome(question)}\n\n{question.yaml()}")

    _run(cases(pack, decision), check, max_examples, seed_)


def engines_agree(
    pack: LoadedPack, decision: str, *, engines: Iterable[str] = ("reference",), max_examples: int = EXAMPLES, seed_: int = 0
) -> None:
    """Other engines decide as the default one does, field by field."""

    def check(question: Question) -> None:
        first = question.decision.model_dump()
        for engine in engines:
            other = question.decide(engine).model_dump()
            different = [name for name, value in first.items() if other[name] != value]
            if different:
                lines = "\n".join(f"  {name}: {first[name]!r}, {engine}: {other[name]!r}" for name in different)
                raise AssertionError(f"the engine `{engine}` decides otherwise:\n{lines}\n\n{question.yaml()}")

    _run(cases(pack, decision), check, max_examples, seed_)


def holds(
    pack: LoadedPack,
    decision: str,
    claim: Callable[[Question], object],
    *,
    max_examples: int = EXAMPLES,
    seed_: int = 0,
    unknowns: bool = True,
    readings: bool = False,
    also: Sequence[str] = (),
) -> None:
    """A claim of one's own is true of every question; it fails by returning False or by an assertion.

    ``also`` are the facts of which the claim speaks, by their paths: a rule that is forgotten is noticed only where they vary.
    """

    def check(question: Question) -> None:
        if claim(question) is False:
            raise AssertionError(f"the claim fails: {_outcome(question)}\n\n{question.yaml()}")

    _run(cases(pack, decision, unknowns=unknowns, readings=readings, also=also), check, max_examples, seed_)


def _run(strategy: st.SearchStrategy[Any], check: Callable[[Any], None], max_examples: int, seed_: int) -> None:
    """Check a strategy's examples; the message of the smallest failing one is what comes out."""

    @seed(seed_)
    @settings(
        max_examples=max_examples,
        deadline=None,
        database=None,
        phases=PHASES,
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def checked(example: Any) -> None:
        check(example)

    try:
        checked()
    except AssertionError as error:
        raise AssertionError(str(error)) from None


def _at(data: Any, path: str) -> Any:
    """The fact at a path; of a list its first member's."""
    for name in path.replace("[1]", "").split("."):
        data = data[0] if isinstance(data, list) and data else data
        data = data.get(name) if isinstance(data, Mapping) else None
    return data


def _outcome(question: Question) -> str:
    found = question.outcome
    parts = [f"`{found.verdict}`"]
    if found.amount is not None:
        parts.append(f"amount {found.amount}")
    if found.failed:
        parts.append(f"failed: {', '.join(found.failed)}")
    return ", ".join(parts)


def _shown(question: Question) -> tuple[Any, ...]:
    found = question.outcome
    return found.verdict, found.amount, found.effect, set(found.failed)


def _reversed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _reversed(part) for name, part in value.items()}
    return [_reversed(part) for part in value][::-1] if isinstance(value, list) else value


def _state(question: Question) -> State:
    return State(dict(question.data), question.as_of, question.readings)


def _filled(own: Any, question: Question, number: int) -> Question:
    """The question with facts filled in that were unknown, picked by a number."""
    random = _random.Random(number)
    state = _state(question)
    unknown = [s for s in own.frame.slots if s.kind == "fact" and own.frame.has(state.facts, s.address) and _absent(state.facts, s.address)]
    chosen = [(slot, random.randrange(max(slot.count, 1))) for slot in unknown if random.random() < 0.5]
    changed = own.frame.changed(state, chosen)
    return Question(question.pack, question.name, consistent(own.vocabulary, changed.facts), question.as_of, question.readings)


def _absent(facts: Any, address: Sequence[Any]) -> bool:
    for step in address:
        if isinstance(facts, list):
            if not isinstance(step, int) or step >= len(facts):
                return False  # a list that is known has no further members
            facts = facts[step]
        else:
            facts = facts.get(step)
        if facts is None:
            return True
    return False


def _missing(pack: LoadedPack, decision: str, one: Any, other: Any) -> bool:
    """Whether what is missing differs, where the rest is the same."""
    first, second = question_of(pack, decision, one).decision, question_of(pack, decision, other).decision
    return (first.missing, first.alternatives) != (second.missing, second.alternatives)
