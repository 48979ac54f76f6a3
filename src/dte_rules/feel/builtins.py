"""The built-in functions: names, parameters, result types, and a line of documentation in each language.

A function may have several signatures (``date(text)``, ``date(year, month, day)``). Functions over a list also take its members
as several arguments (``max(a, b)``); the checker gathers them into one list, so that behind it they have a single argument.
What the functions do is the business of `feel.functions`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from dte_rules.feel.types import ANY, BOOLEAN, DATE, DAYS, MONTHS, NUMBER, STRING, ListOf, Type, join

ResultRule = Callable[[Sequence[Type]], Type]
"""The type of a call's result from its arguments' types."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its name as used in named arguments, and the types that it takes.

    An ``optional`` one may be left out. A ``variadic`` one is the last and stands for one argument or more.
    """

    name: str
    types: tuple[Type, ...]
    optional: bool = False
    variadic: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function."""

    parameters: tuple[Parameter, ...]
    result: ResultRule

    @property
    def least(self) -> int:
        """The least number of arguments."""
        return sum(not p.optional for p in self.parameters)

    @property
    def most(self) -> int | None:
        """The greatest number of arguments, or None where there is no bound."""
        return None if any(p.variadic for p in self.parameters) else len(self.parameters)

    def takes(self, count: int) -> bool:
        """Whether the function can be called with so many arguments by position."""
        return self.least <= count and (self.most is None or count <= self.most)

    def parameter(self, position: int) -> Parameter:
        """The parameter for the argument at a position, from 0."""
        return self.parameters[min(position, len(self.parameters) - 1)]


@dataclass(frozen=True, slots=True)
class Builtin:
    """A built-in function."""

    name: str
    signatures: tuple[Signature, ...]
    en: str
    zh: str
    gathers: bool = False
    """Whether several arguments, or one that isn't a list, stand for a list of them."""

    @property
    def usage(self) -> str:
        """How the function is called: ``substring(string, start position, [length])``."""

        def shown(p: Parameter) -> str:
            return f"[{p.name}]" if p.optional else f"{p.name}..." if p.variadic else p.name

        return "; ".join(f"{self.name}({', '.join(map(shown, s.parameters))})" for s in self.signatures)


_ANY_LIST = ListOf(ANY)
_NUMBERS = ListOf(NUMBER)
_TEXTS = ListOf(STRING)


def _required(name: str, *types: Type) -> Parameter:
    return Parameter(name, types or (ANY,))


def _optional(name: str, *types: Type) -> Parameter:
    return Parameter(name, types or (ANY,), optional=True)


def _variadic(name: str, *types: Type) -> Parameter:
    return Parameter(name, types or (ANY,), variadic=True)


def _always(result: Type) -> ResultRule:
    return lambda arguments: result


def _same(position: int = 0) -> ResultRule:
    """The type of an argument."""
    return lambda arguments: arguments[position]


def _member(arguments: Sequence[Type]) -> Type:
    first = arguments[0]
    return first.element if isinstance(first, ListOf) else ANY


def _joined(types: Sequence[Type]) -> Type:
    result: Type = ANY
    for type_ in types:
        joined = join(result, type_)
        if joined is None:
            return ANY
        result = joined
    return result


def _elements(type_: Type) -> Type:
    return type_.element if isinstance(type_, ListOf) else type_


def _with_items(arguments: Sequence[Type]) -> Type:
    """A list together with single members."""
    return ListOf(_joined([_member(arguments), *arguments[1:]]))


def _inserted(arguments: Sequence[Type]) -> Type:
    return ListOf(_joined([_member(arguments), arguments[2]]))


def _lists_together(arguments: Sequence[Type]) -> Type:
    return ListOf(_joined([_elements(a) for a in arguments]))


def _flat(arguments: Sequence[Type]) -> Type:
    element: Type = arguments[0]
    while isinstance(element, ListOf):
        element = element.element
    return ListOf(element)


def _flat_once(arguments: Sequence[Type]) -> Type:
    return ListOf(_elements(_member(arguments)))


def _make(name: str, parameters: Sequence[Parameter], result: Type | ResultRule, en: str, zh: str, *, gathers: bool = False) -> Builtin:
    rule = result if callable(result) else _always(result)
    return Builtin(name, (Signature(tuple(parameters), rule),), en, zh, gathers)


