"""Printing: sober width, colours only on a terminal, no trailing blanks elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from dte_rules.source.diagnostic import Diagnostic, Lang

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console, RenderableType

    from dte_rules.cases import CaseFile
    from dte_rules.cli.desk import Desk, Outcome

WIDTH = 100
MOST_DIAGNOSTICS = 100


def console(*, stderr: bool = False) -> Console:
    """A console no wider than a page; where there is no terminal to measure, as wide as one unless ``COLUMNS`` says otherwise."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    found = Console(file=stream, highlight=False, emoji=False, markup=False)
    if not found.is_terminal and not os.environ.get("COLUMNS", "").isdigit():
        found.width = WIDTH
    found.width = max(20, min(found.width, WIDTH))
    return found


def show(target: Console, renderable: RenderableType) -> None:
    """Print to the console; without blanks at the ends of lines where it is no terminal."""
    if target.is_terminal:
        target.print(renderable)
        return
    with target.capture() as captured:
        target.print(renderable)
    text = "\n".join(line.rstrip() for line in captured.get().split("\n"))
    target.file.write(text)


def complain(diagnostics: Iterable[Diagnostic], lang: Lang, write: Callable[[Diagnostic, bool], str]) -> None:
    """Print diagnostics to the standard error, each once; of very many, the first."""
    sys.stdout.flush()
    report(sys.stderr, diagnostics, lang, write)


def report(stream: object, diagnostics: Iterable[Diagnostic], lang: Lang, write: Callable[[Diagnostic, bool], str]) -> None:
    """Print diagnostics to a stream; ``write`` renders one, in colour or without."""
    target = console(stderr=stream is sys.stderr)
    colour = target.is_terminal and not target.no_color
    several = list(dict.fromkeys(diagnostics))
    for diagnostic in several[:MOST_DIAGNOSTICS]:
        print(write(diagnostic, colour), file=target.file)
    if (left := len(several) - MOST_DIAGNOSTICS) > 0:
        print(f"另有 {left} 个错误未列出" if lang == "zh" else f"and {left} more", file=target.file)


def complain_of_cases(desk: Desk, outcomes: Sequence[Outcome], lang: Lang) -> None:
    """Print what is wrong with the cases that could not be decided, each thing once."""
    files = dict.fromkeys(outcome.file for outcome in outcomes if outcome.diagnostics)
    for file in files:

        def write(diagnostic: Diagnostic, colour: bool, file: CaseFile = file) -> str:
            return desk.render(file, diagnostic, lang, colour=colour)

        complain((d for outcome in outcomes if outcome.file is file for d in outcome.diagnostics), lang, write)
