"""Canonical JSON: one text for one value, so that digests can be compared.

Keys are sorted by code point, nothing is spaced out, text is UTF-8 and escaped only where JSON demands it, days are ISO text, numbers
are decimal digits as they were given (``128.0`` stays ``128.0``): no binary float takes part. Unknown fields are left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel


def canonical(value: Any) -> str:
    """The value as canonical JSON.

    Raises:
        TypeError: for a value that has no place in JSON, a binary float among them.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal():
            if not value.is_finite():
                raise TypeError("a number must be finite")
            return str(value)
        case str():
            return json.dumps(value, ensure_ascii=False)
        case date():
            return f'"{value.isoformat()}"'
        case BaseModel():
            return canonical({name: getattr(value, name) for name in type(value).model_fields if getattr(value, name) is not None})
        case Mapping():
            return "{" + ",".join(f"{canonical(str(key))}:{canonical(value[key])}" for key in sorted(value)) + "}"
        case list() | tuple():
            return "[" + ",".join(map(canonical, value)) + "]"
        case _:
            raise TypeError(f"a value of type {type(value).__name__} has no place in a receipt")


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