_N = _required("n", NUMBER)
_DAY = _required("date", DATE)
_STRING = _required("string", STRING)
_MATCH = _required("match", STRING)
_LIST = _required("list", _ANY_LIST)
_POSITION = _required("position", NUMBER)
_START = _required("start position", NUMBER)


def _rounding(name: str, en: str, zh: str) -> Builtin:
    return _make(name, (_N, _optional("scale", NUMBER)), NUMBER, en, zh)


_FUNCTIONS: tuple[Builtin, ...] = (
    # numbers
    _make("abs", (_required("n", NUMBER, MONTHS, DAYS),), _same(), "the number or duration without its sign", "绝对值"),
    _rounding("floor", "rounded down, to a number of decimal places", "向下取整（可指定小数位）"),
    _rounding("ceiling", "rounded up, to a number of decimal places", "向上取整（可指定小数位）"),
    _rounding("round half up", "rounded, halves away from zero", "四舍五入"),
    _rounding("round half down", "rounded, halves towards zero", "五舍六入"),
    _rounding("round up", "rounded away from zero", "远离零取整"),
    _rounding("round down", "rounded towards zero", "截去尾数（向零取整）"),
    _make("decimal", (_N, _required("scale", NUMBER)), NUMBER, "rounded to decimal places, halves to even", "按小数位取舍（银行家舍入）"),
    _make(
        "modulo", (_required("dividend", NUMBER), _required("divisor", NUMBER)), NUMBER, "the remainder, signed like the divisor", "余数"
    ),
    _make("odd", (_required("number", NUMBER),), BOOLEAN, "whether the number is odd", "是否奇数"),
    _make("even", (_required("number", NUMBER),), BOOLEAN, "whether the number is even", "是否偶数"),
    # texts
    _make("substring", (_STRING, _START, _optional("length", NUMBER)), STRING, "a part of a text, counted from 1", "截取文本（从 1 起）"),
    _make("string length", (_STRING,), NUMBER, "the number of characters", "文本的字数"),
    _make("upper case", (_STRING,), STRING, "in upper case", "转为大写"),
    _make("lower case", (_STRING,), STRING, "in lower case", "转为小写"),
    _make("contains", (_STRING, _MATCH), BOOLEAN, "whether a text contains another", "文本是否包含"),
    _make("starts with", (_STRING, _MATCH), BOOLEAN, "whether a text starts with another", "文本是否以之开头"),
    _make("ends with", (_STRING, _MATCH), BOOLEAN, "whether a text ends with another", "文本是否以之结尾"),
    _make("substring before", (_STRING, _MATCH), STRING, "the text before a match", "匹配之前的文本"),
    _make("substring after", (_STRING, _MATCH), STRING, "the text after a match", "匹配之后的文本"),
    _make("string join", (_required("list", _TEXTS), _optional("delimiter", STRING)), STRING, "texts joined into one", "连接多个文本"),
    # lists
    _make("count", (_LIST,), NUMBER, "the number of members", "成员个数", gathers=True),
    _make("sum", (_required("list", _NUMBERS),), NUMBER, "the sum", "合计", gathers=True),
    _make("mean", (_required("list", _NUMBERS),), NUMBER, "the mean", "平均值", gathers=True),
    _make("product", (_required("list", _NUMBERS),), NUMBER, "the product", "乘积", gathers=True),
    _make("min", (_LIST,), _member, "the least member", "最小值", gathers=True),
    _make("max", (_LIST,), _member, "the greatest member", "最大值", gathers=True),
    _make("all", (_required("list", ListOf(BOOLEAN)),), BOOLEAN, "whether all are true", "是否全部为真", gathers=True),
    _make("any", (_required("list", ListOf(BOOLEAN)),), BOOLEAN, "whether one is true", "是否至少一个为真", gathers=True),
    _make("list contains", (_LIST, _required("element")), BOOLEAN, "whether a list has a member", "列表是否含有"),
    _make("distinct values", (_LIST,), _same(), "the members without repetitions", "去除重复"),
    _make("index of", (_LIST, _required("match")), _NUMBERS, "the positions of a member", "成员所在的位置"),
    _make("append", (_LIST, _variadic("item")), _with_items, "the list with further members", "在末尾添加成员"),
    _make("concatenate", (_variadic("list", _ANY_LIST),), _lists_together, "several lists as one", "连接多个列表"),
    _make("union", (_variadic("list", _ANY_LIST),), _lists_together, "several lists as one, without repetitions", "合并多个列表并去重"),
    _make("insert before", (_LIST, _POSITION, _required("newItem")), _inserted, "the list with a member inserted", "在某位置前插入"),
    _make("remove", (_LIST, _POSITION), _same(), "the list without the member at a position", "去掉某位置的成员"),
    _make("reverse", (_LIST,), _same(), "the list from its end", "倒序"),
    _make("flatten", (_LIST,), _flat, "the members of nested lists", "展平嵌套的列表"),
    _make("sublist", (_LIST, _START, _optional("length", NUMBER)), _same(), "a part of a list, counted from 1", "截取列表（从 1 起）"),
    # conversion
    _make("string", (_required("from"),), STRING, "the value as a text", "转为文本"),
    _make(
        "number",
        (_required("from", STRING, NUMBER), _optional("grouping separator", STRING), _optional("decimal separator", STRING)),
        NUMBER,
        "the number that a text writes",
        "文本转为数字",
    ),
    Builtin(
        "date",
        (
            Signature((_required("from", STRING, DATE),), _always(DATE)),
            Signature((_required("year", NUMBER), _required("month", NUMBER), _required("day", NUMBER)), _always(DATE)),
        ),
        "the date that a text writes, or of a year, month and day",
        "由文本或年、月、日得到日期",
    ),
    _make("duration", (_required("from", STRING),), ANY, "the duration that a text writes", "由文本得到时长"),
    _make(
        "years and months duration",
        (_required("from", DATE), _required("to", DATE)),
        MONTHS,
        "the whole months between two dates",
        "两个日期之间的整月时长",
    ),
    # dates
    _make("day of year", (_DAY,), NUMBER, "the day's number in its year", "当年第几天"),
    _make("day of week", (_DAY,), STRING, "the day's English name", "星期几（英文）"),
    _make("month of year", (_DAY,), STRING, "the month's English name", "月份（英文）"),
    _make("week of year", (_DAY,), NUMBER, "the number of the week in its year (ISO 8601)", "当年第几周"),
    # extensions to FEEL
    _make("last_day_of_month", (_DAY,), DATE, "the last day of the date's month", "当月最后一日"),
    _make("working_day_on_or_after", (_DAY,), DATE, "the day, or else the next working day", "当日或其后第一个工作日"),
    _make("add_working_days", (_DAY, _required("days", NUMBER)), DATE, "the n-th working day after the day", "其后第 n 个工作日"),
    _make(
        "division_within",
        (_required("code", STRING), _required("outer", STRING)),
        BOOLEAN,
        "whether a GB/T 2260 division code lies within another",
        "行政区划代码（GB/T 2260）是否在另一区划之内",
    ),
)

