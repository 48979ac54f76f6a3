"""What can be wrong with the meaning of an expression: DTE230 to DTE239 its names, from DTE240 on its types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dte_rules.feel.words import Words
from dte_rules.source.diagnostic import Diagnostic, Lang


@dataclass(frozen=True, kw_only=True)
class _Suggesting(Diagnostic):
    """A diagnostic whose help names what was probably meant, and is empty where nothing comes near."""

    suggestion: str | None = None

    zh_help: ClassVar[str] = "是否指 `{suggestion}`？"
    en_help: ClassVar[str] = "did you mean `{suggestion}`?"
    zh_without: ClassVar[str] = ""
    en_without: ClassVar[str] = ""

    def help(self, lang: Lang = "en") -> str:
        if self.suggestion is not None:
            return Diagnostic.help(self, lang)
        return (self.zh_without if lang == "zh" else self.en_without).format_map(self._values())


# --- names ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class UnknownName(_Suggesting):
    """A name that is neither a fact, a term, a parameter, a table nor a variable of this expression.

    Correct its spelling. A text must stand between double quotes: ``level = "初级"``.
    """

    code = "DTE230"
    zh = "未知的名称 `{name}`"
    en = "unknown name `{name}`"
    zh_without = '若是文本，请加双引号：`"{name}"`'
    en_without = 'if it is a text, put it between double quotes: `"{name}"`'

    name: str


@dataclass(frozen=True, kw_only=True)
class UnknownField(_Suggesting):
    """A record has no field of this name. Correct the spelling, or add the fact to the vocabulary."""

    code = "DTE231"
    zh = "`{record}` 没有字段 `{name}`"
    en = "`{record}` has no field `{name}`"

    record: str
    name: str


@dataclass(frozen=True, kw_only=True)
class NoFields(_Suggesting):
    """A path goes on behind a value that has no such part: ``person.age.value``.

    Only records have fields, dates have ``year``, ``month``, ``day``, ``weekday``, and durations ``years``, ``months`` or ``days``.
    """

    code = "DTE232"
    zh = "{found.zh}没有 `{name}` 这一部分"
    en = "a {found.en} has no part `{name}`"

    found: Words
    name: str


@dataclass(frozen=True, kw_only=True)
class UnknownFunction(_Suggesting):
    """A function of this name is neither built in nor defined. Correct its spelling."""

    code = "DTE233"
    zh = "未知的函数 `{name}`"
    en = "unknown function `{name}`"

    name: str


@dataclass(frozen=True, kw_only=True)
class UnknownArgument(_Suggesting):
    """A call names a parameter that the function doesn't have, or names one twice."""

    code = "DTE234"
    zh = "函数 `{function}` 没有参数 `{name}`，或已给出"
    en = "function `{function}` has no parameter `{name}`, or it is given twice"

    function: str
    name: str


@dataclass(frozen=True, kw_only=True)
class WrongArity(Diagnostic):
    """A call has too few or too many arguments. The help line shows how the function is called."""

    code = "DTE235"
    zh = "函数 `{function}` 的参数个数不对（给出 {given} 个）"
    en = "function `{function}` can't take {given} argument(s)"
    zh_help = "用法：{usage}"
    en_help = "usage: {usage}"

    function: str
    given: int
    usage: str


@dataclass(frozen=True, kw_only=True)
class RecursiveFunction(Diagnostic):
    """A function calls itself, directly or through others. Functions of packs may not: an expression must always end."""

    code = "DTE236"
    zh = "函数循环调用自身：{path}"
    en = "function calls itself: {path}"
    zh_help = "请去掉循环，或改用 `for`、`some`、`every`"
    en_help = "break the cycle, or use `for`, `some`, `every`"

    path: str


@dataclass(frozen=True, kw_only=True)
class AmbiguousName(Diagnostic):
    """Within a filter, a name is both a field of the list's members and a variable from outside.

    Write ``item.name`` for the field, or give the variable another name.
    """

    code = "DTE237"
    zh = "`{name}` 既是列表成员的字段，又是外层变量"
    en = "`{name}` is both a field of the list's members and a variable from outside"
    zh_help = "指字段时写 `item.{name}`；否则请给变量改名"
    en_help = "write `item.{name}` for the field, or rename the variable"

    name: str


# --- types ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class WrongType(Diagnostic):
    """The value of the whole expression has another type than is wanted in its place."""

    code = "DTE240"
    zh = "此处应为{wanted.zh}，却是{found.zh}"
    en = "expected {wanted.en}, found {found.en}"

    wanted: Words
    found: Words


