"""What can be wrong with a case file: codes DTE605 to DTE614. No value of a fact stands in any of them."""

from __future__ import annotations

from dataclasses import dataclass

from dte_rules.source.diagnostic import Diagnostic, Lang


@dataclass(frozen=True, kw_only=True)
class NotCases(Diagnostic):
    """A case file that holds no cases where they should stand.

    A case file is a mapping with `cases`, a list of cases, or a single case.
    """

    code = "DTE605"
    zh = "`cases` 应为案例的列表"
    en = "`cases` must be a list of cases"
    zh_help = "每个案例以 `- id: …` 开始"
    en_help = "begin each case with `- id: ...`"


@dataclass(frozen=True, kw_only=True)
class MissingCases(Diagnostic):
    """A mapping that has neither `cases` nor any key of a case."""

    code = "DTE606"
    zh = "这里没有案例：缺少 `cases`"
    en = "there are no cases here: `cases` is missing"
    zh_help = "案例文件是含 `cases` 的映射、案例的列表，或单个案例"
    en_help = "a case file is a mapping with `cases`, a list of cases, or a single case"


@dataclass(frozen=True, kw_only=True)
class CaseNotMapping(Diagnostic):
    """A case that is not made of keys and values."""

    code = "DTE607"
    zh = "第 {number} 个案例应为映射（若干键值对）"
    en = "case no. {number} must be a mapping"
    zh_help = "写成 `- id: …`，下面依次写 region、decision、as_of、facts"
    en_help = "write `- id: ...` and below it region, decision, as_of and facts"
    number: int


@dataclass(frozen=True, kw_only=True)
class UnknownCaseKey(Diagnostic):
    """A key that a case file does not have at this place, often a slip of the pen.

    Keys are never ignored: a misspelt one would leave out what was meant.
    """

    code = "DTE608"
    zh = "{where_zh}没有键 `{key}`"
    en = "{where_en} has no key `{key}`"
    zh_help = "可用的键：{known}"
    en_help = "its keys: {known}"
    key: str
    where_zh: str = "案例"
    where_en: str = "a case"
    known: str = ""
    nearest: str | None = None

    def help(self, lang: Lang = "en") -> str:
        """The nearest key where there is one, else those there are."""
        if self.nearest is None:
            return super().help(lang)
        return f"是否想写 `{self.nearest}`？" if lang == "zh" else f"did you mean `{self.nearest}`?"


@dataclass(frozen=True, kw_only=True)
class MissingCaseKey(Diagnostic):
    """A case without its `id`, `region`, `decision` or `as_of`. All but `id` may also stand in the file's `defaults`."""

    code = "DTE609"
    zh = "案例缺少 `{key}`"
    en = "the case lacks `{key}`"
    zh_help = "{hint_zh}"
    en_help = "{hint_en}"
    key: str
    hint_zh: str = ""
    hint_en: str = ""


@dataclass(frozen=True, kw_only=True)
class DuplicateCaseId(Diagnostic):
    """Two cases of one file have the same `id`, so that what is said of one could be taken for the other's."""

    code = "DTE610"
    zh = "案例标识 `{id}` 已在第 {first_line} 行用过"
    en = "the case id `{id}` is used already in line {first_line}"
    zh_help = "请为每个案例取不同的 `id`"
    en_help = "give each case an `id` of its own"
    id: str
    first_line: int


@dataclass(frozen=True, kw_only=True)
class WrongCaseValue(Diagnostic):
    """A value of another type than the key of the case file takes. Nothing is converted in silence."""

    code = "DTE611"
    zh = "`{path}` 应为{expected_zh}"
    en = "`{path}` must be {expected_en}"
    zh_help = "{hint_zh}"
    en_help = "{hint_en}"
    path: str
    expected_zh: str
    expected_en: str
    hint_zh: str = ""
    hint_en: str = ""


@dataclass(frozen=True, kw_only=True)
class NoSuchDay(Diagnostic):
    """A value that names no day where a day is asked for. A day is written YYYY-MM-DD, without a time."""

    code = "DTE612"
    zh = "`{path}` 应为日期（年-月-日）"
    en = "`{path}` must be a date (YYYY-MM-DD)"
    zh_help = "{hint_zh}"
    en_help = "{hint_en}"
    path: str
    hint_zh: str = "如 2024-09-02"
    hint_en: str = "as 2024-09-02"


@dataclass(frozen=True, kw_only=True)
class UnknownVerdict(Diagnostic):
    """An expected verdict that no decision can have."""

    code = "DTE613"
    zh = "没有判定结论 `{name}`"
    en = "there is no verdict `{name}`"
    zh_help = "可用的结论：{known}"
    en_help = "one of {known}"
    name: str
    known: str
    nearest: str | None = None

    def help(self, lang: Lang = "en") -> str:
        """The nearest verdict where there is one, and those there are."""
        rest = super().help(lang)
        if self.nearest is None:
            return rest
        return f"是否想写 `{self.nearest}`？{rest}" if lang == "zh" else f"did you mean `{self.nearest}`? {rest}"


@dataclass(frozen=True, kw_only=True)
class UnexpectedName(Diagnostic):
    """`exactly` names something that can't be compared as a whole list."""

    code = "DTE614"
    zh = "`{path}` 不能是 `{name}`"
    en = "`{path}` can't name `{name}`"
    zh_help = "可写：{known}"
    en_help = "one of {known}"
    path: str
    name: str
    known: str
