"""The page of all diagnostics: what each means, and what to do about it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import dte_rules
from dte_rules.report.pages.markdown import code, generated, page, text
from dte_rules.source.diagnostic import Diagnostic, Severity

_SEVERITIES = {Severity.ERROR: "错误 / error", Severity.WARNING: "警告 / warning"}


def all_diagnostics() -> tuple[type[Diagnostic], ...]:
    """Every kind of diagnostic there is, by code: those of all modules whose names begin with ``diagnostics``.

    A kind that has its code from another only says the same in other words.
    """
    for found in pkgutil.walk_packages(dte_rules.__path__, "dte_rules."):
        if found.name.rpartition(".")[2].startswith("diagnostics"):
            importlib.import_module(found.name)
    kinds = {kind for kind in _below(Diagnostic) if vars(kind).get("code") and kind.__module__.startswith("dte_rules.")}
    return tuple(sorted(kinds, key=lambda kind: kind.code))


def diagnostics_page() -> str:
    """The page. In messages, ``{name}`` stands for what the diagnostic is about."""
    return page(_lines())


def _lines() -> Iterator[str]:
    yield from (generated("dte docs"), "", "# 诊断信息 / Diagnostics", "")
    yield "每条诊断有固定的编号、所在位置、说明和提示。`{…}` 处为具体内容。"
    yield ""
    yield "Each diagnostic has a code that stays, a place, a message and a hint. `{…}` stands for what it is about."
    yield ""
    for kind in all_diagnostics():
        yield from (f"## {kind.code} {_title(kind)}", "", f"{_SEVERITIES[kind.severity]}", "")
        yield from (f"- zh: {text(kind.zh)}", f"- en: {text(kind.en)}")
        if kind.zh_help:
            yield f"- 提示: {text(kind.zh_help)}"
        if kind.en_help:
            yield f"- help: {text(kind.en_help)}"
        yield from ("", inspect.getdoc(kind) or "", "")


def _title(kind: type[Diagnostic]) -> str:
    """The class's name in words."""
    words = "".join(f" {char.lower()}" if char.isupper() else char for char in kind.__name__).strip()
    return code(words)


def _below(kind: type[Diagnostic]) -> Iterator[type[Diagnostic]]:
    for below in kind.__subclasses__():
        yield below
        yield from _below(below)
