"""What Pydantic writes of a model, turned into a schema that editors make the most of.

Editors show the first description that they find, complete from ``properties``, and tell one plain failure better than the
failure of every arm of a union. So optional values lose their ``null`` (an empty key is an error to the loader too), titles
made from field names go, and open mappings are closed to keys of the wrong form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dte_rules.report.schemas.words import plain_name, title_of

DIALECT = "http://json-schema.org/draft-07/schema#"
DAY_PATTERN = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
DAY_MESSAGE = "日期写成 YYYY-MM-DD / write the day as YYYY-MM-DD"

# JavaScript's \w is ASCII alone: anything else but ASCII punctuation may stand in a name
_WORD_CLASS = r"[\w]"
_WORD = r"[^\s!-/:-@\[-^`{-~]"

Schema = dict[str, Any]


def simplified(schema: Mapping[str, Any]) -> Schema:
    """The schema of a model with its definitions, in the dialect that editors know best."""
    definitions = {name: _definition(name, body) for name, body in schema.get("$defs", {}).items()}
    root = _node({key: value for key, value in schema.items() if key != "$defs"})
    return {"$schema": DIALECT, **root, "definitions": definitions}


def schema_text(schema: Mapping[str, Any]) -> str:
    """The schema as it stands in a file."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def day(description: str = "") -> Schema:
    """A day as text."""
    made = {"type": "string", "pattern": f"^{DAY_PATTERN}$", "patternErrorMessage": DAY_MESSAGE}
    return made | ({"description": description} if description else {})


def _definition(name: str, body: Mapping[str, Any]) -> Schema:
    made = _node(body)
    zh, en = title_of(name)
    return {**made, "title": f"{zh} / {plain_name(name)}", "description": f"{zh} / {en}"}


def _node(node: Mapping[str, Any]) -> Schema:
    """One schema without what only Pydantic needs."""
    made: Schema = {}
    for key, value in node.items():
        match key:
            case "properties":
                made[key] = {name: _node(_without_title(part)) for name, part in value.items()}
            case "patternProperties":
                made[key] = {_pattern(pattern): _node(part) for pattern, part in value.items()}
                made["additionalProperties"] = False
            case "items" | "not" | "if" | "then" | "else":
                made[key] = _node(value)
            case "additionalProperties" if isinstance(value, Mapping):
                made[key] = _node(value)
            case "anyOf" | "oneOf" | "allOf":
                made[key] = [_node(part) for part in value]
            case "$ref":
                made[key] = value.replace("#/$defs/", "#/definitions/")
            case "pattern":
                made[key] = _pattern(value)
            case _:
                made[key] = value
    return _dated(_united(_without_null(made)))


def _without_title(field: Mapping[str, Any]) -> Schema:
    return {key: value for key, value in field.items() if key != "title"}


def _without_null(node: Schema) -> Schema:
    """An optional value without its null."""
    arms = node.get("anyOf")
    if not arms or {"type": "null"} not in arms:
        return node
    rest = [arm for arm in arms if arm != {"type": "null"}]
    outer = {key: value for key, value in node.items() if key not in ("anyOf", "default")}
    return {**rest[0], **outer} if len(rest) == 1 else {"anyOf": rest, **outer}


def _united(node: Schema) -> Schema:
    """Arms that differ in nothing but a simple type, as one schema with several types; ``oneOf`` made by a tag as ``anyOf``."""
    for key in ("anyOf", "oneOf"):
        arms = node.get(key)
        if arms and all(isinstance(arm.get("type"), str) and arm["type"] not in ("array", "object") for arm in arms):
            rest = {name: value for name, value in node.items() if name != key}
            merged: Schema = {}
            for arm in arms:
                merged |= {name: value for name, value in arm.items() if name != "type"}
            return {"type": list(dict.fromkeys(arm["type"] for arm in arms)), **merged, **rest}
    if "oneOf" in node and not any(set(arm) == {"required"} for arm in node["oneOf"]):
        node = {("anyOf" if name == "oneOf" else name): value for name, value in node.items()}
    return node


def _dated(node: Schema) -> Schema:
    """A day by a pattern, of which an editor says in plain words what is wanted."""
    if node.get("format") != "date":
        return node
    return {**{key: value for key, value in node.items() if key != "format"}, **day()}


def _pattern(pattern: str) -> str:
    return pattern.replace(_WORD_CLASS, _WORD).replace(r"^\w[\w.\-]*$", rf"^{_WORD}({_WORD}|[.\-])*$")
