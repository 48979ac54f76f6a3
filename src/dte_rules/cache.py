"""Compiled packs kept from one start to the next, in the user's cache folder.

A file's name is a digest of everything on which its content depends: the packs' files, the vocabulary, this library's own files, the
version of Python. So it never has to be renewed, only left behind. It is read only if it is whole, as a digest in its first line
tells, and belongs to the user; else the packs are compiled as if there were no cache. ``DTE_CACHE=off`` turns it off,
``DTE_CACHE=DIR`` puts it elsewhere.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pydantic

from dte_rules import __version__
from dte_rules.cache_text import Unreadable, from_text, to_text
from dte_rules.program.nodes import Program
from dte_rules.vocabulary import Declaration, Vocabulary

VARIABLE = "DTE_CACHE"
FORMAT = "1"
MOST_FILES = 64
"""How many files the folder holds; the oldest make room."""
MOST_BYTES = 64 * 1024 * 1024
"""A larger file is not read."""

_OURS = re.compile(r"[0-9a-f]{64}\.json|[0-9a-f]{16}-\w+\.part")
"""The names of files made here. The folder may be somebody's own, with files of theirs in it."""

Packed = Mapping[str, tuple[Program, Mapping[str, Declaration]]]
"""Programs by their packs' names, each with the facts that the pack declares."""


def folder() -> Path | None:
    """Where compiled packs are kept; None where they are not."""
    wanted = os.environ.get(VARIABLE, "")
    if wanted.lower() == "off":
        return None
    if wanted:
        return Path(wanted)
    try:
        if sys.platform == "win32":
            base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        elif sys.platform == "darwin":
            base = Path.home() / "Library" / "Caches"
        else:
            given = os.environ.get("XDG_CACHE_HOME", "")
            base = Path(given) if given.startswith("/") else Path.home() / ".cache"
    except RuntimeError:  # no home
        return None
    return base / "dte-rules"


def key_of(folders: Iterable[Path], vocabulary: Vocabulary) -> str:
    """The digest of all that compiled packs depend on: what stands in ``*.yaml`` in the folders, the facts, this library, Python."""
    found = hashlib.sha256()
    model = vocabulary.model
    for part in (FORMAT, *_environment(), f"{model.__module__}.{model.__qualname__}", _described(vocabulary)):
        found.update(f"{len(part)}:{part}".encode())
    here = Path.cwd()
    for place in folders:
        # what is wrong in a pack is shown by its place, from here where it lies beneath
        found.update(f"{place.relative_to(here) if place.is_relative_to(here) else place}\0".encode(errors="surrogateescape"))
        for path in sorted(place.glob("*.yaml")):
            found.update(f"{path}\0{os.path.realpath(path)}\0".encode(errors="surrogateescape"))
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def read(key: str) -> Packed | None:
    """The packs kept under a key; None where there are none, or what is there is not whole."""
    place = folder()
    if place is None:
        return None
    try:
        with (place / f"{key}.json").open("rb") as file:
            about = os.fstat(file.fileno())
            if about.st_size > MOST_BYTES or not _own(about):
                return None
            digest, _, body = file.read().partition(b"\n")
    except OSError:
        return None
    if digest != _digest(key, body):
        return None
    try:
        packed = from_text(body.decode())
    except (Unreadable, UnicodeDecodeError):
        return None
    return packed if _is_packed(packed) else None


def write(key: str, packed: Packed) -> None:
    """Keeps packs under a key. Whoever reads meanwhile finds the whole file or none; where it can't be written, nothing happens."""
    place = folder()
    if place is None:
        return
    try:
        body = to_text({name: (program, dict(declared)) for name, (program, declared) in packed.items()}).encode()
    except (TypeError, UnicodeEncodeError):
        return
    with contextlib.suppress(OSError):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f"{key[:16]}-", suffix=".part", dir=place)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_digest(key, body) + b"\n" + body)
            os.replace(name, place / f"{key}.json")
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
        _make_room(place)


def _digest(key: str, body: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\n" + body).hexdigest().encode()


def _own(about: os.stat_result) -> bool:
    """Whether the file is the user's own, and nobody else may write it."""
    return not hasattr(os, "getuid") or (about.st_uid == os.getuid() and not about.st_mode & 0o022)


def _is_packed(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(name, str)
        and isinstance(entry, tuple)
        and len(entry) == 2
        and isinstance(entry[0], Program)
        and isinstance(entry[1], dict)
        and all(isinstance(path, str) and isinstance(declared, Declaration) for path, declared in entry[1].items())
        for name, entry in value.items()
    )


def _make_room(place: Path) -> None:
    def age(path: Path) -> float:
        try:
            return path.stat().st_mtime
        except OSError:
            return 0.0

    files = sorted((path for path in place.iterdir() if _OURS.fullmatch(path.name)), key=age)
    for path in files[:-MOST_FILES]:
        with contextlib.suppress(OSError):
            path.unlink()


@lru_cache(maxsize=1)
def _environment() -> tuple[str, ...]:
    """This library to the byte, as far as its files' sizes and times tell, and what runs it."""
    here = os.path.dirname(os.path.abspath(__file__))
    return (__version__, pydantic.VERSION, platform.python_implementation(), sys.version, *_stamps(here))


def _stamps(here: str) -> Iterator[str]:
    with os.scandir(here) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _stamps(entry.path)
        elif entry.name.endswith(".py"):
            about = entry.stat()
            yield f"{entry.path} {about.st_size} {about.st_mtime_ns}"


def _described(vocabulary: Vocabulary) -> str:
    parts = (vocabulary.types, vocabulary.meanings, vocabulary.constraints, vocabulary.events, vocabulary.implications)
    return "\n".join(f"{path} {value!r}" for part in parts for path, value in part.items())
