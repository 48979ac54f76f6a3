"""JSON read and written without losing a digit, and without accepting what JSON is not."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Any

from pydantic import BaseModel


class JsonError(ValueError):
    """A text that is no JSON document, or one that says a key twice."""


def read_json(text: str | bytes) -> Any:
    """The document, with each number as a ``Decimal`` of the same digits.

    Raises:
        JsonError: for text that is no JSON, for NaN and Infinity, for a key that is repeated in one object, for nesting
            too deep to read. The text itself is in no part of the message.
    """
    try:
        if not isinstance(text, str):
            text = text.decode(json.detect_encoding(text), "surrogatepass")
        elif text.startswith("\ufeff"):
            raise JsonError("the text begins with a byte order mark")
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise JsonError(f"{error.msg} at line {error.lineno} column {error.colno}") from None
    except UnicodeDecodeError:
        raise JsonError("the text is not in UTF-8") from None
    except RecursionError:
        raise JsonError("nested too deeply") from None


def exact(data: Any) -> Any:
    """What `read_json` gave, as ``json`` writes it: a number as a text where a float would lose digits of it."""
    match data:
        case Decimal() if data == data.to_integral_value() and data.adjusted() < 64:
            return int(data)
        case Decimal():
            near = float(data)
            return near if Decimal(repr(near)) == data else str(data)
        case dict():
            return {key: exact(value) for key, value in data.items()}
        case list():
            return [exact(value) for value in data]
        case _:
            return data


def write_json(value: Any) -> str:
    """The value as JSON, numbers digit by digit as they are, fields that are unknown left out.

    Raises:
        TypeError: for a value that no fact can have.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal() | int():
            return str(value)
        case float():
            return str(Decimal(repr(value)))
        case str():
            return json.dumps(value, ensure_ascii=False)
        case datetime.date():
            return f'"{value.isoformat()}"'
        case BaseModel():
            known = ((name, getattr(value, name)) for name in type(value).model_fields)
            return "{" + ", ".join(f"{write_json(name)}: {write_json(part)}" for name, part in known if part is not None) + "}"
        case tuple() | list():
            return "[" + ", ".join(write_json(item) for item in value) + "]"
        case _:
            raise TypeError(f"a value of type {type(value).__name__} is no fact")


def json_number(value: Decimal) -> int | float:
    """The number as Python's ``json`` writes it: whole numbers as they are, others by the nearest float.

    A fraction of more than 17 digits loses some; ``write_json`` does not.
    """
    return int(value) if value == value.to_integral_value() else float(value)


def _no_constant(name: str) -> Any:
    raise JsonError(f"{name} is not a number of JSON")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise JsonError(f"the key `{key}` is repeated")
            seen.add(key)
    return found


_DECODER = json.JSONDecoder(parse_int=Decimal, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_distinct)
