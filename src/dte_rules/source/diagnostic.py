"""What is wrong with a text, said so that its author can mend it: a code, a place, a message and a hint, in two languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar, Literal

from dte_rules.source.span import Span

Lang = Literal["zh", "en"]


class Severity(StrEnum):
    """An error stops a pack from being used; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """The base of all diagnostics.

    A subclass sets ``code``, ``zh`` and ``en`` (message templates over its own fields) and, where there is something
    to do, ``zh_help`` and ``en_help``. Its docstring is its page in the documentation: what it means, and what to do.
    """

    code: ClassVar[str] = ""
    severity: ClassVar[Severity] = Severity.ERROR
    zh: ClassVar[str] = ""
    en: ClassVar[str] = ""
    zh_help: ClassVar[str] = ""
    en_help: ClassVar[str] = ""

    span: Span | None = None

    def _values(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def message(self, lang: Lang = "en") -> str:
        """What is wrong, in one sentence without a full stop."""
        return (self.zh if lang == "zh" else self.en).format_map(self._values())

    def help(self, lang: Lang = "en") -> str:
        """What to do about it, or an empty text."""
        return (self.zh_help if lang == "zh" else self.en_help).format_map(self._values())

    def as_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The diagnostic as data for programs: ``code, severity, message, help, file, line, column``."""
        span = self.span
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message(lang),
            "help": self.help(lang) or None,
            "file": span.file if span else None,
            "line": span.line if span else None,
            "column": span.column if span else None,
        }


class DiagnosticsError(Exception):
    """Raised where a text can't be used; ``diagnostics`` holds everything that is wrong with it, in order of place."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__(*self.diagnostics)

    def __reduce__(self) -> tuple[type[DiagnosticsError], tuple[tuple[Diagnostic, ...]]]:
        return type(self), (self.diagnostics,)

    def __str__(self) -> str:
        return "\n".join(f"{d.span}: {d.code} {d.message()}" if d.span else f"{d.code} {d.message()}" for d in self.diagnostics)
