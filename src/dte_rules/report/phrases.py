"""The fixed words of reports, in Chinese and English: headings, verdicts, joints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from dte_rules.source.diagnostic import Lang

Pair = tuple[str, str]

VERDICTS: Mapping[str, Pair] = MappingProxyType(
    {
        "met": ("符合条件", "Met"),
        "not_met": ("不符合条件", "Not met"),
        "discretionary": ("尚须裁量决定", "At discretion"),
        "undetermined": ("尚不能判定", "Undetermined"),
    }
)
IN_ERROR: Pair = ("有误", "Error")

STYLES: Mapping[str, str] = MappingProxyType({"met": "green", "not_met": "red", "discretionary": "cyan", "undetermined": "yellow"})

HEADINGS: Mapping[str, Pair] = MappingProxyType(
    {
        "fails": ("不符合之处", "What fails"),
        "ask": ("需要询问", "To ask"),
        "unsettled": ("文件未定", "Not settled"),
        "enough": ("查清即可", "Enough"),
        "result": ("结果", "Result"),
        "would_be": ("如符合条件", "If met"),
        "dates": ("日期", "Dates"),
        "clauses": ("条款依据", "Clauses"),
        "read_as": ("采用口径", "Read as"),
        "otherwise": ("另一口径", "Read otherwise"),
    }
)

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def pick(pair: Pair, lang: Lang) -> str:
    """The text of the language."""
    return pair[0] if lang == "zh" else pair[1]


def verdict_word(verdict: str, lang: Lang) -> str:
    """A verdict by itself: 符合条件, Met."""
    return pick(VERDICTS.get(verdict, (verdict, verdict)), lang)


def verdict_within(verdict: str, lang: Lang) -> str:
    """A verdict within a sentence: 符合条件, met."""
    return verdict_word(verdict, lang).lower()


def amount_words(amount: Decimal, lang: Lang) -> str:
    """An amount of money, every digit of it: 3,900 元, CNY 3,900; fen where there are any."""
    number = f"{amount:f}"
    whole, _, fraction = number.partition(".")
    fraction = fraction.rstrip("0")
    digits = f"{int(whole):,}" + (f".{fraction.ljust(2, '0')}" if fraction else "")
    if whole.startswith("-") and not digits.startswith("-"):
        digits = f"-{digits}"
    return f"{digits} 元" if lang == "zh" else f"CNY {digits}"


def date_words(day: date, lang: Lang) -> str:
    """A day in full: 2025年6月10日, 10 June 2025."""
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def listing(words: Iterable[str], lang: Lang) -> str:
    """Words one after the other: 甲、乙, or a, b."""
    return ("、" if lang == "zh" else ", ").join(words)


def either(words: Iterable[str], lang: Lang) -> str:
    """One of the words: 甲或乙, a or b."""
    parts = list(words)
    if len(parts) < 2:
        return "".join(parts)
    return listing(parts[:-1], lang) + ("或" if lang == "zh" else " or ") + parts[-1]


def together(words: Iterable[str], lang: Lang) -> str:
    """All of the words: 甲和乙, a and b."""
    parts = list(words)
    if len(parts) < 2:
        return "".join(parts)
    return listing(parts[:-1], lang) + ("和" if lang == "zh" else " and ") + parts[-1]
