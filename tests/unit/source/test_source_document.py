"""Pydantic's errors find their place."""

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError

from dte_rules.source.document import Document, locate
from dte_rules.source.yaml import read_yaml


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class All(Strict):
    all: list["Condition"]


class AtLeast(Strict):
    field: str
    ge: int


def kind(value: Any) -> str:
    if isinstance(value, str):
        return "<text>"
    return "<all>" if isinstance(value, dict) and "all" in value else "<at least>"


Condition = Annotated[
    Annotated[All, Tag("<all>")] | Annotated[AtLeast, Tag("<at least>")] | Annotated[str, Tag("<text>")], Discriminator(kind)
]


class Rule(Strict):
    when: Condition
    amount: int | None = None


class Pack(Strict):
    rules: dict[Annotated[str, Field(pattern="^[a-z]+$")], Rule]
    tags: list[str] = []


All.model_rebuild()

TEXT = """rules:
  first:
    when:
      all:
        - text
        - {field: 年龄, ge: 十六}
        - {field: a, ge: 1, more: 2}
        - {ge: 1}
    amount: many
    amout: 3
  second: {}
  第三: {when: x}
tags: [a, 2, c]
"""


def places(document: Document) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        Pack.model_validate(document.plain())
    found = {}
    for error in caught.value.errors():
        span = locate(document, error["loc"], error["type"])
        found[f"{error['type']} {'.'.join(map(str, error['loc']))}"] = f"{span.line}:{span.column}-{span.end_column}"
    return found


def test_errors_find_their_places() -> None:
    assert places(read_yaml(TEXT, "a.yaml")) == {
        "int_type rules.first.when.<all>.all.1.<at least>.ge": "6:27-29",
        "extra_forbidden rules.first.when.<all>.all.2.<at least>.more": "7:29-33",
        "missing rules.first.when.<all>.all.3.<at least>.field": "8:11-18",
        "int_type rules.first.amount": "9:13-17",
        "extra_forbidden rules.first.amout": "10:5-10",
        "missing rules.second.when": "11:3-9",
        "string_pattern_mismatch rules.第三.[key]": "12:3-5",
        "string_type tags.1": "13:11-12",
    }


def test_missing_at_the_root_and_without_a_root() -> None:
    document = read_yaml("tags: []", "a.yaml")
    assert str(locate(document, ("rules",), "missing")) == "a.yaml:1:1"
    assert str(locate(read_yaml("", "a.yaml"), ("rules", 0), "missing")) == "a.yaml:1:1"
    assert str(locate(document, (), "model_type")) == "a.yaml:1:1"


def test_only_tags_are_passed_over() -> None:
    document = read_yaml("a: {<b>: {c: 1}}\nc: 2", "a.yaml")
    assert str(locate(document, ("a", "<b>", "c"), "int_type")) == "a.yaml:1:14", "a key that looks like a tag is a key"
    assert str(locate(document, ("nothing", "c"), "int_type")) == "a.yaml:1:1", "what does not exist is not skipped"
    assert str(locate(document, ("function-after[f(), g]", "c"), "int_type")) == "a.yaml:2:4"


def test_indices_and_keys_are_not_mixed_up() -> None:
    document = read_yaml("a: [x]\n'0': y", "a.yaml")
    assert document.node(("a", "0")) is None
    assert document.node((0,)) is None
    assert document.node(("a", -1)) is None
    assert document.node(("a", 1)) is None
    assert document.node(("a", 0, "x")) is None
