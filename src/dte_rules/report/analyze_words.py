"""What analysing a pack has found, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from dte_rules.analysis.analyze_findings import Effective, Fact, Finding, Kind, Severity, Stretch
from dte_rules.analysis.space import Horizon
from dte_rules.analysis.witness import Policy
from dte_rules.engine.decision import Decision
from dte_rules.program.nodes import Citation, Rule
from dte_rules.report.contract_words import DATES, EFFECTS
from dte_rules.report.phrases import Pair, amount_words, listing, pick, together, verdict_within
from dte_rules.source.diagnostic import Lang

SEVERITIES: Mapping[Severity, Pair] = MappingProxyType(
    {"error": ("错误", "error"), "warning": ("警告", "warning"), "note": ("提示", "note")}
)
STYLES: Mapping[Severity, str] = MappingProxyType({"error": "bold red", "warning": "bold yellow", "note": "bold cyan"})

MESSAGES: Mapping[Kind, Pair] = MappingProxyType(
    {
        "contradiction": ("“{decision}”无人能够符合：{all}不能同时满足", "nobody can meet “{decision}”: {all} can't go together"),
        "never-granted": (
            "“{decision}”从不给予：条件满足时，结果仍无法确定（{all}）",
            "“{decision}” is never granted: with its conditions fulfilled, what is granted isn't known ({all})",
        ),
        "never-true": ("{what}永远不成立", "{what} never holds, whatever the facts"),
        "never-false": ("{what}永远成立", "{what} always holds, whatever the facts"),
        "never-decides": (
            "{what}从不影响结论：没有它，任何人的判定都相同",
            "{what} never decides: without it, everybody would be decided the same",
        ),
        "row-never-matches": ("{what}没有任何情形能够命中", "{what} matches nobody"),
        "row-shadowed": (
            "{what}永远不会命中：前面的{others}已包含其全部情形",
            "{what} is never reached: {others} before it match all that it matches",
        ),
        "rows-conflict": ("{what}与{others}可以同时命中而结果不同", "{what} and {others} can match together, with different results"),
        "rows-open": (
            "{what}：事实全部已知时，适用哪一行仍取决于未决的问题：{others}",
            "{what}: with all facts known, which row holds still rests on what the text leaves open: {others}",
        ),
        "gap": ("{what}对下列情形没有规定：{values}", "{what} has no row for {values}"),
        "versions-overlap": ("{what}有两条规则同时有效", "{what} has two rules in force at once"),
        "no-rule": ("{what}在此期间没有规定，此前和此后都有", "{what} has no rule in this period, though before and after"),
        "no-calendar": (
            "缺少{year}年的放假安排，“{decision}”须按工作日计算",
            "the holidays of {year} aren't there; “{decision}” reckons by working days",
        ),
        "idle-reading": (
            "{reading}与默认读法对任何人的结果都相同",
            "{reading} gives everybody the same as the default reading",
        ),
    }
)
COVERED: Pair = ("；凡它起作用时，{others}也起作用", "; whenever it tells, {others} tells too")
ALONE: Mapping[Kind, Pair] = MappingProxyType(
    {"contradiction": ("“{decision}”无人能够符合：{all}永远不能满足", "nobody can meet “{decision}”: {all} can never be fulfilled")}
)
HINTS: Mapping[Kind, Pair] = MappingProxyType(
    {
        "contradiction": (
            "请对照条款逐条核对这些条件，其中必有一条与文件不符",
            "check these conditions against their clauses: one of them is not what the text says",
        ),
        "never-granted": ("请核对结果所引用的表和事实", "check the tables and facts that the result reads"),
        "never-true": ("请核对条件中的取值和比较方向", "check the values in it, and which way they are compared"),
        "never-false": (
            "请核对条件是否写漏；文件确无限制时可删去",
            "check whether something was left out; delete it if the text sets no bound",
        ),
        "never-decides": (
            "文件重复规定的，可以保留；否则请核对是否写漏",
            "keep it if the text says the same twice; else check whether something was left out",
        ),
        "row-never-matches": (
            "请核对单元格，并核对各输入能否同时取这些值",
            "check its cells, and whether the inputs can have these values together",
        ),
        "row-shadowed": ("请把该行移到前面，或删除", "move the row before the others, or delete it"),
        "rows-conflict": ("请更正单元格，或用 `hit: first` 让前面的行优先", "correct a cell, or let the earlier row count by `hit: first`"),
        "rows-open": ("如文件确未规定，无须修改", "leave it if the text settles no more"),
        "gap": (
            "文件确未规定的，写 `otherwise: unspecified`；否则补充该行",
            "write `otherwise: unspecified` where the text lays down nothing more; else add the row",
        ),
        "versions-overlap": ("请用 `in_force` 或 `under` 把它们分开", "set them apart by `in_force` or `under`"),
        "no-rule": ("请核对施行期间，或补充该期间的规定", "check the periods in force, or add what holds in between"),
        "no-calendar": ("请在放假安排中补充该年的通知", "add the year's notice to the calendar"),
        "idle-reading": ("请核对规则是否用到该口径，或删去这一读法", "check whether the rules ask for it where they should, or delete it"),
    }
)
DECLARED: Pair = (
    "规则包已注明 `otherwise: unspecified`；请确认文件确未规定",
    "the pack says so: `otherwise: unspecified`; make sure that the text lays down no more",
)
WORDS: Mapping[str, Pair] = MappingProxyType(
    {
        "nothing": ("没有发现问题", "nothing found"),
        "witness": ("例如", "for instance"),
        "typical": ("（常人）", "(a typical person)"),
        "readings": ("各口径改变什么", "what each reading changes"),
        "facts": ("情况说明", "good to know"),
        "begins": ("自 {day} 起有规定：", "ruled from {day}: "),
        "ends": ("{day} 以后没有规定：", "no rule after {day}: "),
        "delegated": ("由另行规定确定，故从不给予：", "left to other documents, so never granted: "),
        "at-discretion": ("符合条件后仍须裁量决定：", "always at an authority's discretion: "),
        "never-refused": ("没有条件会导致不符合：", "no condition refuses anybody: "),
        "calendar": (
            "按工作日计算（已知{first}至{last}年的放假安排，以后各年的期限介于两日之间）：",
            "reckon by working days (known from {first} to {last}; later days lie between two): ",
        ),
        "unknown": ("（仅在事实未知时）", " (only while facts are unknown)"),
        "unread": ("没有规则用到的口径：", "interpretations that no rule asks for: "),
        "unsure": ("求解器未能在时限内判定：", "the solver could not tell in time: "),
        "not_analysed": ("未分析：", "not analysed: "),
        "horizon": ("分析范围：{horizon}。未决的问题视为可作任何回答。", "horizon: {horizon}; open points may be answered either way"),
        "row": ("表“{table}”第{number}行", "row {number} of table “{table}”"),
        "table": ("表“{title}”", "table “{title}”"),
        "reading": ("口径 {reading}（{label}）", "reading {reading} ({label})"),
        "counted": (
            "考察方案{plans}个、条件和推导事实{conditions}个、表行{rows}个、读法{readings}种",
            "looked at: plans {plans}, conditions and derived facts {conditions}, rows {rows}, readings {readings}",
        ),
    }
)


def word(key: str, lang: Lang, **values: object) -> str:
    """A fixed text in the language."""
    return pick(WORDS[key], lang).format_map(values)


class Wording:
    """The words for the findings of one pack in one language."""

    def __init__(self, policy: Policy, lang: Lang) -> None:
        self.program, self.vocabulary, self.lang = policy.program, policy.vocabulary, lang

    def message(self, finding: Finding) -> str:
        """What has been found, in a sentence."""
        lang = self.lang
        others = [self.named(other) for other in finding.others]
        texts = {
            "what": self.named(finding.slot),
            "decision": self.decision(finding.decision or finding.slot),
            "others": listing(others, lang),
            "all": together([self.named(finding.slot), *others], lang),
            "values": together((f"{self.path(path)} = {value}" for path, value in finding.values), lang),
            "year": finding.slot.rpartition("-")[2],
            "reading": "" if finding.reading is None else self.reading(*finding.reading),
        }
        pair = ALONE.get(finding.kind) if not others else None
        told = pick(pair or MESSAGES[finding.kind], lang).format_map(texts)
        return told + pick(COVERED, lang).format_map(texts) if finding.kind == "never-decides" and others else told

    def hint(self, finding: Finding) -> str:
        """What to do about it."""
        if finding.kind == "gap" and finding.severity == "note":
            return pick(DECLARED, self.lang)
        return pick(HINTS[finding.kind], self.lang)

    def decision(self, name: str) -> str:
        """A decision's title."""
        found = self.program.decisions.get(name)
        return found.title.text(self.lang) if found else name

    def named(self, slot: str) -> str:
        """A rule, a row, a table, a decision or an open point by its title and its name."""
        base, _, number = slot.partition("#")
        if number:
            return word("row", self.lang, table=self._title(base), number=number)
        if slot in self.program.open_points:
            return self.program.open_points[slot].question.text(self.lang)
        rule = next((rule for rule in self.program.versions(slot) or self._tables(slot)), None)
        if rule is not None and rule.kind == "table":
            return word("table", self.lang, title=self._title(slot))
        title = self._title(slot)
        return f"“{title}”" if title != slot else f"`{slot}`"

    def _title(self, slot: str) -> str:
        if slot in self.program.decisions:
            return self.decision(slot)
        several = [rule.title for rule in [*self.program.versions(slot), *self._tables(slot)] if rule.title]
        return several[-1].text(self.lang) if several else slot

    def _tables(self, slot: str) -> list[Rule]:
        return [rule for rule in self.program.rules if rule.slot == slot]

    def path(self, path: str) -> str:
        """A fact in words; any other expression as it is written."""
        return self.vocabulary.describe(path, self.lang) if path in self.vocabulary.types else path

    def reading(self, interpretation: str, reading: str) -> str:
        """A reading by its name and its words."""
        found = self.program.interpretations[interpretation]
        label = next(r.label.text(self.lang) for r in found.readings if r.id == reading)
        return word("reading", self.lang, reading=f"{interpretation}: {reading}", label=label)

    def clauses(self, cites: Sequence[Citation]) -> str:
        """The clauses with their documents' numbers."""
        found: dict[str, list[str]] = {}
        for cite in cites:
            found.setdefault(cite.source, []).append(cite.locator)
        numbers = {name: source.number or name for name, source in self.program.sources.items()}
        return "；".join(
            f"{numbers.get(name, name)} {listing(dict.fromkeys(locators), self.lang)}".strip() for name, locators in found.items()
        )

    def days(self, period: Stretch | None, horizon: Horizon) -> str:
        """The days of a finding; none where they are all of the horizon."""
        if period is None:
            return ""
        first, last = period
        open_start, open_end = first <= max(horizon.first, date.min), last >= horizon.last
        if open_start and open_end:
            return ""
        if open_end:
            return f"{first} 起" if self.lang == "zh" else f"from {first}"
        if open_start:
            return f"至 {last}" if self.lang == "zh" else f"until {last}"
        return f"{first} 至 {last}" if self.lang == "zh" else f"{first} to {last}"

    def change(self, found: Effective) -> str:
        """What a reading changes for the person who shows it."""
        a, b = found.default.decision, found.departed.decision
        sides = self._outcome(a), self._outcome(b)
        if sides[0] != sides[1]:
            return f"{sides[0]} → {sides[1]}" + ("" if found.known else word("unknown", self.lang))
        parts = [
            f"{pick(DATES[name], self.lang) if name in DATES else name} {_shown(x.get(name))} → {_shown(y.get(name))}"
            for x, y in ((a.dates, b.dates), (a.values, b.values))
            for name in {**x, **y}
            if x.get(name) != y.get(name)
        ]
        return listing(parts, self.lang)

    def _outcome(self, decision: Decision) -> str:
        parts = [verdict_within(decision.verdict, self.lang)]
        if decision.amount is not None:
            parts.append(amount_words(decision.amount, self.lang))
        if decision.effect is not None:
            parts.append(pick(EFFECTS[decision.effect], self.lang) if decision.effect in EFFECTS else decision.effect)
        return listing(parts, self.lang)

    def fact(self, kind: str, facts: Sequence[Fact], horizon: Horizon) -> list[str]:
        """Facts of one kind, in as few lines as can be."""
        if kind in ("begins", "ends"):
            by_day: dict[date, list[str]] = {}
            for fact in facts:
                assert fact.period is not None
                by_day.setdefault(fact.period[0 if kind == "begins" else 1], []).append(self.decision(fact.decision))
            return [word(kind, self.lang, day=day) + listing(names, self.lang) for day, names in sorted(by_day.items())]
        if kind == "calendar":
            first, last = facts[0].names
            return [
                word(kind, self.lang, first=first, last=last) + listing(dict.fromkeys(self.decision(f.decision) for f in facts), self.lang)
            ]
        if kind == "unread":
            return [word(kind, self.lang) + listing(dict.fromkeys(name for fact in facts for name in fact.names), self.lang)]
        told = []
        for fact in facts:
            names = listing([self._title(name) for name in fact.names], self.lang)
            days = self.days(fact.period, horizon) if fact.period and fact.period[1] < horizon.last else ""
            inside = [part for part in (names, days) if part]
            brackets = ("（{}）" if self.lang == "zh" else " ({})").format(listing(inside, self.lang)) if inside else ""
            told.append(self.decision(fact.decision) + brackets)
        return [word(kind, self.lang) + listing(told, self.lang)]


def _shown(value: object) -> str:
    return "—" if value is None else str(value)
