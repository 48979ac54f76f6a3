"""The page of a vocabulary: every fact that a case may state."""

from __future__ import annotations

from collections.abc import Iterator

from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, STRING, Enum, ListOf, Record, Type
from dte_rules.report.pages.markdown import code, generated, page, table, text
from dte_rules.vocabulary import Constraint, Vocabulary

_SIMPLE = {BOOLEAN: "boolean", DATE: "date", NUMBER: "number", STRING: "text"}


def facts_page(vocabulary: Vocabulary) -> str:
    """The facts by record, with their types, labels and questions."""
    return page(_lines(vocabulary))


def _lines(vocabulary: Vocabulary) -> Iterator[str]:
    yield from (generated("dte docs"), "", "# 事实 / Facts", "")
    yield "未写、`null` 或 `unknown` 的事实是未知的；未知不等于否，也不等于零。空列表表示“没有”，未写的列表是未知的。"
    yield ""
    yield (
        "A fact that is absent, `null` or `unknown` is unknown, which is neither false nor zero. An empty list says that there is "
        "nothing; a list that is left out is unknown."
    )
    yield ""
    header = ["路径 / path", "类型 / type", "名称", "label", "问题", "question"]
    yield from _record(vocabulary, vocabulary.root, "", header)


def _record(vocabulary: Vocabulary, record: Record, prefix: str, header: list[str]) -> Iterator[str]:
    simple = {name: type_ for name, type_ in record.fields.items() if _inner(type_) is None}
    if prefix:
        told = " / ".join(vocabulary.describe(prefix, lang) for lang in ("zh", "en"))
        many = "（列表 / list）" if isinstance(vocabulary.types[prefix], ListOf) else ""
        yield from (f"## {code(prefix)} {text(told)}{many}", "")
        event = vocabulary.events.get(record.name)
        if event is not None:
            day = code(f"{prefix}.{event}")
            yield from (f"{day} 之日在判定日之后的，视为尚未发生 / with a {day} after the day asked about, it has not happened.", "")
    if simple:
        rows = []
        for name, type_ in simple.items():
            path = f"{prefix}.{name}" if prefix else name
            personal = "（个人信息 / personal）" if path in vocabulary.personal else ""
            labels = (vocabulary.describe(path, "zh"), vocabulary.describe(path, "en"))
            questions = (vocabulary.question(path, "zh"), vocabulary.question(path, "en"))
            cells = [code(path), _type(type_, vocabulary.constraints.get(path)) + personal]
            rows.append([*cells, *map(text, (labels[0], labels[1], questions[0], questions[1]))])
        yield from table(header, rows)
    for name, type_ in record.fields.items():
        inner = _inner(type_)
        if inner is not None:
            yield from _record(vocabulary, inner, f"{prefix}.{name}" if prefix else name, header)


def _inner(type_: Type) -> Record | None:
    element = type_.element if isinstance(type_, ListOf) else type_
    return element if isinstance(element, Record) else None


def _type(type_: Type, constraint: Constraint | None) -> str:
    if isinstance(type_, ListOf):
        return f"list of {_type(type_.element, constraint)}"
    if isinstance(type_, Enum):
        return " ".join(code(value) for value in type_.values)
    shown = next((word for simple, word in _SIMPLE.items() if simple == type_), "any")
    if constraint is None:
        return shown
    bounds = {"≥": constraint.ge, ">": constraint.gt, "≤": constraint.le, "<": constraint.lt}
    parts = [f"{sign} {bound:f}" for sign, bound in bounds.items() if bound is not None]
    parts += ["whole"] if constraint.whole else []
    parts += [code(constraint.format)] if constraint.format else []
    return f"{shown}, {', '.join(parts)}" if parts else shown
