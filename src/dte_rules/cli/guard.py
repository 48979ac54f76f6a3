"""Runs the command line so that nobody meets a traceback, and every outcome is an exit code."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from _thread import interrupt_main
from collections.abc import Iterator, Sequence
from threading import Event, Timer, current_thread, main_thread

import typer

from dte_rules.cli.diagnostics import InternalError
from dte_rules.cli.language import language_of
from dte_rules.source.diagnostic import Lang
from dte_rules.source.render import render

OK, FINDINGS, USAGE, INTERNAL, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 3, 130, 141


def run(arguments: Sequence[str]) -> int:
    """The exit code of the command line for these arguments."""
    _use_utf8()
    lang = language_of(arguments)
    with _interrupts() as interrupted:
        return _run(arguments, lang, interrupted)


def _run(arguments: Sequence[str], lang: Lang, interrupted: Event) -> int:
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
        if interrupted.is_set():
            return INTERRUPTED  # ctypes, for one, makes an error of its own of an interrupt that comes while it converts arguments
        # wrong usage comes as an exception that knows how to show itself; its class is Typer's own or Click's, by version
        show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
        if callable(show) and isinstance(code, int):
            show()
            return code
        _say(render(InternalError.of(error), None, lang))
        return INTERNAL
    return result if isinstance(result, int) else OK


@contextlib.contextmanager
def _interrupts() -> Iterator[Event]:
    """Whether Ctrl-C has been pressed. One that comes while an object is being deleted is lost in Python: it is raised again."""
    pressed = Event()
    if current_thread() is not main_thread() or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield pressed
        return

    def handle(*_: object) -> None:
        pressed.set()
        raise KeyboardInterrupt

    def lost(unraisable: sys.UnraisableHookArgs) -> None:
        if issubclass(unraisable.exc_type, KeyboardInterrupt):
            Timer(0.05, interrupt_main).start()  # from within this hook it would be lost too
        else:
            hook(unraisable)

    hook = sys.unraisablehook
    signal.signal(signal.SIGINT, handle)
    sys.unraisablehook = lost
    try:
        yield pressed
    finally:
        sys.unraisablehook = hook
        signal.signal(signal.SIGINT, signal.default_int_handler)


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
