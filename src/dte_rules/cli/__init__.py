"""The command line. Imports nothing heavy until a command is known, so that `dte --version` and completion are quick."""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs `dte` and exits: with 0 where all is well, see ``dte --help`` for the rest."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        from dte_rules import __version__

        print(f"dte-rules {__version__}")
        return
    from dte_rules.cli.guard import run

    sys.exit(run(given))