BUILTINS: Mapping[str, Builtin] = MappingProxyType({f.name: f for f in _FUNCTIONS})
"""The functions that an expression may call."""

INTEGERS = "integers between"
FLATTEN_ONCE = "flatten once"

INTERNALS: Mapping[str, Builtin] = MappingProxyType(
    {
        f.name: f
        for f in (
            _make(
                INTEGERS,
                (_required("start", NUMBER), _required("end", NUMBER)),
                _NUMBERS,
                "the whole numbers from start to end, falling where start is greater: `for i in 1..n`",
                "从起到止的整数（起大于止时递减）：`for i in 1..n`",
            ),
            _make(
                FLATTEN_ONCE,
                (_LIST,),
                _flat_once,
                "the members of the lists in a list: `for x in a, y in b`",
                "展平一层：`for x in a, y in b`",
            ),
        )
    }
)
"""Functions that only the checker puts into core expressions; no expression can call them by name."""

_OTHERS = (
    "sqrt;log;exp;median;mode;stddev;matches;replace;split;sort;partial;is;time;date and time;now;today;context;context put;context merge;"
    "get value;get entries;list replace;range;before;after;meets;met by;overlaps;overlaps before;overlaps after;finishes;finished by;"
    "includes;during;starts;started by;coincides;extract"
)
UNSUPPORTED = frozenset(_OTHERS.split(";"))
"""FEEL's other functions, which are not covered yet."""

MULTI_WORD_NAMES = frozenset(n for n in (*BUILTINS, *UNSUPPORTED) if " " in n)
"""Names of several words, which the lexer must know as one."""
