"""What can be wrong with the form of an expression: DTE201 to DTE209 its characters, DTE210 to DTE229 their order."""

from __future__ import annotations

from dataclasses import dataclass

from dte_rules.feel.words import Words
from dte_rules.source.diagnostic import Diagnostic

# --- lexical --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class FullWidthSymbol(Diagnostic):
    """A condition contains a full-width or Chinese punctuation mark, such as ``＝``, ``（`` or ``“``.

    FEEL knows only the half-width characters of an English keyboard. It often happens when the input method is left in
    Chinese mode. Replace the mark by the one that the help line names; text between double quotes may hold any mark.
    """

    code = "DTE201"
    zh = "条件中有全角或中文符号 `{found}`"
    en = "full-width or Chinese symbol `{found}` in a condition"
    zh_help = "请改用半角符号 `{instead}`"
    en_help = "type `{instead}` instead"

    found: str
    instead: str


@dataclass(frozen=True, kw_only=True)
class ForeignOperator(Diagnostic):
    """A condition uses an operator of another language: ``==``, ``&&``, ``||``, ``!``, ``<>``, single quotes and the like.

    FEEL writes ``=``, ``and``, ``or``, ``not(...)``, ``!=`` and double quotes. Replace it as the help line says.
    """

    code = "DTE202"
    zh = "FEEL 没有 `{found}` 这个符号"
    en = "`{found}` is not a FEEL symbol"
    zh_help = "请写作 `{instead}`"
    en_help = "write `{instead}` instead"

    found: str
    instead: str


@dataclass(frozen=True, kw_only=True)
class WordOperator(Diagnostic):
    """A word stands where an operator must stand, but it isn't FEEL's word: ``且``, ``或``, ``非``, ``大于``, ``AND``.

    FEEL's words are English and lower case: ``and``, ``or``, ``not(...)``, ``in``. Replace the word as the help line says.
    """

    code = "DTE203"
    zh = "`{found}` 不是 FEEL 的运算符"
    en = "`{found}` is not an operator of FEEL"
    zh_help = "请写作 `{instead}`"
    en_help = "write `{instead}` instead"

    found: str
    instead: str


@dataclass(frozen=True, kw_only=True)
class UnexpectedCharacter(Diagnostic):
    """A condition contains a character that means nothing in FEEL, such as ``#``, ``$`` or a control character.

    Delete it; if it belongs to a text, put the text between double quotes.
    """

    code = "DTE204"
    zh = "无法识别的字符 `{found}`"
    en = "unexpected character `{found}`"
    zh_help = '请删除该字符；若属于文本，请把文本放在双引号 " 之间'
    en_help = 'delete it, or put the text to which it belongs between double quotes `"`'

    found: str


@dataclass(frozen=True, kw_only=True)
class UnclosedText(Diagnostic):
    """A text begins with a double quote and doesn't end on its line.

    Add the closing double quote. A double quote within a text is written ``\\"``, a line break ``\\n``.
    """

    code = "DTE205"
    zh = "文本缺少右双引号"
    en = "this text is never closed"
    zh_help = '请在文本末尾加上 `"`'
    en_help = 'add `"` at the end of the text'


@dataclass(frozen=True, kw_only=True)
class UnclosedComment(Diagnostic):
    """A comment begins with ``/*`` and never ends. Add ``*/``, or write the comment behind ``//``."""

    code = "DTE206"
    zh = "注释缺少结尾的 `*/`"
    en = "this comment is never closed"
    zh_help = "请加上 `*/`"
    en_help = "add `*/`"


@dataclass(frozen=True, kw_only=True)
class BadEscape(Diagnostic):
    """A ``\\u`` in a text is not followed by four hexadecimal digits, or names half a character.

    Write ``\\u4e2d`` (four digits) or ``\\U01F40E`` (six digits), or type the character itself. A backslash is ``\\\\``.
    """

    code = "DTE207"
    zh = "文本中的转义 `{found}` 不是有效字符"
    en = "escape `{found}` does not name a character"
    zh_help = "请写 `\\u` 加四位十六进制数，或直接输入该字符；反斜杠本身写作 `\\\\`"
    en_help = "write `\\u` and four hexadecimal digits, or the character itself; a backslash is `\\\\`"

    found: str


@dataclass(frozen=True, kw_only=True)
class NumberOutOfRange(Diagnostic):
    """A number has more than 34 significant digits, or an exponent beyond what DMN's decimals hold (6144).

    No amount, count or share needs that; probably a digit or an exponent was typed by mistake.
    """

    code = "DTE208"
    zh = "数字 `{found}` 超出可表示的范围"
    en = "number `{found}` is out of range"
    zh_help = "数字最多 34 位有效数字，指数在 -6143 至 6144 之间"
    en_help = "a number has at most 34 digits, and an exponent from -6143 to 6144"

    found: str


# --- syntax ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class UnclosedBracket(Diagnostic):
    """A parenthesis or bracket is opened and never closed. Add the closing one where the group ends."""

    code = "DTE210"
    zh = "`{found}` 没有对应的 `{instead}`"
    en = "`{found}` is never closed"
    zh_help = "请在这一组的末尾加上 `{instead}`"
    en_help = "add `{instead}` where the group ends"

    found: str
    instead: str


