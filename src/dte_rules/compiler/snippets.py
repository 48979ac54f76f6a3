"""All FEEL texts of a pack."""

from __future__ import annotations

from collections.abc import Iterator

from dte_rules.pack.model import Condition, Pack
from dte_rules.source.span import Snippet


def rule_snippets(pack: Pack) -> Iterator[Snippet]:
    """The texts of all rules; those of functions are not among them."""
    for term in pack.terms:
        yield from (s for s in (term.formula, term.otherwise, *(s for r in term.rules for s in (r.when, r.then))) if s is not None)
    for table in pack.tables:
        yield from (*table.inputs, *(table.otherwise or ()), *table.priorities)
        for row in table.rows:
            yield from (cell for cell, bare in zip(row.cells, row.bare, strict=True) if not bare)
    for decision in pack.decisions:
        yield from (grant.formula for grant in decision.grants)
        for part in (decision.requires, decision.excludes, decision.soft, decision.delegates, decision.empowers):
            for condition in part:
                yield from _conditions(condition)


def _conditions(condition: Condition) -> Iterator[Snippet]:
    if condition.when is not None:
        yield condition.when
    for member in condition.members:
        yield from _conditions(member)
