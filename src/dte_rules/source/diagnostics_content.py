"""What can be wrong with what a well-formed text holds: DTE126 to DTE136."""

from __future__ import annotations

from dataclasses import dataclass

from dte_rules.source.diagnostic import Diagnostic


@dataclass(frozen=True, kw_only=True)
class RepeatedKey(Diagnostic):
    """A key occurs twice in the same mapping.

    Which of the two is meant can't be known; the first is kept. Delete or rename one of them.
    """

    code = "DTE126"
    zh = "键 `{key}` 重复，第 {first_line} 行已经有了"
    en = "the key `{key}` is repeated; it stands in line {first_line} already"
    zh_help = "删除其中一个，或者改名"
    en_help = "delete one of the two, or rename it"
    key: str
    first_line: int


@dataclass(frozen=True, kw_only=True)
class ExplicitTag(Diagnostic):
    """A value carries a YAML tag such as ``!!int`` or ``!python/object``.

    Types come from the rules' vocabulary, never from the file. Delete the tag. If the value is text that begins with ``!``, put
    it in quotes.
    """

    code = "DTE127"
    zh = "不允许使用标签 `{tag}`"
    en = "the tag `{tag}` is not allowed"
    zh_help = "删除标签；如果这是以 `!` 开头的文字，请用引号括起来"
    en_help = "delete the tag; if this is a text that begins with `!`, put it in quotes"
    tag: str


@dataclass(frozen=True, kw_only=True)
class KeyNotText(Diagnostic):
    """A key is a list or a mapping.

    A key is a short text. ``{{x}}`` and ``? [a]`` produce such keys; put the text in quotes.
    """

    code = "DTE128"
    zh = "键必须是文字，不能是列表或映射"
    en = "a key must be a text, not a list or a mapping"
    zh_help = "改用文字作键；如果它含有 `[` 或 `{{`，请用引号括起来"
    en_help = "use a text as the key; if it has `[` or `{{` in it, put it in quotes"


@dataclass(frozen=True, kw_only=True)
class MergeKey(Diagnostic):
    """The merge key ``<<`` is used.

    Merging hides where a value comes from. Write the values out, or use ``extends`` in a pack.
    """

    code = "DTE129"
    zh = "不支持合并键 `<<`"
    en = "the merge key `<<` is not supported"
    zh_help = "把内容直接写出来；规则包之间的继承请用 `extends`"
    en_help = "write the values out; a pack takes over another one by `extends`"


@dataclass(frozen=True, kw_only=True)
class RecursiveAlias(Diagnostic):
    """An alias refers to a value that contains the alias itself.

    Such a value would have no end. Write the value out.
    """

    code = "DTE130"
    zh = "引用 `*{name}` 指向了包含它自己的内容"
    en = "the alias `*{name}` stands inside the very value that it refers to"
    zh_help = "删除 `*{name}`，直接写出内容"
    en_help = "delete `*{name}` and write the value out"
    name: str


@dataclass(frozen=True, kw_only=True)
class UnknownAlias(Diagnostic):
    """An alias ``*name`` refers to a name that no ``&name`` before it has set.

    Text that begins with ``*`` needs quotes.
    """

    code = "DTE131"
    zh = "引用 `*{name}` 之前没有定义 `&{name}`"
    en = "the alias `*{name}` has no `&{name}` before it"
    zh_help = "如果这是以 `*` 开头的文字，请用引号括起来，例如 `'*{name}'`"
    en_help = "if this is a text that begins with `*`, put it in quotes, such as `'*{name}'`"
    name: str


@dataclass(frozen=True, kw_only=True)
class AliasBomb(Diagnostic):
    """Aliases of aliases multiply to more values than a file may have.

    Write the values out; no honest file needs so many copies.
    """

    code = "DTE132"
    zh = "引用 `*{name}` 展开后超过 {limit} 个值"
    en = "the alias `*{name}` brings the file to more than {limit} repeated values"
    zh_help = "减少引用，直接写出内容"
    en_help = "use fewer aliases and write the values out"
    name: str
    limit: int


@dataclass(frozen=True, kw_only=True)
class TooDeep(Diagnostic):
    """Lists and mappings are nested too deeply.

    No pack or case comes near the limit; look for brackets that are not closed.
    """

    code = "DTE133"
    zh = "嵌套超过 {limit} 层"
    en = "this is nested more than {limit} levels deep"
    zh_help = "减少嵌套层次，检查是否有多余的括号"
    en_help = "nest less deeply; look for brackets that are not closed"
    limit: int


@dataclass(frozen=True, kw_only=True)
class TooManyValues(Diagnostic):
    """The file holds more values than the reader accepts.

    The limit keeps a hostile file from filling the memory. Split the file.
    """

    code = "DTE134"
    zh = "文件里的值超过 {limit} 个"
    en = "the file holds more than {limit} values"
    zh_help = "把文件拆成几个较小的文件"
    en_help = "split it into several smaller files"
    limit: int


@dataclass(frozen=True, kw_only=True)
class ImpossibleDate(Diagnostic):
    """A value is written like a date, but the calendar has no such day.

    Correct the date. A text that only looks like a date goes in quotes.
    """

    code = "DTE135"
    zh = "日历上没有 `{text}` 这一天"
    en = "there is no day `{text}` in the calendar"
    zh_help = "改正日期；如果这只是文字，请用引号括起来"
    en_help = "correct the date; if this is only text, put it in quotes"
    text: str


@dataclass(frozen=True, kw_only=True)
class NumberTooLong(Diagnostic):
    """A number has more digits, or a larger exponent, than the reader accepts.

    Numbers may have up to 1,000 characters and exponents up to 6,144. A long identifier is text: put it in quotes.
    """

    code = "DTE136"
    zh = "数字过长或过大"
    en = "the number is too long or too large"
    zh_help = "如果这是编号，请用引号括起来"
    en_help = "if this is an identifier, put it in quotes"
