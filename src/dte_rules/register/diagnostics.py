"""Where a register or a rule and the text of its document disagree: DTE801 to DTE808.

Each docstring is the diagnostic's page in the documentation.
"""

from __future__ import annotations

from dataclasses import dataclass

from dte_rules.pack.diagnostics_form import Suggesting
from dte_rules.source.diagnostic import Diagnostic, Severity


@dataclass(frozen=True, kw_only=True)
class ClauseUnlisted(Diagnostic):
    """The text has a clause that the register does not list.

    Add it to the register with what became of it. If the clause is none, as a number in a table, look at how the text breaks its
    lines: a heading begins a line.
    """

    code = "DTE801"
    zh = "`{source}` 的 {locator} 没有列入条款清单（{file} 第 {line} 行）"
    en = "the clause {locator} of `{source}` is not in the register ({file}, line {line})"
    zh_help = "在 `clauses: {source}` 下补上该条款"
    en_help = "add the clause under `clauses: {source}`"
    source: str
    locator: str
    file: str
    line: int


@dataclass(frozen=True, kw_only=True)
class LocatorNotInText(Suggesting):
    """The register lists a clause that the text does not have.

    Locators are the printed headings, as ``四（五）``, ``附件2``, ``二1``; ``标题``, ``主送``, ``序`` and ``注`` for the title, the
    addressees, what comes before the first article, and a note at the end.
    """

    code = "DTE802"
    zh = "`{source}` 的文本中没有 `{locator}`"
    en = "the text of `{source}` has no clause `{locator}`"
    zh_help = "核对序号；文本取自 {file}"
    en_help = "compare the headings of {file}"
    source: str
    locator: str
    file: str


@dataclass(frozen=True, kw_only=True)
class NumberNotInText(Diagnostic):
    """A number in a rule, parameter or table does not stand in the clause that it cites.

    Correct the number, or the citation. A number that no clause has, because it was derived, belongs into an interpretation's
    reading or into a note. ``12 months`` and 一年, ``0.5`` and 二分之一, ``16`` and 十六 are the same.
    """

    code = "DTE803"
    zh = "`{item}` 中的 {value} 不见于其依据 {clauses}"
    en = "{value} in `{item}` does not stand in {clauses}"
    zh_help = "更正数字，或者更正依据"
    en_help = "correct the number, or the citation"
    item: str
    value: str
    clauses: str


@dataclass(frozen=True, kw_only=True)
class TextChanged(Diagnostic):
    """The text is not the one that the register was made from.

    Compare the two. Where the register still tells what became of each clause, put the new digest in its place. It is SHA-256 of the
    text in NFKC and without white space, so that line breaks and the width of signs make no difference.
    """

    code = "DTE804"
    zh = "`{source}` 的文本与登记时不同（{file}）"
    en = "the text of `{source}` is not the one that was registered ({file})"
    zh_help = "逐条核对后，将 `digest` 改为 {digest}"
    en_help = "compare the clauses, then set `digest` to {digest}"
    source: str
    file: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class TextMissing(Diagnostic):
    """The folder has no text of a registered document.

    A document is told by its number in a line by itself, or, where it has none, by its title.
    """

    code = "DTE805"
    zh = "文件夹中没有 `{source}`（{number}）的文本"
    en = "the folder has no text of `{source}` ({number})"
    zh_help = "把文本（UTF-8，*.txt）放进文件夹，或者用 --region 只核对一个地区"
    en_help = "put its text (UTF-8, *.txt) into the folder, or check one region with --region"
    source: str
    number: str


@dataclass(frozen=True, kw_only=True)
class TextUnreadable(Diagnostic):
    """A file of the folder can't be read as text in UTF-8.

    Convert it, or take it out of the folder.
    """

    code = "DTE806"
    zh = "{file} 无法按 UTF-8 文本读取"
    en = "{file} can't be read as text in UTF-8"
    zh_help = "转换编码，或者移出文件夹"
    en_help = "convert it, or take it out of the folder"
    file: str


@dataclass(frozen=True, kw_only=True)
class TextUnknown(Diagnostic):
    """A text of the folder is no document of the packs.

    Add the document to the ``sources`` of a pack, with its number or title, or take the text out of the folder.
    """

    code = "DTE807"
    severity = Severity.WARNING
    zh = "{file} 不是各规则包 `sources` 所列的文件"
    en = "{file} is no document among the packs' sources"
    zh_help = "在 `sources` 中写明文号或标题，或者移出文件夹"
    en_help = "add its number or title to `sources`, or take it out of the folder"
    file: str


@dataclass(frozen=True, kw_only=True)
class TextTwice(Diagnostic):
    """Two texts of the folder are the same document.

    Only the first was compared. Take one of them out of the folder.
    """

    code = "DTE808"
    severity = Severity.WARNING
    zh = "{file} 与 {first} 都是 `{source}`，只核对了后者"
    en = "{file} and {first} are both `{source}`; only the latter was compared"
    zh_help = "把其中一个移出文件夹"
    en_help = "take one of them out of the folder"
    source: str
    file: str
    first: str


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    ClauseUnlisted,
    LocatorNotInText,
    NumberNotInText,
    TextChanged,
    TextMissing,
    TextUnreadable,
    TextUnknown,
    TextTwice,
)
