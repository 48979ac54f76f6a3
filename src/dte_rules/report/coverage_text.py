"""Coverage as a table for the terminal, and as data for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dte_rules.analysis.coverage import AtomCover, ConditionCover, Coverage, RuleCover, Share, Shares
from dte_rules.source.diagnostic import Lang

MOST_GAPS = 40
_TRUTH = {True: ("真", "true"), False: ("假", "false"), None: ("未知", "unknown")}


def coverage_text(coverage: Coverage, lang: Lang) -> RenderableType:
    """The shares by clause, and what is not reached."""
    zh = lang == "zh"
    title = coverage.program.title.text(lang)
    heading = f"{title}：{coverage.cases} 个案例" if zh else f"{title}: {coverage.cases} cases"
    parts: list[RenderableType] = [Text(heading, style="bold"), _by_clause(coverage, lang)]
    gaps = list(_gaps(coverage, lang))
    if gaps:
        parts += [Text(), Text("未覆盖" if zh else "Not reached", style="bold")]
        parts += [Text(gap) for gap in gaps[:MOST_GAPS]]
        if len(gaps) > MOST_GAPS:
            left = len(gaps) - MOST_GAPS
            more = f"……另有 {left} 项；--format json 列出全部" if zh else f"... and {left} more; --format json lists them all"
            parts.append(Text(more, style="dim"))
    return Group(*parts)


def _by_clause(coverage: Coverage, lang: Lang) -> Table:
    zh = lang == "zh"
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_edge=False, header_style="bold")
    names = (
        ("条款", "规则", "表行", "真假", "未知", "独立影响") if zh else ("Clause", "Rules", "Rows", "True/false", "Unknown", "Independent")
    )
    table.add_column(names[0], overflow="fold", ratio=1)
    for name in names[1:]:
        table.add_column(name, justify="right", no_wrap=True)
    for clause, shares in coverage.by_clause.items():
        table.add_row(Text(clause), *_cells(shares))
    table.add_section()
    table.add_row(Text("合计" if zh else "Total", style="bold"), *_cells(coverage.total))
    return table


def _cells(shares: Shares) -> Iterator[Text]:
    for share in (shares.rules, shares.rows, shares.branches, shares.unknown, shares.independent):
        yield Text(share_text(share), style="" if share.hit == share.of else "yellow")


def share_text(share: Share) -> str:
    """A share as it is printed: ``12/14``, a dash for nothing."""
    return f"{share.hit}/{share.of}" if share.of else "-"


def _gaps(coverage: Coverage, lang: Lang) -> Iterator[str]:
    zh = lang == "zh"
    for rule in coverage.unreached:
        yield f"{rule.span or rule.slot} {rule.slot}" + ("：没有案例用到" if zh else ": no case reaches it")
    for rule, row in coverage.unmatched:
        yield f"{row.span or rule.span} {rule.slot}" + (f"：第 {row.id} 行没有案例命中" if zh else f": row {row.id} matches no case")
    for cover in coverage.rules:
        for condition in cover.conditions:
            for atom in condition.atoms:
                told = lacking(condition, atom, lang)
                if told:
                    yield f"{atom.span or cover.rule.span} {atom.text}{'：' if zh else ': '}{told}"


def lacking(condition: ConditionCover, atom: AtomCover, lang: Lang) -> str:
    """What the cases don't show of an atom; empty where nothing lacks."""
    zh = lang == "zh"
    never = [_TRUTH[truth][0 if zh else 1] for truth in (True, False) if truth not in atom.seen]
    parts = [("从未为" if zh else "never ") + ("、" if zh else " or ").join(never)] if never else []
    if not never and atom.independent is None and len(condition.atoms) > 1:
        parts.append("没有一对案例表明它单独起作用" if zh else "no pair of cases shows that it matters by itself")
    return ("，" if zh else "; ").join(parts)


def coverage_data(coverage: Coverage) -> dict[str, Any]:
    """Coverage as plain data."""
    return {
        "region": coverage.program.name,
        "decisions": list(coverage.decisions),
        "cases": coverage.cases,
        "total": shares_data(coverage.total),
        "clauses": {clause: shares_data(shares) for clause, shares in coverage.by_clause.items()},
        "rules": [_rule_data(rule) for rule in coverage.rules],
    }


def shares_data(shares: Shares) -> dict[str, Any]:
    """The shares as plain data."""
    names = ("rules", "rows", "branches", "unknown", "independent")
    return {name: {"hit": getattr(shares, name).hit, "of": getattr(shares, name).of} for name in names}


def _rule_data(cover: RuleCover) -> dict[str, Any]:
    rule = cover.rule
    found: dict[str, Any] = {
        "slot": rule.slot,
        "kind": rule.kind,
        "place": None if rule.span is None else str(rule.span),
        "clauses": [str(cite) for cite in rule.cites],
        "reached": cover.reached,
    }
    if cover.values:
        found["values"] = {_TRUTH[truth][1]: case for truth, case in cover.values.items()}
    rows = getattr(rule.body, "rows", ())
    if rows:
        found["rows"] = {row.id: cover.rows.get(place) for place, row in enumerate(rows)}
    if cover.conditions:
        found["atoms"] = [_atom_data(atom) for condition in cover.conditions for atom in condition.atoms]
    return found


def _atom_data(atom: AtomCover) -> dict[str, Any]:
    seen = {_TRUTH[truth][1]: atom.seen.get(truth) for truth in (True, False, None)}
    pair = atom.independent
    return {"text": atom.text, "place": None if atom.span is None else str(atom.span), **seen, "independent": list(pair) if pair else None}
