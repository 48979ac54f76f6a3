"""What a property leaves open: readings of interpretations, open points of the packs, and points that no pack speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from dte_rules.analysis.prove.diagnostics import NothingOpen
from dte_rules.analysis.prove.model import Choice, Question
from dte_rules.analysis.prove.policy import Policy
from dte_rules.analysis.prove.schema import PropertyForm
from dte_rules.engine.plan import expressions
from dte_rules.feel import core
from dte_rules.feel.types import BOOLEAN
from dte_rules.program.nodes import Citation, Label
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.document import Document, Path
from dte_rules.source.suggest import nearest


def choices_of(
    form: PropertyForm, questions: Sequence[Question], document: Document, at: Path, found: list[Diagnostic]
) -> tuple[Choice, ...]:
    """The choices of a property; a name that means nothing is reported."""
    policies = _policies(questions)
    made: list[Choice] = []
    for number, name in enumerate(form.open):
        choice = next((c for policy in policies if (c := _of_pack(policy, name)) is not None), None)
        if choice is None:
            known = [n for policy in policies for n in (*policy.program.interpretations, *_truths(policy))]
            found.append(NothingOpen(span=document.span((*at, "open", number)), name=name, nearest=nearest(name, known)))
        else:
            made.append(choice)
    for name, point in form.unsaid.items():
        cites = (point.cite,) if isinstance(point.cite, str) else tuple(point.cite)
        clauses = tuple(Citation(*_parted(text)) for text in cites)
        made.append(Choice(name, Label(point.question.zh, point.question.en), clauses, (True, False), "unsaid"))
    return tuple(made)


def branches_of(choices: Sequence[Choice]) -> Iterator[Mapping[str, str | bool]]:
    """Every way to choose."""
    for values in product(*(choice.values for choice in choices)):
        yield {choice.name: value for choice, value in zip(choices, values, strict=True)}


def _policies(questions: Sequence[Question]) -> list[Policy]:
    found: dict[str, Policy] = {}
    for question in questions:
        sides = (*question.sides, *((question.claims.side,) if question.claims else ()))
        found.update({side.policy.program.name: side.policy for side in sides})
    return list(found.values())


def _of_pack(policy: Policy, name: str) -> Choice | None:
    program = policy.program
    if name in program.interpretations:
        one = program.interpretations[name]
        labels = {reading.id: reading.label for reading in one.readings}
        return Choice(name, one.question, one.cites, tuple(labels), "interpretation", labels)
    if name in program.open_points and name in _truths(policy):
        point = program.open_points[name]
        return Choice(name, point.question, point.cites, (True, False), "open")
    return None


def _truths(policy: Policy) -> frozenset[str]:
    """The open points that are truth values."""
    return frozenset(
        node.needs[0]
        for rule in policy.program.rules
        for expr in expressions(rule)
        for node in core.walk(expr)
        if isinstance(node, core.Missing) and node.type == BOOLEAN and node.needs[0] in policy.program.open_points
    )


def _parted(cite: str) -> tuple[str, str]:
    source, _, locator = cite.partition(" ")
    return source, locator
