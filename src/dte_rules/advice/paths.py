"""Facts as plain data: their values by path, and facts that differ in a few of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
Plain = dict[str, Any]
"""Facts as nested dicts and lists; what is unknown is not there."""


def plain(value: Any) -> Any:
    """Facts as plain data."""
    if isinstance(value, BaseModel):
        found = {name: getattr(value, name) for name in type(value).model_fields}
        return {name: plain(part) for name, part in found.items() if part is not None}
    if isinstance(value, Mapping):
        return {name: plain(part) for name, part in value.items() if part is not None}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return value


def steps(path: str) -> list[str | int]:
    """The keys and positions (from 0) of a path."""
    return [int(position) - 1 if position else name for name, position in _STEP.findall(path)]


def value_at(data: Plain, path: str) -> Any:
    """The value at a path; None where it is unknown."""
    current: Any = data
    for step in steps(path):
        if isinstance(step, int):
            current = current[step] if isinstance(current, list) and step < len(current) else None
        else:
            current = current.get(step) if isinstance(current, Mapping) else None
        if current is None:
            return None
    return current


def changed(data: Plain, changes: Mapping[str, Any]) -> Plain:
    """The data with other values at some paths; the data itself is left as it is, and what doesn't change is shared."""
    found = data
    for path, value in changes.items():
        found = _put(found, steps(path), value)
    return found


def _put(holder: Any, where: list[str | int], value: Any) -> Any:
    if not where:
        return value
    first, rest = where[0], where[1:]
    if isinstance(first, int):
        items = list(holder)
        items[first] = _put(items[first], rest, value)
        return items
    inner = dict(holder or {})
    new = _put(inner.get(first), rest, value)
    if new is None:
        inner.pop(first, None)
    else:
        inner[first] = new
    return inner


def leaves(data: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every single value with its path; lists of single values are one value."""
    if isinstance(data, Mapping):
        for name, part in data.items():
            yield from leaves(part, f"{path}.{name}" if path else name)
    elif isinstance(data, list) and any(isinstance(item, Mapping) for item in data):
        for position, item in enumerate(data, 1):
            yield from leaves(item, f"{path}[{position}]")
    else:
        yield path, data
