"""Reads case files: YAML or JSON; a mapping with `cases`, a list of cases, or a single case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path as FilePath
from typing import Any

from dte_rules.cases.case import CASE_KEYS, REQUIRED_KEYS, BrokenCase, Case, CaseFile
from dte_rules.cases.diagnostics_file import CaseNotMapping, DuplicateCaseId, MissingCaseKey, MissingCases, NotCases
from dte_rules.cases.expectation import Form, is_null, read_expect
from dte_rules.cases.merge import merged, problems_within
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.diagnostics_content import ImpossibleDate
from dte_rules.source.diagnostics_syntax import UnexpectedText
from dte_rules.source.document import Document
from dte_rules.source.nodes import MappingNode, Node, ScalarNode, SequenceNode, plain
from dte_rules.source.span import Span
from dte_rules.source.suggest import nearest
from dte_rules.source.yaml import read_yaml, read_yaml_file

FILE_KEYS = ("defaults", "cases")

_HINTS = {
    "id": ("每个案例都要有自己的标识", "every case has an id of its own"),
    "region": ("写明由哪个规则包判定，如 jinhua", "say which pack answers, as jinhua"),
    "decision": ("写明判定什么，如 training_subsidy", "say what is asked, as training_subsidy"),
    "as_of": ("写明按哪一天判定，如 2024-09-02", "say for which day it is asked, as 2024-09-02"),
}


def read_cases(path: str | FilePath, *, text: str | None = None) -> CaseFile:
    """The cases of a file; with ``text``, of a text that goes by the name ``path``. Nothing is raised.

    A case with something wrong comes as a ``BrokenCase`` and doesn't stop the others. What is wrong with the defaults breaks
    every case; what is wrong outside of defaults and cases is told by the file's ``diagnostics``.
    """
    document = read_yaml_file(path) if text is None else read_yaml(text, str(path))
    return cases_of(document)


def cases_of(document: Document) -> CaseFile:
    """The cases of a document that has been read."""
    reader = tuple(_discreet(d) for d in document.diagnostics)
    root = document.root
    if root is None:
        return CaseFile(document.file, (), reader, document)
    form = Form(document)
    defaults, items = _parts(form, root)
    spoilt: tuple[Diagnostic, ...] = ()
    if defaults is not None:
        within = Form(document)
        _check_keys(within, defaults, ("defaults",))
        spoilt = (*problems_within(defaults, reader), *within.problems)
    seen: dict[str, int] = {}
    cases = tuple(_read(document, defaults, item, i + 1, (*spoilt, *problems_within(item, reader)), seen) for i, item in enumerate(items))
    told = {d for case in cases if isinstance(case, BrokenCase) for d in case.diagnostics}
    outside = [d for d in (*reader, *spoilt) if d not in told]
    return CaseFile(document.file, cases, _in_order([*outside, *form.problems]), document)


def _parts(form: Form, root: Node) -> tuple[MappingNode | None, tuple[Node, ...]]:
    """The defaults and the cases."""
    if isinstance(root, SequenceNode):
        return None, root.items
    if not isinstance(root, MappingNode):
        form.problems.append(MissingCases(span=root.span))
        return None, ()
    keys = root.by_key
    if not any(key in keys for key in FILE_KEYS) and any(key in keys for key in CASE_KEYS):
        return None, (root,)
    for key in keys:
        if key not in FILE_KEYS:
            form.unknown_key((key,), FILE_KEYS, ("案例文件", "a case file"))
    defaults = form.mapping(keys["defaults"].value, ("defaults",)) if "defaults" in keys else None
    if "cases" not in keys:
        if not any(nearest(key, FILE_KEYS) == "cases" for key in keys if key not in FILE_KEYS):
            form.problems.append(MissingCases(span=_head(root)))
        return defaults, ()
    cases = keys["cases"].value
    if not isinstance(cases, SequenceNode):
        form.problems.append(NotCases(span=cases.span if not is_null(cases) else keys["cases"].key.span))
        return defaults, ()
    return defaults, cases.items


def _check_keys(form: Form, node: MappingNode, path: tuple[str, ...] = ()) -> None:
    for entry in node.entries:
        if entry.key.raw not in CASE_KEYS:
            where = ("案例", "a case") if not path else ("`defaults`", "`defaults`")
            form.unknown_key((*path, entry.key.raw), CASE_KEYS, where)


def _read(
    document: Document, defaults: MappingNode | None, item: Node, number: int, problems: tuple[Diagnostic, ...], seen: dict[str, int]
) -> Case | BrokenCase:
    if not isinstance(item, MappingNode):
        return BrokenCase(diagnostics=_in_order([*problems, CaseNotMapping(span=item.span, number=number)]))
    own = Document(document.file, document.text, item)
    form = Form(Document(document.file, document.text, merged(defaults, item)))
    keys = Form(own)
    _check_keys(keys, item)
    found = _Values(form, item, number)
    problems = _in_order([*problems, *keys.problems, *_without_repeats(form.problems, problems), *_duplicate(found, seen)])
    if problems or found.id is None or found.region is None or found.decision is None or found.as_of is None:
        return BrokenCase(
            diagnostics=problems,
            id=found.id,
            title=found.title,
            region=found.region,
            decision=found.decision,
            readings=found.readings,
            facts=found.facts,
            document=form.document,
        )
    return Case(
        id=found.id,
        title=found.title,
        region=found.region,
        decision=found.decision,
        as_of=found.as_of,
        readings=found.readings,
        facts=found.facts,
        expect=found.expect,
        document=form.document,
    )


class _Values:
    """What a case says, key by key; what is missing or of the wrong form is noted in the form."""

    def __init__(self, form: Form, item: MappingNode, number: int) -> None:
        root = form.document.root
        assert isinstance(root, MappingNode)
        self.form, self.keys = form, root.by_key
        self.id_span = item.by_key["id"].value.span if "id" in item.by_key else None
        for key in REQUIRED_KEYS:
            # an id from the defaults would be every case's
            if is_null(self._node(key)) or (key == "id" and key not in item.by_key):
                zh, en = _HINTS[key]
                form.problems.append(MissingCaseKey(span=_head(item), key=key, hint_zh=zh, hint_en=en))
        self.id = self._text("id") if "id" in item.by_key else None
        self.title = self._text("title")
        self.region = self._text("region")
        self.decision = self._text("decision")
        node = self._node("as_of")
        self.as_of: date | None = None if node is None or is_null(node) else form.day(node, ("as_of",))
        node = self._node("readings")
        self.readings = form.names(node, ("readings",)) or {} if node is not None else {}
        node = self._node("facts")
        mapping = None if node is None or _is_unknown(node) else form.mapping(node, ("facts",))
        self.facts: dict[str, Any] = plain(mapping) or {}
        node = self._node("expect")
        self.expect = None if node is None or is_null(node) else read_expect(form, node, ("expect",))

    def _node(self, key: str) -> Node | None:
        return self.keys[key].value if key in self.keys else None

    def _text(self, key: str) -> str | None:
        node = self._node(key)
        if node is None or is_null(node):
            return None
        text = self.form.text(node, (key,))
        if text is None and key == "id" and isinstance(node, ScalarNode):
            return node.raw
        return text


def _duplicate(found: _Values, seen: dict[str, int]) -> tuple[Diagnostic, ...]:
    if found.id is None or found.id_span is None:
        return ()
    if found.id in seen:
        return (DuplicateCaseId(span=found.id_span, id=found.id, first_line=seen[found.id]),)
    seen[found.id] = found.id_span.line
    return ()


def _without_repeats(problems: list[Diagnostic], told: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    """The problems without those that stand where the reader found something wrong already."""
    places = {d.span for d in told}
    return [d for d in problems if d.span not in places]


def _discreet(diagnostic: Diagnostic) -> Diagnostic:
    """The reader's diagnostic without a piece of the text in it, which might be a person's name or date of birth."""
    if isinstance(diagnostic, UnexpectedText) and any(c.isalnum() for c in diagnostic.found):
        return replace(diagnostic, found="…")
    if isinstance(diagnostic, ImpossibleDate):
        return replace(diagnostic, text="".join("*" if c.isdigit() else c for c in diagnostic.text))
    return diagnostic


def _head(node: MappingNode) -> Span:
    """The place of a mapping's first key: shorter than the whole of it."""
    return node.entries[0].key.span if node.entries else node.span


def _is_unknown(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.value in (None, "unknown")


def _in_order(problems: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(dict.fromkeys(problems), key=lambda d: (d.span.line, d.span.column) if d.span else (0, 0)))
