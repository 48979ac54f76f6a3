"""The pass that keeps the future out: a list of events holds for the rules only those that have happened by the day asked about.

Each reading of such a list becomes `happened(list, date field, as_of)`, so that no rule has to say it, and none can forget it.
"""

from __future__ import annotations

from dataclasses import replace

from dte_rules.compiler.draft import Draft
from dte_rules.compiler.expressions import changed
from dte_rules.compiler.names import AS_OF
from dte_rules.feel import core
from dte_rules.feel.types import DATE, STRING, ListOf, Record

HAPPENED = "happened"


def with_events(draft: Draft) -> Draft:
    """The draft with rules that see no event before it has happened."""
    events = draft.vocabulary.events
    facts = draft.vocabulary.root.fields

    def change(node: core.Expr) -> core.Expr:
        is_fact = isinstance(node, core.Field) or (isinstance(node, core.Ref) and node.name in facts)
        if not is_fact or not isinstance(node.type, ListOf) or not isinstance(node.type.element, Record):
            return node
        day = events.get(node.type.element.name)
        if day is None:
            return node
        arguments = (node, core.Const(day, type=STRING, span=node.span), core.Ref(AS_OF, type=DATE, span=node.span))
        return core.Call(HAPPENED, arguments, type=node.type, span=node.span)

    return replace(draft, rules=tuple(changed(rule, change) for rule in draft.rules)) if events else draft
