"""What a case expected beside what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel
from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from dte_rules.cases.compare import Difference
from dte_rules.source.diagnostic import Lang
from dte_rules.source.render import visible


def differences(found: Iterable[tuple[str, Sequence[Difference]]], lang: Lang) -> RenderableType:
    """A table of all differences, by the ids of their cases, side by side; ids as they stand in case files."""
    zh = lang == "zh"
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("案例" if zh else "Case", overflow="fold", max_width=24)
    table.add_column("项目" if zh else "Field", overflow="fold")
    table.add_column("期望" if zh else "Expected", overflow="fold", ratio=1)
    table.add_column("实际" if zh else "Actual", overflow="fold", ratio=1)
    for id_, several in found:
        for i, one in enumerate(several):
            actual = Text(shown(one.actual, lang), style="red")
            if one.surplus and one.surplus != one.actual:
                actual.append(f"\n多出：{shown(one.surplus, lang)}" if zh else f"\nnot expected: {shown(one.surplus, lang)}", style="dim")
            expected = Text(shown(one.expected, lang), style="green")
            table.add_row(Text(visible(id_), style="bold") if i == 0 else "", Text(one.field), expected, actual)
    return table


def shown(value: Any, lang: Lang) -> str:
    """A value as it would stand in a case file."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case BaseModel():
            return shown({name: part for name in type(value).model_fields if (part := getattr(value, name)) not in (None, ())}, lang)
        case Mapping():
            return ", ".join(f"{key}: {_within(part, lang)}" for key, part in value.items())
        case list() | tuple():
            if not value:
                return "（无）" if lang == "zh" else "(none)"
            return "\n".join(shown(part, lang) for part in value)
        case _:
            return visible(str(value))


def _within(value: Any, lang: Lang) -> str:
    text = shown(value, lang)
    return "[" + text.replace("\n", ", ") + "]" if isinstance(value, list | tuple) else text
