"""What can be wrong with what a pack says of documents, days, readings and inheritance: DTE321 to DTE340.

Each docstring is the diagnostic's page in the documentation.
"""

from __future__ import annotations

from dataclasses import dataclass

from dte_rules.pack.diagnostics_form import Suggesting
from dte_rules.source.diagnostic import Diagnostic, Lang


@dataclass(frozen=True, kw_only=True)
class MissingCitation(Diagnostic):
    """A rule names no clause that it rests on.

    Every rule cites a document and a clause, so that a decision can be checked against the text. A member of a group may rest on the
    group's clause, a row on its table's, a term's rule on its term's, a grant on its decision's; an override always names its own.
    """

    code = "DTE321"
    zh = "`{item}` 没有写明依据"
    en = "`{item}` names no clause that it rests on"
    zh_help = "补上 `cite: <文件> <条款>`，例如 `cite: zj-2023-36 四（四）`"
    en_help = "add `cite: <document> <clause>`, such as `cite: zj-2023-36 四（四）`"
    item: str


@dataclass(frozen=True, kw_only=True)
class UnknownSource(Suggesting):
    """A citation begins with a document that is not among the sources.

    A citation is a source's id, a space, and the clause. Sources stand under ``sources``, in the pack, in the one that it extends,
    or in a library that it uses.
    """

    code = "DTE322"
    zh = "依据中的文件 `{source}` 没有列入 `sources`"
    en = "the citation's document `{source}` is not among the sources"
    zh_help = "依据写成“文件编号 空格 条款”；文件列在 `sources` 下"
    en_help = "a citation is a source's id, a space, and the clause; documents are listed under `sources`"
    source: str


@dataclass(frozen=True, kw_only=True)
class CitationWithoutClause(Diagnostic):
    """A citation names a document but no clause of it.

    Add the clause after a space. Where the whole document is meant, say so: ``zj-2023-36 全文``.
    """

    code = "DTE323"
    zh = "依据 `{cite}` 没有写明条款"
    en = "the citation `{cite}` names no clause"
    zh_help = "在空格后写明条款，例如 `{cite} 四（四）`；指整份文件时写 `{cite} 全文`"
    en_help = "add the clause after a space, such as `{cite} 四（四）`; where the whole document is meant, `{cite} 全文`"
    cite: str


@dataclass(frozen=True, kw_only=True)
class EmptyPeriod(Diagnostic):
    """A period ends before it begins, or on the same day.

    ``to`` is the first day on which a rule is no longer in force, so it comes after ``from``. A holiday's ``through`` is its last
    day, and may be the same as ``from``.
    """

    code = "DTE324"
    zh = "期间自 {start} 起至 {end} 止，不包含任何一天"
    en = "the period from {start} to {end} has no day in it"
    zh_help = "检查 `from` 和 `to`：`to` 是不再施行的第一天，应当晚于 `from`"
    en_help = "check `from` and `to`: `to` is the first day no longer in force, so it comes after `from`"
    start: str
    end: str


@dataclass(frozen=True, kw_only=True)
class NeverInForce(Diagnostic):
    """The documents that a rule cites are never in force together.

    A rule without a period of its own is in force while all the documents that it cites are. Give it its own ``in_force``, or cite
    only what it rests on.
    """

    code = "DTE325"
    zh = "`{item}` 所依据的文件没有同时施行的日子：{sources}"
    en = "the documents that `{item}` cites are never in force on the same day: {sources}"
    zh_help = "用 `in_force` 写明它自己的施行期间，或者只引用真正的依据"
    en_help = "give it a period of its own with `in_force`, or cite only the document it rests on"
    item: str
    sources: str


@dataclass(frozen=True, kw_only=True)
class ParameterDates(Diagnostic):
    """The values of a parameter don't follow each other in time.

    They stand in the order of their first days; each holds until the next begins. Every value but the first needs ``from``. Where a
    value has ``to``, it must be the day on which the next begins; after the last value's ``to`` the parameter is unknown. A first value
    without ``from`` holds from its document's first day on, and no value holds outside of the parameter's own ``in_force``. A name
    within a nested value is a single value at all times, or a mapping at all times.
    """

    code = "DTE326"
    zh = "{problem_zh}"
    en = "{problem_en}"
    zh_help = "按起始日从早到晚排列各值，每个值到下一个值的起始日为止"
    en_help = "list the values from the earliest to the latest; each holds until the first day of the next"
    problem_zh: str
    problem_en: str


