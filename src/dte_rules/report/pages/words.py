"""The words of generated pages in the two languages, and a pack's clauses, periods and values in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from dte_rules.pack.model import Item, Pack
from dte_rules.program.nodes import ALWAYS, Citation, Label, Period, Under
from dte_rules.report.pages.markdown import code, text
from dte_rules.report.phrases import Pair, date_words, listing, pick
from dte_rules.source.diagnostic import Lang

WORDS: Mapping[str, Pair] = MappingProxyType(
    {
        "pack": ("规则包", "pack"),
        "version": ("版本", "version"),
        "jurisdiction": ("行政区划代码", "division code"),
        "documents": ("文件", "Documents"),
        "decisions": ("判定", "Decisions"),
        "nature": ("性质", "nature"),
        "requires": ("须全部满足", "All of these must hold"),
        "excludes": ("有下列情形之一的除外", "Excluded where one of these holds"),
        "soft": ("一般应满足（不满足的须裁量决定）", "Should hold as a rule; failing one leaves the matter to discretion"),
        "delegates": ("另行规定", "Left to another document"),
        "empowers": ("由有权机关决定", "Left to an authority"),
        "grants": ("结果", "What follows"),
        "terms": ("推导事实", "Derived facts"),
        "functions": ("函数", "Functions"),
        "parameters": ("标准", "Parameters"),
        "tables": ("决策表", "Tables"),
        "interpretations": ("解释口径", "Interpretations"),
        "open": ("未决事项", "Open points"),
        "targets": ("目标", "Targets"),
        "facts": ("补充的事实", "Further facts"),
        "inherited": ("继承与替换", "Inherited and replaced"),
        "clauses": ("条款清单", "The clause register"),
        "calendar": ("放假安排", "Holidays"),
        "all": ("全部满足", "all of"),
        "any": ("满足任一即可", "any of"),
        "none": ("均不得满足", "none of"),
        "number": ("文号", "number"),
        "title": ("标题", "title"),
        "issued": ("印发", "issued"),
        "in_force": ("施行期间", "in force"),
        "clause": ("依据", "clause"),
        "value": ("值", "value"),
        "name": ("名称", "name"),
        "question": ("问题", "question"),
        "default": ("默认", "default"),
        "ask": ("建议书面请示主管部门", "worth asking the competent agency in writing"),
        "hit": ("命中策略", "hit policy"),
        "otherwise": ("没有行命中时", "where no row matches"),
        "unspecified": ("未规定（不得推定为零）", "not laid down, and never taken as zero"),
        "always": ("不限", "without limit"),
        "to": ("以何文件为准", "to"),
        "by": ("由何机关", "by"),
        "unconditional": ("总是适用", "always"),
        "amount": ("金额", "amount"),
        "effect": ("法律效果", "effect"),
        "type": ("类型", "type"),
        "year": ("年份", "year"),
        "meaning": ("含义", "meaning"),
    }
)

_DURATION = re.compile(r'@"P(\d+)([YMD])"')
_UNITS: Mapping[str, tuple[str, str]] = MappingProxyType({"Y": ("年", "year"), "M": ("个月", "month"), "D": ("日", "day")})


@dataclass(frozen=True)
class PackWords:
    """The words of one pack in one language."""

    pack: Pack
    lang: Lang
    linked: frozenset[str] = frozenset()
    """The packs that have a page beside this one."""

    def __getitem__(self, key: str) -> str:
        return pick(WORDS[key], self.lang)

    def label(self, label: Label | None, instead: str = "") -> str:
        """A label in the page's language; without one, a name as words."""
        found = label.text(self.lang) if label else ""
        return text(found or instead.rpartition(".")[2].replace("_", " "))

    def sentence(self, zh: str, en: str) -> str:
        """The text of the page's language."""
        return zh if self.lang == "zh" else en

    def clauses(self, cites: Iterable[Citation]) -> str:
        """Clauses by their documents: 浙人社发〔2023〕36号 三（四）、附件2."""
        by_source: dict[str, list[str]] = {}
        for cite in cites:
            locators = by_source.setdefault(cite.source, [])
            if cite.locator and cite.locator not in locators:
                locators.append(cite.locator)
        parts = (f"{self.source(source)} {listing(locators, self.lang)}".strip() for source, locators in by_source.items())
        return text(self.sentence("；", "; ").join(parts))

    def source(self, id_: str) -> str:
        """A document's number, else its title, else its id."""
        source = self.pack.sources.get(id_)
        if source is None:
            return id_
        return source.number or (source.title.text(self.lang) if source.title else "") or id_

    def day(self, day: date) -> str:
        """A day in words."""
        return date_words(day, self.lang)

    def period(self, period: Period) -> str:
        """Days in force in words; the end is the first day that no longer is."""
        start = self.day(period.start) if period.start else ""
        end = self.day(period.end) if period.end else ""
        if not start and not end:
            return self["always"]
        parts = [
            self.sentence(f"自{start}起", f"from {start}") if start else "",
            self.sentence(f"{end}以前", f"before {end}") if end else "",
        ]
        return self.sentence("，", ", ").join(part for part in parts if part)

    def own_period(self, item: Item) -> str:
        """An item's days in force where they are not simply those of its documents; else nothing."""
        common: Period | None = ALWAYS
        for cite in item.cites:
            source = self.pack.sources.get(cite.source)
            common = common.intersect(source.period) if common and source else common
        return "" if item.period == (common or ALWAYS) else self.period(item.period)

    def under(self, under: Under) -> str:
        """The readings under which something stands."""
        told = []
        for name, readings in under:
            interpretation = self.pack.interpretations.get(name)
            labels = {r.id: self.label(r.label, r.id) for r in interpretation.readings} if interpretation else {}
            chosen = self.sentence("或", " or ").join(f"“{labels.get(r, r)}”" for r in readings)
            told.append(self.sentence(f"仅在口径 {code(name)} 为{chosen}时", f"only where {code(name)} is read as {chosen}"))
        return self.sentence("，", ", ").join(told)

    def remarks(self, item: Item, above: Item | None = None) -> str:
        """The clause of an item and whatever restricts it, as stands behind its title; what it shares with its group is left out."""
        cites = "" if above is not None and item.cites == above.cites else self.clauses(item.cites)
        period = "" if above is not None and item.period == above.period else self.own_period(item)
        origin = "" if item.pack == (above.pack if above else self.pack.name) else self.origin(item)
        return self.sentence("；", "; ").join(part for part in (cites, period, self.under(item.under), origin) if part)

    def origin(self, item: Item) -> str:
        """Where an item comes from."""
        if item.pack == self.pack.name:
            return self.sentence("本包规定", "of this pack")
        return self.sentence(f"来自 {code(item.pack)}", f"from {code(item.pack)}")

    def heading(self, label: Label | None, instead: str) -> str:
        """A label as a heading."""
        found = self.label(label, instead)
        return found[:1].upper() + found[1:]

    def value(self, value: object) -> str:
        """A parameter's value: a duration, a number, a day or a text in words."""
        if isinstance(value, bool):
            return code(str(value).lower())
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, Decimal | int):
            return f"{value:,}"
        found = _DURATION.fullmatch(str(value))
        if found is None:
            return code(str(value)) if str(value).startswith("@") else text(str(value))
        zh, en = _UNITS[found[2]]
        number = int(found[1])
        return self.sentence(f"{number}{zh}", f"{number} {en}" if number == 1 else f"{number} {en}s")

    def several(self, values: Sequence[str]) -> str:
        """Several things in a row."""
        return listing(values, self.lang)
