"""What can be wrong with a file of properties: codes DTE851 and on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dte_rules.pack.diagnostics_form import Suggesting
from dte_rules.source.diagnostic import Diagnostic


@dataclass(frozen=True, kw_only=True)
class UnknownCase(Suggesting):
    """A case of a property is said to be ``like`` one that does not stand before it.

    A case is like the one before it unless ``like`` names another of those that stand above. The first case is like none.
    """

    code = "DTE851"
    zh = "前面没有名为 `{name}` 的情形"
    en = "no case named `{name}` stands before this one"
    zh_help = "前面的情形：{known}"
    en_help = "the cases before it: {known}"
    name: str
    known: str


@dataclass(frozen=True, kw_only=True)
class NotAFact(Suggesting):
    """A property names a fact that the packs it asks do not have.

    ``differs_in``, ``rises_in``, ``adds_to`` and ``facts`` take paths of facts, as ``training.hours_completed``; the first two
    take ``as_of`` too. In the first three a path stands for that fact in every member of the lists on its way.
    """

    code = "DTE852"
    zh = "没有事实 `{name}`"
    en = "there is no fact `{name}`"
    zh_help = "事实见词汇表"
    en_help = "the facts are those of the vocabulary"
    name: str


@dataclass(frozen=True, kw_only=True)
class CantVary(Diagnostic):
    """A fact can't differ in the way that the property says.

    ``rises_in`` is for numbers, days, truth values (false, then true) and closed lists of words, which rise in the order in which the
    vocabulary has them. ``adds_to`` is for lists.
    """

    code = "DTE853"
    zh = "`{name}` 不能写在 `{key}` 之下：{why_zh}"
    en = "`{name}` can't stand under `{key}`: {why_en}"
    zh_help = "改用 `differs_in`，并在 `given` 中写明关系"
    en_help = "use `differs_in`, and say in `given` how the two are related"
    name: str
    key: str
    why_zh: str
    why_en: str


@dataclass(frozen=True, kw_only=True)
class NothingOpen(Suggesting):
    """Under ``open`` stands a name that is neither an interpretation nor an open point of the packs that the property asks.

    An open point must be a truth value, so that both answers can be tried. What no pack speaks of goes under ``unsaid``.
    """

    code = "DTE854"
    zh = "所涉规则包没有名为 `{name}` 的解释口径或未决事项"
    en = "the packs asked have no interpretation or open point `{name}`"
    zh_help = "规则包未提及之处写在 `unsaid` 之下"
    en_help = "what no pack speaks of goes under `unsaid`"
    name: str


@dataclass(frozen=True, kw_only=True)
class PropertyTwice(Diagnostic):
    """Two properties of a file have the same id.

    Reports and ``--id`` would not tell the two apart. Rename one of them; parts of one question are written ``P4.rank``, ``P4.effect``.
    """

    code = "DTE855"
    zh = "标识 `{id}` 已用于第 {first} 行的命题"
    en = "the id `{id}` is that of the property in line {first} already"
    zh_help = "换一个标识"
    en_help = "give it another id"
    id: str
    first: int


@dataclass(frozen=True, kw_only=True)
class KeyMissesPoint(Diagnostic):
    """The keys of a property don't go together, or one that its form needs is missing.

    A property has ``cases``, or one ``history``, or ``cases`` with ``each``. Cases of ``each`` are decided one by one, so they say their
    facts, and can't leave any to differ; the day for which they are asked is given. Only a property whose facts may be unknown has
    a case that knows more.
    """

    code = "DTE856"
    zh = "命题的写法不成立：{problem_zh}"
    en = "the property can't be put so: {problem_en}"
    zh_help = "{hint_zh}"
    en_help = "{hint_en}"
    problem_zh: str
    problem_en: str
    hint_zh: str = ""
    hint_en: str = ""


@dataclass(frozen=True, kw_only=True)
class UnknownProperty(Suggesting):
    """``--id`` names a property that the file does not have.

    The number before a point names all parts: ``--id P4`` means ``P4.rank`` and ``P4.effect``.
    """

    code = "DTE857"
    zh = "文件中没有命题 `{name}`"
    en = "the file has no property `{name}`"
    zh_help = "文件中的命题：{known}"
    en_help = "its properties: {known}"
    name: str
    known: str


@dataclass(frozen=True, kw_only=True)
class TooManyChoices(Diagnostic):
    """What a property leaves open, or lets vary one by one, has too many combinations.

    Every choice under ``open`` and ``unsaid`` is tried with every other, and every value under ``each`` is decided. Split the property.
    """

    code = "DTE858"
    zh = "组合过多：{count} 种，至多 {most} 种"
    en = "too many combinations: {count}, at most {most} are tried"
    zh_help = "将命题拆开"
    en_help = "split the property"
    count: int
    most: int


@dataclass(frozen=True, kw_only=True)
class ImpossibleFacts(Diagnostic):
    """A fact that a property gives has a value that the vocabulary does not allow, as a division code of three digits.

    It comes to light when the case is decided: the value may be worked out from the variables of ``each``.
    """

    code = "DTE859"
    zh = "命题 `{id}` 给出的事实 `{path}` 不可能是 `{value}`"
    en = "the property `{id}` gives the fact `{path}` a value that it can't have: `{value}`"
    zh_help = "可取的值见词汇表"
    en_help = "the vocabulary says which values it can have"
    id: str
    path: str
    value: str


def listed(names: Any) -> str:
    """Names in a message."""
    return ", ".join(f"`{name}`" for name in names) or "-"


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    UnknownCase,
    NotAFact,
    CantVary,
    NothingOpen,
    PropertyTwice,
    KeyMissesPoint,
    UnknownProperty,
    TooManyChoices,
    ImpossibleFacts,
)
