"""A graph of a decision as Mermaid text, to be put into Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from dte_rules.report.graph import SIGNS, Graph, GraphNode, Kind, State

_SHAPES: Mapping[Kind, tuple[str, str]] = MappingProxyType(
    {
        "term": ("(", ")"),
        "table": ("[[", "]]"),
        "condition": ("[", "]"),
        "group": ("{{", "}}"),
        "grant": ("[/", "/]"),
        "outcome": ("([", "])"),
    }
)
_CLASSES: Mapping[State, str] = MappingProxyType(
    {
        "good": "fill:#e6f4ea,stroke:#1a7f37,color:#1b1f24",
        "bad": "fill:#fdecea,stroke:#b42318,stroke-width:3px,color:#1b1f24",
        "unknown": "fill:#fff8e5,stroke:#9a6700,stroke-dasharray:5 3,color:#1b1f24",
        "known": "fill:#eef4fb,stroke:#4a6785,color:#1b1f24",
        "none": "fill:#ffffff,stroke:#4a525b,color:#1b1f24",
    }
)
_SPECIAL = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;", "\\": "#92;"}


def mermaid(graph: Graph) -> str:
    """The graph as a Mermaid flowchart."""
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    day = ("判定日 " if graph.lang == "zh" else "as of ") + graph.day
    yield f"%% {' '.join(f'{graph.title} · {day}'.split())}"
    yield "flowchart LR"
    names = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    parts = [node.heading for node in graph.nodes if node.heading]
    loose = [node for node in graph.nodes if not node.part]
    for node in loose:
        yield f"  {_node(node, names)}"
    by_part: dict[str, list[GraphNode]] = {}
    for node in graph.nodes:
        if node.part:
            by_part.setdefault(node.part, []).append(node)
    for number, (heading, nodes) in enumerate(zip(parts, by_part.values(), strict=True)):
        yield f'  subgraph p{number}["{text_of(heading)}"]'
        for node in nodes:
            yield f"    {_node(node, names)}"
        yield "  end"
    for start, end in graph.edges:
        yield f"  {names[start]} --> {names[end]}"
    for state, style in _CLASSES.items():
        members = [names[node.id] for node in graph.nodes if node.state == state]
        if members:
            yield f"  classDef {state} {style}"
            yield f"  class {','.join(members)} {state}"


def _node(node: GraphNode, names: Mapping[str, str]) -> str:
    opening, closing = _SHAPES[node.kind]
    sign = SIGNS[node.state]
    text = text_of(f"{sign} {node.title}" if sign else node.title)
    if node.detail:
        text += f"<br/>{text_of(node.detail)}"
    return f'{names[node.id]}{opening}"{text}"{closing}'


def text_of(text: str) -> str:
    """Text that Mermaid takes for nothing else: its special characters by their numbers, all in one line."""
    return "".join(_SPECIAL.get(char, char) for char in " ".join(text.split()))
