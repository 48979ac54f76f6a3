"""From a model of the solver to a person's facts, and back; every witness is decided by the engine before it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from dte_rules.analysis.days import Day, day_of
from dte_rules.analysis.logic import Bit, conj, equal, neg
from dte_rules.analysis.numbers import Num, num_of
from dte_rules.analysis.solver import NotEncoded, z3
from dte_rules.analysis.space import Leaf, Space
from dte_rules.analysis.values import Ordered, Text, Truth
from dte_rules.engine.decide import CompiledPrepared
from dte_rules.engine.decision import Decision
from dte_rules.engine.face import Face, failing
from dte_rules.engine.plan import Plan
from dte_rules.program.nodes import Program
from dte_rules.vocabulary import Vocabulary

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


class Policy(Protocol):
    """A loaded pack, as far as analysis needs one: `dte_rules.api.LoadedPack` is one."""

    program: Program
    vocabulary: Vocabulary


class EncodingDisagrees(AssertionError):
    """The engine decides a witness otherwise than the solver's encoding: a bug of dte-rules, which is to be reported."""

    def __init__(self, region: str, decision: str, expected: str, got: str, facts: Mapping[str, Any], as_of: date) -> None:
        super().__init__(f"{region}/{decision} on {as_of}: the solver says {expected}, the engine {got}, of {dict(facts)}")
        self.region, self.decision, self.expected, self.got = region, decision, expected, got
        self.facts, self.as_of = facts, as_of

    def __reduce__(self) -> tuple[type[EncodingDisagrees], tuple[Any, ...]]:
        return type(self), (self.region, self.decision, self.expected, self.got, self.facts, self.as_of)


@dataclass(frozen=True)
class Witness:
    """A person: plain facts as in a case file, and the day for which the question is asked."""

    facts: Mapping[str, Any]
    as_of: date


def witness_of(model: Any, space: Space) -> Witness:
    """The person of a model. What the rules read and is unknown is left out, and what they don't read too."""

    def number(term: Any) -> int:
        return term if isinstance(term, int) else int(model.eval(term, model_completion=True).as_long())

    def holds(bit: Bit) -> bool:
        return bit if isinstance(bit, bool) else bool(z3.is_true(model.eval(bit, model_completion=True)))

    lengths = {path: number(size) if holds(known) else None for path, (size, known, _) in space.lists.items()}
    facts: dict[str, Any] = {}
    for path, length in lengths.items():
        if length is not None and there(path, lengths):
            members: list[Any] = [{} if not path_is_single(space, path) else None for _ in range(length)]
            put(facts, path, members)
    for path, leaf in space.leaves.items():
        if there(path, lengths) and holds(leaf.known):
            put(facts, path, _plain(leaf, number, holds, space))
    return Witness(facts, date_of(number(space.as_of.key)))


def path_is_single(space: Space, path: str) -> bool:
    """Whether a list's members are single values."""
    return f"{path}[1]" in space.leaves


def date_of(key: int) -> date:
    """The day of a key."""
    found = Day(key, (0, 0)).constant
    assert found is not None
    return found


def _plain(leaf: Leaf, number: Any, holds: Any, space: Space) -> Any:
    match leaf.value:
        case Truth(t, _, _):
            return holds(t)
        case Text(code, _, _):
            return space.pool.texts[number(code)]
        case Ordered("date", Day() as day, _):
            return date_of(number(day.key))
        case Ordered(_, Num() as found, _):
            exact = num_of(found.top, found.bottom, number(found.top))
            return int(exact) if exact == int(exact) else exact
        case _:
            raise NotEncoded("a fact of such a kind")


def there(path: str, lengths: Mapping[str, int | None]) -> bool:
    """Whether the members in which the path lies are there."""
    for found in re.finditer(r"\[(\d+)\]", path):
        length = lengths.get(path[: found.start()])
        if length is None or int(found[1]) > length:
            return False
    return True


def put(facts: dict[str, Any], path: str, value: Any) -> None:
    """Sets a path of facts as in a case file; the lists that it leads through are there already."""
    current: Any = facts
    steps = [(name, int(position) - 1 if position else None) for name, position in _STEP.findall(path)]
    for (name, position), after in zip(steps, [*steps[1:], None], strict=True):
        key: Any = name if position is None else position
        if after is None:
            current[key] = value
        elif isinstance(key, int):
            current = current[key]
        else:
            current = current.setdefault(key, {})


