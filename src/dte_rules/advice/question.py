"""Questions to a person: of what kind the answer is, and how it is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Literal

from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, Enum, ListOf, Record
from dte_rules.source.diagnostic import Lang
from dte_rules.vocabulary import Constraint, Vocabulary
from dte_rules.vocabulary.meaning import UNCONSTRAINED

AnswerKind = Literal["boolean", "choice", "date", "number", "text", "count", "list"]
MOST_MEMBERS = 50
"""How many members a list can be said to have."""

YES = frozenset(["y", "yes", "true", "是", "有", "对", "1"])
NO = frozenset(["n", "no", "false", "否", "不", "不是", "没有", "无", "0"])
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_SEPARATORS = re.compile(r"[,，、;；\n]")

EXAMPLES: Mapping[str, str] = MappingProxyType({"division_code": "330700", "credit_code": "91330701MA2XXXXX0X"})


class NoAnswer(ValueError):
    """A text that is no answer to a question; it says in both languages what one looks like."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en

    def text(self, lang: Lang) -> str:
        """What an answer looks like."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True)
class Question:
    """A question for the value of a fact. ``count`` asks how many members a list has, ``list`` for a list of single values."""

    path: str
    kind: AnswerKind
    zh: str
    en: str
    choices: tuple[str, ...] = ()
    constraint: Constraint = UNCONSTRAINED

    @classmethod
    def about(cls, path: str, vocabulary: Vocabulary) -> Question:
        """The question for a fact's path.

        Raises:
            KeyError: for a path that the vocabulary does not have, or that is a whole record.
        """
        type_ = vocabulary.type_at(path)
        zh, en = vocabulary.question(path, "zh"), vocabulary.question(path, "en")
        constraint = vocabulary.constraints.get(re.sub(r"\[\d+\]", "", path), UNCONSTRAINED)
        if isinstance(type_, Record) or type_ is None:
            raise KeyError(path)
        if isinstance(type_, ListOf):
            if isinstance(type_.element, Record):
                return cls(path, "count", f"{zh}共有几项？", f"{en} How many are there?")
            return cls(path, "list", zh, en, type_.element.values if isinstance(type_.element, Enum) else (), constraint)
        if isinstance(type_, Enum):
            return cls(path, "choice", zh, en, type_.values)
        kinds: dict[Any, AnswerKind] = {BOOLEAN: "boolean", NUMBER: "number", DATE: "date"}
        return cls(path, kinds.get(type_, "text"), zh, en, (), constraint)

    def text(self, lang: Lang) -> str:
        """The question in words."""
        return self.zh if lang == "zh" else self.en

    def form(self, lang: Lang) -> str:
        """What an answer looks like."""
        zh = lang == "zh"
        match self.kind:
            case "boolean":
                return "是 / 否" if zh else "yes / no"
            case "choice":
                return "填序号" if zh else "a number from the list"
            case "date":
                return "日期，如 2024-09-02" if zh else "a day, as 2024-09-02"
            case "count":
                return "填数目，没有则填 0" if zh else "how many; 0 for none"
            case "number":
                return self._bounds(lang)
            case "list":
                of = ("（" if zh else " of ") + " | ".join(self.choices) + ("）" if zh else "") if self.choices else ""
                return f"以逗号分隔{of}，没有则填 -" if zh else f"a list{of}, parted by commas; - for none"
        example = EXAMPLES.get(self.constraint.format or "")
        if self.constraint.format == "division_code":
            return f"六位行政区划代码，如 {example}（金华市）" if zh else f"a division code of six digits, as {example} (Jinhua)"
        if self.constraint.format is not None:
            known = f"，如 {example}" if zh and example else f", as {example}" if example else ""
            return f"号码{known}" if zh else f"its number{known}"
        return "文字" if zh else "a text"

    def _bounds(self, lang: Lang) -> str:
        low = self.constraint.ge if self.constraint.ge is not None else self.constraint.gt
        high = self.constraint.le if self.constraint.le is not None else self.constraint.lt
        if lang == "zh":
            return ("整数" if self.constraint.whole else "数") + (
                f"，{low} 至 {high}" if low is not None and high is not None else f"，不小于 {low}" if low is not None else ""
            )
        return ("a whole number" if self.constraint.whole else "a number") + (
            f" from {low} to {high}" if low is not None and high is not None else f", at least {low}" if low is not None else ""
        )

    def read(self, text: str) -> Any:
        """The value that a text says.

        Raises:
            NoAnswer: where it says none.
        """
        free = self.kind in ("text", "list") and self.constraint.format is None  # a name is taken as it is written
        return _READERS[self.kind](self, (text if free else unicodedata.normalize("NFKC", text)).strip())


def _boolean(question: Question, text: str) -> bool:
    if text.lower() in YES | NO:
        return text.lower() in YES
    raise NoAnswer("请回答“是”或“否”", "answer yes or no")


def _choice(question: Question, text: str) -> str:
    if text in question.choices:
        return text
    if text.isascii() and text.isdigit() and 1 <= int(text) <= len(question.choices):
        return question.choices[int(text) - 1]
    raise NoAnswer(f"请填 1 至 {len(question.choices)} 的序号", f"give a number from 1 to {len(question.choices)}")


def _date(question: Question, text: str) -> date:
    found = _DAY.fullmatch(text) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise NoAnswer("没有这一天，请再看一遍", "there is no such day; look again") from None
    raise NoAnswer("请填日期，如 2024-09-02", "give a day, as 2024-09-02")


def _number(question: Question, text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise NoAnswer(f"请填{question.form('zh')}", f"give {question.form('en')}")
    return number


def _count(question: Question, text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= MOST_MEMBERS:
        return int(text)
    raise NoAnswer(f"请填 0 至 {MOST_MEMBERS} 的数目", f"give a number from 0 to {MOST_MEMBERS}")


def _text(question: Question, text: str) -> str:
    if not text:
        raise NoAnswer("请填写，不清楚则答“不知道”", "give an answer, or say that you don't know")
    return text


def _list(question: Question, text: str) -> list[str]:
    if text in ("-", "无", "没有", "none"):
        return []
    parts = [part.strip() for part in _SEPARATORS.split(text) if part.strip()]
    if not parts:
        raise NoAnswer(f"请填写：{question.form('zh')}", f"give {question.form('en')}")
    return [_choice(question, part) for part in parts] if question.choices else parts


_READERS: Mapping[AnswerKind, Callable[[Question, str], Any]] = MappingProxyType(
    {"boolean": _boolean, "choice": _choice, "date": _date, "number": _number, "text": _text, "count": _count, "list": _list}
)
