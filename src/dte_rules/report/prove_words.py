"""The words of proved properties, and the facts by which the cases of an example differ from one another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from dte_rules.analysis.prove.model import Choice, Example, Proved, Shown
from dte_rules.report.names import Names
from dte_rules.report.phrases import Pair, listing, pick
from dte_rules.source.diagnostic import Lang
from dte_rules.vocabulary import Vocabulary

OUTCOMES: Mapping[str, Pair] = MappingProxyType(
    {
        "holds": ("成立", "holds"),
        "fails": ("不成立", "fails"),
        "not_specified": ("文件未规定", "not specified"),
        "could_not_tell": ("未能判明", "could not tell"),
    }
)
MARKS: Mapping[str, str] = MappingProxyType({"holds": "✓", "fails": "✗", "not_specified": "○", "could_not_tell": "?"})
STYLES: Mapping[str, str] = MappingProxyType(
    {"holds": "green", "fails": "magenta", "not_specified": "yellow", "could_not_tell": "bold red"}
)

WORDS: Mapping[str, Pair] = MappingProxyType(
    {
        "expected": ("预期：{outcome}", "expected: {outcome}"),
        "because": ("理由：", "because "),
        "idle": ("没有一个情形符合前提，命题因此空洞地成立", "`given` is true of nobody: nothing is stated of anybody"),
        "empty": ("前提无人符合", "of nobody"),
        "gave_up": ("求解器未能在时限内判定", "the solver could not tell in time"),
        "not_encoded": ("未能交给求解器：", "not put to the solver: "),
        "open": ("文件留有的问题：", "what the text leaves open: "),
        "false": ("此处结论为假", "here the statement is false"),
        "null": ("此处结论没有值", "here the statement has no value"),
        "unknown": ("再知道任何事实，结论仍不能判定：", "no further fact would settle the statement: "),
        "not_given": ("结论所依的事实，情形未给出：", "the cases don't give what the statement rests on: "),
        "unknown_facts": ("此处结论不能判定", "here the statement can't be told"),
        "settled": ("视为已满足：", "taken as fulfilled: "),
        "order": ("另一次序：", "in another order:"),
        "total": ("合计", "in all"),
        "typical": ("（常人）", "(a typical person)"),
        "same": ("同一人，同一天", "the same person, the same day"),
        "given_nothing": ("事实未给出", "no facts given"),
        "where": ("考察范围", "Horizon"),
        "solver": ("求解器：{horizon}", "by the solver: {horizon}"),
        "happened": ("；事件均在判定日或之前", "; all events on the day asked about or before"),
        "grid": ("逐一判定：{names}", "every combination decided: {names}"),
        "histories": ("逐一判定各种申请次序：{names}", "every row of claims decided: {names}"),
        "checked": ("{count}种情形", "{count} cases"),
        "checked_claims": ("{count}次申请", "{count} claims"),
        "any_day": ("{first} 至 {last} 任一日", "any day from {first} to {last}"),
    }
)


def word(key: str, lang: Lang, **values: Any) -> str:
    """A fixed text in the language."""
    return pick(WORDS[key], lang).format_map(values)


def outcome_word(outcome: str, lang: Lang) -> str:
    """An outcome in words."""
    return pick(OUTCOMES[outcome], lang)


def summary(proved: list[Proved], lang: Lang) -> str:
    """How many properties came out how, and whether all did as expected."""
    counts = [(outcome, sum(p.outcome == outcome for p in proved)) for outcome in OUTCOMES]
    parts = [f"{outcome_word(o, lang)} {n}" if lang == "zh" else f"{n} {_plural(o, n)}" for o, n in counts if n]
    odd = [p.ready.id for p in proved if not p.as_expected]
    if lang == "zh":
        return f"共 {len(proved)} 项：{listing(parts, lang)}；" + (f"与预期不符：{listing(odd, lang)}" if odd else "均与预期相符")
    head = f"{len(proved)} {'property' if len(proved) == 1 else 'properties'}: {listing(parts, lang)}; "
    return head + (f"not as expected: {listing(odd, lang)}" if odd else "all as expected")


def _plural(outcome: str, count: int) -> str:
    words = {"holds": ("holds", "hold"), "fails": ("fails", "fail")}
    return words[outcome][count != 1] if outcome in words else outcome_word(outcome, "en")


def period_words(proved: Proved, lang: Lang) -> str:
    """The days for which a property was asked; empty where they are not the solver's."""
    told = [
        str(days.first) if days.first == days.last else word("any_day", lang, first=days.first, last=days.last) for days in proved.periods
    ]
    return listing(told, lang)


