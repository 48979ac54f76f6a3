"""The page of the command line, from the functions that the commands are made of."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from typer.models import ArgumentInfo, OptionInfo

from dte_rules.cli.help_zh import CHINESE
from dte_rules.report.pages.markdown import code, generated, page, table, text


def cli_page() -> str:
    """Every command with its arguments and options, in English and Chinese."""
    return page(_lines())


def _lines() -> Iterator[str]:
    from dte_rules.cli.app import HELP_TEXT, build, dte

    yield from (generated("dte docs"), "", "# 命令行 / The command line", "")
    yield from _command("dte", HELP_TEXT, dte)
    for info in build().registered_commands:
        if info.callback is not None:
            yield from _command(f"dte {info.name}", info.help or inspect.getdoc(info.callback) or "", info.callback)


def _command(name: str, help_: str, callback: Callable[..., Any]) -> Iterator[str]:
    first = help_.strip().partition("\n")[0]
    yield from (f"## {code(name)}", "")
    yield from _paragraphs(help_)
    yield from _paragraphs(CHINESE.get(first, ""))
    rows = list(_parameters(callback))
    if rows:
        yield from table(["", "meaning", "含义"], ((code(usage), text(help_), text(CHINESE.get(help_, ""))) for usage, help_ in rows))


def _paragraphs(help_: str) -> Iterator[str]:
    """A help text; what stands after ``\\b`` keeps its lines."""
    for paragraph in help_.strip().split("\n\n"):
        if paragraph.startswith("\b"):
            yield from ("```text", paragraph.removeprefix("\b").strip("\n"), "```", "")
        elif paragraph:
            yield from (" ".join(paragraph.split()), "")


def _parameters(callback: Callable[..., Any]) -> Iterator[tuple[str, str]]:
    """How each argument and option is written, with its help."""
    for name, hint in get_type_hints(callback, include_extras=True).items():
        arms = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        info = next((arm for arm in arms[1:] if isinstance(arm, ArgumentInfo | OptionInfo)), None)
        if info is None or not info.help:
            continue
        kind = _bare(arms[0])
        words = "|".join(kind) if isinstance(kind, type) and issubclass(kind, StrEnum) else name.upper()
        if isinstance(info, ArgumentInfo):
            yield info.metavar or words, info.help
        else:
            # within Annotated, Typer keeps the first spelling where a default would stand
            first = [info.default] if isinstance(info.default, str) else []
            spelling = ", ".join(sorted([*first, *(info.param_decls or [])] or [f"--{name.replace('_', '-')}"], key=len))
            yield spelling if kind is bool else f"{spelling} {info.metavar or words}", info.help


def _bare(kind: Any) -> Any:
    """A type without its None."""
    if get_origin(kind) in (Union, UnionType):
        return next(arm for arm in get_args(kind) if arm is not NoneType)
    return kind
