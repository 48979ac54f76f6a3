"""A pack's file as data of the right form, with everything in it that has not that form left out and reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from dte_rules.pack.problems import empty_values, explain, few_readings, in_document
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.document import Document, Path

M = TypeVar("M", bound=BaseModel)

_NAMED_SECTIONS = frozenset(
    {"sources", "facts", "parameters", "interpretations", "open", "functions", "terms", "tables", "overrides", "calendar"}
    | {"targets", "clauses"}
)
_ATTEMPTS = 20


@dataclass(frozen=True)
class FileRead(Generic[M]):
    """A file: its text, its data, and what is wrong with its form.

    ``content`` is what remains once items of a wrong form are left out, so that the rest can be checked; None where nothing does.
    """

    document: Document
    data: Any
    content: M | None
    diagnostics: tuple[Diagnostic, ...]


def read_content(document: Document, model: type[M]) -> FileRead[M]:
    """The document as the model. Nothing is raised: all problems of form are in the result."""
    data = document.plain()
    if document.root is None:
        return FileRead(document, data, None, document.diagnostics)
    diagnostics: list[Diagnostic] = list(document.diagnostics)
    empty = empty_values(document)
    diagnostics += empty.values()
    remaining = data
    for path in empty:
        remaining = _without(remaining, _item_of(path))
    for attempt in range(_ATTEMPTS):
        try:
            content = model.model_validate(remaining)
        except ValidationError as problem:
            errors = problem.errors(include_url=False)
            if attempt == 0:
                told = [error for error in errors if error["loc"] not in empty]
                diagnostics += explain(document, model, told)
            paths = {_item_of(in_document(document, error["loc"])) for error in errors}
            if () in paths:
                break
            for path in paths:
                remaining = _without(remaining, path)
        else:
            diagnostics += few_readings(document, remaining)
            return FileRead(document, data, content, tuple(diagnostics))
    return FileRead(document, data, None, tuple(diagnostics))


def _item_of(path: Path) -> Path:
    """The smallest named item around a place, which is left out as a whole: half an item would only mislead the checks to come."""
    if len(path) > 2 and path[0] == "decisions":
        return path[:4] if len(path) > 3 else path[:3]
    if len(path) > 1 and path[0] in _NAMED_SECTIONS | {"decisions"}:
        return path[:2]
    return path[:1]


def _without(data: Any, path: Sequence[str | int]) -> Any:
    """A copy of nested mappings without what stands at the path."""
    if not isinstance(data, dict) or path[0] not in data:
        return data
    if len(path) == 1:
        return {key: value for key, value in data.items() if key != path[0]}
    return {key: _without(value, path[1:]) if key == path[0] else value for key, value in data.items()}
