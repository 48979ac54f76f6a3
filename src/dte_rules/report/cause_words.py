"""Why a condition turned, in words: from your 16th birthday, until 12 months after the date of issue, with the new year."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from dte_rules.advice.causes import Cause
from dte_rules.advice.view import DAY
from dte_rules.advice.when import Turned
from dte_rules.report.names import Names
from dte_rules.report.phrases import Pair, date_words, listing, pick
from dte_rules.source.diagnostic import Lang

_LENGTH = re.compile(r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")
ANNIVERSARIES: Mapping[str, Pair] = MappingProxyType({"person.birth_date": ("{}周岁生日", "the {} birthday")})
"""Facts whose yearly return has a name of its own."""


def value_words(value: Any, lang: Lang) -> str:
    """A fact's value in words."""
    match value:
        case None:
            return "不清楚" if lang == "zh" else "unknown"
        case bool():
            return pick(("是", "yes") if value else ("否", "no"), lang)
        case date():
            return date_words(value, lang)
        case Decimal():
            return f"{value:f}"
        case list() | tuple():
            return listing((value_words(each, lang) for each in value), lang) or pick(("无", "none"), lang)
        case _:
            return pick(("其他", "something else"), lang) if value == "〇" else str(value)


def fact_words(path: str, names: Names) -> str:
    """What a fact is called; the day asked about too."""
    if path == DAY:
        return pick(("申请（判定）日", "the day of the application"), names.lang)
    return names.vocabulary.describe(path, names.lang)


def turned_words(turned: Turned, names: Names) -> str:
    """A condition that turned: what it now is, and why."""
    lang = names.lang
    title = turned.title.text(lang) if turned.title else turned.slot.rpartition(".")[2].replace("_", " ")
    state = _state(turned, lang)
    causes = [words for cause in turned.causes if (words := cause_words(cause, names))]
    joint = "；" if lang == "zh" else "; "
    if lang == "zh":
        return f"“{title}”{state}" + (f"：{joint.join(causes)}" if causes else "")
    return f"“{title}” {state}" + (f": {joint.join(causes)}" if causes else "")


def cause_words(cause: Cause, names: Names) -> str:
    """A cause in words."""
    lang = names.lang
    zh = lang == "zh"
    day = date_words(cause.day, lang) if cause.day else ""
    match cause.kind:
        case "year":
            return f"{day}起进入新的一年" if zh else f"a new year begins on {day}"
        case "month":
            return f"{day}起进入新的月份" if zh else f"a new month begins on {day}"
        case "event":
            return f"{fact_words(cause.fact, names)}为 {day}" if zh else f"{fact_words(cause.fact, names)} is {day}"
        case "law":
            documents = listing(map(names.source, cause.sources), lang)
            begins = any(s in names.program.sources and names.program.sources[s].period.start == cause.day for s in cause.sources)
            if zh:
                return f"{documents or '规定'}自 {day} 起{'施行' if begins else '变更'}"
            return f"{documents or 'the law'} {'in force' if begins else 'changed'} from {day}"
        case "unannounced":
            through = date_words(cause.through, lang) if cause.through else ("以后" if zh else "later")
            known = f"{day} 至 {through}" if zh else f"from {day} to {through}"
            return _with_origin(cause, names, f"尚待公布放假安排或查清，在{known}之间" if zh else f"not yet certain, {known}")
        case "day":
            return _with_origin(cause, names, day)


def _with_origin(cause: Cause, names: Names, day: str) -> str:
    lang = names.lang
    zh = lang == "zh"
    rule = names.rule_title(cause.rule) if cause.rule else ""
    parts = [words for words in (_origin(cause, names),) if words]
    if cause.moved_from is not None:
        moved = date_words(cause.moved_from, lang)
        parts.append(f"{moved}为休息日，顺延" if zh else f"moved from {moved}, a rest day")
    told = f"（{'；'.join(parts)}）" if zh else f" ({'; '.join(parts)})"
    words = f"{rule} {day}" if rule else day
    return (words + (told if parts else "")).strip()


def _origin(cause: Cause, names: Names) -> str:
    """The fact from which a day is counted, and how far."""
    if not cause.fact or cause.fact == DAY:
        return ""
    zh = names.lang == "zh"
    years = _whole_years(cause.lengths)
    plain = re.sub(r"\[\d+\]", "", cause.fact)
    if years and plain in ANNIVERSARIES:
        return pick(ANNIVERSARIES[plain], names.lang).format(years if zh else _ordinal(years))
    fact = fact_words(cause.fact, names)
    if not cause.lengths:
        return fact
    after = listing((_length(each, names.lang) for each in cause.lengths if not each.startswith("-")), names.lang)
    before = listing((_length(each, names.lang) for each in cause.lengths if each.startswith("-")), names.lang)
    if not after:
        return f"{fact}前{before}" if zh else f"{before} before {fact}"
    if zh:
        return f"{fact}起{after}" + (f"，减{before}" if before else "")
    return f"{after} after {fact}" + (f", less {before}" if before else "")


def _whole_years(lengths: tuple[str, ...]) -> int:
    found = _LENGTH.fullmatch(lengths[0]) if len(lengths) == 1 else None
    return int(found[2]) if found and found[2] and not any(found.group(1, 3, 4)) else 0


def _length(text: str, lang: Lang) -> str:
    found = _LENGTH.fullmatch(text)
    if found is None:
        return text
    months = int(found[2] or 0) * 12 + int(found[3] or 0)
    days = int(found[4] or 0)
    if lang == "zh":
        return (f"{months}个月" if months else "") + (f"{days}日" if days else "")
    return " ".join(f"{n} {word}{'s' if n != 1 else ''}" for n, word in ((months, "month"), (days, "day")) if n)


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _state(turned: Turned, lang: Lang) -> str:
    holds = turned.after
    if turned.gone:
        return pick(("不再适用", "no longer applies"), lang)
    if holds is True:
        return pick(("成立", "now holds"), lang)
    if holds is False:
        return pick(
            ("不再成立" if turned.before is True else "不成立", "no longer holds" if turned.before is True else "does not hold"), lang
        )
    if holds is None:
        return pick(("尚不清楚", "is not certain"), lang)
    return pick((f"变为 {value_words(holds, lang)}", f"becomes {value_words(holds, lang)}"), lang)
