"""The pass that puts rules in order, each after those it reads, and numbers the strata. A circle is an error that names its path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from dte_rules.compiler.diagnostics import Cycle
from dte_rules.compiler.draft import Draft
from dte_rules.compiler.expressions import expressions
from dte_rules.feel import core
from dte_rules.program.nodes import Group, Rule
from dte_rules.source.diagnostic import Diagnostic
from dte_rules.source.span import Span

Graph = Mapping[str, Mapping[str, Span | None]]
"""For each slot, the slots that it rests on, with the place where it does."""

_MOST_PLACES = 12


def with_strata(draft: Draft) -> Draft:
    """The draft with its rules in order, and the number of each slot's stratum: the length of the longest way down to the facts."""
    graph = _graph(draft.rules)
    strata: dict[str, int] = {}
    found: list[Diagnostic] = []
    for component in _components(graph):
        first = component[0]
        if len(component) > 1 or first in graph[first]:
            found.append(_cycle(graph, component))
        below = [strata[slot] for member in component for slot in graph[member] if slot in strata]
        for member in component:
            strata[member] = 1 + max(below, default=-1)
    rules = tuple(sorted(draft.rules, key=lambda rule: max(strata[slot] for slot in rule.slots)))
    ordered = {slot: strata[slot] for rule in rules for slot in rule.slots}
    return replace(draft, rules=rules, strata=ordered).found(found)


def _graph(rules: tuple[Rule, ...]) -> Graph:
    graph: dict[str, dict[str, Span | None]] = {slot: {} for rule in rules for slot in rule.slots}
    for rule in rules:
        reads: dict[str, Span | None] = {}
        if isinstance(rule.body, Group):
            reads = {member: rule.span for member in rule.body.members if member in graph}
        for expr, _ in expressions(rule):
            for node in core.walk(expr):
                if isinstance(node, core.Ref) and node.name in graph:
                    reads.setdefault(node.name, node.span or rule.span)
        for slot in rule.slots:
            for read, span in reads.items():
                graph[slot].setdefault(read, span)
    return graph


def _components(graph: Graph) -> Iterator[tuple[str, ...]]:
    """The sets of slots that rest on one another (mostly one each), those that others rest on first: Tarjan's way, without recursion."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in graph:
        if root in index:
            continue
        work = [(root, iter(graph[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            slot, below = work[-1]
            child = next((c for c in below if c not in index or c in on_stack), None)
            if child is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[slot])
                if low[slot] == index[slot]:
                    yield _popped(stack, on_stack, slot)
            elif child in index:
                low[slot] = min(low[slot], index[child])
            else:
                index[child] = low[child] = len(index)
                stack.append(child)
                on_stack.add(child)
                work.append((child, iter(graph[child])))


def _popped(stack: list[str], on_stack: set[str], last: str) -> tuple[str, ...]:
    members: list[str] = []
    while True:
        member = stack.pop()
        on_stack.discard(member)
        members.append(member)
        if member == last:
            return tuple(reversed(members))


def _cycle(graph: Graph, component: tuple[str, ...]) -> Diagnostic:
    """The diagnostic for the shortest way from the first slot of a component back to itself."""
    members, start = set(component), component[0]
    came: dict[str, str] = {}
    waiting = [start]
    while start not in came:
        current = waiting.pop(0)
        for slot in graph[current]:
            if slot in members and slot not in came:
                came[slot] = current
                waiting.append(slot)
    path = [start]
    while len(path) == 1 or path[-1] != start:
        path.append(came[path[-1]])
    path.reverse()
    steps = list(pairwise(path))
    shown = [f"`{below}` {graph[slot][below]}" for slot, below in steps]
    places = ", ".join(shown if len(shown) <= _MOST_PLACES else (*shown[:_MOST_PLACES], "..."))
    return Cycle(span=graph[steps[0][0]][steps[0][1]], path=" → ".join(f"`{slot}`" for slot in path), places=places)