@dataclass(frozen=True, kw_only=True)
class FewReadings(Diagnostic):
    """An interpretation has fewer than two readings.

    A clause that can be read in one way only is no question of interpretation. Add the other reading, or delete the item.
    """

    code = "DTE327"
    zh = "解释口径 `{item}` 至少要有两种读法"
    en = "the interpretation `{item}` needs at least two readings"
    zh_help = "在 `readings` 下补上另一种读法；第一种是默认的"
    en_help = "add the other reading under `readings`; the first is the default"
    item: str


@dataclass(frozen=True, kw_only=True)
class UnknownInterpretation(Suggesting):
    """``under`` names an interpretation that the pack does not have.

    Interpretations stand under ``interpretations``, in the pack, in the one that it extends, or in a library.
    """

    code = "DTE328"
    zh = "没有解释口径 `{name}`"
    en = "there is no interpretation `{name}`"
    zh_help = "解释口径列在 `interpretations` 下"
    en_help = "interpretations are listed under `interpretations`"
    name: str


@dataclass(frozen=True, kw_only=True)
class UnknownReading(Suggesting):
    """``under`` names a reading that its interpretation does not have.

    Write one of the readings listed, or add the reading to the interpretation.
    """

    code = "DTE329"
    zh = "解释口径 `{interpretation}` 没有读法 `{reading}`"
    en = "the interpretation `{interpretation}` has no reading `{reading}`"
    zh_help = "可选：{allowed}"
    en_help = "one of {allowed}"
    interpretation: str
    reading: str
    allowed: str


@dataclass(frozen=True, kw_only=True)
class NameClash(Diagnostic):
    """Two items have one name.

    Parameters, interpretations, open points, terms and tables are all named in FEEL by their bare id, so an id can stand for only one
    of them. Functions have names of their own, since a call is always written with brackets. Rename one of the two.
    """

    code = "DTE330"
    zh = "名称 `{name}` 已用于 {place} 的 `{path}`"
    en = "the name `{name}` is taken by `{path}` at {place}"
    zh_help = "将其中一个改名：表达式中同一名称只能指一样东西"
    en_help = "rename one of the two: in expressions a name can stand for only one thing"
    name: str
    path: str
    place: str


@dataclass(frozen=True, kw_only=True)
class SilentShadowing(Diagnostic):
    """A pack gives an item that it inherits already.

    Nothing inherited is replaced in silence. To replace it, move it under ``overrides`` with its dotted path, where it names the
    clause that changes the law; the inherited rule stands until that document takes effect. To add something of its own, give it
    another id.
    """

    code = "DTE331"
    zh = "`{path}` 已经继承自 {place}，不能在这里重新定义"
    en = "`{path}` is inherited from {place} already, and can't be defined again here"
    zh_help = "要替换它，请写在 `overrides` 下：`{target}: {{cite: …}}`；要新增，请换一个名称"
    en_help = "to replace it, write it under `overrides`: `{target}: {{cite: …}}`; to add something new, give it another name"
    path: str
    target: str
    place: str

    def help(self, lang: Lang = "en") -> str:
        """What to do; documents, facts, targets and registers are never replaced."""
        if not self.target.startswith(("sources.", "facts.", "targets.", "clauses.")):
            return super().help(lang)
        return "直接使用所继承的，或者换一个名称" if lang == "zh" else "use what is inherited, or choose another name"


@dataclass(frozen=True, kw_only=True)
class UnknownOverride(Suggesting):
    """An override's path leads to nothing that the pack inherits.

    The path is the dotted one of an inherited item, as ``decisions.training_subsidy.requires.hours``, ``terms.claim_deadline``,
    ``parameters.yearly_cap``, or of a group's member, as ``decisions.training_subsidy.requires.claim_place.household``. What the
    pack defines itself is changed where it stands.
    """

    code = "DTE332"
    zh = "没有可供替换的继承内容 `{path}`"
    en = "nothing that could be overridden is inherited as `{path}`"
    zh_help = "写出所继承内容的完整路径，例如 `decisions.<判定>.requires.<条件>`"
    en_help = "write the whole path of an inherited item, such as `decisions.<decision>.requires.<condition>`"
    path: str


@dataclass(frozen=True, kw_only=True)
class OverrideWithin(Diagnostic):
    """A pack overrides an item, and also a part of it.

    The replacement stands in place of the item with all its parts, so the second override would have nothing to act upon. Make the
    change in the replacement.
    """

    code = "DTE333"
    zh = "`{path}` 属于 `{outer}`，后者在本规则包中已被整体替换"
    en = "`{path}` is a part of `{outer}`, which this pack overrides as a whole"
    zh_help = "把改动写进 `{outer}` 的替换内容"
    en_help = "make the change in what replaces `{outer}`"
    path: str
    outer: str


