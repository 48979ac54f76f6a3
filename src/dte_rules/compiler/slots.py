"""The pass that turns paths into slots: a part of a table or of a group of parameters is read by its own name.

`Field(Ref('subsidy_standard'), 'amount')` becomes `Ref('subsidy_standard.amount')`, and a point that the text leaves open becomes a
value that is missing.
"""

from __future__ import annotations

from dataclasses import replace

from dte_rules.compiler.diagnostics import PartMissing
from dte_rules.compiler.draft import Draft
from dte_rules.compiler.expressions import changed, expressions
from dte_rules.feel import core
from dte_rules.source.diagnostic import Diagnostic


def with_slots(draft: Draft) -> Draft:
    """The draft with rules that read slots and nothing but slots, facts, interpretations and the day asked about."""
    parts = draft.names.parts
    open_points = draft.pack.open_points

    def change(node: core.Expr) -> core.Expr:
        match node:
            case core.Field(base=core.Ref(name=name), name=part) if part in parts.get(name, ()):
                return core.Ref(f"{name}.{part}", type=node.type, span=node.span)
            case core.Ref(name=name) if name in open_points:
                return core.Missing((name,), type=node.type, span=node.span)
            case _:
                return node

    rules = tuple(changed(rule, change) for rule in draft.rules)
    found: list[Diagnostic] = []
    for rule in rules:
        for expr, _ in expressions(rule):
            for node in core.walk(expr):
                if isinstance(node, core.Ref) and node.name in parts:
                    shown = ", ".join(f"`{node.name}.{part}`" for part in parts[node.name])
                    found.append(PartMissing(span=node.span, name=node.name, parts=shown))
    return replace(draft, rules=rules).found(found)
