"""A graph of a decision as SVG. Outcomes differ by sign and border as well as by colour, so that a print in black and white will do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import escape
from itertools import pairwise
from types import MappingProxyType

from dte_rules.report.graph import OUTCOME, SIGNS, Graph, GraphNode, State
from dte_rules.report.graph_layout import LINE, PAD_X, PAD_Y, SIZE, SMALL, SMALL_LINE, Box, Layout, laid_out, text_width
from dte_rules.report.phrases import Pair, pick

MARGIN = 28
TITLE = 58
LEGEND = 46
_FONT = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','WenQuanYi Zen Hei',sans-serif"
_FILL: Mapping[State, str] = MappingProxyType(
    {"good": "#e9f5ec", "bad": "#fdeceb", "unknown": "#fff7e0", "known": "#eff4f9", "none": "#ffffff"}
)
_STROKE: Mapping[State, str] = MappingProxyType(
    {"good": "#1a7f37", "bad": "#b42318", "unknown": "#9a6700", "known": "#5b7591", "none": "#5f6871"}
)
_BORDER: Mapping[State, str] = MappingProxyType(
    {"good": 'stroke-width="1.4"', "bad": 'stroke-width="3"', "unknown": 'stroke-width="1.6" stroke-dasharray="5 3"',
     "known": 'stroke-width="1.2"', "none": 'stroke-width="1.2"'}
)  # fmt: skip
_STATES: Mapping[State, Pair] = MappingProxyType(
    {"good": ("满足", "as required"), "bad": ("不满足", "not so"), "unknown": ("未知", "unknown")}
)
_KINDS: Mapping[str, Pair] = MappingProxyType(
    {"term": ("推导事实", "term"), "table": ("标准表", "table"), "condition": ("条件", "condition"), "group": ("条件组", "group"),
     "grant": ("结果", "result")}
)  # fmt: skip


def svg(graph: Graph) -> str:
    """The graph as an SVG document; it loads nothing."""
    return "\n".join(_document(graph, laid_out(graph))) + "\n"


def _document(graph: Graph, layout: Layout) -> Iterator[str]:
    width, height = layout.width + 2 * MARGIN, layout.height + 2 * MARGIN + TITLE + LEGEND
    day = ("判定日 " if graph.lang == "zh" else "as of ") + graph.day
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'font-family="{_FONT}" role="img">'
    )
    yield f"<title>{escape(graph.title)}</title>"
    yield f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>'
    yield _text(MARGIN, MARGIN + 18, graph.title, 18, weight=700)
    yield _text(MARGIN, MARGIN + 40, day, 12, fill="#5f6871")
    yield f'<g transform="translate({MARGIN},{MARGIN + TITLE})">'
    yield '<g fill="none" stroke="#a9b2bc" stroke-width="1.3">'
    drawn: set[str] = set()
    for line in layout.lines:
        for one, other in pairwise(line):
            if (path := _curve(one, other)) not in drawn:
                drawn.add(path)
                yield f'<path d="{path}"/>'
    for line in layout.lines:  # what decides against the outcome stands out
        if line[0].node is not None and line[0].node.state == "bad" and line[-1].id == OUTCOME:
            yield f'<path d="{_curve(line[0], line[-1])}" stroke="{_STROKE["bad"]}" stroke-width="2.6"/>'
    yield "</g>"
    for box in layout.boxes.values():
        if box.node is not None:
            yield from _node(box)
    yield "</g>"
    yield from _legend(graph, MARGIN, height - MARGIN - 8)
    yield "</svg>"


def _curve(one: Box, other: Box) -> str:
    """From the right side of one box to the left of the other; a way through a column is crossed level."""
    x1, y1, x2, y2 = one.x + one.width, one.middle, other.x, other.middle
    bend = (x2 - x1) / 2
    level = "" if one.node is not None else f"M{one.x:.1f} {y1:.1f}L{x1:.1f} {y1:.1f}"
    return f"{level}M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"


def _node(box: Box) -> Iterator[str]:
    node = box.node
    assert node is not None
    if node.heading:
        yield _text(box.x, box.y - 9, node.heading, 12, fill="#5f6871", weight=700)
    yield f"<g><title>{escape(node.id)}</title>"
    yield from _shape(box)
    x = box.x + PAD_X
    if sign := SIGNS[node.state]:
        yield _text(x, box.y + PAD_Y + 13, sign, 14, fill=_STROKE[node.state], weight=700)
        x += 18
    y = box.y + PAD_Y + 13
    size, weight = (SIZE + 3, 700) if node.kind == "outcome" else (SIZE, 400)
    for line in box.lines:
        yield _text(x, y, line, size, weight=weight)
        y += LINE
    for line in box.detail:
        yield _text(x, y - 2, line, SMALL, fill="#5f6871")
        y += SMALL_LINE
    yield "</g>"


def _shape(box: Box) -> Iterator[str]:
    node = box.node
    assert node is not None
    x, y, w, h = box.x, box.y, box.width, box.height
    look = f'fill="{_FILL[node.state]}" stroke="{_STROKE[node.state]}" {_BORDER[node.state]}'
    match node.kind:
        case "term":
            yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="{min(h / 2, 16):.1f}" {look}/>'
        case "outcome":
            yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="{h / 2:.1f}" {look}/>'
        case "group":
            c = 9
            points = [(x + c, y), (x + w - c, y), (x + w, y + h / 2), (x + w - c, y + h), (x + c, y + h), (x, y + h / 2)]
            yield f'<polygon points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in points)}" {look}/>'
        case "grant":
            c = 8
            points = [(x + c, y), (x + w, y), (x + w - c, y + h), (x, y + h)]
            yield f'<polygon points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in points)}" {look}/>'
        case _:
            yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="3" {look}/>'
    if node.kind == "table":
        yield f'<path d="M{x + 5:.1f} {y:.1f}v{h:.1f}M{x + w - 5:.1f} {y:.1f}v{h:.1f}" stroke="{_STROKE[node.state]}" fill="none"/>'


def _legend(graph: Graph, x: float, y: float) -> Iterator[str]:
    """What shapes and signs mean, as far as they are there."""
    kinds = {node.kind for node in graph.nodes}
    states = {node.state for node in graph.nodes}
    for kind, words in _KINDS.items():
        if kind in kinds:
            sample = Box(kind, 0, _sample(graph, kind), x=x, y=y - 13, width=30, height=18)
            yield from _shape(sample)
            yield _text(x + 37, y, pick(words, graph.lang), 12, fill="#3c444d")
            x += 37 + text_width(pick(words, graph.lang), 12) + 24
    for state, pair in _STATES.items():
        if state in states:
            yield _text(x, y, SIGNS[state], 14, fill=_STROKE[state], weight=700)
            yield _text(x + 18, y, pick(pair, graph.lang), 12, fill="#3c444d")
            x += 18 + text_width(pick(pair, graph.lang), 12) + 24


def _sample(graph: Graph, kind: str) -> GraphNode:
    found = next(node for node in graph.nodes if node.kind == kind)
    return replace(found, state="none")


def _text(x: float, y: float, text: str, size: float, *, fill: str = "#1b1f24", weight: int = 400) -> str:
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{fill}"{bold}>{escape(text)}</text>'
