"""The schema of pack files, and of files that hold nothing but holidays."""

from __future__ import annotations

from typing import Any

from dte_rules.pack.schema.file import CalendarFile, PackFile
from dte_rules.report.phrases import Pair
from dte_rules.report.schemas.simplify import Schema, simplified
from dte_rules.report.schemas.words import HIT_POLICIES, MODALITIES
from dte_rules.vocabulary.declaration import SIMPLE_TYPES
from dte_rules.vocabulary.formats import FORMATS

_NAME = r"[^.]+"
_CONDITION_PARTS = "(requires|excludes|soft)"

# what a path under `overrides` leads to, and the form that replaces it
_OVERRIDES: tuple[tuple[str, str], ...] = (
    (rf"^parameters(\.{_NAME})+$", "ParameterSchema"),
    (rf"^interpretations\.{_NAME}$", "InterpretationSchema"),
    (rf"^open\.{_NAME}$", "OpenSchema"),
    (rf"^functions\.{_NAME}$", "FunctionSchema"),
    (rf"^tables\.{_NAME}$", "TableSchema"),
    (rf"^terms\.{_NAME}$", "TermSchema"),
    (rf"^terms\.{_NAME}\.{_NAME}(\.{_NAME})?$", "TermRuleSchema"),
    (rf"^decisions\.{_NAME}$", "DecisionSchema"),
    (rf"^decisions\.{_NAME}\.{_CONDITION_PARTS}\.{_NAME}$", "ConditionSchema"),
    (rf"^decisions\.{_NAME}\.{_CONDITION_PARTS}(\.{_NAME}){{2,}}$", "MemberSchema"),
    (rf"^decisions\.{_NAME}\.delegates\.{_NAME}$", "DelegationSchema"),
    (rf"^decisions\.{_NAME}\.empowers\.{_NAME}$", "PowerSchema"),
    (rf"^decisions\.{_NAME}\.grants\.", "GrantForm"),
)


def pack_schema() -> Schema:
    """The schema of a pack's file."""
    schema = simplified(PackFile.model_json_schema())
    schema["title"] = "规则包 / rule pack"
    schema["description"] = "dte-rules 的规则包：条件用 FEEL 书写 / a pack of rules for dte-rules; conditions are FEEL"
    schema["properties"]["overrides"] = _overrides(schema["properties"]["overrides"])
    definitions = schema["definitions"]
    _explain(definitions["DecisionSchema"]["properties"]["modality"], MODALITIES)
    _explain(definitions["TableSchema"]["properties"]["hit"], HIT_POLICIES)
    _complete_fact(definitions)
    for name in ("ConditionSchema", "MemberSchema"):
        _only_one(definitions[name], "when", "all", "any", "none")
    _only_one(definitions["TermSchema"], "is", "rules")
    _only_one(definitions["DelegationSchema"], "when", "unless", needed=False)
    return schema


def calendar_schema() -> Schema:
    """The schema of a file that holds nothing but the holidays of some years."""
    schema = simplified(CalendarFile.model_json_schema())
    schema["title"] = "放假安排 / holidays"
    schema["description"] = "国务院办公厅各年放假安排 / the State Council's notices on holidays, by year"
    return schema


def _only_one(form: Schema, *keys: str, needed: bool = True) -> None:
    """Only one of some keys may stand. Said so that an editor underlines the key that is too much."""
    form.pop("oneOf", None)
    if needed:
        form["anyOf"] = [{"required": [key]} for key in keys]
    form["dependencies"] = {key: {"properties": {other: False for other in keys if other != key}} for key in keys}


def _complete_fact(definitions: Schema) -> None:
    """What a declared fact's keys may hold: the models leave it to the vocabulary, which reads declarations from elsewhere too."""
    fact = definitions["FactSchema"]
    keys = fact["properties"]
    values = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    simple = {"type": "string", "enum": list(SIMPLE_TYPES)}
    kinds = {"type": "string", "enum": [*SIMPLE_TYPES, "record", "list"]}
    described = {key: {"description": keys[key]["description"]} for key in keys}
    keys["type"] = described["type"] | {"anyOf": [kinds, {"type": "string", "pattern": "^list of [^ ]"}, values]}
    keys["of"] = described["of"] | {"anyOf": [simple, values]}
    keys["format"] = described["format"] | {"type": "string", "enum": list(FORMATS)}
    for bound in ("minimum", "maximum"):
        keys[bound] = described[bound] | {"type": "number"}
    # a type's name, the values of an enumeration, or a mapping
    field = {"type": ["object", "string", "array"], "items": {"type": "string"}, "properties": keys, "additionalProperties": False}
    definitions["FactField"] = {"title": "字段 / field", "description": "记录的字段 / a field of a record", **field}
    fields = dict(keys["fields"])
    keys["fields"] = fields | {
        "patternProperties": {pattern: {"$ref": "#/definitions/FactField"} for pattern in fields["patternProperties"]}
    }


def _overrides(written: dict[str, Any]) -> Schema:
    """Overrides by what their paths lead to, so that an editor knows which keys are wanted."""
    removal = {"$ref": "#/definitions/RemovalSchema"}
    forms = {
        path: {"if": {"required": ["remove"]}, "then": removal, "else": {"$ref": f"#/definitions/{form}"}, "type": "object"}
        for path, form in _OVERRIDES
    }
    return {"type": "object", "description": written["description"], "patternProperties": forms, "additionalProperties": False}


def _explain(choice: dict[str, Any], words: dict[str, Pair] | Any) -> None:
    """Say of each word of a closed list what it means."""
    told = [" / ".join(words[value]) for value in choice["enum"] if value in words]
    if len(told) == len(choice["enum"]):
        choice["markdownEnumDescriptions"] = told
