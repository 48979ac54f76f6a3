"""Case files: questions with facts and what is expected of the answer. Knows nothing of packs or engines."""

from dte_rules.cases.case import BrokenCase, Case, CaseFile, Expect
from dte_rules.cases.compare import Difference, compare
from dte_rules.cases.discretion import Discreet
from dte_rules.cases.facts import fact_problems, facts_of
from dte_rules.cases.read import cases_of, read_cases
from dte_rules.cases.write import plain_case, write_cases

__all__ = [
    "BrokenCase",
    "Case",
    "CaseFile",
    "Difference",
    "Discreet",
    "Expect",
    "cases_of",
    "compare",
    "fact_problems",
    "facts_of",
    "plain_case",
    "read_cases",
    "write_cases",
]
