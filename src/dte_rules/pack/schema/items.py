"""The items of a pack as written: parameters, interpretations, functions, terms and tables."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from dte_rules.pack.schema.texts import (
    Bilingual,
    Cell,
    Cite,
    Cited,
    CitedOrInherited,
    Feel,
    Id,
    InForce,
    Strict,
    Text,
    one_or_several,
    tag_of_mapping,
)
from dte_rules.program.nodes import HitPolicy


class SourceSchema(Strict):
    """A document that rules cite."""

    number: str = Field(default="", description="文号 / the document's number")
    title: Bilingual | None = Field(default=None, description="标题 / its title")
    issued: date | None = Field(default=None, description="印发之日 / the day of issue")
    in_force: InForce = Field(default_factory=InForce, description="施行期间 / the days in force")


class FactSchema(Strict):
    """A fact that the pack adds to the vocabulary."""

    type: Any = Field(description="类型：boolean、number、string、date、record、list 或取值列表 / its type, or the list of its values")
    label: Bilingual = Field(description="名称 / its name")
    question: Bilingual = Field(description="向申请人提的问题 / the question to put to a person")
    of: Any = Field(default=None, description="列表成员的类型 / the type of a list's members")
    fields: dict[Id, Any] | None = Field(default=None, description="记录的字段 / the fields of a record")
    minimum: Any = Field(default=None, description="最小值 / the least value")
    maximum: Any = Field(default=None, description="最大值 / the greatest value")
    whole: bool = Field(default=False, description="是否须为整数 / whether it must be a whole number")
    format: Text | None = Field(default=None, description="格式 / the form of the text")
    personal: bool = Field(default=False, description="是否为个人信息 / whether it is personal information")
    mutable: Literal["person", "time", "fixed"] | None = Field(
        default=None, description="谁能改变：本人、时间，或不能改变 / who can change it: the person, time alone, or nobody"
    )
    event: Text | None = Field(default=None, description="表示发生之日的字段 / the field with the day on which it happened")


class ParameterValue(Strict):
    """A value of a parameter and its days in force."""

    from_: date | None = Field(default=None, alias="from", description="起始日 / the first day")
    to: date | None = Field(default=None, description="终止日（当日起不再适用） / the first day on which it no longer holds")
    value: Any = Field(
        description="数值、文字、日期、以 @ 开头的字面量，或嵌套的标准 / a number, text, date, literal with @, or a mapping of such"
    )
    cite: Cite | None = Field(default=None, description="该值的依据 / the clause of this value")


class ParameterSchema(Cited):
    """A dated number, text, date or duration that rules refer to by name."""

    values: list[ParameterValue] = Field(min_length=1, description="按起始日排列的值 / its values, in the order of their first days")


class InterpretationSchema(Strict):
    """A clause that can be read in several ways."""

    cite: Cite = Field(description="有歧义的条款 / the ambiguous clause")
    question: Bilingual = Field(description="问题 / the question")
    readings: dict[Id, Bilingual] = Field(description="各种口径，第一种为默认 / the readings, the default first")
    clarify: bool = Field(default=False, description="是否应请主管部门明确 / whether an agency should be asked")


class OpenSchema(Strict):
    """A point that the text leaves open."""

    cite: Cite = Field(description="留有空白的条款 / the clause")
    question: Bilingual = Field(description="未决的问题 / the open question")
    type: Text | None = Field(default=None, description="答案的类型 / the type of the answer")


class FunctionSchema(Cited):
    """A formula with parameters."""

    params: dict[Id, Text] = Field(description="参数及其类型 / its parameters and their types")
    is_: Feel = Field(alias="is", description="FEEL 公式 / the formula, in FEEL")
    result: Text | None = Field(default=None, description="结果的类型 / the type of its result")


class TermRuleSchema(CitedOrInherited):
    """One of the rules that conclude a term."""

    when: Feel | None = Field(default=None, description="适用条件，省略则总是适用 / the condition; left out, the rule always applies")
    then: Feel = Field(description="结论 / the conclusion")
    except_: list[Id] = Field(
        default_factory=list, alias="except", description="本条是哪些规则的例外 / the rules that it is an exception to"
    )


class TermSchema(Cited):
    """A derived fact: a formula, or rules with exceptions."""

    is_: Feel | None = Field(default=None, alias="is", description="FEEL 公式 / the formula, in FEEL")
    rules: dict[Id, TermRuleSchema] | None = Field(default=None, min_length=1, description="分条规则 / rules that conclude the term")
    otherwise: Feel | None = Field(default=None, description="没有规则适用时的值 / the value where no rule applies")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.is_ is None) == (self.rules is None):
            raise PydanticCustomError("one_of", "one of the keys is expected", {"keys": ["is", "rules"]})
        if self.is_ is not None and self.otherwise is not None:
            raise PydanticCustomError("goes_with", "key goes with another", {"key": "otherwise", "other": "rules"})
        return self


class RowSchema(Strict):
    """A row with particulars of its own."""

    cells: list[Cell] = Field(description="单元格：先输入，后输出 / its cells: inputs, then outputs")
    id: Text | None = Field(default=None, description="行的名称 / the row's name")
    cite: Cite | None = Field(default=None, description="该行的依据 / the clause of this row")
    in_force: InForce | None = Field(default=None, description="该行的施行期间 / the row's own days in force")


Row = Annotated[Annotated[list[Cell], Tag("<short>")] | Annotated[RowSchema, Tag("<mapping>")], Discriminator(tag_of_mapping)]
Otherwise = Annotated[
    Annotated[Cell, Tag("<one>")] | Annotated[Annotated[list[Cell], Field(min_length=1)], Tag("<several>")],
    Discriminator(one_or_several),
]


class TableSchema(Cited):
    """A decision table."""

    hit: HitPolicy = Field(default="unique", description="多行命中时的取法 / what holds where several rows match")
    inputs: list[Feel] = Field(min_length=1, description="输入列 / the input columns, in FEEL")
    outputs: list[Id] = Field(min_length=1, description="输出列的名称 / the names of the output columns")
    rows: list[Row] = Field(min_length=1, description="各行；`-` 表示任意 / the rows; `-` is any value")
    otherwise: Otherwise | None = Field(
        default=None, description="没有行命中时的输出，或 `unspecified`（未规定） / the outputs where no row matches, or `unspecified`"
    )
    priorities: list[Cell] = Field(default_factory=list, description="priority 策略下输出值的先后 / the outputs' order under `priority`")

    @model_validator(mode="after")
    def _priorities_fit(self) -> Self:
        if self.hit == "priority" and not self.priorities:
            raise PydanticCustomError("missing_key", "a key is missing", {"key": "priorities"})
        if self.priorities and self.hit != "priority":
            raise PydanticCustomError("goes_with", "key goes with another", {"key": "priorities", "other": "hit: priority"})
        return self


class HolidaySchema(Strict):
    """Days off in a row."""

    from_: date = Field(alias="from", description="第一天 / the first day off")
    through: date = Field(description="最后一天（含） / the last day off")


class CalendarYearSchema(Strict):
    """The notice on a year's holidays."""

    notice: Text = Field(description="通知的文号 / the notice's number")
    issued: date | None = Field(default=None, description="印发之日 / the day of issue")
    holidays: list[HolidaySchema] = Field(description="放假的日子 / the days off")
    workdays: list[date] = Field(default_factory=list, description="调休上班的日子 / the weekend days worked instead")


Modality = Literal["entitlement", "duty", "prohibition", "discretion", "constitutive"]
