"""What can be wrong with facts, and with the facts that a pack declares: codes DTE501 to DTE523."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dte_rules.source.diagnostic import Diagnostic, Lang


@dataclass(frozen=True, kw_only=True)
class FactDiagnostic(Diagnostic):
    """The base of what is wrong with one fact; ``path`` is its dotted path, list positions counted from 1."""

    path: str = ""


@dataclass(frozen=True, kw_only=True)
class UnknownFact(FactDiagnostic):
    """A key that the vocabulary does not have, often a slip of the pen.

    Facts are never guessed and never ignored: a misspelt key would leave the fact that was meant unknown. Write the name
    that the vocabulary has; a new fact is declared under ``facts`` in a pack.
    """

    code: ClassVar[str] = "DTE501"
    zh: ClassVar[str] = "未知的事实 `{path}`"
    en: ClassVar[str] = "unknown fact `{path}`"
    zh_help: ClassVar[str] = "是否想写 `{nearest}`？"
    en_help: ClassVar[str] = "did you mean `{nearest}`?"

    nearest: str | None = None

    def help(self, lang: Lang = "en") -> str:
        """The nearest name, where there is one."""
        return super().help(lang) if self.nearest else ""


@dataclass(frozen=True, kw_only=True)
class WrongFactType(FactDiagnostic):
    """A value of another type than the fact has: a text for a number, a number for a text, one value for a list.

    Nothing is converted in silence: ``"1"`` is not the number 1, 1 is not ``true``, and ``no`` is a text. Division codes
    are texts; without quotes YAML reads ``330700`` as a number.
    """

    code: ClassVar[str] = "DTE502"
    zh: ClassVar[str] = "`{path}` 的值应为{expected_zh}"
    en: ClassVar[str] = "`{path}` must be {expected_en}"
    zh_help: ClassVar[str] = "{hint_zh}"
    en_help: ClassVar[str] = "{hint_en}"

    expected_zh: str
    expected_en: str
    hint_zh: str = ""
    hint_en: str = ""


@dataclass(frozen=True, kw_only=True)
class ValueNotInList(FactDiagnostic):
    """A text that is none of the values the fact can have.

    Write one of the listed values exactly as it stands; a value that is not known is left out or written ``unknown``.
    """

    code: ClassVar[str] = "DTE503"
    zh: ClassVar[str] = "`{path}` 的值{shown}不在可选范围内"
    en: ClassVar[str] = "`{path}` can't be{shown}"
    zh_help: ClassVar[str] = "可选值：{allowed}"
    en_help: ClassVar[str] = "one of {allowed}"

    value: str | None = None
    """The value given; ``None`` where it is personal data."""
    allowed: str
    nearest: str | None = None

    @property
    def shown(self) -> str:
        """The value in backticks, or nothing."""
        return "" if self.value is None else f" `{self.value}` "

    def message(self, lang: Lang = "en") -> str:
        """What is wrong, with the value where it may be shown."""
        if lang == "zh":
            return self.zh.format(path=self.path, shown=self.shown)
        return self.en.format(path=self.path, shown=self.shown.rstrip() or " this value")

    def help(self, lang: Lang = "en") -> str:
        """The nearest value, where there is one, and the values there are."""
        allowed = super().help(lang)
        if self.nearest is None:
            return allowed
        return f"是否想写 `{self.nearest}`？{allowed}" if lang == "zh" else f"did you mean `{self.nearest}`? {allowed}"


@dataclass(frozen=True, kw_only=True)
class InvalidDate(FactDiagnostic):
    """A text that names no day: another form than ``YYYY-MM-DD``, or a day that the calendar does not have.

    A time of day is not accepted either; write the day alone.
    """

    code: ClassVar[str] = "DTE504"
    zh: ClassVar[str] = "`{path}` 不是有效日期"
    en: ClassVar[str] = "`{path}` is not a valid date"
    zh_help: ClassVar[str] = "请按“年-月-日”填写历法上存在的一天，如 2024-06-10"
    en_help: ClassVar[str] = "write a day of the calendar as YYYY-MM-DD, as 2024-06-10"


@dataclass(frozen=True, kw_only=True)
class InvalidNumber(FactDiagnostic):
    """NaN, an infinity, or a number too large or too small to be meant."""

    code: ClassVar[str] = "DTE505"
    zh: ClassVar[str] = "`{path}` 不是可用的数"
    en: ClassVar[str] = "`{path}` is not a usable number"
    zh_help: ClassVar[str] = "请填写有限的十进制数；不清楚时留空或写 unknown"
    en_help: ClassVar[str] = "write a finite decimal number; leave it out or write unknown if it is not known"


@dataclass(frozen=True, kw_only=True)
class NumberOutOfRange(FactDiagnostic):
    """A number beyond the bounds that the fact has: negative hours, a rate above 1 (rates are shares: 0.85, not 85)."""

    code: ClassVar[str] = "DTE506"
    zh: ClassVar[str] = "`{path}` 应{bound_zh}"
    en: ClassVar[str] = "`{path}` must be {bound_en}"

    bound_zh: str
    bound_en: str


@dataclass(frozen=True, kw_only=True)
class NotWholeNumber(FactDiagnostic):
    """A fraction where only a whole number makes sense, as for a year or a count."""

    code: ClassVar[str] = "DTE507"
    zh: ClassVar[str] = "`{path}` 应为整数"
    en: ClassVar[str] = "`{path}` must be a whole number"


@dataclass(frozen=True, kw_only=True)
class TextForm(FactDiagnostic):
    """A text that is not of the form (the pattern, the length) that the fact's model asks for."""

    code: ClassVar[str] = "DTE508"
    zh: ClassVar[str] = "`{path}` 的格式不符合要求"
    en: ClassVar[str] = "`{path}` is not of the form that it must have"


