"""In which language to speak: what was asked for, else what the environment says."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from dte_rules.source.diagnostic import Lang

_VARIABLES = ("DTE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def default_language(environment: Mapping[str, str] | None = None) -> Lang:
    """The language of the environment: the first of ``DTE_LANG``, ``LC_ALL``, ``LC_MESSAGES`` and ``LANG`` that is set decides."""
    variables = os.environ if environment is None else environment
    value = next((variables[name] for name in _VARIABLES if variables.get(name)), "")
    return "zh" if value.lower().startswith("zh") else "en"


def language_of(arguments: Sequence[str]) -> Lang:
    """The language that a command line asks for, read before it is parsed: for its help, and for errors outside of commands."""
    for i, argument in enumerate(arguments):
        value = argument.partition("=")[2] if argument.startswith("--lang=") else None
        if argument == "--lang":
            value = arguments[i + 1] if i + 1 < len(arguments) else None
        if value in ("zh", "en"):
            return "zh" if value == "zh" else "en"
    return default_language()
