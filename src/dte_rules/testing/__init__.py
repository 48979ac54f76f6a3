"""For those who test rules: Hypothesis strategies made from a pack, invariants, a seeded sampler, and a pytest plugin.

The strategies and invariants need Hypothesis, which comes with the extra ``testing``; the sampler does not. ::

    from dte_rules import load_packs
    from dte_rules.testing import cases, invariants

    jinhua = load_packs()["jinhua"]

    @given(cases(jinhua, "training_subsidy"))
    def test_no_subsidy_in_the_establishment(case):
        ...

    def test_more_hours_never_hurt():
        invariants.monotone(jinhua, "training_subsidy", "training.hours_completed")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dte_rules.testing import invariants
    from dte_rules.testing.question import Question
    from dte_rules.testing.sampling import sample_cases, sample_facts, typical_case, typical_day
    from dte_rules.testing.strategies import cases, facts_for, pairs_differing_in

_HOMES = {
    "Question": "question",
    "cases": "strategies",
    "facts_for": "strategies",
    "invariants": "invariants",
    "pairs_differing_in": "strategies",
    "sample_cases": "sampling",
    "sample_facts": "sampling",
    "typical_case": "sampling",
    "typical_day": "sampling",
}
_NEED_HYPOTHESIS = ("strategies", "invariants")

__all__ = [
    "MissingTestingExtra",
    "Question",
    "cases",
    "facts_for",
    "invariants",
    "pairs_differing_in",
    "sample_cases",
    "sample_facts",
    "typical_case",
    "typical_day",
]


class MissingTestingExtra(ImportError):
    """Hypothesis isn't installed."""

    def __init__(self) -> None:
        super().__init__("property tests need Hypothesis; install it with: pip install 'dte-rules[testing]'")


def __getattr__(name: str) -> Any:
    """Imports a public name when it is first used, so that the pytest plugin costs nothing where it has nothing to do."""
    if name not in _HOMES:
        raise AttributeError(f"module 'dte_rules.testing' has no attribute {name!r}")
    home = _HOMES[name]
    try:
        module = import_module(f"dte_rules.testing.{home}")
    except ModuleNotFoundError as error:
        if home in _NEED_HYPOTHESIS and error.name == "hypothesis":
            raise MissingTestingExtra from None
        raise
    return module if home == name else getattr(module, name)