@dataclass(frozen=True, kw_only=True)
class ContradictoryFacts(FactDiagnostic):
    """Two facts of one record that can't both hold, as a training institution listed for an occupation and listed for none.

    Correct the one that is wrong, or leave out the one that is not known.
    """

    code: ClassVar[str] = "DTE509"
    zh: ClassVar[str] = "`{path}` 与 `{other}` 相互矛盾"
    en: ClassVar[str] = "`{path}` and `{other}` contradict each other"
    zh_help: ClassVar[str] = "请更正有误的一项，或删去不清楚的一项"
    en_help: ClassVar[str] = "correct the one that is wrong, or leave out the one that is not known"

    other: str


@dataclass(frozen=True, kw_only=True)
class InvalidCreditCode(FactDiagnostic):
    """A text that is no unified social credit code (GB 32100): 18 digits and capital letters, the last a check character."""

    code: ClassVar[str] = "DTE510"
    zh: ClassVar[str] = "`{path}` 不是有效的统一社会信用代码"
    en: ClassVar[str] = "`{path}` is not a valid unified social credit code"
    zh_help: ClassVar[str] = "应为18位数字或大写字母（GB 32100），不含空格；请核对是否抄错"
    en_help: ClassVar[str] = "18 digits and capital letters without spaces (GB 32100); check for a slip in copying"


@dataclass(frozen=True, kw_only=True)
class InvalidIdentityNumber(FactDiagnostic):
    """A text that is no resident identity number (GB 11643): a place, a day of birth, a serial number, a check character.

    The number itself is never shown.
    """

    code: ClassVar[str] = "DTE511"
    zh: ClassVar[str] = "`{path}` 不是有效的公民身份号码"
    en: ClassVar[str] = "`{path}` is not a valid resident identity number"
    zh_help: ClassVar[str] = "应为18位（GB 11643），末位可为大写 X；请核对是否抄错"
    en_help: ClassVar[str] = "18 characters (GB 11643), the last may be a capital X; check for a slip in copying"


@dataclass(frozen=True, kw_only=True)
class InvalidDivisionCode(FactDiagnostic):
    """A text that is no administrative division code (GB/T 2260): six digits, the first two those of a province."""

    code: ClassVar[str] = "DTE512"
    zh: ClassVar[str] = "`{path}` 不是有效的行政区划代码"
    en: ClassVar[str] = "`{path}` is not a valid division code"
    zh_help: ClassVar[str] = '应为带引号的六位数字（GB/T 2260），如 "330700"（金华市）'
    en_help: ClassVar[str] = 'six digits in quotes (GB/T 2260), as "330700" (Jinhua)'


