"""Pydantic's errors, said as an author of packs would say them; its own words and its union tags never show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from dte_rules.pack import diagnostics_form as form
from dte_rules.pack.diagnostics_law import FewReadings, MissingCitation
from dte_rules.pack.schema.texts import PACK_PATTERN, SOURCE_PATTERN, YEAR_PATTERN, Bilingual
from dte_rules.pack.schema.walk import keys_at, model_at
from dte_rules.program.nodes import HitPolicy
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.document import Document, Path, locate
from dte_rules.source.nodes import MappingNode, Node, ScalarNode, SequenceNode
from dte_rules.source.span import Span
from dte_rules.source.suggest import nearest

_EXPECTED: Mapping[str, tuple[str, str]] = {
    "string_type": ("文字", "text"),
    "bool_type": ("`true` 或 `false`", "`true` or `false`"),
    "date_type": ("日期", "a date"),
    "number_type": ("数字", "a number"),
    "list_type": ("列表", "a list"),
    "dict_type": ("由键和值组成的映射", "a mapping of keys and values"),
    "model_type": ("由键和值组成的映射", "a mapping of keys and values"),
    "model_attributes_type": ("由键和值组成的映射", "a mapping of keys and values"),
    "feel_type": ("表达式", "an expression"),
    "single_value": ("单个值", "a single value"),
}
_TRUTHS = {"yes": "true", "on": "true", "y": "true", "是": "true", "no": "false", "off": "false", "n": "false", "否": "false"}
_ID_RULE = (
    "名称以字母、汉字或下划线开头，后接字母、汉字、数字或下划线",
    "a name begins with a letter, a Chinese character or `_`, and goes on with these and digits",
)
_RULES = {
    SOURCE_PATTERN: (
        "文件编号由字母、汉字、数字、`_`、`-` 和 `.` 组成，不含空格",
        "a source's id has letters, Chinese characters, digits, `_`, `-` and `.`, and no spaces",
    ),
    PACK_PATTERN: (
        "规则包名称由小写字母、数字、`_` 和 `-` 组成，以字母开头",
        "a pack's name has small letters, digits, `_` and `-`, and begins with a letter",
    ),
    YEAR_PATTERN: ("年份写成四位数字", "a year has four digits"),
}


def explain(document: Document, model: type[BaseModel], errors: Sequence[ErrorDetails], *, at: Path = ()) -> list[Diagnostic]:
    """One diagnostic for each error. ``at`` is where in the document the validated data stands.

    A key that is missing because it is misspelt is told of once: as the unknown key that it is.
    """
    found = [(error, _explain(document, model, error, at)) for error in errors]
    meant = {(*error["loc"][:-1], problem.nearest) for error, problem in found if isinstance(problem, form.UnknownKey)}
    said = {problem.span for problem in document.diagnostics}  # an impossible date is no wrong type too
    wanted = [problem for error, problem in found if error["type"] != "missing" or error["loc"] not in meant]
    return [problem for problem in wanted if problem.span not in said]


def in_document(document: Document, loc: Sequence[str | int]) -> Path:
    """The part of an error's place that leads to something in the document: without union tags and missing keys."""
    path: Path = ()
    for part in loc:
        if document.node((*path, part)) is not None:
            path = (*path, part)
    return path


def wrong_type(document: Document, path: Path, expected: tuple[str, str], span: Span, hint: tuple[str, str]) -> form.WrongType:
    """A diagnostic about the kind of value that stands at a path."""
    found_zh, found_en = _found(document, path)
    return form.WrongType(
        span=span,
        expected_zh=expected[0],
        expected_en=expected[1],
        found_zh=found_zh,
        found_en=found_en,
        hint_zh=hint[0],
        hint_en=hint[1],
    )


