"""Decisions as written: conditions, groups of them, delegations, powers and grants."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from dte_rules.pack.schema.items import Modality
from dte_rules.pack.schema.texts import Bilingual, Cite, Cited, CitedOrInherited, Described, Feel, Id, Strict, tag_of_mapping

_KINDS = ("when", "all", "any", "none")
_ONE_KIND = {"oneOf": [{"required": [kind]} for kind in _KINDS]}


class ConditionForm(Described):
    """A formula, or a group of named conditions."""

    when: Feel | None = Field(default=None, description="FEEL 条件 / the condition, in FEEL")
    all: dict[Id, MemberSchema] | None = Field(default=None, min_length=1, description="须全部满足 / all of these must hold")
    any: dict[Id, MemberSchema] | None = Field(default=None, min_length=1, description="满足任一即可 / any of these will do")
    none: dict[Id, MemberSchema] | None = Field(default=None, min_length=1, description="均不得满足 / none of these may hold")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if sum(getattr(self, kind) is not None for kind in _KINDS) != 1:
            raise PydanticCustomError("one_of", "one of the keys is expected", {"keys": list(_KINDS)})
        return self

    @property
    def kind(self) -> Literal["when", "all", "any", "none"]:
        """Which of the forms it has."""
        if self.all is not None:
            return "all"
        if self.any is not None:
            return "any"
        return "none" if self.none is not None else "when"

    @property
    def members(self) -> dict[str, MemberSchema]:
        """The group's members; empty for a formula."""
        return self.all or self.any or self.none or {}


class MemberSchema(ConditionForm, CitedOrInherited, json_schema_extra=_ONE_KIND):
    """A condition within a group."""


class ConditionSchema(ConditionForm, Cited, json_schema_extra=_ONE_KIND):
    """A condition of a decision."""


class DelegationSchema(Cited):
    """A point that the text leaves to another document: it applies always, or as a condition says."""

    to: Bilingual = Field(description="另行规定的文件 / the document that will settle it")
    when: Feel | None = Field(default=None, description="适用条件 / the condition on which it applies")
    unless: Feel | None = Field(default=None, description="不适用的条件 / the condition on which it does not apply")

    @model_validator(mode="after")
    def _one_condition(self) -> Self:
        if self.when is not None and self.unless is not None:
            raise PydanticCustomError("not_both", "only one of the keys is allowed", {"keys": ["when", "unless"]})
        return self


class PowerSchema(Cited):
    """A power of an authority to decide."""

    by: Bilingual = Field(description="有权决定的机关 / the authority")
    when: Feel | None = Field(default=None, description="适用条件 / the condition on which it applies")


class GrantForm(CitedOrInherited):
    """A result with particulars of its own."""

    is_: Feel = Field(alias="is", description="FEEL 公式 / the formula, in FEEL")


GrantSchema = Annotated[Annotated[Feel, Tag("<short>")] | Annotated[GrantForm, Tag("<mapping>")], Discriminator(tag_of_mapping)]


class GrantsSchema(Strict):
    """What follows where the decision is met."""

    amount: GrantSchema | None = Field(default=None, description="金额 / the amount")
    effect: GrantSchema | None = Field(default=None, description="法律效果 / the effect")
    dates: dict[Id, GrantSchema] = Field(default_factory=dict, description="日期 / dates")
    values: dict[Id, GrantSchema] = Field(default_factory=dict, description="其他结果 / other results")


class DecisionSchema(Strict):
    """A question that the pack answers. A pack that inherits it may leave out everything but what it adds."""

    title: Bilingual | None = Field(default=None, description="名称 / its name")
    modality: Modality | None = Field(
        default=None,
        description="性质：可享受（默认）、应当、不得、可以、构成 / its nature, entitlement by default",
    )
    cite: Cite | None = Field(default=None, description="结果的依据 / the clause of its grants, where they name none")
    requires: dict[Id, ConditionSchema] = Field(default_factory=dict, description="必备条件 / what must hold")
    excludes: dict[Id, ConditionSchema] = Field(default_factory=dict, description="除外情形 / what must not hold")
    soft: dict[Id, ConditionSchema] = Field(
        default_factory=dict, description="一般、原则上的条件 / what holds as a rule; failing it leads to discretion"
    )
    delegates: dict[Id, DelegationSchema] = Field(default_factory=dict, description="另行规定 / what is left to another document")
    empowers: dict[Id, PowerSchema] = Field(default_factory=dict, description="有权机关决定 / what is left to an authority")
    grants: GrantsSchema | None = Field(default=None, description="结果 / what follows")


class RemovalSchema(Strict):
    """An override that takes an inherited item away."""

    remove: Literal[True] = Field(description="删除 / takes the item away")
    cite: Cite = Field(description="删除的依据 / the clause on which this rests")


Part = Literal["requires", "excludes", "soft", "delegates", "empowers"]
PARTS: tuple[Part, ...] = ("requires", "excludes", "soft", "delegates", "empowers")

ConditionForm.model_rebuild()
MemberSchema.model_rebuild()
ConditionSchema.model_rebuild()