@dataclass(frozen=True, kw_only=True)
class InvalidJson(FactDiagnostic):
    """A text that is no JSON document, or that says a key twice in one object."""

    code: ClassVar[str] = "DTE513"
    zh: ClassVar[str] = "不是可用的 JSON：{problem}"
    en: ClassVar[str] = "not usable as JSON: {problem}"

    problem: str


@dataclass(frozen=True, kw_only=True)
class UnknownMember(FactDiagnostic):
    """A list of values with a member that is unknown. A list that is given is complete, so its members are known.

    Leave the whole list out if it is not known in full. A record of which nothing is known can stand in a list of records.
    """

    code: ClassVar[str] = "DTE514"
    zh: ClassVar[str] = "`{path}` 的成员不能是未知值"
    en: ClassVar[str] = "a member of `{path}` can't be unknown"
    zh_help: ClassVar[str] = "列出的清单视为完整；不完全清楚时请不要填写整个清单"
    en_help: ClassVar[str] = "a list that is given is complete; leave it out if it is not known in full"


@dataclass(frozen=True, kw_only=True)
class MissingFact(FactDiagnostic):
    """A fact that a model of the integrator's own requires was not given."""

    code: ClassVar[str] = "DTE515"
    zh: ClassVar[str] = "缺少必填的 `{path}`"
    en: ClassVar[str] = "`{path}` is required"


@dataclass(frozen=True, kw_only=True)
class FactRefused(FactDiagnostic):
    """A check of the integrator's own model refused the value; the model's message follows, unless the fact is personal."""

    code: ClassVar[str] = "DTE516"
    zh: ClassVar[str] = "`{path}` 未通过校验{reason}"
    en: ClassVar[str] = "`{path}` was refused{reason}"

    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class FactExists(FactDiagnostic):
    """A pack declares a fact that the vocabulary has already. Use the one there is, or choose another name."""

    code: ClassVar[str] = "DTE520"
    zh: ClassVar[str] = "事实 `{path}` 已经存在，不能再次声明"
    en: ClassVar[str] = "the fact `{path}` exists already and can't be declared again"


@dataclass(frozen=True, kw_only=True)
class FactPathThroughValue(FactDiagnostic):
    """A pack declares a fact under a path that leads through a single value, which has no parts."""

    code: ClassVar[str] = "DTE521"
    zh: ClassVar[str] = "`{path}` 不能声明：`{value}` 不是记录，也不是记录的列表"
    en: ClassVar[str] = "`{path}` can't be declared: `{value}` is neither a record nor a list of records"

    value: str


@dataclass(frozen=True, kw_only=True)
class BadFactName(FactDiagnostic):
    """A declared fact's name that can't be a name: letters, digits and underscores, a letter first, not a reserved word."""

    code: ClassVar[str] = "DTE522"
    zh: ClassVar[str] = "`{name}` 不能作事实的名称"
    en: ClassVar[str] = "`{name}` can't be the name of a fact"
    zh_help: ClassVar[str] = "名称由字母、数字和下划线组成，以字母开头，且不是保留字"
    en_help: ClassVar[str] = "a name has letters, digits and underscores, begins with a letter, and is no reserved word"

    name: str


@dataclass(frozen=True, kw_only=True)
class BadFactDeclaration(FactDiagnostic):
    """The declaration of a fact that says no type, an unknown one, or something that does not fit its type."""

    code: ClassVar[str] = "DTE523"
    zh: ClassVar[str] = "事实 `{path}` 的声明有误：{reason_zh}"
    en: ClassVar[str] = "the declaration of the fact `{path}` is wrong: {reason_en}"
    zh_help: ClassVar[str] = "类型：boolean、number、string、date、record、list of …，或取值列表如 [初级, 中级]"
    en_help: ClassVar[str] = "types: boolean, number, string, date, record, list of ..., or a list of values as [junior, senior]"

    reason_zh: str
    reason_en: str


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    UnknownFact,
    WrongFactType,
    ValueNotInList,
    InvalidDate,
    InvalidNumber,
    NumberOutOfRange,
    NotWholeNumber,
    TextForm,
    ContradictoryFacts,
    InvalidCreditCode,
    InvalidIdentityNumber,
    InvalidDivisionCode,
    InvalidJson,
    UnknownMember,
    MissingFact,
    FactRefused,
    FactExists,
    FactPathThroughValue,
    BadFactName,
    BadFactDeclaration,
)
"""Every diagnostic of this package, in order of code."""
