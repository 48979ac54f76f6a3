"""Cases decided by two versions of their pack: which are decided differently, and in what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dte_rules.analysis.witness import Policy
from dte_rules.engine.decision import Decision
from dte_rules.report.names import Names
from dte_rules.report.phrases import Pair, amount_words, listing, pick, verdict_word
from dte_rules.source.diagnostic import Lang

WORDS: Mapping[str, Pair] = MappingProxyType(
    {
        "different": ("判定不同的案例（{count}个中的{n}个）", "cases decided differently ({n} of {count})"),
        "same": ("案例判定均无变化（{count}个）", "no case is decided differently (cases: {count})"),
        "unreadable": ("无法读取的案例：{n}个", "cases that can't be read: {n}"),
        "error": ("无法判定", "can't be decided"),
        "nothing": ("无", "none"),
    }
)


@dataclass(frozen=True)
class DecidedTwice:
    """A case with the decisions of the old and the new version; None where that version can't decide it."""

    id: str | None
    region: str | None
    old: Decision | None
    new: Decision | None

    @property
    def unreadable(self) -> bool:
        """Whether neither version can decide it."""
        return self.old is None and self.new is None

    @property
    def differs(self) -> bool:
        """Whether verdict, amount, effect or a date differ."""
        return _outcome(self.old) != _outcome(self.new)


def cases_data(decided: Sequence[DecidedTwice]) -> dict[str, Any]:
    """The cases that are decided differently as plain data, and how many can't be read."""
    different = [{"id": c.id, "differs": True, "old": _outcome(c.old), "new": _outcome(c.new)} for c in decided if c.differs]
    return {"cases": different, "unreadable": sum(c.unreadable for c in decided)}


def cases_text(decided: Sequence[DecidedTwice], before: Mapping[str, Policy], after: Mapping[str, Policy], lang: Lang) -> RenderableType:
    """The cases that are decided differently, a line each, at the width of a page."""
    return Group(*_parts(decided, before, after, lang))


def _parts(
    decided: Sequence[DecidedTwice], before: Mapping[str, Policy], after: Mapping[str, Policy], lang: Lang
) -> Iterator[RenderableType]:
    broken = sum(case.unreadable for case in decided)
    different = [case for case in decided if case.differs]
    count = len(decided) - broken
    if not different:
        yield Text(pick(WORDS["same"], lang).format(count=count))
    else:
        yield Text(pick(WORDS["different"], lang).format(count=count, n=len(different)))
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(overflow="fold", max_width=30)
        table.add_column(overflow="fold")
        for case in different:
            assert case.region is not None
            table.add_row(Text(f"  {case.id or '-'}", style="bold"), Text(_change(case, before[case.region], after[case.region], lang)))
        yield table
    if broken:
        yield Text(pick(WORDS["unreadable"], lang).format(n=broken), style="red")


def _change(case: DecidedTwice, before: Policy, after: Policy, lang: Lang) -> str:
    old, new = _result(case.old, before, lang), _result(case.new, after, lang)
    parts = [f"{old} → {new}" if old != new else old]
    if case.old is not None and case.new is not None:
        names = Names(after.program, after.vocabulary, case.new, lang)
        for name in dict.fromkeys([*case.old.dates, *case.new.dates]):
            days = [decision.dates.get(name) or pick(WORDS["nothing"], lang) for decision in (case.old, case.new)]
            if days[0] != days[1]:
                parts.append(f"{names.date(name)} {days[0]} → {days[1]}")
    return pick(("；", "; "), lang).join(parts)


def _result(decision: Decision | None, policy: Policy, lang: Lang) -> str:
    if decision is None:
        return pick(WORDS["error"], lang)
    parts = [verdict_word(decision.verdict, lang)]
    if decision.amount is not None:
        parts.append(amount_words(Decimal(decision.amount), lang))
    if decision.effect is not None:
        parts.append(Names(policy.program, policy.vocabulary, decision, lang).effect(decision.effect))
    return listing(parts, lang)


def _outcome(decision: Decision | None) -> dict[str, Any]:
    if decision is None:
        return {"verdict": "error", "amount": None, "effect": None}
    return {"verdict": decision.verdict, "amount": decision.amount, "effect": decision.effect, "dates": decision.dates}
