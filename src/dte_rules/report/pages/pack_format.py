"""The page of the pack's format: the keys of each part, from the models that read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dte_rules.report.pages.markdown import code, generated, page, table, text
from dte_rules.report.schemas.pack_file import pack_schema
from dte_rules.report.schemas.words import HIT_POLICIES, MODALITIES, title_of

_FIRST = ("DecisionSchema", "ConditionSchema", "MemberSchema", "DelegationSchema", "PowerSchema", "GrantsSchema", "GrantForm")
_REF = "#/definitions/"


def pack_format_page() -> str:
    """The page. What a key holds is told by its form: a text, a mapping by id, another part of the format."""
    return page(_lines(pack_schema()))


def _lines(schema: Mapping[str, Any]) -> Iterator[str]:
    yield from (generated("dte docs"), "", "# 规则包的格式 / The format of packs", "")
    yield "编辑器可用 `schemas/pack.schema.json` 补全和检查。带 * 的键必填；未列出的键是错误。"
    yield ""
    yield "Editors complete and check it with `schemas/pack.schema.json`. A key with * must be there; a key that is not listed is an error."
    yield ""
    yield from _part("PackFile", schema, heading="规则包文件 / a pack's file")
    definitions = schema["definitions"]
    names = [name for name in _FIRST if name in definitions]
    names += sorted(name for name in definitions if name not in _FIRST and "properties" in definitions[name])
    for name in names:
        yield from _part(name, definitions[name])
    yield from ("## 性质 / `modality`", "")
    yield from table(["", "含义", "meaning"], ((code(word), zh, en) for word, (zh, en) in MODALITIES.items()))
    yield from ("## 命中策略 / `hit`", "")
    yield from table(["", "含义", "meaning"], ((code(word), zh, en) for word, (zh, en) in HIT_POLICIES.items()))


def _part(name: str, form: Mapping[str, Any], heading: str = "") -> Iterator[str]:
    zh, en = title_of(name)
    yield from (f'<a id="{name}"></a>', "", f"## {heading or f'{zh} / {en}'}", "")
    required = set(form.get("required", ()))
    rows = []
    for key, value in form["properties"].items():
        told_zh, _, told_en = value.get("description", "").partition(" / ")
        rows.append((code(key) + ("\\*" if key in required else ""), _form(value), text(told_zh), text(told_en)))
    yield from table(["键 / key", "形式 / form", "含义", "meaning"], rows)


def _form(value: Mapping[str, Any]) -> str:
    """What may stand under a key, in a few words."""
    if "$ref" in value:
        name = value["$ref"].removeprefix(_REF)
        zh, _ = title_of(name)
        return f"[{zh}](#{name})"
    if "enum" in value:
        return " ".join(code(str(word)) for word in value["enum"])
    if "const" in value:
        return code(str(value["const"]).lower())
    if "anyOf" in value:
        return _alternatives(map(_form, value["anyOf"]))
    if "if" in value:
        return _alternatives(_form(value[arm]) for arm in ("then", "else"))
    kind = value.get("type")
    if kind == "array":
        return f"list of {_form(value.get('items', {}))}"
    if kind == "object":
        below = [_form(part) for part in value.get("patternProperties", {}).values()]
        if isinstance(rest := value.get("additionalProperties"), Mapping):
            below.append(_form(rest))
        return f"id → {_alternatives(below)}" if below else "mapping"
    if "patternErrorMessage" in value:
        return "date"
    if isinstance(kind, list):
        return "FEEL" if set(kind) == {"string", "boolean", "number"} else " / ".join(kind)
    return {"string": "text"}.get(str(kind), str(kind)) if kind else "any"


def _alternatives(forms: Iterable[str]) -> str:
    """Several forms, each told once."""
    return " / ".join(dict.fromkeys(part for form in forms for part in form.split(" / ")))
