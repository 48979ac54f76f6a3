"""What can be wrong with how a pack is written: DTE301 to DTE313. Each docstring is the diagnostic's page in the documentation."""

from __future__ import annotations

from dataclasses import dataclass

from dte_rules.source.diagnostic import Diagnostic, Lang


@dataclass(frozen=True, kw_only=True)
class Suggesting(Diagnostic):
    """The base of diagnostics about a name that may be misspelt; the help begins with the name that was probably meant."""

    nearest: str | None = None

    def help(self, lang: Lang = "en") -> str:
        """The nearest name, where there is one, then what else to do."""
        rest = super().help(lang)
        if self.nearest is None:
            return rest
        return f"是否想写 `{self.nearest}`？{rest}" if lang == "zh" else f"did you mean `{self.nearest}`? {rest}".rstrip()


@dataclass(frozen=True, kw_only=True)
class UnknownPack(Suggesting):
    """There is no pack of that name.

    A pack is named by its file: ``extends: zhejiang`` looks for ``zhejiang.yaml`` in the folder of packs, ``uses: [national]``
    for ``national.yaml`` in its folder ``lib``, and after that among the libraries that ship with dte-rules. Nothing outside
    these folders is read.
    """

    code = "DTE301"
    zh = "找不到规则包 `{name}`"
    en = "there is no pack `{name}`"
    zh_help = "可用的有：{available}"
    en_help = "there are: {available}"
    name: str
    available: str


@dataclass(frozen=True, kw_only=True)
class NameNotFile(Diagnostic):
    """A pack's name differs from its file's.

    Other packs find a pack by its file, and reports name it by ``pack``; the two must agree. Rename one of them.
    """

    code = "DTE302"
    zh = "规则包名称 `{name}` 与文件名 `{stem}.yaml` 不一致"
    en = "the pack is named `{name}`, but its file `{stem}.yaml`"
    zh_help = "写成 `pack: {stem}`，或者把文件改名为 `{name}.yaml`"
    en_help = "write `pack: {stem}`, or rename the file to `{name}.yaml`"
    name: str
    stem: str


@dataclass(frozen=True, kw_only=True)
class PackTwice(Diagnostic):
    """A folder of packs and its folder ``lib`` have a pack of the same name.

    Reports would not tell the two apart. Rename one of them.
    """

    code = "DTE303"
    zh = "规则包 `{name}` 同时见于 `{first}` 和 `{second}`"
    en = "the pack `{name}` stands both in `{first}` and in `{second}`"
    zh_help = "将其中一个改名"
    en_help = "rename one of the two"
    name: str
    first: str
    second: str


@dataclass(frozen=True, kw_only=True)
class CyclicExtends(Diagnostic):
    """Packs take each other in, in a circle.

    A pack can't inherit from itself, directly or by way of others. Remove one of the ``extends`` or ``uses`` named in the
    message.
    """

    code = "DTE304"
    zh = "规则包循环引用：{path}"
    en = "packs take each other in, in a circle: {path}"
    zh_help = "删除其中一处 `extends` 或 `uses`"
    en_help = "remove one of the `extends` or `uses` on the way"
    path: str


@dataclass(frozen=True, kw_only=True)
class UnknownKey(Suggesting):
    """A key that has no meaning in this place.

    It is misspelt, or it stands at the wrong level: check the indentation. Nothing is ignored in silence, because a condition
    under a misspelt key would be a condition that nobody checks.
    """

    code = "DTE305"
    zh = "这里不能有键 `{key}`"
    en = "the key `{key}` has no meaning here"
    zh_help = "这里可用的键：{allowed}"
    en_help = "the keys here are: {allowed}"
    key: str
    allowed: str


@dataclass(frozen=True, kw_only=True)
class MissingKey(Diagnostic):
    """A key that is required is missing.

    Add it below the key that the message points at.
    """

    code = "DTE306"
    zh = "缺少 `{key}`"
    en = "`{key}` is missing"
    zh_help = "在这里补上 `{key}: …`"
    en_help = "add `{key}: …` here"
    key: str


