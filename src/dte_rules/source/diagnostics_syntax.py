"""What can be wrong with how a text is written: DTE110 to DTE125 in YAML, DTE137 and DTE138 in JSON."""

from __future__ import annotations

from dataclasses import dataclass

from dte_rules.source.diagnostic import Diagnostic


@dataclass(frozen=True, kw_only=True)
class UnexpectedText(Diagnostic):
    """Something stands here that YAML has no use for in this place.

    Look at the line and the one before for a missing quote, a bracket too many, or a sign that needs quotes around it.
    """

    code = "DTE110"
    zh = "这里不应出现 `{found}`"
    en = "`{found}` is not expected here"
    zh_help = "检查本行和上一行的引号、括号和缩进；文字中的特殊符号要用引号括起来"
    en_help = "check the quotes, brackets and indentation of this line and the one before; a text with such signs goes in quotes"
    found: str


@dataclass(frozen=True, kw_only=True)
class UnexpectedEnd(Diagnostic):
    """The text ends although something is still missing.

    A value, a closing bracket or a quote is missing near the end.
    """

    code = "DTE111"
    zh = "文件在这里意外结束，内容不完整"
    en = "the file ends here although something is still missing"
    zh_help = "检查文件末尾是否缺少值、引号或右括号"
    en_help = "check whether a value, a quote or a closing bracket is missing at the end"


@dataclass(frozen=True, kw_only=True)
class UnclosedQuote(Diagnostic):
    """A quoted text has no closing quote, or its closing quote belongs to another text.

    The place is that of the opening quote. Type the same quote after the text. Only ``"`` and ``'`` are quotes for YAML;
    the Chinese “ and ” are ordinary characters.
    """

    code = "DTE112"
    zh = "引号 {quote} 没有正确结束"
    en = "the quote {quote} that starts here is not closed where it should be"
    zh_help = "在这段文字末尾补上 {quote}（半角）"
    en_help = "type {quote} at the end of this text"
    quote: str


@dataclass(frozen=True, kw_only=True)
class TextAfterQuote(Diagnostic):
    """Text goes on after a closing quote.

    YAML takes a value that begins with a quote to end at the next one, so ``when: "甲" = x`` is cut after ``"甲"``. Put the
    whole value in the other kind of quotes: ``when: '"甲" = x'``. Inside single quotes, a single quote is typed twice.
    """

    code = "DTE113"
    zh = "引号 {quote} 结束之后还有文字"
    en = "text goes on after the closing quote {quote}"
    zh_help = "把整个值用另一种引号括起来，例如 `{example}`；单引号内的单引号要写两遍"
    en_help = "put the whole value in the other kind of quotes, such as `{example}`; inside single quotes type a single quote twice"
    quote: str
    example: str


@dataclass(frozen=True, kw_only=True)
class UnclosedBracket(Diagnostic):
    """A list ``[`` or a mapping ``{`` is never closed.

    The place is that of the opening bracket. Type the closing bracket, or put the text in quotes if it was not meant as a list.
    """

    code = "DTE114"
    zh = "括号 `{bracket}` 没有结束"
    en = "the bracket `{bracket}` that opens here is not closed"
    zh_help = "补上 `{closing}`；如果这只是文字，请用引号括起来"
    en_help = "type the missing `{closing}`; if this is only text, put it in quotes"
    bracket: str
    closing: str


@dataclass(frozen=True, kw_only=True)
class MissingComma(Diagnostic):
    """Inside brackets, something follows a value without a comma between.

    Type the comma, or put the text in quotes if the sign belongs to it. The comma is the half-width ``,``.
    """

    code = "DTE115"
    zh = "第 {line} 行开始的 `{bracket}` 里，这里应当是 `,` 或 `{closing}`"
    en = "`,` or `{closing}` is expected here, inside the `{bracket}` of line {line}"
    zh_help = "各项之间用半角逗号 `,` 分隔；含有引号、括号或冒号的文字要整个用引号括起来"
    en_help = "separate the values by `,`; a text that has quotes, brackets or colons in it goes in quotes as a whole"
    bracket: str
    closing: str
    line: int


@dataclass(frozen=True, kw_only=True)
class TabIndentation(Diagnostic):
    """A line is indented with a tab.

    YAML counts spaces only. Replace the tab by spaces, and let your editor insert spaces for the tab key.
    """

    code = "DTE116"
    zh = "缩进使用了制表符（Tab）"
    en = "a tab is used for indentation"
    zh_help = "把制表符换成空格（每级两个），并让编辑器把 Tab 键改为输入空格"
    en_help = "replace the tab by spaces (two a level), and let your editor insert spaces for the tab key"


@dataclass(frozen=True, kw_only=True)
class WrongIndentation(Diagnostic):
    """A line's indentation does not fit the lines above it.

    Keys of one mapping start in the same column, and a mapping below a key is indented further than the key. A line that is indented
    below a finished value is taken for more of that value.
    """

    code = "DTE117"
    zh = "这一行的缩进与上文不一致"
    en = "the indentation of this line does not fit the lines above"
    zh_help = "同级的键要从同一列开始，下级内容比上级多缩进两个空格；多行文字请用引号或 `|`"
    en_help = "keys of one level start in one column, what belongs to a key is two spaces further in; a text of several lines needs `|`"


@dataclass(frozen=True, kw_only=True)
class ColonInText(Diagnostic):
    """A second colon with a space after it stands in one value.

    ``title: 通知: 附件`` can't be told from a nested mapping. Put the value in quotes: ``title: '通知: 附件'``.
    """

    code = "DTE118"
    zh = "同一行里又出现了冒号 `:`，无法区分键和值"
    en = "a second `:` stands in this value, so that key and value can't be told apart"
    zh_help = "如果冒号属于文字，请把整个值用引号括起来，例如 `'甲: 乙'`"
    en_help = "if the colon belongs to the text, put the whole value in quotes, such as `'a: b'`"


