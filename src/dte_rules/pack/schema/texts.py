"""The small parts of the format: names, texts in two languages, FEEL, cells, citations, periods."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, StringConstraints, Tag, WithJsonSchema
from pydantic_core import PydanticCustomError

ID_PATTERN = r"^[A-Za-z_\u4e00-\u9fff][\w]*$"
SOURCE_PATTERN = r"^\w[\w.\-]*$"
PACK_PATTERN = r"^[a-z][a-z0-9_\-]*$"
YEAR_PATTERN = r"^[12]\d{3}$"
PATH_PATTERN = r"^[A-Za-z_\u4e00-\u9fff][\w]*(\.[A-Za-z_\u4e00-\u9fff][\w]*)*$"

_FEEL_SCHEMA = {"anyOf": [{"type": "string", "minLength": 1}, {"type": "boolean"}, {"type": "number"}]}


class Strict(BaseModel):
    """The base of the format's models: no unknown keys, no conversions."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, populate_by_name=False)


def _single_value(value: Any) -> Any:
    """Lets through what is a single value, which the loader takes as it is written."""
    if value is None or isinstance(value, (dict, list)) or value == "":
        raise PydanticCustomError("single_value", "a single value is expected")
    return value


def _feel(value: Any) -> str:
    """FEEL as text; ``true``, numbers and dates, which YAML reads as values, are FEEL just the same."""
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, date):
        return f'@"{value.isoformat()}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return str(value)
    raise PydanticCustomError("feel_type", "an expression is expected")


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
SourceId = Annotated[str, StringConstraints(pattern=SOURCE_PATTERN)]
PackName = Annotated[str, StringConstraints(pattern=PACK_PATTERN)]
DottedPath = Annotated[str, StringConstraints(pattern=PATH_PATTERN)]
Text = Annotated[str, StringConstraints(min_length=1)]
Feel = Annotated[str, BeforeValidator(_feel), WithJsonSchema(_FEEL_SCHEMA)]
Cell = Annotated[Any, AfterValidator(_single_value), WithJsonSchema(_FEEL_SCHEMA)]


def one_or_several(value: Any) -> str:
    """The tag of a value that may be one thing or a list of them."""
    return "<several>" if isinstance(value, list) else "<one>"


def tag_of_mapping(value: Any) -> str:
    """The tag of a value that may be written in short, or as a mapping."""
    return "<mapping>" if isinstance(value, dict) else "<short>"


OneCite = Annotated[str, StringConstraints(min_length=1)]
SeveralCites = Annotated[list[OneCite], Field(min_length=1)]
Cite = Annotated[Annotated[OneCite, Tag("<one>")] | Annotated[SeveralCites, Tag("<several>")], Discriminator(one_or_several)]


class Bilingual(Strict):
    """A text in Chinese, in English, or both."""

    zh: str = Field(default="", description="中文 / the text in Chinese")
    en: str = Field(default="", description="英文 / the text in English")


class InForce(Strict):
    """Days in force; the end is the first day on which it is no longer in force."""

    from_: date | None = Field(default=None, alias="from", description="施行之日 / the first day in force")
    to: date | None = Field(default=None, description="失效之日（当日起不再施行） / the first day on which it is no longer in force")


UnderChoice = Annotated[
    Annotated[Text, Tag("<one>")] | Annotated[Annotated[list[Text], Field(min_length=1)], Tag("<several>")],
    Discriminator(one_or_several),
]


class Described(Strict):
    """What a rule may say about itself."""

    title: Bilingual | None = Field(default=None, description="名称 / a name for people to read")
    in_force: InForce | None = Field(default=None, description="施行期间，省略则依文件 / its own days in force, else its documents'")
    under: dict[Id, UnderChoice] = Field(
        default_factory=dict, description="仅在所列解释口径下成立 / the readings under which alone the rule stands, by interpretation"
    )


class Cited(Described):
    """A rule that must name its clause."""

    cite: Cite = Field(description="依据的文件和条款，如 `zj-2023-36 四（四）` / the document and clause, as `zj-2023-36 四（四）`")


class CitedOrInherited(Described):
    """A rule that names its clause, or rests on that of what it is part of."""

    cite: Cite | None = Field(default=None, description="依据的文件和条款，省略则依上级 / the document and clause, else those of its group")
