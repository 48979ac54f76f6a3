"""A fact that a pack declares in YAML, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dte_rules.source.diagnostic import DiagnosticsError
from dte_rules.vocabulary.diagnostics import BadFactDeclaration
from dte_rules.vocabulary.formats import FORMATS
from dte_rules.vocabulary.meaning import MUTABLE, NO_MEANING, UNCONSTRAINED, Constraint, Meaning, Mutable

SIMPLE_TYPES = ("boolean", "number", "string", "date")

_KEYS = ("type", "of", "label", "question", "fields", "minimum", "maximum", "whole", "format", "personal", "mutable", "event")


@dataclass(frozen=True, slots=True)
class Declaration:
    """One declared fact.

    ``type`` is ``boolean``, ``number``, ``string``, ``date``, ``record``, ``list``, or the values of an enum. A record has
    ``fields``. A list has either ``of``, the type of its members (a simple type or the values of an enum), or ``fields``,
    those of its member records. ``record`` names the record type; left out, it is made from the path. ``event`` names the
    date field that says when what the record tells of happened.
    """

    type: str | tuple[str, ...]
    meaning: Meaning = NO_MEANING
    of: str | tuple[str, ...] | None = None
    record: str | None = None
    fields: tuple[tuple[str, Declaration], ...] = ()
    constraint: Constraint = UNCONSTRAINED
    event: str | None = None

    @classmethod
    def read(cls, raw: Any, path: str = "") -> Declaration:
        """The declaration that a pack's YAML writes, as plain data.

        Keys: ``type`` (``boolean``, ``number``, ``string``, ``date``, ``record``, ``list``, ``list of X``, where ``X`` is a
        simple type or the name of the member record, or a list of values), ``of``, ``label`` and ``question`` (``{zh, en}``
        or one text), ``fields``, ``minimum``, ``maximum``, ``whole``, ``format``, ``personal``, ``mutable``, ``event``.

        Raises:
            DiagnosticsError: with a ``BadFactDeclaration`` for the first thing wrong; ``path`` says where.
        """
        if isinstance(raw, str) or (isinstance(raw, Sequence) and not isinstance(raw, bytes)):
            raw = {"type": raw}
        if not isinstance(raw, Mapping):
            raise bad(path, "应为记录", "it must be a mapping with a type")
        for key in raw:
            if key not in _KEYS:
                raise bad(path, f"未知的键 `{key}`", f"unknown key `{key}`")
        kind, of, record = _read_type(raw.get("type"), raw.get("of"), "fields" in raw, path)
        zh, en = _read_texts(raw.get("label"), path)
        question_zh, question_en = _read_texts(raw.get("question"), path)
        return cls(
            type=kind,
            meaning=Meaning(zh, en, question_zh, question_en, _read_flag(raw, "personal", path), _read_mutable(raw.get("mutable"), path)),
            of=of,
            record=record,
            fields=_read_fields(raw.get("fields"), path),
            constraint=_read_constraint(raw, path),
            event=_read_text(raw.get("event"), path) or None,
        )


def check_declaration(path: str, declaration: Declaration) -> None:
    """Whether the parts of a declaration, its fields' included, fit together.

    Raises:
        DiagnosticsError: with a ``BadFactDeclaration``.
    """
    kind, of, fields = declaration.type, declaration.of, dict(declaration.fields)
    if isinstance(kind, str) and kind not in (*SIMPLE_TYPES, "record", "list"):
        raise bad(path, f"未知的类型 `{kind}`", f"unknown type `{kind}`")
    if fields and kind not in ("record", "list"):
        raise bad(path, "只有 record 和 list 可以有 fields", "only a record and a list have fields")
    if kind == "record" and not fields:
        raise bad(path, "record 必须有 fields", "a record must have fields")
    if (kind == "list") is not (bool(fields) or of is not None) and kind != "record":
        raise bad(path, "list 必须有 of 或 fields", "a list must have `of` or fields")
    if isinstance(of, str) and of not in SIMPLE_TYPES:
        raise bad(path, f"未知的成员类型 `{of}`", f"unknown type of members `{of}`")
    values = kind if isinstance(kind, tuple) else of if isinstance(of, tuple) else None
    if values is not None and (not values or len(set(values)) < len(values) or "unknown" in values):
        raise bad(path, "取值不能为空、重复或为 unknown", "values must be there, distinct, and none of them `unknown`")
    if declaration.event is not None and (declaration.event not in fields or fields[declaration.event].type != "date"):
        raise bad(path, f"event `{declaration.event}` 不是日期字段", f"the event `{declaration.event}` is no date field of it")
    constraint, element = declaration.constraint, of if kind == "list" else kind
    if (constraint.ge is not None or constraint.le is not None or constraint.whole) and element != "number":
        raise bad(path, "只有 number 可以有 minimum、maximum、whole", "only a number has minimum, maximum and whole")
    if constraint.format is not None and (element != "string" or constraint.format not in FORMATS):
        raise bad(path, f"format 只用于 string，可选：{'、'.join(FORMATS)}", f"format is for strings, one of {', '.join(FORMATS)}")
    for name, field in fields.items():
        check_declaration(f"{path}.{name}" if path else name, field)


def bad(path: str, zh: str, en: str) -> DiagnosticsError:
    """The error for a declaration that is wrong."""
    return DiagnosticsError([BadFactDeclaration(path=path, reason_zh=zh, reason_en=en)])


def _read_type(raw: Any, of: Any, has_fields: bool, path: str) -> tuple[str | tuple[str, ...], str | tuple[str, ...] | None, str | None]:
    """The type, the type of a list's members, and the name of the member record."""
    if raw is None:
        if not has_fields:
            raise bad(path, "缺少 type", "it has no type")
        raw = "record"
    kind = _read_kind(raw, path)
    member = None if of is None else _read_kind(of, path)
    if isinstance(kind, str) and kind.startswith("list of "):
        named = kind.removeprefix("list of ").strip()
        if has_fields:
            return "list", member, named
        return "list", named, None
    return kind, member, None