@dataclass(frozen=True, kw_only=True)
class ColonWithoutSpace(Diagnostic):
    """No space follows the colon after a key.

    ``pack:zhejiang`` is one text for YAML; write ``pack: zhejiang``.
    """

    code = "DTE119"
    zh = "`{key}:` 的冒号后面缺少空格"
    en = "a space is missing after the colon of `{key}:`"
    zh_help = "写成 `{key}: `，冒号后加一个空格，再写值"
    en_help = "type `{key}: `, with a space between the colon and the value"
    key: str


@dataclass(frozen=True, kw_only=True)
class FullWidthColon(Diagnostic):
    """A key is followed by the full-width colon ``：``.

    YAML knows only the half-width colon. Type ``:`` and a space.
    """

    code = "DTE120"
    zh = "`{key}` 后面用了全角冒号 `：`"
    en = "`{key}` is followed by the full-width colon `：`"
    zh_help = "改用半角冒号加空格，写成 `{key}: `"
    en_help = "type the half-width colon and a space: `{key}: `"
    key: str


@dataclass(frozen=True, kw_only=True)
class MissingColon(Diagnostic):
    """A line among keys has no colon.

    A line of a mapping is ``key: value``. Add the colon, or indent the line if it continues the text above.
    """

    code = "DTE121"
    zh = "这一行缺少冒号，应当写成 `键: 值`"
    en = "this line has no colon; a line here is `key: value`"
    zh_help = "补上冒号和空格；如果它是上一行文字的延续，请增加缩进"
    en_help = "add a colon and a space; if the line continues the text above, indent it"


@dataclass(frozen=True, kw_only=True)
class ReservedStart(Diagnostic):
    """A text begins with a sign that YAML keeps for itself.

    Text may not begin with ``@``, a backtick, ``%``, ``*``, ``&`` or ``!``. Put it in quotes.
    """

    code = "DTE122"
    zh = "不加引号的文字不能以 {sign} 开头"
    en = "a text without quotes can't begin with {sign}"
    zh_help = "把这段文字用引号括起来"
    en_help = "put the text in quotes"
    sign: str


@dataclass(frozen=True, kw_only=True)
class BlockHeader(Diagnostic):
    """Text stands on the same line as ``|`` or ``>``.

    Both signs start a text of several lines, which begins on the next line. Where ``>`` is meant as a comparison, put the value in
    quotes: ``'>= 60'``.
    """

    code = "DTE123"
    zh = "`{sign}` 表示多行文字，文字应当从下一行开始"
    en = "`{sign}` starts a text of several lines, which begins on the next line"
    zh_help = "另起一行并缩进；如果 `{sign}` 是表达式的一部分，请用引号括起来，例如 `'>= 60'`"
    en_help = "start the text on the next line, indented; if `{sign}` belongs to an expression, put it in quotes, such as `'>= 60'`"
    sign: str


@dataclass(frozen=True, kw_only=True)
class UnknownEscape(Diagnostic):
    """A backslash inside double quotes is followed by something that has no meaning there.

    Inside double quotes the backslash starts an escape such as ``\\n`` or ``\\u4e2d``. Use single quotes, where it is an ordinary
    character, or type it twice. Half of a surrogate pair (``\\ud83d`` without its second half) is no character either.
    """

    code = "DTE124"
    zh = "双引号里的 `{escape}` 不是有效的转义"
    en = "`{escape}` means nothing inside double quotes"
    zh_help = "改用单引号，或者把反斜杠写两遍"
    en_help = "use single quotes, or type the backslash twice"
    escape: str


@dataclass(frozen=True, kw_only=True)
class ItemNotAllowed(Diagnostic):
    """A list item ``- `` stands where no list can begin.

    A list below a key starts on the next line; or write it in brackets: ``key: [a, b]``.
    """

    code = "DTE125"
    zh = "这里不能出现列表项 `-`"
    en = "a list item `-` can't stand here"
    zh_help = "列表项要另起一行，或者写成 `[甲, 乙]`；如果 `-` 属于文字，请用引号括起来"
    en_help = "start the list on the next line, or write it as `[a, b]`; if `-` belongs to a text, put it in quotes"


@dataclass(frozen=True, kw_only=True)
class JsonProblem(Diagnostic):
    """A file whose name ends in .json is not JSON.

    The message says what JSON allows in this place. Comments, single quotes and a comma after the last item are not JSON; a file
    with these may be named .yaml.
    """

    code = "DTE137"
    zh = "不是有效的 JSON：这里应当是 {expected_zh}"
    en = "this is not JSON: {expected_en} is expected here"
    zh_help = "检查逗号、引号和括号；JSON 不允许注释、单引号和末尾多余的逗号"
    en_help = "check the commas, quotes and brackets; JSON has no comments, no single quotes and no comma after the last item"
    expected_zh: str
    expected_en: str


@dataclass(frozen=True, kw_only=True)
class NotANumber(Diagnostic):
    """``NaN`` or ``Infinity`` stands in a JSON text.

    Neither is JSON, and no rule can compare them. Write ``null`` for a number that is not known.
    """

    code = "DTE138"
    zh = "`{text}` 不是数字"
    en = "`{text}` is not a number"
    zh_help = "不知道的数字请写 `null`"
    en_help = "write `null` for a number that is not known"
    text: str
