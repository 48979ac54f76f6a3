"""What came of repeating receipts, in words and as data."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from dte_rules.program.nodes import Program
from dte_rules.receipts.canonical import canonical
from dte_rules.receipts.replay import ConditionDifference, Replayed, Status
from dte_rules.report.phrases import Pair, listing, pick
from dte_rules.source.diagnostic import Lang

STATUSES: Mapping[Status, Pair] = MappingProxyType(
    {
        "same": ("一致", "the same"),
        "differs": ("不一致", "differs"),
        "unchanged": ("规则包已更新，结果不变", "another version of the pack, the same result"),
        "changed": ("规则包已更新，结果有变", "another version of the pack, another result"),
        "withheld": (
            "摘要无误；个人信息已隐去，须原始事实和密钥方可复算",
            "intact; can be repeated only with the original facts and the key",
        ),
        "wrong_facts": ("所给事实并非原始事实", "the facts given are not the original ones"),
        "refused": ("现行规则包不接受此问题", "the pack as it is now does not take the question"),
    }
)
CHANGES: Mapping[str, Pair] = MappingProxyType(
    {"turned": ("改变", "turned"), "new": ("新增", "new"), "gone": ("取消", "gone"), "cited": ("依据改变", "rests on other clauses")}
)
_TRUTH: Mapping[bool | None, Pair] = MappingProxyType({True: ("成立", "holds"), False: ("不成立", "fails"), None: ("不清楚", "unknown")})
_LONG = 60


def replay_line(found: Replayed, program: Program | None, lang: Lang) -> str:
    """The result in a line, with what differs below it."""
    receipt = found.receipt
    question = receipt.data["question"]
    zh = lang == "zh"
    head = f"{receipt.case or receipt.digest[:12]}  {receipt.region} · {question['decision']} · {question['as_of']}"
    lines = [head + ("：" if zh else ": ") + pick(STATUSES[found.status], lang) + (f" ({found.message})" if found.message else "")]
    old = receipt.data["pack"]
    if found.pack[1] and found.pack[1] != old["digest"]:
        versions = f"{old['version']} ({old['digest'][:12]}) → {found.pack[0]} ({found.pack[1][:12]})"
        lines.append(f"    {'规则包' if zh else 'pack'} {versions}")
    if found.engine and found.engine != receipt.data["engine"]["version"]:
        lines.append(f"    dte-rules {receipt.data['engine']['version']} → {found.engine}")
    lines += [f"    {each.name}: {_short(each.before)} → {_short(each.after)}" for each in found.fields]
    lines += [f"    {_condition(each, program, lang)}" for each in found.conditions]
    return "\n".join(lines)


def replay_object(found: Replayed) -> dict[str, Any]:
    """The result as data."""
    receipt = found.receipt
    return {
        "case": receipt.case,
        "region": receipt.region,
        "status": found.status,
        "digest": receipt.digest,
        "pack": {"before": receipt.data["pack"]["digest"], "now": found.pack[1] or None},
        "engine": {"before": receipt.data["engine"]["version"], "now": found.engine or None},
        "fields": [{"name": each.name, "before": each.before, "after": each.after} for each in found.fields],
        "conditions": [
            {"id": each.id, "change": each.change, "before": each.before, "after": each.after, "cites": each.cites}
            for each in found.conditions
        ],
        "message": found.message or None,
    }


def _condition(each: ConditionDifference, program: Program | None, lang: Lang) -> str:
    versions = program.versions(each.id) if program is not None else ()
    title = next((rule.title.text(lang) for rule in versions if rule.title is not None), each.id)
    outcome = pick(_TRUTH[each.after], lang) if each.change == "new" else pick(_TRUTH[each.before], lang)
    if each.change == "turned":
        outcome += f" → {pick(_TRUTH[each.after], lang)}"
    cites = listing(each.cites, lang)
    if lang == "zh":
        return f"“{title}”{pick(CHANGES[each.change], lang)}：{outcome}（{cites}）"
    return f"“{title}” {pick(CHANGES[each.change], lang)}: {outcome} ({cites})"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else canonical(value)
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
