"""A document's clauses for people: each with what became of it, and how much is accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dte_rules.pack.clauses import outcomes
from dte_rules.pack.model import Clause
from dte_rules.register.account import Account, Coverage
from dte_rules.report.phrases import Pair, pick
from dte_rules.source.diagnostic import Lang
from dte_rules.source.render import visible

KEYS: Mapping[str, Pair] = MappingProxyType(
    {
        "rules": ("规则", "rules"),
        "soft": ("一般性条件", "as a rule"),
        "parameters": ("标准", "parameters"),
        "interpretations": ("解释口径", "interpretations"),
        "open": ("未决", "open"),
        "targets": ("目标", "targets"),
        "delegated": ("另行规定", "left to"),
        "not_executable": ("不可执行", "not executable"),
        "note": ("备注", "note"),
    }
)
_LOCATOR = 12
_UNLISTED: Pair = ("清单没有列入", "not in the register")


def clause_table(account: Account, lang: Lang) -> RenderableType:
    """The document's name, its clauses, and the figures below them."""
    source = account.source
    title = source.title.text(lang) if source.title else ""
    head = Text(visible(source.number or source.id), style="bold")
    if title and title != source.number:
        head.append(f"  {visible(title)}", style="none")
    head.append(f"  {source.id}", style="dim")
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("条款" if lang == "zh" else "Clause", min_width=_LOCATOR, no_wrap=True)
    table.add_column("落实情况" if lang == "zh" else "What became of it", overflow="fold")
    for clause in account.clauses:
        table.add_row(Text(visible(clause.locator)), Text("\n").join(_outcome(clause, lang)))
    for locator in account.missing:
        table.add_row(Text(locator, style="bold red"), Text(pick(_UNLISTED, lang), style="bold red"))
    return Group(head, table, coverage_words(account.coverage, lang))


def coverage_words(coverage: Coverage, lang: Lang) -> Text:
    """The figures in a line: 共 24 条：有规则 9，…，已说明 100%."""
    zh = lang == "zh"
    figures = {
        ("有规则", "with rules"): coverage.rules,
        ("有标准", "with parameters"): coverage.parameters,
        ("另行规定", "delegated"): coverage.delegated,
        ("不可执行", "not executable"): coverage.not_executable,
    }
    head = f"共 {coverage.total} 条" if zh else f"{coverage.total} {'clause' if coverage.total == 1 else 'clauses'}"
    parts = [f"{pick(words, lang)} {number}" if zh else f"{number} {pick(words, lang)}" for words, number in figures.items()]
    # not rounded up: 100 % is said of all and nothing less
    share = int(coverage.share * 100)
    accounted = f"已说明 {share}%" if zh else f"{share}% accounted for"
    text = Text(head, style="bold")
    for part in parts:
        text.append(" · ", style="dim").append(part, style="none")
    return text.append(" · ", style="dim").append(accounted, style="green" if share == 100 else "bold red")


def _outcome(clause: Clause, lang: Lang) -> Iterator[Text]:
    for key, names in outcomes(clause).items():
        if names:
            yield _line(key, ", ".join(visible(name).removeprefix("decisions.") for name in names), lang)
    words = {"delegated": clause.delegated, "not_executable": clause.not_executable, "note": clause.note}
    for key, label in words.items():
        if label is not None:
            yield _line(key, visible(label.text(lang)), lang)


def _line(key: str, words: str, lang: Lang) -> Text:
    return Text(pick(KEYS[key], lang), style="dim").append("：" if lang == "zh" else ": ").append(words, style="none")