@dataclass(frozen=True, kw_only=True)
class WrongType(Diagnostic):
    """A value of the wrong kind: a number where text belongs, a text where ``true`` or ``false`` belongs, one value for a list.

    Only ``true`` and ``false`` are truth values, so ``no``, ``yes``, ``是`` and ``否`` are texts. A number or a date that is meant
    as text (a version, a region's code) goes in quotes; a date that is meant as a date does not.
    """

    code = "DTE307"
    zh = "这里应当是{expected_zh}，而不是{found_zh}"
    en = "{expected_en} is expected here, not {found_en}"
    zh_help = "{hint_zh}"
    en_help = "{hint_en}"
    expected_zh: str
    expected_en: str
    found_zh: str
    found_en: str
    hint_zh: str = ""
    hint_en: str = ""


@dataclass(frozen=True, kw_only=True)
class EmptyValue(Diagnostic):
    """A text, list or mapping is empty where at least one thing is needed.

    Fill it, or delete the key.
    """

    code = "DTE308"
    zh = "`{key}` 不能为空"
    en = "`{key}` must not be empty"
    zh_help = "补上内容，或者删除这个键"
    en_help = "fill it, or delete the key"
    key: str


@dataclass(frozen=True, kw_only=True)
class BadName(Diagnostic):
    """A name has a form that names can't have.

    The names of items stand in FEEL expressions: they begin with a letter, a Chinese character or ``_``, and go on with these and
    digits; a hyphen would be read as a minus. A source's id may have hyphens and dots, but no spaces. A pack's name has small
    letters, digits, ``_`` and ``-``, a year has four digits.
    """

    code = "DTE309"
    zh = "`{name}` 不能用作名称"
    en = "`{name}` can't be used as a name here"
    zh_help = "{rule_zh}"
    en_help = "{rule_en}"
    name: str
    rule_zh: str
    rule_en: str


@dataclass(frozen=True, kw_only=True)
class NotOneOf(Suggesting):
    """A value that is none of the few allowed here, as another modality than there are.

    Write one of those that the help lists.
    """

    code = "DTE310"
    zh = "`{key}` 的值 `{value}` 不在可选范围内"
    en = "`{value}` is no value that `{key}` can have"
    zh_help = "可选值：{allowed}"
    en_help = "one of {allowed}"
    key: str
    value: str
    allowed: str


@dataclass(frozen=True, kw_only=True)
class UnknownHitPolicy(Suggesting):
    """A table's ``hit`` is no hit policy.

    The policy says what holds where several rows match. ``unique``: there can't be several. ``any``: they must agree. ``first``: the
    first in order. ``priority``: the one whose output stands first in ``priorities``. ``collect``: the list of all, or with
    ``sum``, ``min``, ``max``, ``count`` what is made of it.
    """

    code = "DTE311"
    zh = "没有命中策略 `{value}`"
    en = "there is no hit policy `{value}`"
    zh_help = "可选：{allowed}"
    en_help = "one of {allowed}"
    value: str
    allowed: str


@dataclass(frozen=True, kw_only=True)
class KeysDisagree(Diagnostic):
    """Keys that exclude each other stand side by side, or none of those that are needed is there.

    A condition is either a formula (``when``) or a group (``all``, ``any`` or ``none``); a term has either ``is`` or ``rules``;
    a delegation has at most one of ``when`` and ``unless``; ``otherwise`` belongs to a term's ``rules``, ``priorities`` to a table's
    ``hit: priority``.
    """

    code = "DTE312"
    zh = "{problem_zh}"
    en = "{problem_en}"
    zh_help = "{hint_zh}"
    en_help = "{hint_en}"
    problem_zh: str
    problem_en: str
    hint_zh: str
    hint_en: str


@dataclass(frozen=True, kw_only=True)
class RowLength(Diagnostic):
    """A row has more or fewer cells than its table has columns.

    A row has one cell for each input and then one for each output. Where any value will do, write ``-``. The same holds for
    ``otherwise``, which has one cell for each output.
    """

    code = "DTE313"
    zh = "这里有 {found} 个单元格，应当有 {wanted} 个"
    en = "there are {found} cells here, and there should be {wanted}"
    zh_help = "每个输入列、输出列各一格：{columns}；任意值写 `-`"
    en_help = "one cell for each column: {columns}; write `-` where any value will do"
    found: int
    wanted: int
    columns: str


FORM: tuple[type[Diagnostic], ...] = (
    UnknownPack,
    NameNotFile,
    PackTwice,
    CyclicExtends,
    UnknownKey,
    MissingKey,
    WrongType,
    EmptyValue,
    BadName,
    NotOneOf,
    UnknownHitPolicy,
    KeysDisagree,
    RowLength,
)
