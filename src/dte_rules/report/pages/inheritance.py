"""What a pack inherits, and what of it is replaced or taken away since when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dte_rules.pack.model import Condition, Item, Pack
from dte_rules.report.pages.markdown import code, table
from dte_rules.report.pages.words import PackWords


def inheritance_section(words: PackWords) -> Iterator[str]:
    """The section, or nothing for a pack that takes in nothing."""
    pack = words.pack
    items = list(items_of(pack))
    others = list(dict.fromkeys(item.pack for item in items if item.pack != pack.name))
    if not others:
        return
    yield from (f"## {words['inherited']}", "")
    counts = words.several([f"{code(name)} {sum(item.pack == name for item in items)}" for name in others])
    own = sum(item.pack == pack.name for item in items)
    yield words.sentence(
        f"下列内容取自其他规则包（项数）：{counts}；本包自有 {own} 项。",
        f"Taken in from other packs, with the number of items: {counts}; its own: {own}.",
    )
    yield ""
    rows = list(_changes(words, items))
    if rows:
        yield from table([words.sentence("内容", "item"), words.sentence("原属", "of"), words.sentence("变更", "what became of it")], rows)


def items_of(pack: Pack) -> Iterator[Item]:
    """All named items of a pack, members of groups and rules of terms among them."""
    yield from pack.parameters
    yield from pack.functions
    for term in pack.terms:
        yield term
        yield from term.rules
    yield from pack.tables
    for decision in pack.decisions:
        yield from _parts(decision.requires + decision.excludes + decision.soft + decision.delegates + decision.empowers)
        yield from decision.grants


def _parts(conditions: tuple[Condition, ...]) -> Iterator[Item]:
    for condition in conditions:
        yield condition
        yield from _parts(condition.members)


def _changes(words: PackWords, items: list[Item]) -> Iterator[tuple[str, str, str]]:
    """Each inherited item that ends on a day on which no document of its own does."""
    versions: dict[str, list[Item]] = {}
    for item in items:
        versions.setdefault(item.path, []).append(item)
    told: set[tuple[str, date]] = set()
    for item in items:
        end = item.period.end
        goes_on = any(each.pack == item.pack and each.period.start == end for each in versions[item.path])
        if item.pack == words.pack.name or end is None or goes_on or _ends_by_itself(words.pack, item):
            continue
        # a group's members go with it
        if any((item.path[:cut], end) in told for cut, sign in enumerate(item.path) if sign == "."):
            continue
        told.add((item.path, end))
        successor = next((each for each in versions[item.path] if each.pack == words.pack.name and each.period.start == end), None)
        day = words.day(end)
        if successor is None:
            became = words.sentence(f"自{day}起删除", f"taken away from {day}")
        else:
            cites = words.clauses(successor.cites)
            became = words.sentence(f"自{day}起由本包替换（{cites}）", f"replaced by this pack from {day} ({cites})")
        yield code(item.path), code(item.pack), became


def _ends_by_itself(pack: Pack, item: Item) -> bool:
    ends = {pack.sources[cite.source].period.end for cite in item.cites if cite.source in pack.sources}
    return item.period.end in ends
