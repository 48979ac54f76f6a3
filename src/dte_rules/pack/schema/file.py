"""A pack's file as a whole."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, GetPydanticSchema, StringConstraints
from pydantic_core import PydanticCustomError, core_schema

from dte_rules.pack.schema.clauses import RegisterSchema, TargetSchema
from dte_rules.pack.schema.decisions import ConditionSchema, DecisionSchema, DelegationSchema, GrantForm, PowerSchema, RemovalSchema
from dte_rules.pack.schema.items import (
    CalendarYearSchema,
    FactSchema,
    FunctionSchema,
    InterpretationSchema,
    OpenSchema,
    ParameterSchema,
    SourceSchema,
    TableSchema,
    TermRuleSchema,
    TermSchema,
)
from dte_rules.pack.schema.texts import YEAR_PATTERN, Bilingual, DottedPath, Id, PackName, SourceId, Strict, Text

Replacement = (
    RemovalSchema
    | ConditionSchema
    | DelegationSchema
    | PowerSchema
    | GrantForm
    | TermSchema
    | TermRuleSchema
    | TableSchema
    | ParameterSchema
    | InterpretationSchema
    | OpenSchema
    | FunctionSchema
    | DecisionSchema
)


def _mapping(value: Any, handler: core_schema.ValidatorFunctionWrapHandler) -> Any:
    """Any mapping: which form it must have depends on what its path leads to, which is known once the pack inherits."""
    if not isinstance(value, dict):
        raise PydanticCustomError("dict_type", "a mapping is expected")
    return value


# the schema says which forms there are; the values stay as they are
OverrideSchema = Annotated[
    Any, GetPydanticSchema(lambda _, handler: core_schema.no_info_wrap_validator_function(_mapping, handler(Replacement)))
]
Year = Annotated[str, StringConstraints(pattern=YEAR_PATTERN)]


class PackFile(Strict):
    """A rule pack."""

    pack: PackName = Field(description="规则包名称，与文件名相同 / the pack's name, as in the file's name")
    version: Text = Field(description="版本 / its version")
    jurisdiction: str = Field(default="", description="行政区划代码 / the code of the region")
    title: Bilingual = Field(description="标题 / its title")
    extends: PackName | None = Field(default=None, description="所继承的规则包 / the pack that it inherits from")
    uses: list[PackName] = Field(default_factory=list, description="引用的库 / the libraries that it takes in")
    sources: dict[SourceId, SourceSchema] = Field(default_factory=dict, description="文件 / the documents that rules cite")
    facts: dict[DottedPath, FactSchema] = Field(default_factory=dict, description="补充的事实 / further facts, by their dotted path")
    parameters: dict[Id, ParameterSchema] = Field(default_factory=dict, description="标准 / dated values that rules refer to")
    interpretations: dict[Id, InterpretationSchema] = Field(default_factory=dict, description="解释口径 / clauses with several readings")
    open: dict[Id, OpenSchema] = Field(default_factory=dict, description="未决事项 / points that the text leaves open")
    functions: dict[Id, FunctionSchema] = Field(default_factory=dict, description="函数 / formulas with parameters")
    terms: dict[Id, TermSchema] = Field(default_factory=dict, description="推导事实 / derived facts")
    tables: dict[Id, TableSchema] = Field(default_factory=dict, description="决策表 / decision tables")
    decisions: dict[Id, DecisionSchema] = Field(default_factory=dict, description="判定 / the questions that the pack answers")
    overrides: dict[DottedPath, OverrideSchema] = Field(
        default_factory=dict, description="对所继承内容的替换或删除 / what replaces or removes inherited items, by their dotted path"
    )
    calendar: dict[Year, CalendarYearSchema] = Field(default_factory=dict, description="放假安排 / rest days and make-up days, by year")
    targets: dict[Id, TargetSchema] = Field(default_factory=dict, description="目标 / goals that the documents set")
    clauses: dict[SourceId, RegisterSchema] = Field(
        default_factory=dict, description="条款清单：各文件的条款及其落实情况 / the documents' clauses, each with what became of it"
    )


class CalendarFile(Strict):
    """A file that holds nothing but the holidays of some years."""

    calendar: dict[Year, CalendarYearSchema] = Field(description="放假安排 / rest days and make-up days, by year")
