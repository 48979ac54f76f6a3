"""Reads a file of properties: its form alone. Whether it fits the packs is for `ready` to say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from dte_rules.analysis.prove.diagnostics import PropertyTwice, UnknownProperty, listed
from dte_rules.analysis.prove.model import File
from dte_rules.analysis.prove.schema import PropertiesFile
from dte_rules.pack.problems import empty_values, explain
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError
from dte_rules.source.document import Document
from dte_rules.source.suggest import nearest
from dte_rules.source.yaml import read_yaml, read_yaml_file


def read(path: str | Path, *, text: str | None = None) -> File:
    """The properties of a file; with ``text``, of a text that goes by the name ``path``.

    Raises:
        DiagnosticsError: with everything that is wrong with its form.
    """
    document = read_yaml_file(path) if text is None else read_yaml(text, str(path))
    if document.root is None:
        raise DiagnosticsError(document.diagnostics)
    empty = empty_values(document)
    found: list[Diagnostic] = [*document.diagnostics, *empty.values()]
    content: PropertiesFile | None = None
    try:
        content = PropertiesFile.model_validate(document.plain())
    except ValidationError as problem:
        errors = [error for error in problem.errors(include_url=False) if error["loc"] not in empty]
        found += explain(document, PropertiesFile, errors)
    if content is not None:
        found += _twice(document, content)
    if found or content is None:
        raise DiagnosticsError(sorted(dict.fromkeys(found), key=lambda d: (d.span.line, d.span.column) if d.span else (0, 0)))
    return File(document, content)


def chosen(file: File, ids: Sequence[str]) -> tuple[int, ...]:
    """The places of the properties that are meant: all, or those of the ids; ``P4`` means ``P4.rank`` too.

    Raises:
        DiagnosticsError: for an id that the file does not have.
    """
    if not ids:
        return tuple(range(len(file.ids)))
    unknown = [name for name in ids if not any(_is_meant(id_, name) for id_ in file.ids)]
    if unknown:
        raise DiagnosticsError([UnknownProperty(name=n, known=listed(file.ids), nearest=nearest(n, file.ids)) for n in unknown])
    return tuple(place for place, id_ in enumerate(file.ids) if any(_is_meant(id_, name) for name in ids))


def _is_meant(id_: str, name: str) -> bool:
    return id_ == name or id_.startswith(f"{name}.")


def _twice(document: Document, content: PropertiesFile) -> list[Diagnostic]:
    first: dict[str, int] = {}
    found: list[Diagnostic] = []
    for place, form in enumerate(content.properties):
        span = document.span(("properties", place, "id"))
        if form.id in first:
            found.append(PropertyTwice(span=span, id=form.id, first=first[form.id]))
        else:
            first[form.id] = span.line
    return found
