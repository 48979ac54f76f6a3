"""What can be wrong with a pack once its expressions are understood: names, types, exceptions, tables, periods, cycles.

Each class is one diagnostic; its docstring is its page in the documentation.
"""

from __future__ import annotations

from dataclasses import dataclass

from dte_rules.feel.words import Words
from dte_rules.source.diagnostic import Diagnostic, Severity

# --- names ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class NameTaken(Diagnostic):
    """A pack gives a name that means something else already.

    Facts, parameters, terms, tables, interpretations and open points share one space of names, together with the names of
    FEEL itself (``as_of``, keywords, the built-in functions). A function may not have the name of a built-in one. Choose
    another name.
    """

    code = "DTE401"
    zh = "`{name}` 已是{other.zh}，不能再作{kind.zh}的名称"
    en = "`{name}` can't name {kind.en}: it is {other.en} already"
    zh_help = "请改用其他名称；事实、标准、术语、表、口径、未定事项和 FEEL 的名称不能重复"
    en_help = "choose another name; facts, parameters, terms, tables, interpretations, open points and FEEL share their names"

    name: str
    kind: Words
    other: Words


@dataclass(frozen=True, kw_only=True)
class UnknownType(Diagnostic):
    """A function's parameter or result, or an open point, is declared with a type that there is not.

    Types are ``number``, ``string``, ``boolean``, ``date``, ``years and months duration``, ``days and time duration``, the names
    of the vocabulary's records and enumerations, the names of interpretations, and ``list of`` one of these.
    """

    code = "DTE403"
    zh = "未知的类型 `{name}`"
    en = "unknown type `{name}`"
    zh_help = "可用的类型：{types}"
    en_help = "types are: {types}"

    name: str
    types: str


# --- types ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class TypesDiffer(Diagnostic):
    """The values that one name takes (a parameter's over time, a column's, a term's rules') have types that don't go together.

    Every reader of the name relies on one type. Make the values alike, or use two names.
    """

    code = "DTE406"
    zh = "`{name}` 的取值类型不一：{first.zh}、{other.zh}"
    en = "the values of `{name}` differ in type: {first.en} and {other.en}"
    zh_help = "同一名称的取值须为同一类型；若是文本，请加双引号"
    en_help = "give all values one type; a text stands between double quotes"

    name: str
    first: Words
    other: Words


@dataclass(frozen=True, kw_only=True)
class PartMissing(Diagnostic):
    """A condition reads a table or a group of parameters as a whole, instead of one of its outputs or parts.

    Name the part behind a dot: not ``subsidy_standard`` but ``subsidy_standard.amount``.
    """

    code = "DTE407"
    zh = "`{name}` 不是一个值，须写明其中哪一项"
    en = "`{name}` is no value by itself, but has parts"
    zh_help = "请写作：{parts}"
    en_help = "write one of: {parts}"

    name: str
    parts: str


@dataclass(frozen=True, kw_only=True)
class CollectedType(Diagnostic):
    """A table collects its outputs by sum, min or max, and the column's values can't be summed or ordered.

    Sums need numbers; min and max need numbers, dates or durations. Use ``collect`` to get the list of the outputs.
    """

    code = "DTE408"
    zh = "命中策略 `{hit}` 不能用于{found.zh}（列 `{name}`）"
    en = "hit policy `{hit}` can't be applied to {found.en}, the type of `{name}`"
    zh_help = "`collect sum` 须为数字，`collect min`、`collect max` 须为数字、日期或时长；只需列表时用 `collect`"
    en_help = "`collect sum` needs numbers, `collect min` and `collect max` numbers, dates or durations; `collect` alone gives a list"

    name: str
    hit: str
    found: Words


# --- exceptions and conflicts ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class RulesConflict(Diagnostic):
    """Two rules of a term conclude different values, and nothing shows that they can't both apply.

    Say which of them prevails: let it be an exception (``except: [the other]``). Or narrow one's condition so that it visibly
    excludes the other's: the two compare one value with different texts, or with ranges that don't meet, or one asks what
    the other denies.
    """

    code = "DTE412"
    zh = "术语 `{term}` 的规则 `{first}` 与 `{second}` 可能同时适用而结论不同"
    en = "rules `{first}` and `{second}` of term `{term}` may both apply and conclude differently"
    zh_help = "请让优先的规则成为例外，例如在 `{second}` 中写 `except: [{first}]`，或收窄其中一条的条件"
    en_help = "let the one that prevails be an exception, such as `except: [{first}]` in `{second}`, or narrow a condition"

    term: str
    first: str
    second: str


