"""The page of FEEL's built-in functions."""

from __future__ import annotations

from collections.abc import Iterator

from dte_rules.feel.builtins import BUILTINS, UNSUPPORTED
from dte_rules.feel.types import describe
from dte_rules.report.pages.markdown import code, generated, page, table, text


def builtins_page() -> str:
    """The functions that an expression may call, and those of the standard that it may not call yet."""
    return page(_lines())


def _lines() -> Iterator[str]:
    yield from (generated("dte docs"), "", "# FEEL 内置函数 / FEEL's built-in functions", "")
    yield "条件和公式用 FEEL 书写。任何函数的参数未知时，结果未知或有上下界，除非其余参数已能确定结果。"
    yield ""
    yield (
        "Conditions and formulas are FEEL. Where an argument is unknown, the result is unknown or lies between bounds, "
        "unless the other arguments settle it."
    )
    yield ""
    rows = (
        (
            "<br>".join(code(usage) for usage in builtin.usage.split("; ")),
            "<br>".join(
                code(", ".join(" \\| ".join(describe(type_) for type_ in parameter.types) for parameter in signature.parameters))
                for signature in builtin.signatures
            ).replace("\\|", "|"),
            text(builtin.zh),
            text(builtin.en),
        )
        for builtin in BUILTINS.values()
    )
    yield from table(["用法 / usage", "参数类型 / types", "含义", "meaning"], rows)
    yield from ("## 尚未支持 / Not covered yet", "")
    yield "、".join(code(name) for name in sorted(UNSUPPORTED))
