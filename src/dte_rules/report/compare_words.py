"""The words of comparisons, and what stands out in a witness: the facts by which it is no typical person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from dateutil.relativedelta import relativedelta

from dte_rules.analysis.compare import Compared
from dte_rules.analysis.meaning import Meaning, Person, SideName, within
from dte_rules.analysis.typical import HERE, wanted_at
from dte_rules.analysis.witness import Policy, value_at
from dte_rules.report.phrases import Pair, pick
from dte_rules.source.diagnostic import Lang
from dte_rules.vocabulary import Vocabulary

WORDS: Mapping[str, Pair] = MappingProxyType(
    {
        "structure": ("条款对照", "side by side"),
        "meaning": ("实质差异", "in meaning"),
        "same": ("两地相同：", "the same in both: "),
        "place": ("仅地域不同：", "the same but for the place: "),
        "refused": ("{a}给予而{b}不给予", "{a} grants, {b} refuses"),
        "undetermined": ("{a}给予而{b}不能判定", "{a} grants, {b} can't say"),
        "nobody": ("{a}给予而{b}不给予：已证明无此情形", "{a} grants, {b} refuses: proved that there is nobody"),
        "never_undetermined": ("{a}给予而{b}不能判定：已证明无此情形", "{a} grants, {b} can't say: proved that there is nobody"),
        "somebody": ("{a}给予而{b}不给予：有此情形", "{a} grants, {b} refuses: there is somebody"),
        "unsure": ("求解器未能在时限内判定：", "the solver could not tell in time: "),
        "not_analysed": ("未分析：", "not analysed: "),
        "unspecified": ("{a}的文件未作规定，仅能比较条款", "the text of {a} never decides it, so there is nothing to compare in meaning"),
        "both_unspecified": ("两地文件均未作规定", "neither text decides it"),
        "settled": ("视为已满足的另行规定：{a} {names}", "taken as fulfilled, of {a}: {names}"),
        "same_amount": ("两地均给予时金额相同（已证明）", "where both grant, the amounts are the same (proved)"),
        "no_amount": ("{a}的文件未规定金额", "the text of {a} gives no amount"),
        "both_no_amount": ("两地文件均未规定金额", "neither text gives an amount"),
        "amount": ("金额不同", "different amounts"),
        "value": ("结果不同：", "another result: "),
        "same_effect": ("两地均给予时效力相同（已证明）", "where both grant, the effects are the same (proved)"),
        "effect": ("效力对照", "effects"),
        "same_verdicts": ("已证明：无人受到不同对待", "proved: nobody is treated differently"),
        "horizon": ("分析范围：{period}任一日；{horizon}", "horizon: any day {period}; {horizon}"),
        "only": ("仅此条件不符", "only this fails"),
        "route": ("仅凭：", "only by: "),
        "facts": ("与常人不同的事实", "what stands out"),
        "typical": ("（常人）", "(a typical person)"),
        "decisions": ("问题", "decision"),
        "parameters": ("标准", "parameters"),
        "interpretations": ("解释口径", "interpretations"),
        "conditions": ("条件与结果", "conditions and results"),
        "terms": ("推导事实", "terms"),
        "rows": ("表格逐行", "tables, row by row"),
        "sources": ("所引条款", "clauses cited"),
    }
)
ORDERS: Mapping[str, Pair] = MappingProxyType(
    {
        "same": ("相同", "the same"),
        "stronger": ("强于", "stronger than"),
        "weaker": ("弱于", "weaker than"),
        "no order": ("与之无强弱之分：", "in no order with"),
    }
)
PARTS: Mapping[str, Pair] = MappingProxyType(
    {
        "requires": ("要求", "requires"),
        "excludes": ("排除", "excludes"),
        "soft": ("一般要求", "as a rule"),
        "delegates": ("另行规定", "left to others"),
        "empowers": ("裁量", "power"),
        "grants": ("结果", "grants"),
        "term": ("推导事实", "term"),
        "row": ("行", "row"),
        "parameter": ("标准", "parameter"),
        "interpretation": ("口径", "interpretation"),
    }
)
_AGO = re.compile(r"-(\d+)M")


def word(key: str, lang: Lang, **values: str) -> str:
    """A fixed text in the language."""
    return pick(WORDS[key], lang).format_map(values)


def side_title(policy: Policy, lang: Lang) -> str:
    """What a side is called: the pack's name."""
    return policy.program.name


