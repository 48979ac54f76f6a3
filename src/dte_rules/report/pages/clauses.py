"""The clause register of a pack, and the goals that its documents set, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dte_rules.pack.model import Clause
from dte_rules.program.nodes import Target
from dte_rules.report.pages.markdown import code, table, text
from dte_rules.report.pages.words import PackWords


def clause_section(words: PackWords) -> Iterator[str]:
    """The registers of all documents that the pack and its bases have."""
    registers = words.pack.clauses
    if not registers:
        return
    yield from (f"## {words['clauses']}", "")
    for register in registers.values():
        yield from (f"### {text(words.source(register.source))} {code(register.source)}", "")
        if register.pack != words.pack.name:
            there = f"[{code(register.pack)}]({register.pack}.md)" if register.pack in words.linked else code(register.pack)
            yield from (words.sentence(f"见规则包 {there}。", f"See the pack {there}."), "")
            continue
        rows = ((text(clause.locator), words.sentence("；", "; ").join(_told(words, clause))) for clause in register.clauses.values())
        yield from table([words["clause"], words.sentence("处理", "what became of it")], rows)


def target_section(words: PackWords) -> Iterator[str]:
    """The goals, one a line."""
    targets = words.pack.targets
    if targets:
        yield from (f"## {words['targets']}", "")
        header = ["", words["meaning"], words["value"], words["clause"]]
        yield from table(header, ((code(name), *_target(words, target)) for name, target in targets.items()))


def _target(words: PackWords, target: Target) -> tuple[str, str, str]:
    number = words.value(target.value)
    unit = words.label(target.unit)
    shown = f"{number}{words.sentence('', ' ')}{unit}".strip() if unit else number
    parts = [words.sentence(f"{shown}以上", f"at least {shown}") if target.at_least else shown]
    parts += [words.sentence("每年", "every year")] if target.every else []
    parts += [words.sentence(f"至{words.day(target.through)}", f"by {words.day(target.through)}")] if target.through else []
    return words.label(target.title, target.id), words.sentence("，", ", ").join(parts), words.clauses(target.cites)


def _told(words: PackWords, clause: Clause) -> Iterator[str]:
    named: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("规则", "rules", clause.rules),
        ("一般性条件", "soft conditions", clause.soft),
        ("标准", "parameters", clause.parameters),
        ("解释口径", "interpretations", clause.interpretations),
        ("未决事项", "open points", clause.open_points),
        ("目标", "targets", clause.targets),
    )
    for zh, en, names in named:
        if several := [code(name) for name in names]:
            yield words.sentence(f"{zh}：", f"{en}: ") + words.several(several)
    worded = (
        ("转由其他文件规定：", "left to another document: ", clause.delegated),
        ("不可执行：", "nothing to decide: ", clause.not_executable),
        ("备注：", "note: ", clause.note),
    )
    for zh, en, label in worded:
        if label is not None:
            yield words.sentence(zh, en) + words.label(label)
