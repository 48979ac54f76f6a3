"""Things that messages name, in both languages: types, operators, kinds of operand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from dte_rules.feel import types
from dte_rules.feel.types import Enum, ListOf, RangeOf, Record, Simple, Type


@dataclass(frozen=True, slots=True)
class Words:
    """A phrase in Chinese and in English; message templates say ``{found.zh}`` and ``{found.en}``."""

    zh: str
    en: str


_SIMPLE = {
    types.NUMBER: "数字",
    types.STRING: "文本",
    types.BOOLEAN: "是非值",
    types.DATE: "日期",
    types.MONTHS: "年月时长",
    types.DAYS: "天数时长",
    types.NULL: "空值 null",
    types.ANY: "任意值",
}


def _zh(type_: Type) -> str:
    match type_:
        case Simple(name):
            return _SIMPLE.get(type_, name)
        case Enum(name, _) | Record(name, _):
            return name
        case ListOf(element):
            return f"{_zh(element)}的列表"
        case RangeOf(element):
            return f"{_zh(element)}的区间"
        case _:
            assert_never(type_)


def type_words(type_: Type) -> Words:
    """The type as a person reads it."""
    return Words(_zh(type_), types.describe(type_))


def any_of(*choices: Type) -> Words:
    """Several types of which one is wanted."""
    return Words("或".join(_zh(t) for t in choices), " or ".join(types.describe(t) for t in choices))


EXPRESSION = Words("一个值或表达式", "a value or an expression")
NAME = Words("一个名称", "a name")
VARIABLE = Words("变量名", "the name of a variable")
FIELD = Words("字段名", "the name of a field")
END = Words("文末", "the end of the text")
OPERATOR_OR_END = Words("运算符或文末", "an operator or the end of the text")


def quoted(text: str) -> Words:
    """Program text, quoted alike in both languages."""
    return Words(f"`{text}`", f"`{text}`")


def either(*texts: str) -> Words:
    """One of several program texts."""
    return Words(" 或 ".join(f"`{t}`" for t in texts), " or ".join(f"`{t}`" for t in texts))
