"""What would change a verdict, in words: what the person can do, what only time does, what can't be changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from dte_rules.advice.what_if import MOST_FACTS, Change, Flip, WhatIf
from dte_rules.report.account import heading
from dte_rules.report.cause_words import fact_words, value_words
from dte_rules.report.names import Names
from dte_rules.report.phrases import STYLES, Pair, amount_words, date_words, either, listing, pick, verdict_within, verdict_word
from dte_rules.report.prose import Prose
from dte_rules.source.diagnostic import Lang
from dte_rules.vocabulary.meaning import MUTABLE, Mutable

MOST_SHOWN = 8
A_YEAR = 366
HEADS: dict[Mutable, Pair] = {
    "person": ("本人可以做的", "What the person can do"),
    "time": ("只能等待的", "What only time does"),
    "fixed": ("无法改变、仅供对照的", "What can't be changed, told for comparison"),
}
LOSSES: dict[Mutable, Pair] = {
    "person": ("取决于本人的", "What depends on the person"),
    "time": ("随时间而变的", "What time does"),
    "fixed": ("无法改变、仅供对照的", "What can't be changed, told for comparison"),
}
"""The headings where the changes would have the verdict refused: nobody sets out to do these."""


def flips_account(found: WhatIf, names: Names, *, case: str = "", title: str | None = None) -> RenderableType:
    """The account, to be printed with rich."""
    lang = names.lang
    zh = lang == "zh"
    day = ("判定日 " if zh else "as of ") + date_words(found.as_of, lang)
    wanted = either((verdict_within(verdict, lang) for verdict in found.wanted), lang)
    parts: list[RenderableType] = [
        heading(case, title),
        Padding(Prose(Text(f"{names.region} · {names.title} · {day}", style="dim")), (0, 0, 0, 2)),
        Text(),
        Padding(Prose(Text(verdict_word(found.verdict, lang), style=f"bold {STYLES[found.verdict]}")), (0, 0, 0, 2)),
    ]
    if not found.flips:
        words = (
            f"至多改变 {MOST_FACTS} 项事实，未找到可成为“{wanted}”的改变"
            if zh
            else f"no change of up to {MOST_FACTS} facts was found that makes it {wanted}"
        )
        parts += [Text(), Padding(Prose(words), (0, 0, 0, 2)), *_unsettled(names)]
    heads = LOSSES if found.wanted == ("not_met",) else HEADS
    for who in MUTABLE:
        flips = found.of(who)
        if flips:
            parts += [Text(), Padding(Text(pick(heads[who], lang), style="bold"), (0, 0, 0, 2))]
            parts += [Padding(Prose(_line(flip, names), hang=2), (0, 0, 0, 4)) for flip in flips[:MOST_SHOWN]]
            if left := len(flips) - MOST_SHOWN:
                more = f"另有 {left} 种，见 --format json" if zh else f"{left} more stand in --format json"
                parts += [Padding(Text(more, style="dim"), (0, 0, 0, 4))] if left > 0 else []
    return Group(*parts, Text())


def _unsettled(names: Names) -> Iterator[RenderableType]:
    """What is left open by the texts themselves, where that is missing: no fact of anybody settles it."""
    missing = [
        words for words in map(names.missing, names.decision.missing) if words.kind in ("delegated", "open", "source", "calendar", "row")
    ]
    if missing:
        head = ("文本未定、改变事实也不能解决的：", "Left open by the texts, which no change of facts settles:")
        yield Padding(Text(pick(head, names.lang)), (0, 0, 0, 2))
        yield from (Padding(Prose(f"· {words.text}", hang=2), (0, 0, 0, 4)) for words in missing[:MOST_SHOWN])


def change_words(change: Change, names: Names) -> str:
    """A change in words: 4 more hours, apply by a day."""
    lang = names.lang
    zh = lang == "zh"
    fact = fact_words(change.path, names)
    after = value_words(change.after, lang)
    match change.kind:
        case "day":
            assert isinstance(change.after, date)
            match change.mutable:
                case "person":
                    return f"不迟于 {after} 申请" if zh else f"apply by {after}"
                case "time":
                    return f"到 {after}" if zh else f"on {after} or later"
                case "fixed":
                    return f"判定日为 {after}" if zh else f"asked for {after}"
        case "added":
            told = listing(_member(change, names), lang) or after
            return f"增加一项{fact}（{told}）" if zh else f"one more {fact} ({told})"
        case "supplied":
            return f"{fact}：查明为 {after}" if zh else f"{fact}: found to be {after}"
        case "value":
            before = value_words(change.before, lang)
            words = f"{fact}：{before} → {after}" if zh else f"{fact}: {before} → {after}"
            return words + _by(change, lang)


def _by(change: Change, lang: Lang) -> str:
    difference = change.difference
    if difference is None or not difference:
        return ""
    zh = lang == "zh"
    size = abs(difference)
    if isinstance(difference, Decimal):
        more = ("多 " if difference > 0 else "少 ") if zh else ("more" if difference > 0 else "less")
        return f"（{more}{size:f}）" if zh else f" ({size:f} {more})"
    if size > A_YEAR:  # so many days say nothing that the two dates don't
        return ""
    later = ("晚" if difference > 0 else "早") if zh else ("later" if difference > 0 else "earlier")
    return f"（{later} {size} 天）" if zh else f" ({size} {'day' if size == 1 else 'days'} {later})"


def _member(change: Change, names: Names) -> Iterator[str]:
    if isinstance(change.after, dict):
        for name, value in change.after.items():
            path = f"{change.path}.{name}"
            yield f"{names.vocabulary.describe(path, names.lang)} {value_words(value, names.lang)}"


def _line(flip: Flip, names: Names) -> Text:
    zh = names.lang == "zh"
    text = Text("· ", style="dim")
    text.append(("，并且 " if zh else ", and ").join(change_words(change, names) for change in flip.changes), style="none")
    text.append(" → ", style="dim").append(verdict_within(flip.verdict, names.lang), style=STYLES[flip.verdict])
    if flip.amount is not None:
        text.append("，" if zh else ", ").append(amount_words(flip.amount, names.lang))
    if flip.effect is not None:
        text.append("，" if zh else ", ").append(names.effect(flip.effect))
    return text