@dataclass(frozen=True, kw_only=True)
class StrayBracket(Diagnostic):
    """A closing parenthesis or bracket has no opening one before it. Delete it, or add the opening one."""

    code = "DTE211"
    zh = "多余的 `{found}`，前面没有与之对应的左括号"
    en = "`{found}` closes nothing"
    zh_help = "请删除它，或在前面补上左括号"
    en_help = "delete it, or add the opening bracket before it"

    found: str


@dataclass(frozen=True, kw_only=True)
class MissingOperand(Diagnostic):
    """An operator or keyword needs a value behind it, and there is none: ``age >``, ``a and``, ``if x then else y``.

    Add the value, or delete the operator.
    """

    code = "DTE212"
    zh = "{after.zh}之后缺少值"
    en = "a value is missing after {after.en}"
    zh_help = "请补上要写的值，或删除多余的部分"
    en_help = "add the value, or delete what is too much"

    after: Words


@dataclass(frozen=True, kw_only=True)
class UnexpectedToken(Diagnostic):
    """Something else must stand here: ``then`` after ``if``'s condition, ``satisfies`` after ``some x in list``, and so on."""

    code = "DTE213"
    zh = "此处应为{expected.zh}，却是{found.zh}"
    en = "expected {expected.en}, found {found.en}"

    expected: Words
    found: Words


@dataclass(frozen=True, kw_only=True)
class MissingOperator(Diagnostic):
    """Two values stand side by side with nothing between them: ``person.age 18``, ``12 个月``.

    Write the operator that joins them (``>=``, ``and``, ...). If the second belongs to a text, put the text between double quotes.
    """

    code = "DTE214"
    zh = "{left.zh} 与 {right.zh} 之间缺少运算符"
    en = "an operator is missing between {left.en} and {right.en}"
    zh_help = '请写上连接二者的运算符（如 `=`、`>=`、`and`）；若是文本，请加双引号 `"`'
    en_help = 'write the operator that joins them (as `=`, `>=`, `and`), or put a text between double quotes `"`'

    left: Words
    right: Words


@dataclass(frozen=True, kw_only=True)
class ChainedComparison(Diagnostic):
    """Comparisons are chained as in mathematics: ``16 <= age < 60``. FEEL would compare a truth value with a number.

    Write ``age in [16..60)``, or two comparisons joined by ``and``.
    """

    code = "DTE215"
    zh = "比较不能连写"
    en = "comparisons can't be chained"
    zh_help = "请写作 `a <= x and x < b`，或 `x in [a..b)`"
    en_help = "write `a <= x and x < b`, or `x in [a..b)`"


@dataclass(frozen=True, kw_only=True)
class TooDeep(Diagnostic):
    """The expression nests too deeply (parentheses, calls, ``if``), or strings too many operators together.

    Give parts of it a name of their own (a term), and use the names.
    """

    code = "DTE216"
    zh = "表达式嵌套超过 {limit} 层"
    en = "the expression is nested more than {limit} levels deep"
    zh_help = "请把其中的部分单独定义为术语，再引用其名称"
    en_help = "define parts of it as terms of their own, and use their names"

    limit: int


@dataclass(frozen=True, kw_only=True)
class NotNeedsParentheses(Diagnostic):
    """``not`` is written without parentheses. In FEEL it is a function: ``not(a = b)``."""

    code = "DTE217"
    zh = "`not` 之后须有括号"
    en = "`not` needs parentheses"
    zh_help = "请写作 `not(...)`"
    en_help = "write `not(...)`"


@dataclass(frozen=True, kw_only=True)
class NotSupported(Diagnostic):
    """A part of FEEL that this version doesn't cover yet: times of day, contexts, function definitions, some built-ins.

    Say it in another way where you can; the documentation lists what is covered.
    """

    code = "DTE218"
    zh = "暂不支持{what.zh}"
    en = "{what.en} not supported yet"

    what: Words


@dataclass(frozen=True, kw_only=True)
class EmptyExpression(Diagnostic):
    """There is no expression at all: the text is empty, or holds only a comment."""

    code = "DTE219"
    zh = "表达式为空"
    en = "the expression is empty"
    zh_help = "请写出条件；表格单元格不限时写 `-`"
    en_help = "write a condition; a table cell that holds always is `-`"


@dataclass(frozen=True, kw_only=True)
class MixedArguments(Diagnostic):
    """A call gives some arguments by name and others by position. Give all by name, or all by position."""

    code = "DTE220"
    zh = "参数须全部按名称或全部按位置给出"
    en = "arguments are given partly by name, partly by position"
    zh_help = "请统一写法"
    en_help = "give all by name, or all by position"


@dataclass(frozen=True, kw_only=True)
class MisplacedInput(Diagnostic):
    """``?`` stands outside a table's cell. It means the value that a cell tests, and has no meaning elsewhere."""

    code = "DTE221"
    zh = "`?` 只能用于表格单元格"
    en = "`?` has a meaning only in a table's cell"
    zh_help = "请写出要检验的事实的名称"
    en_help = "write the name of the fact that is tested"