@dataclass(frozen=True, kw_only=True)
class ExceptionsTooDeep(Diagnostic):
    """Exceptions to exceptions go deeper than 20 levels. No reader can follow them; state the term in other rules."""

    code = "DTE413"
    zh = "术语 `{term}` 的例外超过 {limit} 层"
    en = "the exceptions of term `{term}` are more than {limit} levels deep"
    zh_help = "请把中间的例外合并，或拆成几个术语"
    en_help = "merge exceptions in between, or divide the term into several"

    term: str
    limit: int


@dataclass(frozen=True, kw_only=True)
class RuleNeverApplies(Diagnostic):
    """No values satisfy the condition of a term's rule, as `x > 5 and x < 4`; the rule never applies. Correct the condition."""

    code = "DTE414"
    severity = Severity.WARNING
    zh = "术语 `{term}` 的规则 `{rule}` 的条件自相矛盾，永远不会适用"
    en = "the condition of rule `{rule}` of term `{term}` contradicts itself, so that it never applies"
    zh_help = "请检查条件中的数值和比较方向"
    en_help = "check the values in the condition, and which way they are compared"

    term: str
    rule: str


# --- tables ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class RowsOverlap(Diagnostic):
    """Two rows of a table with hit policy ``unique`` match the same inputs.

    The message shows inputs that both match. Correct the cells, or choose a hit policy that says which row counts: ``first``,
    ``priority``, or ``any`` where both have the same outputs.
    """

    code = "DTE420"
    zh = "表 `{table}` 的两行重叠：{first} 与 {second} 都适用于 {example}"
    en = "rows {first} and {second} of table `{table}` overlap: both match {example}"
    zh_help = "请更正单元格，或改用 `hit: first`（前面的行优先）"
    en_help = "correct the cells, or use `hit: first`, by which the earlier row counts"

    table: str
    first: str
    second: str
    example: str


@dataclass(frozen=True, kw_only=True)
class RowsMayOverlap(Diagnostic):
    """Two rows of a table with hit policy ``unique`` may match the same inputs.

    Their cells hold conditions that can't be compared with one another, and no other column sets the rows apart. Write the
    cells as values or intervals, or use hit policy ``first``.
    """

    code = "DTE421"
    zh = "无法确定表 `{table}` 的 {first} 与 {second} 两行不重叠"
    en = "nothing shows that rows {first} and {second} of table `{table}` don't overlap"
    zh_help = "请把单元格写成取值或区间，或改用 `hit: first`（前面的行优先）"
    en_help = "write the cells as values or intervals, or use `hit: first`, by which the earlier row counts"

    table: str
    first: str
    second: str


@dataclass(frozen=True, kw_only=True)
class RowsDisagree(Diagnostic):
    """Two rows of a table with hit policy ``any`` match the same inputs and have different outputs.

    Under ``any``, rows that match together must agree. Correct an output, or use ``first`` or ``priority``.
    """

    code = "DTE422"
    zh = "表 `{table}` 的 {first} 与 {second} 两行都适用于 {example}，输出却不同"
    en = "rows {first} and {second} of table `{table}` both match {example}, but have different outputs"
    zh_help = "请更正输出，或改用 `hit: first`（前面的行优先）"
    en_help = "correct an output, or use `hit: first`, by which the earlier row counts"

    table: str
    first: str
    second: str
    example: str


@dataclass(frozen=True, kw_only=True)
class RowUnreachable(Diagnostic):
    """A row of a table with hit policy ``first`` never counts: an earlier row matches all that it matches.

    Move the row before the other, or delete it.
    """

    code = "DTE423"
    severity = Severity.WARNING
    zh = "表 `{table}` 的 {row} 永远不会命中：{earlier} 已包含其全部情形"
    en = "row {row} of table `{table}` is never reached: row {earlier} matches all that it matches"
    zh_help = "请把该行移到前面，或删除"
    en_help = "move the row before the other, or delete it"

    table: str
    row: str
    earlier: str


@dataclass(frozen=True, kw_only=True)
class RowNeverMatches(Diagnostic):
    """No value satisfies a cell of this row, as ``[10..5]``; the row never matches. Correct the cell."""

    code = "DTE424"
    severity = Severity.WARNING
    zh = "表 `{table}` 的 {row} 没有任何取值能够满足"
    en = "no value satisfies row {row} of table `{table}`"
    zh_help = "请检查区间的两端是否写反"
    en_help = "check whether the ends of an interval are the wrong way round"

    table: str
    row: str


@dataclass(frozen=True, kw_only=True)
class PriorityMissing(Diagnostic):
    """A row's first output isn't listed under ``priorities``, so that its rank isn't known. Add it to the list."""

    code = "DTE425"
    zh = "表 `{table}` 的 {row} 的输出未列入 `priorities`"
    en = "the output of row {row} of table `{table}` isn't listed in `priorities`"
    zh_help = "请把它加入 `priorities`，按优先次序排列"
    en_help = "add it to `priorities`, in the order in which outputs prevail"

    table: str
    row: str


