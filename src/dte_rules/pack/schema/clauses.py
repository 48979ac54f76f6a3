"""The register of a document's clauses, and the targets that documents set."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from dte_rules.pack.schema.texts import Bilingual, Cite, DottedPath, Id, Strict, Text


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise PydanticCustomError("number_type", "a number is expected")
    return Decimal(value)


Number = Annotated[Decimal, BeforeValidator(_number), WithJsonSchema({"type": "number"})]


class TargetSchema(Strict):
    """A number that a document sets as a goal. It is data: no rule rests on it."""

    cite: Cite = Field(description="依据 / the clause")
    title: Bilingual = Field(description="名称 / what is counted")
    value: Number = Field(description="目标值 / the number")
    unit: Bilingual | None = Field(default=None, description="单位 / the unit in which it is counted")
    every: Literal["year"] | None = Field(default=None, description="每年重复的目标写 year / `year` for a goal that returns each year")
    through: date | None = Field(default=None, description="截止日（含当日） / the last day of the goal")
    at_least: bool = Field(default=False, description="是否为“以上” / whether the text says at least so many")


class ClauseSchema(Strict):
    """What became of a clause; at least one of the keys."""

    rules: list[DottedPath] = Field(
        default_factory=list,
        description="由此产生的规则：函数、推导事实、决策表、条件或结果 / the rules that rest on it, by their paths",
    )
    soft: list[DottedPath] = Field(default_factory=list, description="由此产生的一般性条件 / the conditions that hold as a rule")
    parameters: list[DottedPath] = Field(default_factory=list, description="由此产生的标准 / the parameters that rest on it")
    interpretations: list[Id] = Field(default_factory=list, description="有歧义之处 / the ambiguities in it")
    open: list[Id] = Field(default_factory=list, description="留有空白之处 / the points that it leaves open")
    targets: list[Id] = Field(default_factory=list, description="其中的目标 / the goals that it sets")
    delegated: Bilingual | None = Field(default=None, description="转由何种文件规定 / the document to which it leaves the matter")
    not_executable: Bilingual | None = Field(default=None, description="为何不能执行 / why there is nothing to decide in it")
    note: Bilingual | None = Field(default=None, description="备注 / a note")


class RegisterSchema(Strict):
    """All clauses of a document, each with what became of it."""

    digest: Text = Field(description="文件文本的 SHA-256（NFKC 规范化并去除空白后） / SHA-256 of the text, in NFKC and without white space")
    entries: dict[Text, ClauseSchema] = Field(min_length=1, description="各条款，以印刷的序号为名 / the clauses by their printed headings")
