"""Takes out of a trace what came from facts that are not shown, whatever way it went: through lists, tables, parts of rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from dte_rules.engine.justification import WITHHELD, Conclusion, RowTrace, Step, TableTrace

_STEP = re.compile(r"([^.\[\]]+)(?:\[(\d+)\])?")
UNNAMED = "…"
"""Stands for a member of a list that is called by its text."""


def texts_at(facts: Any, paths: Iterable[str]) -> frozenset[str]:
    """The texts of facts at paths, as ``certificates[2].name``."""
    found: set[str] = set()
    for path in paths:
        value = facts
        for name, position in _STEP.findall(path):
            value = None if value is None else getattr(value, name, None)
            if position and value is not None:
                value = value[int(position) - 1]
        found.update(each for each in (value if isinstance(value, tuple) else (value,)) if type(each) is str and each)
    return frozenset(found)


def veiled(conclusions: Iterable[Conclusion], texts: frozenset[str]) -> tuple[Conclusion, ...]:
    """The conclusions without these texts: a value that is one, or has one in it, is withheld."""
    return tuple([_conclusion(each, _Veil(texts)) for each in conclusions])


class _Veil:
    def __init__(self, texts: frozenset[str]) -> None:
        self.texts = texts
        self.longer = [text for text in texts if len(text) > 1]

    def __call__(self, value: Any) -> Any:
        if type(value) is str:
            return WITHHELD if self.tells(value) else value
        return tuple(map(self, value)) if type(value) is tuple else value

    def tells(self, text: str) -> bool:
        """Whether a text is one of those, or has one in it."""
        return text in self.texts or any(each in text for each in self.longer)


def _conclusion(conclusion: Conclusion, veil: _Veil) -> Conclusion:
    return conclusion._replace(
        values=tuple([(slot, veil(value)) for slot, value in conclusion.values]),
        step=None if conclusion.step is None else _step(conclusion.step, veil),
        table=None if conclusion.table is None else _table(conclusion.table, veil),
    )


def _step(step: Step, veil: _Veil) -> Step:
    named = step.member.strip('"')
    return step._replace(
        value=veil(step.value),
        parts=tuple([_step(part, veil) for part in step.parts]),
        left=veil(step.left),
        right=veil(step.right),
        member=UNNAMED if named and veil.tells(named) else step.member,
    )


def _table(table: TableTrace, veil: _Veil) -> TableTrace:
    def rows(traces: tuple[RowTrace, ...]) -> tuple[RowTrace, ...]:
        return tuple([row._replace(parts=tuple([_step(part, veil) for part in row.parts])) for row in traces])

    return table._replace(
        inputs=tuple([(text, veil(value)) for text, value in table.inputs]),
        hit=rows(table.hit),
        possible=rows(table.possible),
        near=rows(table.near),
    )
