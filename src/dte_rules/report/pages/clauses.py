"""The clause register of a pack as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

from pydantic import BaseModel

from dte_rules.report.pages.markdown import code, table, text
from dte_rules.report.pages.words import PackWords

_LOCATORS = ("locator", "clause", "at")


def clause_section(words: PackWords) -> Iterator[str]:
    """The register of the pack's own documents, as the pack writes it; nothing where it has none."""
    register = _plain(words.pack.clauses.get(words.pack.name))
    if not register:
        return
    yield from (f"## {words['clauses']}", "")
    documents = register.items() if isinstance(register, Mapping) else [("", register)]
    for source, clauses in documents:
        if source:
            yield from (f"### {text(words.source(source))} {code(source)}", "")
        yield from table([words["clause"], words.sentence("处理", "what became of it")], _rows(words, clauses))


def _rows(words: PackWords, clauses: Any) -> Iterator[tuple[str, str]]:
    if isinstance(clauses, Mapping):
        for locator, entry in clauses.items():
            yield text(str(locator)), _told(words, entry)
    elif isinstance(clauses, Sequence) and not isinstance(clauses, str):
        for entry in clauses:
            keys = entry if isinstance(entry, Mapping) else {}
            locator = next((keys[key] for key in _LOCATORS if key in keys), "")
            rest = {key: value for key, value in keys.items() if key not in _LOCATORS} if keys else entry
            yield text(str(locator)), _told(words, rest)


def _told(words: PackWords, entry: Any) -> str:
    """An entry in words: texts in the page's language, ids as code."""
    if isinstance(entry, Mapping):
        if entry.keys() <= {"zh", "en"}:
            return text(str(entry.get(words.lang) or next(iter(entry.values()), "")))
        parts = (f"{text(str(key))}: {_told(words, value)}" for key, value in entry.items() if value not in (None, [], {}, ""))
        return "; ".join(parts)
    if isinstance(entry, Sequence) and not isinstance(entry, str):
        return ", ".join(_told(words, each) for each in entry)
    shown = str(entry)
    return code(shown) if shown.isascii() and " " not in shown and ("." in shown or "_" in shown) else text(shown)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _plain(value.model_dump(by_alias=True))
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
