"""Loads a pack with all that it inherits and uses."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dte_rules.pack import diagnostics_form as form
from dte_rules.pack.calendars import add_calendar
from dte_rules.pack.digest import digest
from dte_rules.pack.draft import Draft
from dte_rules.pack.library import Library
from dte_rules.pack.model import Pack
from dte_rules.pack.reading import FileRead, read_content
from dte_rules.pack.schema.file import CalendarFile, PackFile
from dte_rules.pack.scope import Scope
from dte_rules.pack.take_in import take_in
from dte_rules.program.nodes import Label
from dte_rules.source.diagnostic import Diagnostic, DiagnosticsError
from dte_rules.source.document import Document
from dte_rules.source.span import Span
from dte_rules.source.suggest import nearest


def load_pack(name_or_path: str | Path, library: Library) -> Pack:
    """The pack of a name in the library, or of a file.

    A text that ends in ``.yaml`` or holds a slash is a path. What the pack extends and uses comes from the library.

    Raises:
        DiagnosticsError: with everything that is wrong, in the pack and in what it takes in.
    """
    return _load(name_or_path, library, {})


def load_packs(library: Library) -> dict[str, Pack]:
    """All packs of a library by their names; each file is read once.

    Raises:
        DiagnosticsError: with everything that is wrong in any of them, each problem once.
    """
    documents: dict[Path, Document] = {}
    packs: dict[str, Pack] = {}
    problems: dict[Diagnostic, None] = {}
    for name in library.names():
        try:
            packs[name] = _load(name, library, documents)
        except DiagnosticsError as error:
            problems |= dict.fromkeys(error.diagnostics)
    if problems:
        raise DiagnosticsError(problems)
    return packs


def _load(name_or_path: str | Path, library: Library, documents: dict[Path, Document]) -> Pack:
    loader = _Loader(library, documents)
    path = _path_of(name_or_path)
    found = library.pack_path(str(name_or_path)) if path is None else path
    if found is None:
        raise DiagnosticsError([_unknown(str(name_or_path), library.names(), None)])
    loader.calendars()
    file = loader.load(found)
    if loader.diagnostics or file.content is None:
        raise DiagnosticsError(sorted(loader.diagnostics, key=lambda d: _order(loader.draft.files, d.span)))
    return _pack(file.document.key_span(("pack",)), file.content, loader.draft)


class _Loader:
    """The state of one pack's loading: what was taken in, which files are being read, and what is wrong.

    ``documents`` are files that were read already, for other packs of the same call.
    """

    def __init__(self, library: Library, documents: dict[Path, Document]) -> None:
        self.library = library
        self.documents = documents
        self.draft = Draft()
        self.diagnostics: list[Diagnostic] = []
        self._trail: list[Path] = []
        self._done: set[Path] = set()

    def load(self, path: Path) -> FileRead[PackFile]:
        """Take in a file after all that it inherits and uses."""
        real = path.resolve()
        self._trail.append(real)
        file = read_content(self._read(path), PackFile)
        self.diagnostics += file.diagnostics
        before = len(self.diagnostics)
        self._bases(file)
        sound = len(self.diagnostics) == before
        if file.content is not None:
            self._check_name(path, file, file.content.pack)
        # a broken base would only make for errors that vanish once it is mended
        if file.content is not None and sound:
            self.diagnostics += take_in(self.draft, file, file.content)
        self.draft.files.append(file.document.file)
        self.draft.contents.append((path.stem, file.data))
        self._trail.pop()
        self._done.add(real)
        return file

    def calendars(self) -> None:
        """Take in the files that hold nothing but holidays."""
        for path in self.library.calendar_paths():
            file = read_content(self._read(path), CalendarFile)
            self.diagnostics += file.diagnostics
            if file.content is not None:
                scope = Scope(file.document, file.data, path.stem, self.draft.sources, self.draft.interpretations)
                add_calendar(self.draft, scope, file.content.calendar)
                self.diagnostics += scope.diagnostics
            self.draft.files.append(file.document.file)
            self.draft.contents.append((path.stem, file.data))

    def _read(self, path: Path) -> Document:
        if path not in self.documents:
            self.documents[path] = self.library.read(path)
        return self.documents[path]

    def _bases(self, file: FileRead[PackFile]) -> None:
        content, library = file.content, self.library
        if content is None:
            return
        if content.extends is not None:
            span = file.document.span(("extends",))
            self._base(library.pack_path(content.extends), content.extends, span, library.names())
        for index, name in enumerate(content.uses):
            self._base(library.library_path(name), name, file.document.span(("uses", index)), library.library_names())

    def _base(self, path: Path | None, name: str, span: Span, available: Iterable[str]) -> None:
        real = path.resolve() if path is not None else None
        if path is None or real is None:
            self.diagnostics.append(_unknown(name, available, span))
        elif real in self._trail:
            circle = [*self._trail[self._trail.index(real) :], real]
            self.diagnostics.append(form.CyclicExtends(span=span, path=" → ".join(f"`{step.stem}`" for step in circle)))
        elif real not in self._done:
            self.load(path)

    def _check_name(self, path: Path, file: FileRead[PackFile], name: str) -> None:
        span = file.document.span(("pack",))
        if name != path.stem:
            self.diagnostics.append(form.NameNotFile(span=span, name=name, stem=path.stem))
        top, library = self.library.pack_path(path.stem), self.library.library_path(path.stem)
        if path in (top, library) and top is not None and library is not None:
            self.diagnostics.append(form.PackTwice(span=span, name=name, first=str(top), second=str(library)))


def _pack(span: Span, content: PackFile, draft: Draft) -> Pack:
    return Pack(
        name=content.pack,
        version=content.version,
        jurisdiction=content.jurisdiction,
        title=Label(content.title.zh, content.title.en),
        digest=digest(draft.contents),
        files=tuple(draft.files),
        sources=draft.sources,
        facts=tuple(draft.facts.values()),
        parameters=draft.parameters,
        interpretations=draft.interpretations,
        open_points=draft.open_points,
        open_types=draft.open_types,
        functions=draft.functions,
        terms=draft.terms,
        tables=draft.tables,
        decisions=draft.decisions,
        calendar=tuple(draft.calendar[year] for year in sorted(draft.calendar)),
        targets=draft.targets,
        clauses=draft.clauses,
        span=span,
    )


def _path_of(name_or_path: str | Path) -> Path | None:
    if isinstance(name_or_path, Path):
        return name_or_path
    is_path = "/" in name_or_path or "\\" in name_or_path or name_or_path.endswith((".yaml", ".yml", ".json"))
    return Path(name_or_path) if is_path else None


def _unknown(name: str, available: Iterable[str], span: Span | None) -> Diagnostic:
    names = tuple(available)
    return form.UnknownPack(span=span, name=name, nearest=nearest(name, names), available=", ".join(f"`{n}`" for n in names))


def _order(files: list[str], span: Span | None) -> tuple[int, int, int]:
    """Diagnostics are told file by file, in the order in which the files were taken in, and in each from top to bottom."""
    if span is None:
        return -1, 0, 0
    return files.index(span.file) if span.file in files else len(files), span.line, span.column