def horizon_words(proved: Proved, lang: Lang) -> str:
    """What was covered."""
    form = proved.ready.form
    match proved.ready.way:
        case "solver":
            told = proved.horizon[lang] + (word("happened", lang) if form.horizon.events == "have_happened" else "")
            return word("solver", lang, horizon=told)
        case "grid":
            return word("grid", lang, names=_values(form.each, lang))
        case "histories":
            assert form.history is not None
            rows = f"{len(form.history.days)}天内至多{form.history.claims}次" if lang == "zh" else _rows(form.history)
            joint = "；" if lang == "zh" else "; "
            return word(
                "histories", lang, names=joint.join(filter(None, (rows, _values(form.each, lang), _values(form.history.each, lang))))
            )


def _rows(history: Any) -> str:
    days = len(history.days)
    return f"at most {history.claims} claims on {'one day' if days == 1 else f'any of {days} days'}"


def _values(each: Mapping[str, Any], lang: Lang) -> str:
    told = []
    for name, values in each.items():
        shown = listing(map(str, values), lang) if isinstance(values, list) else f"{values.from_}—{values.through}"
        told.append(f"{name} {shown}" if len(shown) < 60 else f"{name} ({len(values)})")
    return ("；" if lang == "zh" else "; ").join(told)


def choice_words(choice: Choice, lang: Lang) -> str:
    """A point that is left open, with its clauses."""
    clauses = listing((str(cite) for cite in choice.cites), lang)
    question = choice.question.text(lang)
    return f"{question}（{clauses}）" if lang == "zh" else f"{question} ({clauses})"


def differences(case: Shown, other: Shown, vocabulary: Vocabulary, lang: Lang) -> list[str]:
    """The facts in which a case differs from the one that it is like."""
    told = []
    if case.as_of != other.as_of:
        told.append(f"{other.as_of} → {case.as_of}")
    mine, theirs = dict(_leaves(case.facts)), dict(_leaves(other.facts))
    for path in dict.fromkeys([*theirs, *mine]):
        if mine.get(path) != theirs.get(path) and _plain(path) in vocabulary.types:
            change = f"{_shown(theirs.get(path), lang)} → {_shown(mine.get(path), lang)}"
            told.append(f"{vocabulary.describe(path, lang)}{'：' if lang == 'zh' else ': '}{change}")
    return told


def named_facts(case: Shown, told: Sequence[str], vocabulary: Vocabulary, lang: Lang) -> list[str]:
    """The facts that the statement names, but for those that are told already."""
    leaves = dict(_leaves(case.facts))
    words = []
    for path in case.named:
        value, count = leaves.get(path), leaves.get(f"{path}[0]")
        if path in vocabulary.types and (value is not None or count is not None):
            shown = _shown(value, lang) if count is None else f"{count}项" if lang == "zh" else str(count)
            words.append(f"{vocabulary.describe(path, lang)}{'：' if lang == 'zh' else ': '}{shown}")
    return [word_ for word_ in words if word_ not in told]


def value_words(case: Shown, names: Names, lang: Lang) -> list[str]:
    """The results of a case that the statement reads, but for those that its decision tells anyhow."""
    told = []
    for name, value in case.values.items():
        if case.whole and name in ("amount", "effect"):
            continue
        label = name.rpartition(".")[2]
        found = names.effect(value) if label == "effect" and isinstance(value, str) else _shown(value, lang)
        told.append(f"{case.side.name}.{name} = {found}")
    return told


def missing_words(example: Example, lang: Lang) -> str:
    """What a statement lacks that can't be told."""
    told: dict[str, None] = {}
    cases = [*example.cases, *example.steps, *example.other]
    for case in cases:
        names = Names(case.side.policy.program, case.side.policy.vocabulary, case.decision, lang)
        words = [names.missing(name) for name in example.missing]
        told.update(dict.fromkeys(w.label if w.kind == "fact" else w.text for w in words if w.kind != "other"))
    undecided = [case for case in cases if case.decision.verdict == "undetermined"]
    for case in undecided if not told else ():
        names = Names(case.side.policy.program, case.side.policy.vocabulary, case.decision, lang)
        told.update(dict.fromkeys(names.missing(name).text for name in case.decision.missing[:3]))
    return listing(told, lang) or listing(example.missing, lang)


def _leaves(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, f"{prefix}.{name}" if prefix else name)
    elif isinstance(value, list):
        yield f"{prefix}[0]", len(value)  # a length is told only where the members don't tell it
        for number, inner in enumerate(value, 1):
            yield from _leaves(inner, f"{prefix}[{number}]")
    else:
        yield prefix, value


def _plain(path: str) -> str:
    return "" if path.endswith("[0]") else re.sub(r"\[\d+\]", "", path)


def _shown(value: Any, lang: Lang) -> str:
    if value is None:
        return "无" if lang == "zh" else "nothing"
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)
