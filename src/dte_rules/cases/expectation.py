"""What a case may expect, field by field: the form of each, read strictly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from dte_rules.cases.case import Expect
from dte_rules.cases.diagnostics_file import NoSuchDay, UnexpectedName, UnknownCaseKey, UnknownVerdict, WrongCaseValue
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.document import Document, Path
from dte_rules.source.nodes import MappingNode, Node, ScalarNode, SequenceNode, plain
from dte_rules.source.suggest import nearest

VERDICTS = ("met", "not_met", "discretionary", "undetermined")
WHOLE = ("failed", "missing", "missing_sets", "flags", "alternatives", "citations")
"""The lists that ``exactly`` may name."""

TEXT = ("文本", "a text")
TEXTS = ("文本的列表", "a list of texts")
MAPPING = ("映射（若干键值对）", "a mapping")


def day_of(value: Any) -> date | None:
    """The day that a value names: a date, or its text as YYYY-MM-DD."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and len(value) == 10:
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return None


@dataclass
class Form:
    """Reads parts of one case; what is wrong is collected."""

    document: Document
    problems: list[Diagnostic] = field(default_factory=list)

    def wrong(self, path: Path, expected: tuple[str, str], hint: tuple[str, str] = ("", "")) -> None:
        """Note that the value at the path is of another type than expected."""
        name = dotted(path)
        span = self.document.span(path)
        self.problems.append(
            WrongCaseValue(span=span, path=name, expected_zh=expected[0], expected_en=expected[1], hint_zh=hint[0], hint_en=hint[1])
        )

    def text(self, node: Node, path: Path) -> str | None:
        """A text; a number gets the hint to put it into quotes."""
        if isinstance(node, ScalarNode) and isinstance(node.value, str):
            return node.value
        quote = isinstance(node, ScalarNode) and node.value is not None
        self.wrong(path, TEXT, ("请加引号，使其作为文本读入", "put it in quotes, so that it is read as text") if quote else ("", ""))
        return None

    def texts(self, node: Node, path: Path) -> tuple[str, ...] | None:
        """A list of texts."""
        if not isinstance(node, SequenceNode):
            self.wrong(path, TEXTS, ("只有一项时也要写成列表", "write a list even if it has one member"))
            return None
        found = [self.text(item, (*path, i)) for i, item in enumerate(node.items)]
        return tuple(text for text in found if text is not None)

    def day(self, node: Node, path: Path) -> date | None:
        """A day."""
        value = node.value if isinstance(node, ScalarNode) else None
        found = day_of(value)
        if found is None:
            timed = isinstance(value, str) and len(value) > 10 and day_of(value[:10]) is not None
            hint = {"hint_zh": "只写日期，不写时刻", "hint_en": "write the day without a time"} if timed else {}
            self.problems.append(NoSuchDay(span=self.document.span(path), path=dotted(path), **hint))
        return found

    def mapping(self, node: Node, path: Path) -> MappingNode | None:
        """A mapping; null is an empty one."""
        if isinstance(node, MappingNode):
            return node
        if isinstance(node, ScalarNode) and node.value is None:
            return MappingNode((), node.span)
        self.wrong(path, MAPPING)
        return None

    def unknown_key(self, path: Path, known: tuple[str, ...], where: tuple[str, str]) -> None:
        """Note a key that is not one of those known."""
        key = str(path[-1])
        self.problems.append(
            UnknownCaseKey(
                span=self.document.key_span(path),
                key=key,
                where_zh=where[0],
                where_en=where[1],
                known=", ".join(f"`{name}`" for name in known),
                nearest=nearest(key, known),
            )
        )

    def verdict(self, node: Node, path: Path) -> str | None:
        """One of the four verdicts."""
        value = self.text(node, path)
        if value is None or value in VERDICTS:
            return value
        known = ", ".join(f"`{name}`" for name in VERDICTS)
        self.problems.append(UnknownVerdict(span=self.document.span(path), name=value, known=known, nearest=nearest(value, VERDICTS)))
        return None

    def verdicts(self, node: Node, path: Path) -> tuple[str, ...] | None:
        """A list of verdicts."""
        if not isinstance(node, SequenceNode):
            self.wrong(path, TEXTS)
            return None
        found = [self.verdict(item, (*path, i)) for i, item in enumerate(node.items)]
        return tuple(verdict for verdict in found if verdict is not None)

    def amount(self, node: Node, path: Path) -> int | Decimal | None:
        """A number, or null."""
        value = node.value if isinstance(node, ScalarNode) else ""
        if value is None or (isinstance(value, int | Decimal) and not isinstance(value, bool)):
            return value
        self.wrong(path, ("数或 null", "a number or null"), ("请去掉引号和单位", "write it without quotes or a unit"))
        return None

    def effect(self, node: Node, path: Path) -> str | None:
        """A text, or null."""
        return None if isinstance(node, ScalarNode) and node.value is None else self.text(node, path)

    def dates(self, node: Node, path: Path) -> dict[str, date | None] | None:
        """Days by name; null for a day that is not given."""
        found = self.mapping(node, path)
        if found is None:
            return None
        return {entry.key.raw: None if is_null(entry.value) else self.day(entry.value, (*path, entry.key.raw)) for entry in found.entries}

    def values(self, node: Node, path: Path) -> Any:
        """Results by name, of any type."""
        found = self.mapping(node, path)
        return None if found is None else plain(found)

    def names(self, node: Node, path: Path) -> dict[str, str] | None:
        """Texts by name."""
        found = self.mapping(node, path)
        if found is None:
            return None
        read = {entry.key.raw: self.text(entry.value, (*path, entry.key.raw)) for entry in found.entries}
        return {key: text for key, text in read.items() if text is not None}

    def records(self, node: Node, path: Path, readers: Mapping[str, Reader], where: tuple[str, str], short: str) -> Any:
        """A list of mappings with these keys; a member that is no mapping is read as its key ``short``."""
        if not isinstance(node, SequenceNode):
            self.wrong(path, ("列表", "a list"))
            return None
        found = []
        for i, item in enumerate(node.items):
            at: Path = (*path, i)
            if isinstance(item, MappingNode):
                found.append(self.record(item, at, readers, where))
            elif short:
                found.append({short: readers[short](self, item, at)})
            else:
                self.wrong(at, MAPPING)
        return tuple(found)

    def record(self, node: MappingNode, path: Path, readers: Mapping[str, Reader], where: tuple[str, str]) -> dict[str, Any]:
        """A mapping with these keys and no others."""
        found: dict[str, Any] = {}
        for entry in node.entries:
            key = entry.key.raw
            if key in readers:
                found[key] = readers[key](self, entry.value, (*path, key))
            else:
                self.unknown_key((*path, key), tuple(readers), where)
        return found


