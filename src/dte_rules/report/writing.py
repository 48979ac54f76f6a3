"""Writes generated files: only where something changed, and never half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_if_changed(path: Path, text: str) -> bool:
    """Write a text file as UTF-8 unless it holds the text already; whether it was written.

    The text goes to a new file beside it, which then takes its place, so that no reader ever meets a part of it.

    Raises:
        OSError: where it can't be written.
    """
    content = text.encode("utf-8")
    try:
        if path.read_bytes() == content:
            return False
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        new.chmod(0o644)  # mkstemp's files are for their owner alone
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    return True
