"""Why not, as plain data: each reason with what was found and what was asked, each way with how far it was from holding."""

from __future__ import annotations

from typing import Any

from dte_rules.engine.justification import Justification
from dte_rules.engine.justify_json import value_data
from dte_rules.engine.justify_why import Gap


def why_data(justification: Justification) -> list[dict[str, Any]]:
    """The reasons for a verdict that is not met, as JSON can hold them."""
    return [
        {
            "condition": reason.conclusion.id,
            "part": reason.part,
            "outcome": reason.conclusion.outcome,
            "cites": [{"source": clause.source, "locator": clause.locator} for clause in reason.conclusion.form.cites],
            "gap": _gap(reason.gap),
            **({"routes": [_route(gap) for gap in reason.routes]} if reason.routes else {}),
        }
        for reason in justification.why_not
    ]


def _route(gap: Gap) -> dict[str, Any]:
    return {"rule": gap.rule, "outcome": gap.outcome, "fails": gap.distance.fails, "unknown": gap.distance.unknown}


def _gap(gap: Gap) -> dict[str, Any]:
    data: dict[str, Any] = {"rule": gap.rule, "wanted": gap.wanted, "outcome": gap.outcome}
    if gap.member:
        data["member"] = gap.member
    if gap.mode != "leaf":
        return data | {gap.mode: [_gap(part) for part in gap.parts]}
    if gap.step is not None:
        step = gap.step
        data |= {"text": step.form.text, "facts": list(step.facts), "value": value_data(step.value)}
        if step.form.left:
            data |= {"op": step.form.op, "left": value_data(step.left), "right": value_data(step.right)}
    return data
