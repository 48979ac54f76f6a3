"""Runs the command line so that nobody meets a traceback, and every outcome is an exit code."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence

import typer

from dte_rules.cli.diagnostics import InternalError
from dte_rules.cli.language import language_of
from dte_rules.source.render import render

OK, FINDINGS, USAGE, INTERNAL, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 3, 130, 141


def run(arguments: Sequence[str]) -> int:
    """The exit code of the command line for these arguments."""
    _use_utf8()
    lang = language_of(arguments)
    try:
        from dte_rules.cli.app import command

        result = command(lang).main(list(arguments), prog_name="dte", standalone_mode=False)
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        return after_broken_pipe()
    except typer.Exit as exit_:
        return exit_.exit_code
    except Exception as error:
        # wrong usage comes as an exception that knows how to show itself; its class is Typer's own or Click's, by version
        show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
        if callable(show) and isinstance(code, int):
            show()
            return code
        _say(render(InternalError.of(error), None, lang))
        return INTERNAL
    return result if isinstance(result, int) else OK


def _use_utf8() -> None:
    """UTF-8 whatever the locale: the texts are Chinese. What can't be encoded at all is escaped, never an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def after_broken_pipe() -> int:
    """Whoever read the output has gone; Python must not complain when it flushes on its way out."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    return BROKEN_PIPE


def _say(text: str) -> None:
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr)