def _explain(document: Document, model: type[BaseModel], error: ErrorDetails, at: Path) -> Diagnostic:
    kind, inner = error["type"], error["loc"]
    loc = (*at, *inner)
    span = locate(document, loc, kind)
    context: dict[str, Any] = error.get("ctx", {})
    key = _last_key(loc)
    match kind:
        case "extra_forbidden":
            allowed = keys_at(model, inner[:-1])
            return form.UnknownKey(span=span, key=key, nearest=nearest(key, allowed), allowed=_listed(allowed))
        case "missing" | "missing_key":
            missing = context.get("key", key)
            owner = in_document(document, loc)
            if missing == "cite":
                item = _dotted(owner[1:] if owner[:1] == ("overrides",) else owner)
                return MissingCitation(span=document.key_span(owner), item=item)
            return form.MissingKey(span=document.key_span(owner), key=missing)
        case "literal_error" if key == "hit" and isinstance(error["input"], str):
            return _hit_policy(span, error["input"])
        case "literal_error" if key != "remove" and isinstance(error["input"], str):
            allowed = tuple(get_args(_annotation(model, inner)))
            value = error["input"]
            return form.NotOneOf(span=span, key=key, value=value, nearest=nearest(value, allowed), allowed=_listed(allowed))
        case "too_short" | "string_too_short":
            return form.EmptyValue(span=span, key=key)
        case "string_pattern_mismatch":
            rule_zh, rule_en = name_rule(context.get("pattern", ""))
            return form.BadName(span=span, name=str(error["input"]), rule_zh=rule_zh, rule_en=rule_en)
        case "one_of" | "not_both" | "goes_with":
            return _keys(document, loc, kind, context)
        case _:
            return _type_error(document, model, kind, inner, loc, span)


def name_rule(pattern: str) -> tuple[str, str]:
    """What names of a pattern are like, in words."""
    return _RULES.get(pattern, _ID_RULE)


def empty_values(document: Document) -> dict[Path, Diagnostic]:
    """The keys of a file that have no value. None of them has a meaning, and left alone it would count as left out."""
    found: dict[Path, Diagnostic] = {}
    waiting: list[tuple[Path, Node]] = [((), document.root)] if document.root is not None else []
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, MappingNode):
            waiting += [((*path, entry.key.raw), entry.value) for entry in node.entries]
        elif isinstance(node, SequenceNode):
            waiting += [((*path, index), item) for index, item in enumerate(node.items)]
        elif node.value is None and path and isinstance(path[-1], str):
            found[path] = form.EmptyValue(span=document.key_span(path), key=path[-1])
    return found


def few_readings(document: Document, data: Mapping[str, Any]) -> list[Diagnostic]:
    """The interpretations of a file that have fewer than two readings."""
    found = data.get("interpretations")
    items = found.items() if isinstance(found, dict) else ()
    return [
        FewReadings(span=document.key_span(("interpretations", name, "readings")), item=name)
        for name, item in items
        if isinstance(item, dict) and isinstance(item.get("readings"), dict) and len(item["readings"]) < 2
    ]


def _hit_policy(span: Span, value: str) -> Diagnostic:
    allowed = get_args(HitPolicy)
    return form.UnknownHitPolicy(span=span, value=value, nearest=nearest(value, allowed), allowed=_listed(allowed))


def _annotation(model: type[BaseModel], loc: Sequence[str | int]) -> Any:
    owner = model_at(model, loc[:-1])
    field = owner.model_fields.get(str(loc[-1])) if owner else None
    arms = get_args(field.annotation) if field else ()
    literal = next((arm for arm in arms if get_args(arm)), None)
    return literal or (field.annotation if field else None)


