"""Progress of long work, on a terminal's standard error and nowhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from dte_rules.cli.screen import console

T = TypeVar("T")
MANY = 100


def tracked(items: Sequence[T], words: str) -> Iterable[T]:
    """The items, with a bar where there are many."""
    target = console(stderr=True)
    if len(items) < MANY or not target.is_terminal:
        return items
    from rich.progress import track

    return track(items, description=words, total=len(items), console=target, transient=True)


@contextmanager
def bar(words: str) -> Iterator[Callable[[int, int], None] | None]:
    """What is told how far the work is; None where nobody would see it."""
    target = console(stderr=True)
    if not target.is_terminal:
        yield None
        return
    from rich.progress import Progress

    with Progress(console=target, transient=True) as progress:
        task = progress.add_task(words, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def steps(words: str) -> Iterator[Callable[[str], None]]:
    """Says on a terminal what is being worked on, in a line that is gone when the work ends, however it ends."""
    shown = sys.stderr.isatty()

    def told(step: str) -> None:
        if shown:
            sys.stderr.write(f"\r\x1b[2K{words} {step}")
            sys.stderr.flush()

    try:
        yield told
    finally:
        if shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