@dataclass(frozen=True, kw_only=True)
class CellLikeName(Diagnostic):
    """A cell holds a single word that is also the name of a parameter, a term or a fact.

    A word alone in a cell is that word as a text, as the notice has it, and stands for nothing else. Where its value is meant, put
    it in parentheses: ``(yearly_cap)``; where the text is meant, between double quotes: ``'"yearly_cap"'``.
    """

    code = "DTE426"
    severity = Severity.WARNING
    zh = "单元格中的 `{name}` 是文本，不是同名的{kind.zh}"
    en = "`{name}` in a cell is a text, not the value of {kind.en} of that name"
    zh_help = """若指其值，请写作 `({name})`；若指文本，请写作 `'"{name}"'`"""
    en_help = """write `({name})` for the value, or `'"{name}"'` for the text"""

    name: str
    kind: Words


# --- periods and readings -------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class VersionsOverlap(Diagnostic):
    """Two rules conclude the same thing on the same day and under the same readings.

    Give the versions periods in force that don't overlap (``in_force: {from: ..., to: ...}``), or readings that exclude each
    other (``under:``). To replace what another pack says, put the rule under ``overrides:``.
    """

    code = "DTE430"
    zh = "`{slot}` {days}有两个版本同时有效，另一版本在 {other}"
    en = "`{slot}` has two versions in force {days_en}; the other stands at {other}"
    zh_help = "请用 `in_force` 或 `under` 把两个版本分开"
    en_help = "set the versions apart by `in_force` or `under`"

    slot: str
    days: str
    days_en: str
    other: str


@dataclass(frozen=True, kw_only=True)
class NotInForce(Diagnostic):
    """A rule reads something that isn't in force on some of the days on which the rule itself is.

    On such days the rule could conclude nothing. Let the rule begin later or end earlier (``in_force:``), or give what it
    reads a version for these days; a source's ``in_force`` sets the period of all that rests on it.
    """

    code = "DTE431"
    zh = "`{slot}` 引用的 `{read}` {days}没有有效的规定"
    en = "`{slot}` reads `{read}`, which isn't in force {days_en}"
    zh_help = "`{read}` 的施行期间：{periods}；请为引用它的规则写明 `in_force`，或补充该期间的规定"
    en_help = "`{read}` is in force {periods_en}; give the rule that reads it `in_force`, or `{read}` a version for these days"

    slot: str
    read: str
    days: str
    days_en: str
    periods: str
    periods_en: str


@dataclass(frozen=True, kw_only=True)
class NotUnderReading(Diagnostic):
    """A rule reads something that exists only under other readings of an interpretation.

    Let the rule stand under the same reading (``under:``), ask for the reading in the condition, or give what it reads a
    version under the reading that is left out.
    """

    code = "DTE432"
    zh = "`{slot}` 引用的 `{read}` 在口径 {choice} 下不存在"
    en = "`{slot}` reads `{read}`, which doesn't exist under {choice}"
    zh_help = "请为规则写 `under`，或为 `{read}` 补充该口径下的版本"
    en_help = "let the rule stand `under` the same reading, or give `{read}` a version under this one"

    slot: str
    read: str
    choice: str


# --- order ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Cycle(Diagnostic):
    """A conclusion rests on itself, directly or through others, so that it can never be drawn.

    The message names the path. Break it at the place where a rule should read a fact instead of a conclusion.
    """

    code = "DTE440"
    zh = "结论循环依赖：{path}"
    en = "a conclusion rests on itself: {path}"
    zh_help = "各处位置：{places}"
    en_help = "the places: {places}"

    path: str
    places: str


@dataclass(frozen=True, kw_only=True)
class Unused(Diagnostic):
    """Nothing in the pack reads this parameter, term, table, interpretation, function or open point.

    Often a condition was forgotten, or a name in it is another's. Use it, or delete it.
    """

    code = "DTE450"
    severity = Severity.WARNING
    zh = "{kind.zh} `{name}` 没有被任何规则使用"
    en = "{kind.en} `{name}` is never used"
    zh_help = "请检查是否漏写条件；不需要时删除"
    en_help = "check whether a condition was forgotten; delete it if it isn't needed"

    name: str
    kind: Words


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    NameTaken,
    UnknownType,
    TypesDiffer,
    PartMissing,
    CollectedType,
    RulesConflict,
    ExceptionsTooDeep,
    RuleNeverApplies,
    RowsOverlap,
    RowsMayOverlap,
    RowsDisagree,
    RowUnreachable,
    RowNeverMatches,
    PriorityMissing,
    CellLikeName,
    VersionsOverlap,
    NotInForce,
    NotUnderReading,
    Cycle,
    Unused,
)
"""All diagnostics of the compiler, in order of their codes."""
