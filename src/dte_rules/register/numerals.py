"""The numbers in a Chinese text: 3300, 1万, 十六周岁, 1/2, 三次, 12个月, 5个工作日, 2026年4月3日."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from dte_rules.feel.values import Months

_SIGNS = ("零〇○", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_DIGITS = {sign: value for value, signs in enumerate(_SIGNS) for sign in signs}
_PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_CHINESE = "零〇○一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_PLAIN = r"\d[\d,]*(?:\.\d+)?"
_FRACTION = re.compile(r"(\d+)/(\d+)|([一二两三四五六七八九十百\d]+)分之([一二两三四五六七八九十百零\d]+)")
_NUMBER = re.compile(rf"({_PLAIN})([万亿千百]?)(%?)|([{_CHINESE}]+)")
_QUANTITY = re.compile(rf"({_PLAIN}|[{_CHINESE}]+|[每半])(个月|周?年|周岁|岁|个?工作日|日|天|个?季度)")
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_DAY = re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})日")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=年|[-—–~至])")
_BETWEEN = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_MONTHS = {"年": 12, "周年": 12, "周岁": 12, "岁": 12, "个月": 1, "季度": 3, "个季度": 3}


@dataclass(slots=True)
class Quantities:
    """What numbers a text has: numbers, lengths of time in months and in days, days, and years."""

    numbers: set[Decimal] = field(default_factory=set)
    months: set[Decimal] = field(default_factory=set)
    days: set[Decimal] = field(default_factory=set)
    dates: set[date] = field(default_factory=set)
    days_of_year: set[tuple[int, int]] = field(default_factory=set)
    years: set[int] = field(default_factory=set)

    def has(self, value: object) -> bool:
        """Whether the text has the value, in whatever form: 12 months is a year, the day after 2026 is the end of 2026."""
        match value:
            case date():
                return self._has_day(value)
            case Months(count=count):
                return Decimal(count) in self.months
            case timedelta():
                return Decimal(value.days) in self.days
            case Decimal():
                return value in self.numbers
            case _:
                return True

    def _has_day(self, day: date) -> bool:
        if day in self.dates or ((day.month, day.day) in self.days_of_year and day.year in self.years):
            return True
        last_day, first_day = (day.month, day.day) == (12, 31), (day.month, day.day) == (1, 1)
        return (last_day and day.year in self.years) or (first_day and day.year - 1 in self.years)


def quantities(text: str) -> Quantities:
    """All numbers of a text."""
    # blanks around Chinese signs are the printer's; those between two numbers of a table part them
    clean = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    found = Quantities()
    for year, month, day in _DATE.findall(clean):
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            found.days_of_year.add((int(month), int(day)))
            found.years.add(int(year))
            try:
                found.dates.add(date(int(year), int(month), int(day)))
            except ValueError:
                continue
    found.days_of_year |= {(int(month), int(day)) for month, day in _DAY.findall(clean)}
    found.years |= {int(year) for year in _YEAR.findall(clean)}
    # the numbers of a day count nothing, and a year is no length of time
    clean = _DAY.sub("某日", _DATE.sub("某日", clean))
    found.numbers |= _fractions(clean)
    for digits, unit, percent, chinese in _NUMBER.findall(clean):
        if chinese in ("百", "千", "万", "亿"):
            continue  # a unit without a number, as in 万元
        number = Decimal(whole_number(chinese)) if chinese else _decimal(digits) * Decimal(_unit(unit))
        found.numbers |= {number} | ({number / 100} if percent else set())
    for amount, unit in _QUANTITY.findall(_YEAR.sub("某", clean)):
        length = Decimal(1) if amount == "每" else Decimal("0.5") if amount == "半" else _decimal(amount)
        if unit in _MONTHS:
            found.months.add(length * _MONTHS[unit])
        else:
            found.days.add(length)
    return found


def whole_number(text: str) -> int:
    """The number of digits, or of Chinese numerals: 十六 is 16, 一百二十 is 120, 二〇二四 is 2024. 0 for no number."""
    if text.isdecimal():
        return int(text)
    if len(text) > 1 and all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total = section = digit = 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _PLACES:
            section += (digit or 1) * _PLACES[char]
            digit = 0
        elif char in _MYRIADS:
            total += (section + digit or 1) * _MYRIADS[char]
            section = digit = 0
        else:
            return 0
    return total + section + digit


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "")) if text[:1].isdecimal() else Decimal(whole_number(text))


def _unit(text: str) -> int:
    return {**_PLACES, **_MYRIADS}.get(text, 1)


def _fractions(text: str) -> set[Decimal]:
    """Fractions and halves: 1/2, 二分之一, 百分之五十, 一半."""
    found = {Decimal("0.5")} if re.search(r"一半|半数", text) else set()
    for above, below, chinese_below, chinese_above in _FRACTION.findall(text):
        over = Decimal(above) if above else _decimal(chinese_above)
        under = Decimal(below) if below else _decimal(chinese_below)
        found |= {over / under} if under else set()
    return found
