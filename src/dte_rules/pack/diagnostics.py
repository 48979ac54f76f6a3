"""Everything that can be wrong with a pack before its expressions are read: DTE301 to DTE356."""

from __future__ import annotations

from dte_rules.pack.diagnostics_clauses import CLAUSES
from dte_rules.pack.diagnostics_form import FORM
from dte_rules.pack.diagnostics_law import LAW
from dte_rules.source.diagnostic import Diagnostic

DIAGNOSTICS: tuple[type[Diagnostic], ...] = FORM + LAW + CLAUSES
