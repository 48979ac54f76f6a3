"""Where packs are found: a folder of packs, its libraries, and what ships with dte-rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from dte_rules.pack.schema.texts import PACK_PATTERN

if TYPE_CHECKING:
    from dte_rules.source.document import Document

CALENDAR = "calendar"
_NAME = re.compile(PACK_PATTERN)


@dataclass(frozen=True, slots=True)
class Library:
    """A folder of packs, ``*.yaml`` at its top, with libraries and the calendar in its folder ``lib``.

    A library that the folder does not have is taken from those that ship with dte-rules. Packs are named, never addressed:
    nothing outside of these folders is read, whatever a pack writes after ``extends`` or ``uses``. ``texts`` stand in for the
    files of their paths, as an editor needs it for what is not saved yet.
    """

    directory: Path
    texts: Mapping[Path, str] = field(default_factory=dict)

    @classmethod
    def at(cls, directory: str | Path) -> Library:
        """The library of a folder."""
        return cls(Path(directory))

    @classmethod
    def shipped(cls) -> Library:
        """The packs that ship with dte-rules."""
        return cls(shipped_directory())

    def names(self) -> tuple[str, ...]:
        """The names of the packs, without the libraries."""
        return tuple(_stems(self.directory))

    def library_names(self) -> tuple[str, ...]:
        """The names of the libraries that packs may use."""
        return tuple(sorted({stem for folder in self._library_folders() for stem in _stems(folder)}))

    def pack_path(self, name: str) -> Path | None:
        """The file of a pack; None where there is none."""
        return self._find(self.directory, name)

    def library_path(self, name: str) -> Path | None:
        """The file of a library; None where there is none."""
        return next((path for folder in self._library_folders() if (path := self._find(folder, name))), None)

    def calendar_paths(self) -> tuple[Path, ...]:
        """The files that hold nothing but holidays: the libraries' one, and the folder's own."""
        found = (self.library_path(CALENDAR), self._find(self.directory, CALENDAR))
        return tuple(path for path in found if path is not None)

    def read(self, path: Path) -> Document:
        """The file's content with all that is wrong with its YAML."""
        from dte_rules.source.yaml import read_yaml, read_yaml_file  # not needed where packs are cached

        text = self.texts.get(path)
        here = Path.cwd()
        # places are shown to people: the short way to the file, where there is one
        shown = path.relative_to(here) if path.is_relative_to(here) else path
        return read_yaml_file(shown) if text is None else read_yaml(text, str(shown))

    def _library_folders(self) -> tuple[Path, ...]:
        return self.directory / "lib", shipped_directory() / "lib"

    def _find(self, folder: Path, name: str) -> Path | None:
        if not _NAME.fullmatch(name):
            return None
        path = folder / f"{name}.yaml"
        # a link may not lead out of the folder
        inside = path.resolve().is_relative_to(folder.resolve())
        return path if path in self.texts or (inside and path.is_file()) else None


def shipped_directory() -> Path:
    """The folder of the packs that ship with dte-rules: in the wheel, or in the checkout."""
    package = Path(str(resources.files("dte_rules")))
    installed = package / "_rules"
    return installed if installed.is_dir() else package.parents[1] / "rules"


def _stems(folder: Path) -> Iterator[str]:
    paths = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    return (path.stem for path in paths if path.stem != CALENDAR and _NAME.fullmatch(path.stem))
