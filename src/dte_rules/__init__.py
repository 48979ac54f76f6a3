"""dte-rules: a declarative rules engine for public policy.

Rule packs in YAML, typed facts, and decisions with a verdict, an amount, reasons, citations, and what is missing::

    from datetime import date
    from dte_rules import Facts, load_packs

    packs = load_packs()
    facts = Facts.model_validate({"person": {"hukou": "330700"}})
    decision = packs["jinhua"].decide("training_subsidy", facts, as_of=date(2024, 9, 2))
    decision.verdict, decision.missing
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dte_rules.api import LoadedPack, Packs, load_packs
    from dte_rules.engine.decision import Decision
    from dte_rules.facts import Facts
    from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError

__version__ = "0.1.0"

_HOMES = {
    "Facts": "dte_rules.facts",
    "LoadedPack": "dte_rules.api",
    "Packs": "dte_rules.api",
    "load_packs": "dte_rules.api",
    "Decision": "dte_rules.engine.decision",
    "Diagnostic": "dte_rules.source.diagnostic",
    "DiagnosticsError": "dte_rules.source.diagnostic",
}

__all__ = ["Decision", "Diagnostic", "DiagnosticsError", "Facts", "LoadedPack", "Packs", "__version__", "load_packs"]


def __getattr__(name: str) -> Any:
    """Imports a public name when it is first used, so that ``import dte_rules`` stays cheap."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'dte_rules' has no attribute {name!r}")
