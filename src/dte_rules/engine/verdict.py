"""What a verdict is, and how the reference interpreter finds it (DESIGN §3, Verdict)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from dte_rules.feel.operators import conjunction, disjunction, negation
from dte_rules.feel.values import Unknown, is_known
from dte_rules.program.nodes import Decision

Verdict = Literal["met", "not_met", "discretionary", "undetermined"]


def verdict_of(decision: Decision, values: Mapping[str, Any]) -> Verdict:
    """The verdict, from the values of the decision's slots; a value that is not there is not known."""

    def get(slots: Iterable[str]) -> list[Any]:
        return [values.get(slot, Unknown()) for slot in slots]

    hard = conjunction([*get(decision.requires), *map(negation, get(decision.excludes))])
    delegated = disjunction(get(decision.delegates))
    if hard is False:
        return "not_met"
    if hard is not True or delegated is not False or not all(granted(v) for v in get(decision.grants)):
        return "undetermined"
    power = disjunction(get(decision.empowers))
    soft = conjunction(get(decision.soft))
    if power is True or soft is False:
        return "discretionary"
    return "met" if power is False and soft is True else "undetermined"


def granted(value: Any) -> bool:
    """Whether a grant's value is known."""
    return value is not None and is_known(value)