def pinned(space: Space, facts: BaseModel | Mapping[str, Any], as_of: date | None = None) -> Iterator[Bit]:
    """That the symbols are these facts; for facts given as a model or as in a case file.

    Raises:
        NotEncoded: for a fact beyond the horizon.
    """
    if as_of is not None:
        yield equal(space.as_of.key, day_of(as_of).key)
    for path, (size, known, _) in space.lists.items():
        found = value_at(facts, path)
        yield neg(known) if found is None else conj(known, equal(size, len(found)))
        if found is not None and len(found) > space.horizon.slots:
            raise NotEncoded(f"{path} with more than {space.horizon.slots} members")
    for path, leaf in space.leaves.items():
        found = value_at(facts, path)
        if found is None:
            if not path.endswith("]") and leaf.known is not True:
                yield neg(leaf.known)
            continue
        bit = space.equals(path, found)
        if bit is None:
            raise NotEncoded(f"{path} = {found}, which lies beyond the horizon")
        yield bit


def value_at(facts: Any, path: str) -> Any:
    """The value of a path in facts; None where it is unknown."""
    current = facts
    for name, position in _STEP.findall(path):
        if current is None:
            return None
        if position:
            current = current[int(position) - 1] if int(position) <= len(current) else None
        else:
            current = current.get(name) if isinstance(current, Mapping) else getattr(current, name, None)
    return current


def settled_plan(plan: Plan) -> Plan:
    """The plan with all delegations taken as fulfilled."""
    return replace(plan, decision=replace(plan.decision, delegates=()))


class Replay:
    """Decides witnesses by the compiled engine."""

    def __init__(self, policy: Policy, plan: Plan) -> None:
        self.policy, self.plan = policy, plan
        self._prepared = CompiledPrepared(policy.program, plan, ())
        self._face = Face(policy.program, self._prepared)

    def decide(self, witness: Witness) -> Decision:
        """What the engine says of a person.

        Raises:
            EncodingDisagrees: where the person is none in the pack's vocabulary.
        """
        return self._face.decision(self._facts(witness), witness.as_of)

    def failed(self, witness: Witness) -> frozenset[str]:
        """The whole names of the conditions that fail, of which a decision tells the last parts.

        Raises:
            EncodingDisagrees: where the person is none in the pack's vocabulary.
        """
        return frozenset(failing(self.plan.decision, self._prepared.run(self._facts(witness), witness.as_of)))

    def _facts(self, witness: Witness) -> Any:
        vocabulary = self.policy.vocabulary
        try:
            facts = vocabulary.model.model_validate(of_vocabulary(witness.facts, vocabulary))
        except ValidationError as error:
            raise EncodingDisagrees(
                self.policy.program.name, self.plan.decision.id, "a person", str(error), witness.facts, witness.as_of
            ) from error
        return vocabulary.closed(facts)

    def expect(self, witness: Witness, *verdicts: str) -> Decision:
        """The decision, which must have one of the verdicts.

        Raises:
            EncodingDisagrees: where it has another.
        """
        decision = self.decide(witness)
        if decision.verdict not in verdicts:
            raise EncodingDisagrees(
                self.policy.program.name, self.plan.decision.id, " or ".join(verdicts), decision.verdict, witness.facts, witness.as_of
            )
        return decision


def of_vocabulary(facts: Mapping[str, Any], vocabulary: Vocabulary, prefix: str = "") -> dict[str, Any]:
    """The facts that the vocabulary has; another pack may have declared more."""
    found: dict[str, Any] = {}
    for name, value in facts.items():
        path = f"{prefix}{name}"
        if path not in vocabulary.types:
            continue
        if isinstance(value, Mapping):
            found[name] = of_vocabulary(value, vocabulary, f"{path}.")
        elif isinstance(value, list):
            found[name] = [of_vocabulary(v, vocabulary, f"{path}.") if isinstance(v, Mapping) else v for v in value]
        else:
            found[name] = value
    return found


def in_order(facts: Mapping[str, Any], vocabulary: Vocabulary, prefix: str = "") -> dict[str, Any]:
    """The facts in the order of the vocabulary."""
    names = sorted(facts, key=lambda n: _place(f"{prefix}{n}", vocabulary))
    return {name: _ordered(facts[name], vocabulary, f"{prefix}{name}.") for name in names}


def _place(path: str, vocabulary: Vocabulary) -> int:
    return next((n for n, known in enumerate(vocabulary.types) if known == path), len(vocabulary.types))


def _ordered(value: Any, vocabulary: Vocabulary, prefix: str) -> Any:
    if isinstance(value, Mapping):
        return in_order(value, vocabulary, prefix)
    if isinstance(value, list):
        return [_ordered(item, vocabulary, prefix) for item in value]
    return value


def plain_number(value: Decimal) -> int | Decimal:
    """A number as a case file writes it."""
    return int(value) if value == value.to_integral_value() else value