def standing_out(person: Person, typical: Mapping[str, Any], places: Sequence[str], vocabulary: Vocabulary, lang: Lang) -> tuple[str, ...]:
    """The facts by which a witness differs from the typical person, in words; of several usual places, which it is."""
    if len(places) > 1:
        lived = Counter(_places(person.facts, typical))
        here = lived.most_common(1)[0][0] if lived else places[0]
        rest = _differing(person.facts, "", typical, (here,), person.as_of, vocabulary, lang)
        told = (pick((f"地点：{here}", f"places: {here}"), lang),) if lived else ()
        return (*told, *rest)
    return tuple(_differing(person.facts, "", typical, places, person.as_of, vocabulary, lang))


def _places(facts: Mapping[str, Any], typical: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """The places of a witness, where the typical person is `here`."""
    for name, value in facts.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _places(value, typical, f"{path}.")
        elif isinstance(value, list):
            for number, member in enumerate(value, 1):
                if isinstance(member, Mapping):
                    yield from _places(member, typical, f"{path}[{number}].")
        elif wanted_at(typical, path) == HERE:
            yield value


def _differing(
    facts: Mapping[str, Any], prefix: str, typical: Mapping[str, Any], places: Sequence[str], day: date, vocabulary: Vocabulary, lang: Lang
) -> Iterator[str]:
    for name, value in facts.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _differing(value, f"{path}.", typical, places, day, vocabulary, lang)
        elif isinstance(value, list):
            usual = value_at(typical, path)
            if not value and usual != []:
                yield f"{vocabulary.describe(path, lang)}{'：无' if lang == 'zh' else ': none'}"
            for number, member in enumerate(value, 1):
                if isinstance(member, Mapping):
                    yield from _differing(member, f"{path}[{number}].", typical, places, day, vocabulary, lang)
                elif usual is None or member not in usual:
                    yield _told(path, member, vocabulary, lang)
        elif not _usual(value, wanted_at(typical, path), places, day):
            yield _told(path, value, vocabulary, lang)


def _usual(value: Any, wanted: Any, places: Sequence[str], day: date) -> bool:
    if wanted == HERE:
        return value in places
    ago = _AGO.fullmatch(wanted) if isinstance(wanted, str) else None
    if ago and isinstance(value, date):
        return value == day - relativedelta(months=int(ago[1]))
    return bool(value == wanted)


def _told(path: str, value: Any, vocabulary: Vocabulary, lang: Lang) -> str:
    shown = {True: ("是", "yes"), False: ("否", "no")}[value][lang == "en"] if isinstance(value, bool) else str(value)
    return f"{vocabulary.describe(path, lang)}{'：' if lang == 'zh' else ': '}{shown}"


def period_words(meaning: Meaning, lang: Lang) -> str:
    """The days of a comparison."""
    first, last = meaning.period
    if first == last:
        return f"{first}"
    return f"{first} 至 {last} " if lang == "zh" else f"from {first} to {last}"


def usual_places(compared: Compared) -> tuple[str, ...]:
    """The places that don't stand out in a witness: the narrower region's own, or either where neither lies in the other."""
    a, b = (policy.program.jurisdiction for policy in (compared.a, compared.b))
    return (a,) if within(a, b) else (b,) if within(b, a) else (a, b)


def other(side: SideName) -> SideName:
    """The other side."""
    return "b" if side == "a" else "a"
