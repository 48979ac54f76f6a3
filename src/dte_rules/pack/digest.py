"""A pack's digest: what its files say, not how they are laid out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any


def digest(contents: Iterable[tuple[str, Any]]) -> str:
    """SHA-256, in hex, over the names and the data of files in the order in which they were taken in.

    Comments, quotes, indentation and line breaks do not count; the order of items does, since it carries meaning: the first
    reading is the default, the first row may win.
    """
    text = json.dumps([[name, _canonical(data)] for name, data in contents], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _canonical(data: Any) -> Any:
    """The data in JSON that tells a number from its text and a date from its text."""
    match data:
        case dict():
            return {"m": [[key, _canonical(value)] for key, value in data.items()]}
        case list():
            return [_canonical(item) for item in data]
        case bool() | None | str():
            return data
        case int() | Decimal():
            return {"n": _number(Decimal(data))}
        case date():
            return {"d": data.isoformat()}
        case _:
            raise TypeError(f"no canonical form of {type(data).__name__}")


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