def _read_kind(raw: Any, path: str) -> str | tuple[str, ...]:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, Sequence) and all(isinstance(value, str) for value in raw):
        return tuple(raw)
    raise bad(path, "type 应为类型名或文本的列表", "the type must be a type's name or a list of texts")


def _read_texts(raw: Any, path: str) -> tuple[str, str]:
    if isinstance(raw, Mapping):
        if any(key not in ("zh", "en") for key in raw):
            raise bad(path, "文字只能有 zh 和 en", "a text has zh and en")
        return _read_text(raw.get("zh"), path), _read_text(raw.get("en"), path)
    text = _read_text(raw, path)
    return text, text


def _read_text(raw: Any, path: str) -> str:
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise bad(path, "此处应为文本", "a text is wanted here")
    return raw


def _read_flag(raw: Mapping[str, Any], key: str, path: str) -> bool:
    value = raw.get(key, False)
    if not isinstance(value, bool):
        raise bad(path, f"`{key}` 应为 true 或 false", f"`{key}` must be true or false")
    return value


def _read_mutable(raw: Any, path: str) -> Mutable | None:
    if raw is not None and raw not in MUTABLE:
        raise bad(path, "`mutable` 应为 person、time 或 fixed", "`mutable` must be person, time or fixed")
    return next((each for each in MUTABLE if each == raw), None)


def _read_fields(raw: Any, path: str) -> tuple[tuple[str, Declaration], ...]:
    if raw is None:
        return ()
    if not isinstance(raw, Mapping) or not all(isinstance(name, str) for name in raw):
        raise bad(path, "fields 应为记录", "fields must be a mapping")
    return tuple((name, Declaration.read(field, f"{path}.{name}" if path else name)) for name, field in raw.items())


def _read_constraint(raw: Mapping[str, Any], path: str) -> Constraint:
    bounds: list[Decimal | None] = []
    for key in ("minimum", "maximum"):
        value = raw.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float | Decimal)):
            raise bad(path, f"`{key}` 应为数", f"`{key}` must be a number")
        bounds.append(None if value is None else Decimal(repr(value)) if isinstance(value, float) else Decimal(value))
        if (bound := bounds[-1]) is not None and not bound.is_finite():
            raise bad(path, f"`{key}` 应为有限的数", f"`{key}` must be finite")
    return Constraint(ge=bounds[0], le=bounds[1], whole=_read_flag(raw, "whole", path), format=_read_text(raw.get("format"), path) or None)