@dataclass(frozen=True, kw_only=True)
class NotBoolean(Diagnostic):
    """A condition is wanted (behind ``if``, ``and``, ``or``, ``not``, ``satisfies``, or as a rule's condition), and this is none.

    Compare the value with something: not ``person.age`` but ``person.age >= 16``.
    """

    code = "DTE241"
    zh = "此处应为条件（真或假），却是{found.zh}"
    en = "expected a condition (true or false), found {found.en}"
    zh_help = "请写成比较，如 `x = ...`、`x >= ...`"
    en_help = "compare it with something, as `x = ...` or `x >= ...`"

    found: Words


@dataclass(frozen=True, kw_only=True)
class Incomparable(Diagnostic):
    """Two values of different types are compared, such as a number with a text.

    A date is written ``@"2024-05-01"``, a number without quotes, a text with double quotes. One member of a list is ``list[1]``.
    """

    code = "DTE242"
    zh = "{left.zh}不能与{right.zh}比较"
    en = "{left.en} can't be compared with {right.en}"
    zh_help = '日期写作 `@"2024-05-01"`，数字不加引号，文本加双引号'
    en_help = 'a date is `@"2024-05-01"`, a number has no quotes, a text has double quotes'

    left: Words
    right: Words


@dataclass(frozen=True, kw_only=True)
class NotOrdered(Diagnostic):
    """``<``, ``<=``, ``>`` or ``>=`` compares values that have no order: an enumeration, a truth value, a record, a list.

    An enumeration's values (初级, 中级, 高级) are texts, and their alphabetical order isn't the one you mean. List the values:
    ``level in ("中级", "高级")``.
    """

    code = "DTE243"
    zh = "{found.zh}没有大小次序，不能用 `{op}` 比较"
    en = "{found.en} has no order, so `{op}` can't compare it"
    zh_help = '请列出各值：`x in ("a", "b")`'
    en_help = 'list the values: `x in ("a", "b")`'

    op: str
    found: Words


@dataclass(frozen=True, kw_only=True)
class BadArithmetic(Diagnostic):
    """An operator stands between values for which it isn't defined, such as a date plus a number.

    A date plus or minus a duration is a date: ``d + @"P30D"``, ``d + @"P12M"``. ``string(n)`` makes a text of a number.
    """

    code = "DTE244"
    zh = "`{op}` 不能用于{left.zh}与{right.zh}"
    en = "`{op}` can't be applied to {left.en} and {right.en}"
    zh_help = '日期加减天数写作 `d + @"P30D"`，加减月份写作 `d + @"P12M"`'
    en_help = 'days are added to a date by `d + @"P30D"`, months by `d + @"P12M"`'

    op: str
    left: Words
    right: Words


@dataclass(frozen=True, kw_only=True)
class BadNegation(Diagnostic):
    """A minus sign stands before something that is neither a number nor a duration."""

    code = "DTE245"
    zh = "负号不能用于{found.zh}"
    en = "{found.en} can't be negated"

    found: Words


@dataclass(frozen=True, kw_only=True)
class BranchesDiffer(Diagnostic):
    """The two branches of ``if`` have types that don't go together, such as a number and a text."""

    code = "DTE246"
    zh = "`then` 是{then.zh}，`else` 却是{otherwise.zh}"
    en = "`then` gives {then.en}, but `else` gives {otherwise.en}"
    zh_help = "两个分支须为同一类型"
    en_help = "both branches must have one type"

    then: Words
    otherwise: Words


@dataclass(frozen=True, kw_only=True)
class ItemsDiffer(Diagnostic):
    """The members of a list, or the two ends of an interval, have types that don't go together."""

    code = "DTE247"
    zh = "列表成员（或区间两端）类型不一：{first.zh}、{other.zh}"
    en = "members of a list (or ends of an interval) differ in type: {first.en} and {other.en}"

    first: Words
    other: Words


@dataclass(frozen=True, kw_only=True)
class ArgumentType(Diagnostic):
    """An argument has another type than the function's parameter.

    ``string(n)`` makes a text of a number, ``number(text)`` a number of a text, ``date(text)`` a date.
    """

    code = "DTE248"
    zh = "函数 `{function}` 的参数 `{parameter}` 应为{wanted.zh}，却是{found.zh}"
    en = "parameter `{parameter}` of `{function}` must be {wanted.en}, not {found.en}"

    function: str
    parameter: str
    wanted: Words
    found: Words


@dataclass(frozen=True, kw_only=True)
class UnknownEnumValue(_Suggesting):
    """A text is compared with a value from a closed list, and isn't in the list; the comparison would never hold.

    Correct the text. The help line shows the nearest value, or all of them.
    """

    code = "DTE249"
    zh = "`{enum}` 没有取值 `{value}`"
    en = "`{value}` is not a value of `{enum}`"
    zh_without = "取值为：{values}"
    en_without = "its values are: {values}"

    enum: str
    value: str
    values: str