Reader = Callable[[Form, Node, Path], Any]

_ALTERNATIVE: Mapping[str, Reader] = MappingProxyType(
    {
        "interpretation": Form.text,
        "reading": Form.text,
        "verdict": Form.verdict,
        "amount": Form.amount,
        "effect": Form.effect,
        "missing": Form.texts,
    }
)
_MISSING_SET: Mapping[str, Reader] = MappingProxyType({"facts": Form.texts, "verdicts": Form.verdicts})
_CITATION: Mapping[str, Reader] = MappingProxyType({"source": Form.text, "locator": Form.text})

_FIELDS: Mapping[str, Reader] = MappingProxyType(
    {
        "verdict": Form.verdict,
        "amount": Form.amount,
        "effect": Form.effect,
        "dates": Form.dates,
        "failed": Form.texts,
        "missing": Form.texts,
        "missing_sets": lambda form, node, path: form.records(node, path, _MISSING_SET, ("missing_sets 的一项", "a set"), "facts"),
        "values": Form.values,
        "flags": Form.texts,
        "alternatives": lambda form, node, path: form.records(node, path, _ALTERNATIVE, ("alternatives 的一项", "an alternative"), ""),
        "citations": lambda form, node, path: form.records(node, path, _CITATION, ("citations 的一项", "a citation"), "source"),
        "readings": Form.names,
    }
)
EXPECT_KEYS = (*_FIELDS, "exactly")


def read_expect(form: Form, node: Node, path: Path) -> Expect:
    """What the case expects; problems are collected in the form."""
    found = form.mapping(node, path)
    fields: dict[str, Any] = {}
    exactly: frozenset[str] = frozenset()
    for entry in found.entries if found else ():
        key = entry.key.raw
        at: Path = (*path, key)
        if key == "exactly":
            exactly = frozenset(_whole(form, entry.value, at))
        elif key in _FIELDS:
            fields[key] = _FIELDS[key](form, entry.value, at)
        else:
            form.unknown_key(at, EXPECT_KEYS, ("`expect`", "`expect`"))
    return Expect(fields, exactly)


def is_null(node: Node | None) -> bool:
    """Whether there is no value."""
    return node is None or (isinstance(node, ScalarNode) and node.value is None)


def dotted(path: Path) -> str:
    """A path as people read it, positions from 1: ``expect.alternatives[1].verdict``."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _whole(form: Form, node: Node, path: Path) -> tuple[str, ...]:
    names = form.texts(node, path) or ()
    for i, name in enumerate(names):
        if name not in WHOLE:
            known = ", ".join(f"`{each}`" for each in WHOLE)
            form.problems.append(UnexpectedName(span=form.document.span((*path, i)), path=dotted(path), name=name, known=known))
    return tuple(name for name in names if name in WHOLE)
