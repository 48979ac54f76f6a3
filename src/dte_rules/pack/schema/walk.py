"""Which model, and which of its keys, a place in a pack's data belongs to."""

from __future__ import annotations

import types
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag


def keys_at(model: type[BaseModel], loc: Sequence[str | int]) -> tuple[str, ...]:
    """The keys that are allowed in the mapping at a place; union tags in ``loc`` choose the union's arm."""
    found = model_at(model, loc)
    return tuple(field.alias or name for name, field in found.model_fields.items()) if found else ()


def model_at(model: type[BaseModel], loc: Sequence[str | int]) -> type[BaseModel] | None:
    """The model of the value at a place; None where it is no model's."""
    here: Any = model
    for part in loc:
        here = _step(here, part)
    return next(_models(here), None)


def _step(here: Any, part: str | int) -> Any:
    """The type of what stands under a key, an index or a union tag."""
    if isinstance(part, str) and part.startswith("<"):
        return next((arm for arm in _arms(here) if _tag(arm) == part), None)
    for arm in _arms(here):
        bare = _bare(arm)
        if isinstance(bare, type) and issubclass(bare, BaseModel):
            for name, field in bare.model_fields.items():
                if (field.alias or name) == part:
                    return field.annotation
        elif get_origin(bare) in (dict, list):
            return get_args(bare)[-1]
    return None


def _models(here: Any) -> Iterator[type[BaseModel]]:
    for arm in _arms(here):
        bare = _bare(arm)
        if isinstance(bare, type) and issubclass(bare, BaseModel):
            yield bare


def _arms(here: Any) -> tuple[Any, ...]:
    """A union's arms, or the type alone."""
    bare = _bare(here) if _tag(here) is None else here
    if get_origin(bare) in (Union, types.UnionType):
        return tuple(inner for arm in get_args(bare) for inner in _arms(arm))
    return (bare,)


def _bare(here: Any) -> Any:
    while get_origin(here) is Annotated:
        here = get_args(here)[0]
    return here


def _tag(here: Any) -> str | None:
    if get_origin(here) is not Annotated:
        return None
    return next((meta.tag for meta in get_args(here)[1:] if isinstance(meta, Tag)), None)
