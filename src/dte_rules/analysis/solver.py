"""z3, loaded when it is first needed, and what can go wrong with it."""

from __future__ import annotations

import importlib
from typing import Any

from dte_rules.analysis.diagnostics import SolverNotInstalled
from dte_rules.source.diagnostic import DiagnosticsError


class MissingSolver(DiagnosticsError, ImportError):
    """Raised where the solver is needed and z3 isn't installed: it comes with the extra ``analysis``."""

    def __str__(self) -> str:
        return "\n".join(f"{d.code} {d.message()}; {d.help()}" for d in self.diagnostics)


class NotEncoded(Exception):
    """Something that the solver's encoding doesn't cover exactly; it is reported as not analysed, never approximated."""


def _load() -> Any:
    try:
        return importlib.import_module("z3")
    except ImportError as error:
        raise MissingSolver([SolverNotInstalled(reason=str(error))]) from error


z3: Any = _load()
"""The module of the solver, which has no types."""
