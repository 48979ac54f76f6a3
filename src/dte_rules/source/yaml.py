"""The YAML reader: safe scalars, a place for everything, and all problems of a file at once.

A text is read through PyYAML's events, never through its composer: nothing recurses, nothing is expanded, nothing is run.
"""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from dte_rules.source import diagnostics as d
from dte_rules.source.builder import Limits, StopReading, TreeBuilder
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.document import Document
from dte_rules.source.json import NotJson, looks_like_json, read_json
from dte_rules.source.lines import Lines
from dte_rules.source.nodes import ScalarNode, Style, Value
from dte_rules.source.scalars import resolve_plain
from dte_rules.source.span import Span
from dte_rules.source.syntax import explain

LIMITS = Limits()

_STYLES: dict[str | None, Style] = {None: "plain", "": "plain", "'": "single", '"': "double", "|": "literal", ">": "folded"}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_MOST_CHARACTERS_REPORTED = 20
_LIBYAML_DEPTH = "exceeded maximum nesting depth"
"""What libyaml says from 0.2.6 on of more than a thousand levels."""
_TAG = re.compile(r"![^\s,\[\]{}]*")
_PROPERTY = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*|[&!][^\s,\[\]{}]*)*")


def read_yaml_file(path: str | Path, *, limits: Limits = LIMITS) -> Document:
    """Read a YAML or JSON file. Problems with the file itself are diagnostics too; nothing is raised."""
    file = str(path)
    place = Span(file, 1, 1, 1, 1)
    try:
        target = Path(path)
        if target.is_dir():
            return _refused(file, d.FileIsFolder(span=place, path=file))
        if not target.exists():
            return _refused(file, d.FileMissing(span=place, path=file))
        if not target.is_file():
            return _refused(file, d.FileUnreadable(span=place, path=file, reason="not an ordinary file"))
        with target.open("rb") as stream:
            data = stream.read(limits.size + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return _refused(file, d.FileUnreadable(span=place, path=file, reason=reason))
    if len(data) > limits.size:
        return _refused(file, d.FileTooLarge(span=place, limit_mib=limits.size // 2**20))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _undecodable(file, data, error)
    return read_yaml(text, file, limits=limits)


def read_yaml(text: str, file: str, *, limits: Limits = LIMITS) -> Document:
    """Read a text; ``file`` is the name that its places carry. JSON is read as JSON. Nothing is raised.

    Everything that is wrong is in the document's diagnostics, in order of place; ``root`` is None where the text can't be read to
    its end, or holds nothing.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > limits.size or len(text.encode("utf-8", "surrogatepass")) > limits.size:
        return Document(file, text, None, (d.FileTooLarge(span=Span(file, 1, 1, 1, 1), limit_mib=limits.size // 2**20),))
    lines = Lines(text, file)
    is_json = file.lower().endswith(".json")
    if is_json or looks_like_json(text):
        builder = TreeBuilder(lines, limits)
        try:
            read_json(builder)
            return _document(builder)
        except StopReading:
            builder.root = None
            return _document(builder)
        except NotJson as problem:
            if is_json:
                builder.diagnostics.append(problem.diagnostic)
                builder.root = None
                return _document(builder)
    builder = TreeBuilder(lines, limits)
    try:
        _read_events(builder)
    except _PastItsDepth:  # ours is less deep, and says where
        builder = TreeBuilder(lines, limits)
        _read_events(builder, yaml.SafeLoader)
    return _document(builder)


def _document(builder: TreeBuilder) -> Document:
    found = sorted(builder.diagnostics, key=lambda x: (x.span.line, x.span.column) if x.span else (0, 0))
    return Document(builder.lines.file, builder.lines.text, builder.root, tuple(found))


def _refused(file: str, diagnostic: Diagnostic) -> Document:
    return Document(file, "", None, (diagnostic,))


def _undecodable(file: str, data: bytes, error: UnicodeDecodeError) -> Document:
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    start = len(data[: error.start].decode("utf-8").removeprefix("\ufeff"))
    guess = "UTF-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "GBK"
    return Document(file, text, None, (d.NotUtf8(span=Lines(text, file).span(start, start + 1), guess=guess),))


def _without_forbidden(builder: TreeBuilder) -> str:
    """The text with each forbidden character, reported once, replaced by one that is allowed: so reading can go on."""
    text = builder.lines.text
    first: dict[str, int] = {}
    for found in _FORBIDDEN.finditer(text):
        first.setdefault(found[0], found.start())
    for character, index in islice(first.items(), _MOST_CHARACTERS_REPORTED):
        builder.diagnostics.append(d.ForbiddenCharacter(span=builder.lines.span(index, index + 1), character=f"U+{ord(character):04X}"))
    return _FORBIDDEN.sub("\ufffd", text) if first else text


def _read_events(builder: TreeBuilder, loader: Any = None) -> None:
    """Feed PyYAML's events to the builder; its errors become diagnostics."""
    text = _without_forbidden(builder)
    loader = loader or getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    reader = _EventReader(builder)
    try:
        for event in yaml.parse(text, Loader=loader):
            reader.take(event)
    except yaml.YAMLError as error:
        if _LIBYAML_DEPTH in str(error):
            raise _PastItsDepth from None
        builder.root = None
        builder.diagnostics.append(explain(error, builder.lines, open_bracket=builder.open_bracket, last_quoted=reader.last_quoted))
    except StopReading:
        builder.root = None
    else:
        if not reader.has_content:
            builder.root = None
            builder.diagnostics.append(d.EmptyDocument(span=Span(builder.lines.file, 1, 1, 1, 1)))


class _PastItsDepth(Exception):
    """libyaml met its own limit of nesting while it looked ahead, before it gave the events of what is nested less deep."""


class _EventReader:
    def __init__(self, builder: TreeBuilder) -> None:
        self.builder = builder
        self.lines = builder.lines
        self.documents = 0
        self.has_content = False
        self.last_quoted: tuple[int, int] | None = None

    def take(self, event: yaml.Event) -> None:
        """Pass one event on. Raises StopReading where the rest is not to be read."""
        if event.start_mark is None or event.end_mark is None:  # only events made by hand have no marks
            return
        start, end = event.start_mark.index, event.end_mark.index
        match event:
            case yaml.ScalarEvent():
                self._scalar(event, start, end)
            case yaml.CollectionStartEvent():
                self.has_content = True
                kind: Any = "list" if isinstance(event, yaml.SequenceStartEvent) else "mapping"
                self.builder.open(kind, self._content(event, start, end), flow=bool(event.flow_style), anchor=event.anchor)
            case yaml.CollectionEndEvent():
                self.builder.close(end)
            case yaml.AliasEvent():
                self.has_content = True
                self.builder.alias(event.anchor or "", start, end)
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self.builder.diagnostics.append(d.SeveralDocuments(span=self.lines.span(start, max(end, start + 1))))
                    raise StopReading

    def _scalar(self, event: yaml.ScalarEvent, start: int, end: int) -> None:
        builder, raw = self.builder, event.value
        style = _STYLES[event.style]
        start = self._content(event, start, end)
        if style in ("literal", "folded"):
            end = start + len(self.lines.text[start:end].rstrip())
        span = self.lines.span(start, end)
        self.last_quoted = (start, end) if style in ("single", "double") else None
        value: Value = raw
        if style == "plain" and event.tag is None and not builder.expects_key:
            value = builder.checked(resolve_plain(raw), raw, span)
        if raw or style != "plain" or not builder.at_root:
            self.has_content = True
        builder.scalar(ScalarNode(value, raw, span, style), start, end, anchor=event.anchor)

    def _content(self, event: yaml.NodeEvent, start: int, end: int) -> int:
        """Where a node begins after its anchor and its tag; a tag is reported."""
        tag = getattr(event, "tag", None)
        if tag is not None:
            at = self.lines.text.find("!", start)
            written = _TAG.match(self.lines.text, at)
            name = written[0] if written else tag
            self.builder.diagnostics.append(d.ExplicitTag(span=self.lines.span(at, at + len(name)), tag=name))
        if tag is None and event.anchor is None:
            return start
        found = _PROPERTY.match(self.lines.text, start)
        after = found.end() if found else start
        return min(after, end) if isinstance(event, yaml.ScalarEvent) else after
