"""What came of repeating receipts, in words and as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from dte_rules.program.nodes import Program
from dte_rules.receipts.replay import ConditionDifference, FieldDifference, Replayed, Status
from dte_rules.report.contract_words import DATES, EFFECTS, VALUES
from dte_rules.report.phrases import Pair, amount_words, date_words, listing, pick, verdict_word
from dte_rules.report.prose import Prose
from dte_rules.source.diagnostic import Lang
from dte_rules.source.render import visible

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
FIELDS: Mapping[str, Pair] = MappingProxyType(
    {
        "verdict": ("判定结论", "verdict"),
        "amount": ("金额", "amount"),
        "effect": ("效果", "effect"),
        "dates": ("日期", "dates"),
        "latest": ("日期的上限", "the latest days"),
        "values": ("其他结果", "other results"),
        "failed": ("不符合之处", "what fails"),
        "missing": ("尚缺事项", "what is missing"),
        "missing_sets": ("查清即可的组合", "what would be enough"),
        "flags": ("提示", "flags"),
        "alternatives": ("另一口径", "other readings"),
        "citations": ("条款依据", "clauses"),
        "readings": ("采用口径", "readings"),
    }
)
_TRUTH: Mapping[bool | None, Pair] = MappingProxyType({True: ("成立", "holds"), False: ("不成立", "fails"), None: ("不清楚", "unknown")})
_NOTHING: Pair = ("无", "none")
_WITHHELD: Pair = ("（已隐去）", "(withheld)")


def replay_account(found: Replayed, program: Program | None, lang: Lang) -> RenderableType:
    """The result in a line, with what differs below it, to be printed with rich.

    ``program`` is the pack as it is now, None where it is gone.
    """
    words = _Words(program, lang)
    receipt, zh = found.receipt, lang == "zh"
    text = Text(visible(receipt.case or receipt.digest[:12]), style="bold")
    text.append(f"  {words.question(receipt.data['question'], receipt.region)}", style="none")
    style = "none" if not found.found else "red" if found.status == "differs" else "yellow"
    text.append("：" if zh else ": ").append(pick(STATUSES[found.status], lang), style=style)
    if found.message:
        text.append(f"（{found.message}）" if zh else f" ({found.message})")
    return Group(Prose(text, hang=4), *(Padding(Prose(line, hang=2), (0, 0, 0, 4)) for line in _below(found, words)))


def _below(found: Replayed, words: _Words) -> Iterator[str]:
    receipt, zh = found.receipt, words.lang == "zh"
    old = receipt.data["pack"]
    if found.pack[1] and found.pack[1] != old["digest"]:
        versions = f"{old['version']} ({old['digest'][:12]}) → {found.pack[0]} ({found.pack[1][:12]})"
        yield f"{'规则包' if zh else 'pack'} {versions}"
    if found.engine and found.engine != receipt.data["engine"]["version"]:
        yield f"dte-rules {receipt.data['engine']['version']} → {found.engine}"
    rest: list[str] = []
    for each in found.fields:
        told = list(words.field(each))
        yield from told
        if not told:
            rest.append(pick(FIELDS.get(each.name, (each.name, each.name)), words.lang))
    for condition in found.conditions:
        yield words.condition(condition)
    if rest:
        yield f"另有不同：{listing(rest, 'zh')}，见 --format json" if zh else f"also different, see --format json: {listing(rest, 'en')}"


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


class _Words:
    """The words of a pack, as far as it is still there."""

    def __init__(self, program: Program | None, lang: Lang) -> None:
        self.program, self.lang = program, lang

    def question(self, question: Mapping[str, Any], region: str) -> str:
        """What was asked: the pack, the decision, the day."""
        decisions = self.program.decisions if self.program is not None else {}
        decision = decisions.get(question["decision"])
        pack = (self.program.title.text(self.lang) if self.program is not None else "") or region
        title = (decision.title.text(self.lang) if decision is not None else "") or question["decision"]
        return f"{pack} · {title} · {self.value(question['as_of'])}"

    def field(self, each: FieldDifference) -> Iterator[str]:
        """A part of the result that differs, in a line or a few; of what takes too many words, none."""
        label, zh = pick(FIELDS.get(each.name, (each.name, each.name)), self.lang), self.lang == "zh"
        joint = "：" if zh else ": "
        match each.name:
            case "verdict" | "amount" | "effect" | "failed":
                tell = {"verdict": self.verdict, "amount": self.amount, "effect": self.effect, "failed": self.titles}[each.name]
                yield f"{label}{joint}{tell(each.before)} → {tell(each.after)}"
            case "dates" | "values":
                before, after = each.before or {}, each.after or {}
                for name in dict.fromkeys([*before, *after]):
                    if before.get(name) != after.get(name):
                        titles = DATES if each.name == "dates" else VALUES
                        known = pick(titles[name], self.lang) if name in titles else self.title(name)
                        yield f"{known}{joint}{self.value(before.get(name))} → {self.value(after.get(name))}"

    def condition(self, each: ConditionDifference) -> str:
        """A condition that came out differently."""
        outcome = pick(_TRUTH[each.after], self.lang) if each.change == "new" else pick(_TRUTH[each.before], self.lang)
        if each.change == "turned":
            outcome += f" → {pick(_TRUTH[each.after], self.lang)}"
        cites = ("；" if self.lang == "zh" else "; ").join(self.clauses(each.cites))
        change, title = pick(CHANGES[each.change], self.lang), self.title(each.id)
        return f"“{title}”{change}：{outcome}（{cites}）" if self.lang == "zh" else f"“{title}” {change}: {outcome} ({cites})"

    def verdict(self, value: Any) -> str:
        """A verdict."""
        return verdict_word(value, self.lang) if isinstance(value, str) else pick(_NOTHING, self.lang)

    def amount(self, value: Any) -> str:
        """An amount."""
        return amount_words(Decimal(value), self.lang) if isinstance(value, (int, Decimal)) else self.value(value)

    def effect(self, value: Any) -> str:
        """An effect."""
        return pick(EFFECTS[value], self.lang) if value in EFFECTS else self.value(value)

    def titles(self, value: Any) -> str:
        """The titles of conditions."""
        return listing(map(self.title, value or ()), self.lang) or pick(_NOTHING, self.lang)

    def title(self, id_: str) -> str:
        """The title of a rule, by its slot or the last part of it."""
        rules = self.program.rules if self.program is not None else ()
        found = (r.title.text(self.lang) for r in rules if r.title is not None and (r.slot == id_ or r.id == id_))
        return next(found, id_.rpartition(".")[2].replace("_", " "))

    def clauses(self, cites: Iterable[str]) -> Iterator[str]:
        """The clauses by document, each with its number where the pack knows it."""
        by_source: dict[str, list[str]] = {}
        for cite in cites:
            id_, _, locator = cite.partition(" ")
            by_source.setdefault(id_, []).append(locator)
        for id_, locators in by_source.items():
            source = self.program.sources.get(id_) if self.program is not None else None
            yield f"{(source.number if source is not None else '') or id_} {listing(filter(None, locators), self.lang)}".rstrip()

    def value(self, value: Any) -> str:
        """A value; what was replaced by a digest is not shown."""
        match value:
            case None:
                return pick(_NOTHING, self.lang)
            case Mapping():
                return pick(_WITHHELD, self.lang)
            case Decimal():
                return f"{value:f}"
            case str():
                try:
                    return date_words(date.fromisoformat(value), self.lang)
                except ValueError:
                    return value
            case _:
                return str(value)
