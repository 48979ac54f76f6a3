"""What can be wrong with a register of clauses: DTE350 to DTE356.

Each docstring is the diagnostic's page in the documentation.
"""

from __future__ import annotations

from dataclasses import dataclass

from dte_rules.pack.diagnostics_form import Suggesting
from dte_rules.source.diagnostic import Diagnostic


@dataclass(frozen=True, kw_only=True)
class ClauseNotRegistered(Suggesting):
    """A citation leads to a clause that the register of its document does not list.

    Where a document is registered under ``clauses``, all its clauses are. Correct the citation, or add the clause with what became of
    it. Locators are the printed headings, as ``四（五）``, ``附件2``, ``二1``, ``序``.
    """

    code = "DTE350"
    zh = "`{source}` 的条款清单中没有 `{locator}`"
    en = "the register of `{source}` has no clause `{locator}`"
    zh_help = "更正依据，或者在 `clauses: {source}` 下补上该条款"
    en_help = "correct the citation, or add the clause under `clauses: {source}`"
    source: str
    locator: str


@dataclass(frozen=True, kw_only=True)
class RuleNotRegistered(Diagnostic):
    """A rule cites a clause that is registered, but the register does not list the rule there.

    The register tells what became of each clause, so it names all that rests on it. Add the rule's path to the clause; a group or a
    decision stands for everything within it. What another pack adds is no matter of this register.
    """

    code = "DTE351"
    zh = "`{item}` 以 `{source} {locator}` 为依据，条款清单却没有列出它"
    en = "`{item}` rests on `{source} {locator}`, but the register does not list it there"
    zh_help = "在该条款的 `{key}` 下加上 `{name}`"
    en_help = "add `{name}` to `{key}` of that clause"
    item: str
    source: str
    locator: str
    key: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ClauseWithoutOutcome(Diagnostic):
    """A clause is listed, but nothing says what became of it.

    Name the rules, parameters, interpretations, soft conditions, open points or targets that rest on it, or say to what document it
    leaves the matter (``delegated``), or why there is nothing to decide in it (``not_executable``). A note alone is not enough.
    """

    code = "DTE352"
    zh = "条款 `{locator}` 没有写明落实情况"
    en = "nothing says what became of the clause `{locator}`"
    zh_help = "列出由此产生的规则等，或者写明 `delegated` 或 `not_executable`"
    en_help = "list what rests on it, or say `delegated` or `not_executable`"
    locator: str


@dataclass(frozen=True, kw_only=True)
class NothingOfThatName(Suggesting):
    """A register lists something that the pack does not have.

    ``rules`` has dotted paths of functions, terms, tables, decisions, and of conditions and grants in decisions; ``soft`` those of soft
    conditions; ``parameters``, ``interpretations``, ``open`` and ``targets`` have ids.
    """

    code = "DTE353"
    zh = "`{key}` 下列出的 `{name}` 不存在"
    en = "there is nothing that could stand under `{key}` as `{name}`"
    zh_help = "规则和一般性条件写完整路径，例如 `decisions.<判定>.requires.<条件>`；其余写名称"
    en_help = "rules and soft conditions stand with their paths, such as `decisions.<decision>.requires.<condition>`, all else by id"
    key: str
    name: str


@dataclass(frozen=True, kw_only=True)
class RestsOnOtherClause(Diagnostic):
    """A register lists something under a clause that it does not cite.

    Move it to the clause that it cites, or correct its ``cite``.
    """

    code = "DTE354"
    zh = "`{name}` 并不以 `{source} {locator}` 为依据"
    en = "`{name}` does not cite `{source} {locator}`"
    zh_help = "它的依据是：{cites}"
    en_help = "it cites {cites}"
    name: str
    source: str
    locator: str
    cites: str


@dataclass(frozen=True, kw_only=True)
class RegisterOfUnknownSource(Suggesting):
    """There is a register for something that is not among the sources.

    Registers stand under the ids of documents, as the pack lists them under ``sources``.
    """

    code = "DTE355"
    zh = "`clauses` 下的 `{source}` 没有列入 `sources`"
    en = "`{source}` under `clauses` is not among the sources"
    zh_help = "条款清单以 `sources` 下的文件编号为名"
    en_help = "a register stands under the id of a document listed under `sources`"
    source: str


@dataclass(frozen=True, kw_only=True)
class ClauseTwice(Diagnostic):
    """A clause is listed twice, written with other brackets or blanks.

    ``四(五)`` and ``四（五）`` are the same clause. Put the two together.
    """

    code = "DTE356"
    zh = "条款 `{locator}` 重复列出"
    en = "the clause `{locator}` is listed twice"
    zh_help = "合并两处；括号的全角半角和空格不作区别"
    en_help = "put the two together; the width of brackets and blanks make no difference"
    locator: str


CLAUSES: tuple[type[Diagnostic], ...] = (
    ClauseNotRegistered,
    RuleNotRegistered,
    ClauseWithoutOutcome,
    NothingOfThatName,
    RestsOnOtherClause,
    RegisterOfUnknownSource,
    ClauseTwice,
)
