"""Makes instances of Pydantic models of values that are known to be right, without validating them again."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

_new: Any = object.__new__
_set_values: Any = BaseModel.__dict__["__dict__"].__set__
_set_known: Any = BaseModel.__dict__["__pydantic_fields_set__"].__set__
_set_extra: Any = BaseModel.__dict__["__pydantic_extra__"].__set__
_set_private: Any = BaseModel.__dict__["__pydantic_private__"].__set__


def make(model: Any, values: dict[str, Any], known: set[str]) -> Any:
    """An instance with these values for all fields, of which ``known`` were given. Both are kept, not copied."""
    made = _new(model)
    _set_values(made, values)
    _set_known(made, known)
    _set_extra(made, None)
    _set_private(made, None)
    return made
