"""Turns Pydantic's validation errors into diagnostics with a path, a place and words in two languages."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from dte_rules.feel.types import BOOLEAN, DATE, NUMBER, STRING, Enum, ListOf, Record, Type
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.span import Span
from dte_rules.source.suggest import nearest
from dte_rules.vocabulary import diagnostics as d
from dte_rules.vocabulary.vocabulary import Vocabulary

Loc = tuple[int | str, ...]
Locate = Callable[[Loc, str], Span | None]

_UNKNOWN_KEY = ("extra_forbidden", "invalid_key")
_NUMERAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_SHOWN_LENGTH = 40

_BOUNDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "greater_than_equal": ("ge", "不小于 {}", "at least {}"),
        "greater_than": ("gt", "大于 {}", "greater than {}"),
        "less_than_equal": ("le", "不大于 {}", "at most {}"),
        "less_than": ("lt", "小于 {}", "less than {}"),
    }
)

_PLAIN: Mapping[str, type[d.FactDiagnostic]] = MappingProxyType(
    {
        "finite_number": d.InvalidNumber,
        "number_size": d.InvalidNumber,
        "multiple_of": d.NotWholeNumber,
        "whole_number": d.NotWholeNumber,
        "int_from_float": d.NotWholeNumber,
        "string_pattern_mismatch": d.TextForm,
        "string_too_short": d.TextForm,
        "string_too_long": d.TextForm,
        "string_unicode": d.TextForm,
        "credit_code": d.InvalidCreditCode,
        "identity_number": d.InvalidIdentityNumber,
        "division_code": d.InvalidDivisionCode,
        "unknown_member": d.UnknownMember,
        "missing": d.MissingFact,
    }
)


def fact_diagnostics(error: ValidationError, locate: Locate, vocabulary: Vocabulary) -> tuple[Diagnostic, ...]:
    """What is wrong with facts, for each of the errors that Pydantic found, in its order.

    ``locate`` is asked for the place of each: it gets Pydantic's ``loc`` and error type. For ``extra_forbidden`` the key is
    meant, for other types the value; it may answer ``None``. Personal values stand in no diagnostic.
    """
    return tuple(_diagnostics(error, locate, vocabulary))


def fact_path(loc: Loc) -> str:
    """A Pydantic ``loc`` as a dotted path with positions from 1: ``person.insurance[1].paying_now``."""
    path = ""
    for part in loc:
        path += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def _diagnostics(error: ValidationError, locate: Locate, vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    for line in error.errors(include_url=False):
        loc, kind = line["loc"], line["type"]
        path = fact_path(loc)
        span = locate(loc, kind)
        value, context = line.get("input"), line.get("ctx", {})
        personal = _without_positions(path) in vocabulary.personal
        if kind in _UNKNOWN_KEY:
            # a key that is a number must not be read as a position
            path = fact_path((*loc[:-1], str(loc[-1])))
            yield d.UnknownFact(span=span, path=path, nearest=_nearest_fact(loc, vocabulary))
        elif kind == "contradictory_facts":
            yield d.ContradictoryFacts(span=span, path=path, other=fact_path((*loc[:-1], context["field"])))
        elif kind == "json_invalid":
            yield d.InvalidJson(span=span, path=path, problem=str(context.get("error", "")))
        elif kind in _BOUNDS:
            key, zh, en = _BOUNDS[kind]
            bound = context[key]
            yield d.NumberOutOfRange(span=span, path=path, bound_zh=zh.format(bound), bound_en=en.format(bound))
        elif kind in _PLAIN:
            yield _PLAIN[kind](span=span, path=path)
        else:
            yield _by_type(path, span, vocabulary.type_at(path), value, personal, line["msg"], kind)


def _by_type(path: str, span: Span | None, wanted: Type | None, value: Any, personal: bool, message: str, kind: str) -> Diagnostic:
    """What is wrong, judged by the type that the fact has and the value that was given."""
    if isinstance(wanted, Enum) and isinstance(value, str):
        shown = None if personal or len(value) > _SHOWN_LENGTH else value
        allowed = " | ".join(f"`{each}`" for each in wanted.values)
        return d.ValueNotInList(span=span, path=path, value=shown, allowed=allowed, nearest=nearest(value, wanted.values))
    if wanted == DATE and isinstance(value, str):
        return d.InvalidDate(span=span, path=path)
    own_check = kind in ("value_error", "assertion_error")
    if wanted == NUMBER and isinstance(value, float | Decimal | int) and not isinstance(value, bool):
        if not own_check and kind != "literal_error":
            return d.InvalidNumber(span=span, path=path)
        own_check = True
    if wanted is None or own_check or _is_of(value, wanted):
        return d.FactRefused(span=span, path=path, reason="" if personal else f": {message}")
    expected_zh, expected_en = _expected(wanted)
    hint_zh, hint_en = _hint(wanted, value)
    return d.WrongFactType(span=span, path=path, expected_zh=expected_zh, expected_en=expected_en, hint_zh=hint_zh, hint_en=hint_en)


def _expected(wanted: Type) -> tuple[str, str]:
    if isinstance(wanted, ListOf):
        zh, en = _expected(wanted.element)
        return f"列表（成员为{zh}）", f"a list, each member of which is {en}"
    if isinstance(wanted, Record):
        return "记录（若干键值对）", "a record (a mapping)"
    if isinstance(wanted, Enum):
        values = " | ".join(f"`{value}`" for value in wanted.values)
        return f"可选值之一：{values}", f"one of {values}"
    if wanted == NUMBER:
        return "数", "a number"
    if wanted == BOOLEAN:
        return "真假值 true 或 false", "true or false"
    if wanted == DATE:
        return "日期（年-月-日）", "a date (YYYY-MM-DD)"
    return "文本", "a text"


def _hint(wanted: Type, value: Any) -> tuple[str, str]:
    if wanted == STRING and isinstance(value, int | float | Decimal | datetime.date):
        return "请加引号，使其作为文本读入", "put it in quotes, so that it is read as text"
    if wanted == NUMBER and isinstance(value, str) and _NUMERAL.fullmatch(value):
        return "请去掉引号", "write it without quotes"
    if wanted == BOOLEAN and isinstance(value, str | int | float | Decimal):
        return "请写 true 或 false，不写 yes、no、是、否、1、0", "write true or false, not yes, no, 1 or 0"
    if wanted == DATE and isinstance(value, datetime.datetime):
        return "只写日期，不写时刻", "write the day without a time"
    if isinstance(wanted, ListOf) and not isinstance(value, list | tuple):
        return "只有一项时也要写成列表", "write a list even if it has one member"
    return "", ""


def _is_of(value: Any, wanted: Type) -> bool:
    """Whether the value is of the type after all, so that something else than the type was refused."""
    if isinstance(wanted, ListOf):
        return isinstance(value, list | tuple)
    if isinstance(wanted, Record):
        return isinstance(value, Mapping)
    if wanted == BOOLEAN:
        return isinstance(value, bool)
    if wanted == DATE:
        return isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)
    return wanted == STRING and isinstance(value, str)


def _nearest_fact(loc: Loc, vocabulary: Vocabulary) -> str | None:
    """The nearest field of the same record, else a path elsewhere that ends in the very name, else the nearest path."""
    word = str(loc[-1])
    record = vocabulary.type_at(_without_positions(fact_path(loc[:-1])))
    element = record.element if isinstance(record, ListOf) else record
    if isinstance(element, Record) and (found := nearest(word, element.names)):
        return found
    elsewhere = [path for path in vocabulary.paths if path.rpartition(".")[2] == word]
    return elsewhere[0] if elsewhere else nearest(_without_positions(fact_path(loc)), vocabulary.paths)


def _without_positions(path: str) -> str:
    return re.sub(r"\[\d+\]", "", path)