@dataclass(frozen=True, kw_only=True)
class DisjointEnums(Diagnostic):
    """Two values from closed lists are compared that have no value in common; the comparison would never hold."""

    code = "DTE250"
    zh = "`{left}` 与 `{right}` 没有共同的取值，不会相等"
    en = "`{left}` and `{right}` have no value in common and are never equal"

    left: str
    right: str


@dataclass(frozen=True, kw_only=True)
class NullComparison(Diagnostic):
    """A condition asks whether something is ``null``. Whether a fact is known can't be asked: no rule may rest on ignorance.

    Leave the comparison out; a condition on an unknown fact is unknown by itself, and the verdict names the missing fact.
    Whether a list has members is ``count(list) > 0``.
    """

    code = "DTE251"
    zh = "规则不能判断事实是否为空（`null`）"
    en = "a rule can't ask whether something is `null`"
    zh_help = "请删去这一比较：事实未知时，条件自动为未知；列表是否有成员写作 `count(x) > 0`"
    en_help = "leave it out: a condition on an unknown fact is unknown by itself; whether a list has members is `count(x) > 0`"


@dataclass(frozen=True, kw_only=True)
class IndexZero(Diagnostic):
    """``list[0]`` is always null: FEEL counts from 1, and from the end with -1."""

    code = "DTE252"
    zh = "列表下标从 1 开始，`[0]` 永远没有值"
    en = "lists count from 1, so `[0]` is never there"
    zh_help = "第一个写作 `[1]`，最后一个写作 `[-1]`"
    en_help = "the first member is `[1]`, the last `[-1]`"


@dataclass(frozen=True, kw_only=True)
class MonthsWithDays(Diagnostic):
    """A duration in months meets a duration in days. A month has no fixed number of days, so neither is greater.

    Use one kind on both sides, or add each to a date: ``start + @"P3M" <= start + @"P90D"``.
    """

    code = "DTE253"
    zh = "年月时长与天数时长不能相互比较或加减"
    en = "a duration in months can't be compared or combined with one in days"
    zh_help = "请统一用月或用天，或分别加到日期上再比较"
    en_help = "use months or days on both sides, or add each to a date"


@dataclass(frozen=True, kw_only=True)
class BadFilter(Diagnostic):
    """What stands in ``list[...]`` is neither a condition on the members nor a position."""

    code = "DTE254"
    zh = "`[...]` 中应为对成员的条件或位置，却是{found.zh}"
    en = "expected a condition on the members or a position in `[...]`, found {found.en}"
    zh_help = "按条件筛选写作 `list[kind = ...]`，按位置写作 `list[1]`"
    en_help = "a filter is `list[kind = ...]`, a position `list[1]`"

    found: Words


@dataclass(frozen=True, kw_only=True)
class InvalidLiteral(Diagnostic):
    """The text behind ``@``, or within ``date(...)`` or ``duration(...)``, is no date or duration.

    A date is ``@"2024-05-01"`` and must exist (2024-02-30 doesn't); a duration is ``@"P12M"``, ``@"P1Y6M"`` or ``@"P30D"``, never
    years or months together with days.
    """

    code = "DTE255"
    zh = "`{text}` 不是有效的日期或时长"
    en = "`{text}` is not a valid date or duration"
    zh_help = "日期写作 `2024-05-01`，时长写作 `P12M`、`P1Y6M` 或 `P30D`"
    en_help = "a date is `2024-05-01`, a duration `P12M`, `P1Y6M` or `P30D`"

    text: str


@dataclass(frozen=True, kw_only=True)
class DivisionByZero(Diagnostic):
    """Something is divided by a literal zero; the result is always null."""

    code = "DTE256"
    zh = "除数为零"
    en = "division by zero"


@dataclass(frozen=True, kw_only=True)
class NotAList(Diagnostic):
    """A list is wanted (before ``[...]``, behind ``in`` of ``some``, ``every`` or ``for``), and this is none."""

    code = "DTE257"
    zh = "此处应为列表，却是{found.zh}"
    en = "expected a list, found {found.en}"

    found: Words


@dataclass(frozen=True, kw_only=True)
class TooLarge(Diagnostic):
    """The expression becomes too large once functions are put in place of their calls, or tests are spelled out.

    Define parts of it as terms of their own: a term is worked out once, however often it is used.
    """

    code = "DTE258"
    zh = "表达式展开后过大"
    en = "the expression becomes too large once its functions are put in place"
    zh_help = "请把其中的部分单独定义为术语"
    en_help = "define parts of it as terms of their own"
