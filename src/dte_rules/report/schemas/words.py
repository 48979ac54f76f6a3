"""Names of the format's parts in Chinese and English, and what the words of its closed lists mean."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dte_rules.report.phrases import Pair

TITLES: Mapping[str, Pair] = MappingProxyType(
    {
        "PackFile": ("规则包", "a rule pack"),
        "CalendarFile": ("放假安排文件", "a file of holidays"),
        "Bilingual": ("中英文文字", "a text in Chinese and English"),
        "CalendarYearSchema": ("某年放假安排", "the notice on a year's holidays"),
        "ConditionSchema": ("条件", "a condition of a decision"),
        "DecisionSchema": ("判定", "a question that the pack answers"),
        "DelegationSchema": ("另行规定", "a point left to another document"),
        "FactSchema": ("补充的事实", "a fact that the pack adds to the vocabulary"),
        "FactField": ("记录的字段", "a field of a record: a type's name, a list of values, or a mapping"),
        "FunctionSchema": ("函数", "a formula with parameters"),
        "GrantForm": ("结果", "a result with particulars of its own"),
        "GrantsSchema": ("判定的结果", "what follows where the decision is met"),
        "HolidaySchema": ("连续放假", "days off in a row"),
        "InForce": ("施行期间", "days in force; the end is the first day out of force"),
        "InterpretationSchema": ("解释口径", "a clause that can be read in several ways"),
        "MemberSchema": ("组内条件", "a condition within a group"),
        "OpenSchema": ("未决事项", "a point that the text leaves open"),
        "ParameterSchema": ("标准", "a dated value that rules refer to by name"),
        "ParameterValue": ("标准的一个值", "a value of a parameter and its days in force"),
        "PowerSchema": ("有权机关决定", "a power of an authority to decide"),
        "RemovalSchema": ("删除", "an override that takes an inherited item away"),
        "RowSchema": ("表的一行", "a row with particulars of its own"),
        "SourceSchema": ("文件", "a document that rules cite"),
        "TableSchema": ("决策表", "a decision table"),
        "TargetSchema": ("目标", "a number that a document sets as a goal"),
        "TermRuleSchema": ("推导规则", "one of the rules that conclude a term"),
        "TermSchema": ("推导事实", "a derived fact: a formula, or rules with exceptions"),
        "ClauseSchema": ("条款", "what became of a clause; at least one of the keys"),
        "RegisterSchema": ("条款清单", "all clauses of a document, each with what became of it"),
        "PropertyForm": ("命题", "a statement about the packs, to be proved"),
        "CaseForm": ("情形", "who is asked, what, for which day, and how the person differs from that of another case"),
        "PointForm": ("文件未置一词之处", "a point that no rule speaks of; it is true, or else false"),
        "HistoryForm": ("一连串申请", "a row of claims by one person"),
        "HorizonForm": ("求解的范围", "the horizon of the solver, where it is another than the usual"),
        "FunctionForm": ("函数", "a formula with parameters, for the properties of the file"),
        "DaysForm": ("起止日期", "a stretch of days; the last one is among them"),
    }
)

MODALITIES: Mapping[str, Pair] = MappingProxyType(
    {
        "entitlement": ("可享受", "somebody may have it"),
        "duty": ("应当", "somebody must do it"),
        "prohibition": ("不得（未满足条件时）", "barred unless the conditions hold"),
        "discretion": ("可以（由有权机关决定）", "an authority may decide"),
        "constitutive": ("构成（确定身份或效力）", "it makes a status or an effect"),
    }
)

HIT_POLICIES: Mapping[str, Pair] = MappingProxyType(
    {
        "unique": ("至多一行命中", "at most one row matches"),
        "any": ("可多行命中，但输出须相同", "several rows may match, with equal outputs"),
        "first": ("取第一个命中的行", "the first row that matches"),
        "priority": ("取输出值排序在前的行", "the row whose first output stands first in `priorities`"),
        "collect": ("全部命中行的输出组成列表", "the list of the outputs of all rows that match"),
        "collect sum": ("命中行输出之和", "the sum of the outputs"),
        "collect min": ("命中行输出的最小值", "the least output"),
        "collect max": ("命中行输出的最大值", "the greatest output"),
        "collect count": ("命中行数", "the number of rows that match"),
    }
)


def title_of(name: str) -> Pair:
    """What a model of the format is called; made from its name where nothing better is known."""
    return TITLES.get(name, (plain_name(name), plain_name(name)))


def plain_name(name: str) -> str:
    """The name of a model in words: ``TermRuleSchema`` is a term rule."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name.removesuffix("Schema").removesuffix("Form")).strip()