@dataclass(frozen=True, kw_only=True)
class YearTwice(Diagnostic):
    """Two calendars have the same year.

    A year's holidays come from one notice. Delete one of the two; calendars of different years are put together.
    """

    code = "DTE334"
    zh = "{year} 年的放假安排已见于 {place}"
    en = "the holidays of {year} stand at {place} already"
    zh_help = "同一年度只能有一份通知，删除其中一处"
    en_help = "a year has one notice; delete one of the two"
    year: str
    place: str


@dataclass(frozen=True, kw_only=True)
class CalendarDay(Diagnostic):
    """A day in a calendar can't be what it is listed as.

    Days off and days worked instead lie in the year under which they stand; a holiday's ``through`` is no earlier than its ``from``;
    a day worked instead is a Saturday or Sunday, and no day off. Compare the notice.
    """

    code = "DTE335"
    zh = "{day} {problem_zh}"
    en = "{day} {problem_en}"
    zh_help = "与通知核对"
    en_help = "compare the notice"
    day: str
    problem_zh: str
    problem_en: str


@dataclass(frozen=True, kw_only=True)
class UnknownException(Suggesting):
    """``except`` names a rule that the term does not have.

    It lists the ids of rules of the same term, those that this rule is an exception to.
    """

    code = "DTE336"
    zh = "`{term}` 没有规则 `{rule}`"
    en = "`{term}` has no rule `{rule}`"
    zh_help = "`except` 列出同一推导事实的其他规则：{allowed}"
    en_help = "`except` lists other rules of the same term: {allowed}"
    term: str
    rule: str
    allowed: str


@dataclass(frozen=True, kw_only=True)
class ExceptionCircle(Diagnostic):
    """Rules of a term are exceptions to each other, in a circle.

    None of them could ever be decided. Remove one of the ``except``.
    """

    code = "DTE337"
    zh = "例外互相循环：{path}"
    en = "the exceptions run in a circle: {path}"
    zh_help = "删除其中一处 `except`"
    en_help = "remove one of the `except`"
    path: str


@dataclass(frozen=True, kw_only=True)
class RowTwice(Diagnostic):
    """Two rows of a table have one id.

    A row without an ``id`` has its number in the table. Rename one of them, or leave the id out.
    """

    code = "DTE338"
    zh = "表中已有名为 `{row}` 的行"
    en = "the table has a row `{row}` already"
    zh_help = "换一个名称，或者省略 `id`（默认为行号）"
    en_help = "choose another id, or leave it out: it is the row's number then"
    row: str


@dataclass(frozen=True, kw_only=True)
class ReadingStillUsed(Diagnostic):
    """An override takes away a reading under which an inherited rule stands.

    The rule would never stand again. Keep the reading, or override the rule too.
    """

    code = "DTE339"
    zh = "替换后的 `{interpretation}` 没有读法 `{reading}`，而 `{item}` 仍以它为前提"
    en = "`{interpretation}` loses the reading `{reading}`, under which `{item}` stands"
    zh_help = "保留这种读法，或者一并替换 `{item}`"
    en_help = "keep the reading, or override `{item}` too"
    interpretation: str
    reading: str
    item: str


@dataclass(frozen=True, kw_only=True)
class NothingToOverride(Diagnostic):
    """On none of an override's days is there anything left to override.

    The inherited item's period ends before the override's first day, or begins after its last. Check the days of the documents;
    to add a rule for later days, give it an id of its own.
    """

    code = "DTE340"
    zh = "`{path}` 在替换生效的日子里已不施行"
    en = "on the days of this override, `{path}` is not in force anyway"
    zh_help = "核对文件的施行期间；新增规则请用新的名称"
    en_help = "check the documents' days in force; to add a rule for other days, give it an id of its own"
    path: str


LAW: tuple[type[Diagnostic], ...] = (
    MissingCitation,
    UnknownSource,
    CitationWithoutClause,
    EmptyPeriod,
    NeverInForce,
    ParameterDates,
    FewReadings,
    UnknownInterpretation,
    UnknownReading,
    NameClash,
    SilentShadowing,
    UnknownOverride,
    OverrideWithin,
    YearTwice,
    CalendarDay,
    UnknownException,
    ExceptionCircle,
    RowTwice,
    ReadingStillUsed,
    NothingToOverride,
)