def _keys(document: Document, loc: Sequence[str | int], kind: str, context: Mapping[str, Any]) -> Diagnostic:
    path = in_document(document, loc)
    keys: list[str] = context.get("keys", [])
    listed, joined_zh, joined_en = [f"`{key}`" for key in keys], "、".join(f"`{k}`" for k in keys), ", ".join(f"`{k}`" for k in keys)
    if kind == "goes_with":
        key, other = context["key"], context["other"]
        return form.KeysDisagree(
            span=document.key_span((*path, key)),
            problem_zh=f"`{key}` 只能与 `{other}` 一起使用",
            problem_en=f"`{key}` goes only with `{other}`",
            hint_zh=f"删除 `{key}`，或者改用 `{other}`",
            hint_en=f"delete `{key}`, or use `{other}`",
        )
    present = [key for key in keys if document.node((*path, key)) is not None]
    if len(present) > 1:
        return form.KeysDisagree(
            span=document.key_span((*path, present[1])),
            problem_zh=f"{'、'.join(f'`{k}`' for k in present)} 只能写一个",
            problem_en=f"only one of {' and '.join(f'`{k}`' for k in present)} may stand here",
            hint_zh="删除其中一个；要同时满足几项，请放进 `all`" if "all" in keys else "删除其中一个",
            hint_en="delete one of them; for several conditions together, put them under `all`" if "all" in keys else "delete one of them",
        )
    return form.KeysDisagree(
        span=document.key_span(path),
        problem_zh=f"这里缺少 {joined_zh} 之一",
        problem_en=f"one of {joined_en} is missing here",
        hint_zh=f"例如写成 {listed[0]} 加表达式",
        hint_en=f"write {listed[0]} with an expression, say",
    )


def _type_error(
    document: Document, model: type[BaseModel], kind: str, inner: Sequence[str | int], loc: Sequence[str | int], span: Span
) -> Diagnostic:
    path = in_document(document, loc)
    expected = _EXPECTED.get(kind, ("`true`", "`true`") if kind == "literal_error" else ("另一种值", "a value of another kind"))
    node = document.node(path)
    hint = _hint(kind, node, bilingual=model_at(model, inner) is Bilingual)
    return wrong_type(document, path, expected, span, hint)


def _hint(kind: str, node: Any, *, bilingual: bool) -> tuple[str, str]:
    raw = node.raw if isinstance(node, ScalarNode) else ""
    value = node.value if isinstance(node, ScalarNode) else node
    if bilingual:
        return "写成 `{zh: …, en: …}`", "write it as `{zh: …, en: …}`"
    if kind == "bool_type" and isinstance(value, str):
        meant = _TRUTHS.get(value.strip().lower(), "true` 或 `false")
        return f"写成 `{meant}`", f"write `{meant.replace('或', 'or')}`"
    if kind == "string_type" and isinstance(value, (int, Decimal, date)):
        return f'加上引号：`"{raw}"`', f'put it in quotes: `"{raw}"`'
    if kind == "date_type":
        return "写成 `YYYY-MM-DD`，不加引号", "write it as `YYYY-MM-DD`, without quotes"
    if kind == "list_type" and isinstance(node, ScalarNode):
        return f"写成列表：`[{raw}]`", f"write it as a list: `[{raw}]`"
    if kind == "feel_type" and not isinstance(node, ScalarNode):
        return "表达式写在一行，或者写在 `>-` 之后", "write the expression on one line, or after `>-`"
    if kind == "single_value":
        return "每格写一个值；任意值写 `-`", "write one value in each cell; `-` is any value"
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        return "另起一行并缩进，写出各个键", "write its keys below, indented"
    return "", ""


def _found(document: Document, path: Path) -> tuple[str, str]:
    node = document.node(path)
    if not isinstance(node, ScalarNode):
        return ("映射", "a mapping") if isinstance(node, MappingNode) else ("列表", "a list")
    match node.value:
        case None:
            return "空值", "nothing"
        case bool():
            return f"真假值 `{node.raw}`", f"the truth value `{node.raw}`"
        case int() | Decimal():
            return f"数字 `{node.raw}`", f"the number `{node.raw}`"
        case date():
            return f"日期 `{node.raw}`", f"the date `{node.raw}`"
        case _:
            return f"文字 `{_short(node.raw)}`", f"the text `{_short(node.raw)}`"


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _last_key(loc: Sequence[str | int]) -> str:
    names = [part for part in loc if isinstance(part, str) and not part.startswith("<") and part != "[key]"]
    return names[-1] if names else ""


def _dotted(path: Path) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)
