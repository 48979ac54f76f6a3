"""JSON for programs: numbers digit by digit, days as ISO text, the order of the contract."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from dte_rules.source.diagnostic import Diagnostic, Lang

_FEW = 3


def json_text(value: Any, *, indent: int = 0) -> str:
    """The value as JSON, two blanks a level; lists of single values and records of a few stand in one line."""
    match value:
        case None | bool() | int():
            return json.dumps(value)
        case Decimal():
            return _number(value)
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
        case date():
            return f'"{value.isoformat()}"'
        case BaseModel():
            return json_text(_fields(value), indent=indent)
        case Mapping():
            parts = [f"{json_text(str(key))}: {json_text(part, indent=indent + 1)}" for key, part in value.items()]
            return _block("{", parts, "}", indent) if parts else "{}"
        case list() | tuple() | frozenset():
            return _listed(sorted(value) if isinstance(value, frozenset) else value, indent)
        case _:
            return json_text(str(value))


def error_object(diagnostic: Diagnostic, lang: Lang) -> dict[str, Any]:
    """A diagnostic as the contract's ``error``."""
    from dte_rules.cases.discretion import without_numbers

    data = diagnostic.as_dict(lang)
    return {"code": data["code"], "message": without_numbers(data["message"])} | {key: data[key] for key in ("file", "line", "column")}


def broken_object(id_: str | None, diagnostics: Sequence[Diagnostic], lang: Lang) -> dict[str, Any]:
    """What stands in the place of a case, or of a file, that can't be read: the first error, and all where there are several."""
    errors = [error_object(diagnostic, lang) for diagnostic in diagnostics]
    found: dict[str, Any] = {"id": id_, "error": errors[0]}
    return found | {"errors": errors} if len(errors) > 1 else found


def _number(value: Decimal) -> str:
    if not value.is_finite():
        return "null"
    return format(value.to_integral_value(), "f") if value == value.to_integral_value() else format(value, "f")


def _listed(value: Sequence[Any], indent: int) -> str:
    parts = [json_text(part, indent=indent + 1) for part in value]
    if not any(isinstance(part, Mapping | BaseModel | list | tuple) for part in value):
        return "[" + ", ".join(parts) + "]"
    return _block("[", parts, "]", indent)


def _fields(record: BaseModel) -> dict[str, Any]:
    return {name: getattr(record, name) for name in type(record).model_fields}


def _block(start: str, parts: Sequence[str], end: str, indent: int) -> str:
    if start == "{" and indent > 1 and len(parts) <= _FEW and not any("\n" in part for part in parts):
        return "{" + ", ".join(parts) + "}"
    inner, outer = "  " * (indent + 1), "  " * indent
    return f"{start}\n" + ",\n".join(f"{inner}{part}" for part in parts) + f"\n{outer}{end}"
