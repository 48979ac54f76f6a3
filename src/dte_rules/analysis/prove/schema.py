"""The form of a file of properties."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, StringConstraints, Tag, WithJsonSchema
from pydantic_core import PydanticCustomError

from dte_rules.pack.schema.texts import Bilingual, Cite, DottedPath, Feel, Id, Strict, Text, one_or_several, tag_of_mapping

FACT_PATTERN = r"^[A-Za-z_\u4e00-\u9fff][\w]*(\[[1-9]\d*\])?(\.[A-Za-z_\u4e00-\u9fff][\w]*(\[[1-9]\d*\])?)*$"
Outcome = Literal["holds", "fails", "not_specified"]


def _value(value: Any) -> Any:
    """A single value as YAML reads it: a text, a number, a day, or a truth value."""
    if isinstance(value, bool | str | date):
        return value
    if isinstance(value, int | Decimal):
        return Decimal(value)
    raise PydanticCustomError("single_value", "a single value is expected")


def _tag_of_range(value: Any) -> str:
    return "<range>" if isinstance(value, dict) else "<several>"


FactPath = Annotated[str, StringConstraints(pattern=FACT_PATTERN)]
Single = Annotated[Any, BeforeValidator(_value), WithJsonSchema({"type": ["string", "number", "boolean"]})]
Names = Annotated[
    Annotated[Text, Tag("<one>")] | Annotated[Annotated[list[Text], Field(min_length=1)], Tag("<several>")], Discriminator(one_or_several)
]


class DaysForm(Strict):
    """A stretch of days; the last one is among them."""

    from_: date = Field(alias="from", description="首日 / the first day")
    through: date = Field(description="末日（含当日） / the last day")


Days = Annotated[Annotated[date, Tag("<short>")] | Annotated[DaysForm, Tag("<mapping>")], Discriminator(tag_of_mapping)]
Values = Annotated[
    Annotated[DaysForm, Tag("<range>")] | Annotated[Annotated[list[Single], Field(min_length=1)], Tag("<several>")],
    Discriminator(_tag_of_range),
]


class CaseForm(Strict):
    """A case: who is asked, what, for which day, and how the person differs from that of another case."""

    like: Id | None = Field(
        default=None, description="与哪个情形相同（默认为上一个） / the case that it is like, by default the one before"
    )
    region: Names | None = Field(
        default=None, description="由哪个规则包判定；可列多个，或写 all / the pack that answers; of several, or `all`, each in turn"
    )
    decision: Names | None = Field(
        default=None, description="判定什么；可列多个，或写 all / the question; of several, or `all`, each in turn"
    )
    as_of: Days | None = Field(
        default=None,
        description="判定日，或其范围；默认为规则最近变动以来的任一日 / the day, or any of a stretch; by default, since the law changed",
    )
    readings: dict[Id, Text] = Field(default_factory=dict, description="所选口径 / readings other than the defaults")
    settle_delegations: bool = Field(
        default=False, description="将另行规定的事项视为已满足 / take what is left to other documents as fulfilled"
    )
    facts: dict[FactPath, Feel] = Field(default_factory=dict, description="给定的事实，值为 FEEL / facts that are given, in FEEL")
    differs_in: list[DottedPath] = Field(
        default_factory=list, description="可以不同的事实（或 as_of） / the facts that may differ, or `as_of`"
    )
    rises_in: list[DottedPath] = Field(
        default_factory=list,
        description="可以更大、更晚或由否变是的事实（或 as_of） / the facts that may be greater, later, or true instead of false",
    )
    adds_to: list[DottedPath] = Field(default_factory=list, description="可以多出几项的列表 / the lists that may have more members")
    knows_more: bool = Field(default=False, description="同一人，但已知的事实可以更多 / the same person, of whom more may be known")


class PointForm(Strict):
    """A point that the text leaves open and no pack has a rule on; it is true, or else false."""

    cite: Cite = Field(description="应当规定而未规定之处 / the clause that leaves it open")
    question: Bilingual = Field(description="留有的问题 / the question")


class HistoryForm(Strict):
    """A row of claims by one person: each is decided, and what is granted is entered in a list of the facts."""

    region: Text = Field(description="由哪个规则包判定 / the pack that answers")
    decision: Text = Field(description="判定什么 / the question")
    readings: dict[Id, Text] = Field(default_factory=dict, description="所选口径 / readings other than the defaults")
    days: list[date] = Field(min_length=1, description="可以申请的日子，按先后 / the days on which claims are made, in order")
    claims: int = Field(ge=1, le=12, description="至多几次申请 / how many claims at most")
    each: dict[Id, Annotated[list[Single], Field(min_length=1)]] = Field(
        min_length=1, description="每次申请可以不同的变量及其取值 / the variables in which claims differ, with their values"
    )
    facts: dict[FactPath, Feel] = Field(
        default_factory=dict, description="各次申请的事实，值为变量的 FEEL / the facts of a claim, in FEEL over the variables"
    )
    enters: DottedPath = Field(description="准予后记入的列表 / the list in which what is granted is entered")
    entry: dict[Id, Feel] = Field(min_length=1, description="记入的各项，值为 FEEL / what is entered, in FEEL")


class HorizonForm(Strict):
    """The horizon of the solver, where it is another than the usual."""

    facts: Literal["known", "may_be_unknown"] = Field(default="known", description="事实是否可以未知 / whether facts may be unknown")
    events: Literal["any_day", "have_happened"] = Field(
        default="any_day",
        description="证书、补贴等事件是否都在判定日或之前 / whether all events (as certificates) lie on the day asked about or before",
    )
    members: int = Field(default=3, ge=1, le=6, description="每个列表至多几项 / how many members a list has at most")


class FunctionForm(Strict):
    """A formula with parameters, for the properties of the file."""

    params: dict[Id, Text] = Field(description="参数及其类型 / its parameters and their types")
    is_: Feel = Field(alias="is", description="FEEL 公式 / the formula, in FEEL")


class PropertyForm(Strict):
    """A statement about the packs, to be proved."""

    id: Text = Field(description="标识；点号前的部分是所属的编号 / the id; what stands before a point is the number that it belongs to")
    title: Bilingual = Field(description="要证明的命题 / what is stated")
    cite: Cite = Field(description="依据 / the clauses that it is about")
    expect: Outcome | None = Field(default=None, description="预期的结论 / the outcome that is expected")
    because: Bilingual | None = Field(default=None, description="理由 / why")
    cases: dict[Id, CaseForm] = Field(default_factory=dict, description="所涉情形 / the cases that it is about")
    each: dict[Id, Values] = Field(
        default_factory=dict, description="逐一取值的变量，则逐个判定 / variables with all their values: then every one is decided"
    )
    history: HistoryForm | None = Field(default=None, description="一连串申请 / a row of claims, in place of cases")
    given: Feel | None = Field(default=None, description="前提，FEEL / what is presumed, in FEEL")
    then: Feel = Field(description="结论，FEEL / what is stated, in FEEL")
    open: list[Text] = Field(
        default_factory=list, description="文件未定之处：解释口径或未决事项，逐一选择 / what the text leaves open: each choice is tried"
    )
    unsaid: dict[Id, PointForm] = Field(
        default_factory=dict, description="文件未置一词之处，是与否都试 / what no rule speaks of: both answers are tried"
    )
    horizon: HorizonForm = Field(default_factory=HorizonForm, description="求解的范围 / the horizon of the solver")


class PropertiesFile(Strict):
    """A file of properties."""

    title: Bilingual | None = Field(default=None, description="标题 / its title")
    functions: dict[Id, FunctionForm] = Field(default_factory=dict, description="函数 / formulas that the properties use")
    properties: list[PropertyForm] = Field(min_length=1, description="各命题 / the properties")
