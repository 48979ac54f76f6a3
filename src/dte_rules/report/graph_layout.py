"""Where a graph's nodes go: columns from left to right, in each the order that crosses fewest lines, long lines between the nodes.

A line that passes columns gets a way through each of them; all lines from one node share their ways, so that few are drawn.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from dte_rules.report.graph import Graph, GraphNode
from dte_rules.source.render import display_width

SIZE, SMALL = 13, 11
"""Sizes of the title's and the detail's type, in pixels."""
LINE, SMALL_LINE = 18, 15
PAD_X, PAD_Y = 12, 8
GAP_Y, GAP_X = 10, 54
HEADING = 26
WAY = 6
"""The height kept for a line that passes through a column."""
_WIDEST: Mapping[str, float] = {"term": 190, "table": 190, "condition": 224, "group": 224, "grant": 224, "outcome": 150}
_SWEEPS = 8


@dataclass
class Box:
    """A node's place: its upper left corner and its size, and its text in lines. ``node`` is None for a way through a column."""

    id: str
    column: int
    node: GraphNode | None = None
    lines: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = WAY
    order: float = 0

    @property
    def middle(self) -> float:
        """The height of its middle, where lines come in and go out."""
        return self.y + self.height / 2

    @property
    def above(self) -> float:
        """What is kept free above it for its part's heading."""
        return HEADING if self.node is not None and self.node.heading else 0


@dataclass
class Layout:
    """All places, the lines as the boxes that they lead through, and the whole size."""

    boxes: Mapping[str, Box]
    lines: Sequence[tuple[Box, ...]]
    width: float
    height: float
    columns: Mapping[int, list[Box]] = field(default_factory=dict)


def text_width(text: str, size: float) -> float:
    """How wide a text comes out: a full em for each wide character, a little over half of one for others."""
    wide = sum(display_width(char) > 1 for char in text)
    return size * (wide + 0.56 * (len(text) - wide))


def wrapped(text: str, width: float, size: float, most: int = 3) -> tuple[str, ...]:
    """A text in lines of at most this width, broken at blanks and between wide characters; the last is cut where they are not enough."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and text_width((line + piece).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    lines.append(line.rstrip())
    if len(lines) > most:
        last = lines[most - 1]
        while last and text_width(last + "…", size) > width:
            last = last[:-1]
        lines = [*lines[: most - 1], last + "…"]
    return tuple(lines)


def _pieces(text: str) -> list[str]:
    """What is kept together: words, and single wide characters with the marks that may not begin a line."""
    pieces: list[str] = []
    for char in text:
        before = pieces[-1] if pieces else ""
        joins = before and not before[-1].isspace() and display_width(char) == 1 and display_width(before[-1]) == 1
        if before and (joins or char.isspace() or char in "，。、；：？！）》”〕" or before[-1] in "（《“〔"):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def laid_out(graph: Graph) -> Layout:
    """The places of all nodes and lines."""
    boxes = {node.id: _box(node) for node in graph.nodes}
    lines = _lines(graph, boxes)
    columns: dict[int, list[Box]] = defaultdict(list)
    for box in boxes.values():
        columns[box.column].append(box)
    _ordered(columns, lines)
    _placed(columns, lines)
    x = 0.0
    for number in sorted(columns):
        wide = max(box.width for box in columns[number])
        for box in columns[number]:
            box.x, box.width = x, wide
        x += wide + GAP_X
    top = min(box.y - box.above for box in boxes.values())
    for box in boxes.values():
        box.y -= top
    return Layout(boxes, lines, x - GAP_X, max(box.y + box.height for box in boxes.values()), columns)


def _box(node: GraphNode) -> Box:
    width = _WIDEST[node.kind]
    sign = 18 if node.state in ("good", "bad", "unknown") else 0
    size = SIZE + 3 if node.kind == "outcome" else SIZE
    lines = wrapped(node.title, width - 2 * PAD_X - sign, size)
    detail = wrapped(node.detail, width - 2 * PAD_X - sign, SMALL, 2) if node.detail else ()
    height = 2 * PAD_Y + len(lines) * LINE + len(detail) * SMALL_LINE
    return Box(node.id, node.column, node, lines, detail, width=width, height=height)


def _lines(graph: Graph, boxes: dict[str, Box]) -> list[tuple[Box, ...]]:
    found = []
    for start, end in graph.edges:
        source, target = boxes[start], boxes[end]
        through = [source]
        for column in range(source.column + 1, target.column):
            name = f"{start}>{column}"
            through.append(boxes.setdefault(name, Box(name, column)))
        found.append((*through, target))
    return found


def _ordered(columns: Mapping[int, list[Box]], lines: Sequence[tuple[Box, ...]]) -> None:
    """Orders each column by the middle of what its boxes are joined to; the parts of the decision keep the pack's order."""
    joined: dict[str, dict[str, Box]] = defaultdict(dict)
    for line in lines:
        for one, other in pairwise(line):
            joined[one.id][other.id] = other
            joined[other.id][one.id] = one
    for boxes in columns.values():
        for number, box in enumerate(boxes):
            box.order = number / max(len(boxes) - 1, 1)
    numbers = sorted(columns)
    for sweep in range(_SWEEPS):
        for number in numbers if sweep % 2 else reversed(numbers):
            boxes = columns[number]
            fixed = [box for box in boxes if box.node is not None and box.node.part]
            wishes = {box.id: _mean([b.order for b in joined[box.id].values()], box.order) for box in boxes}
            for place, box in enumerate(fixed):
                wishes[box.id] = (place + 0.5) / len(fixed)
            boxes.sort(key=lambda box: wishes[box.id])
            for place, box in enumerate(boxes):
                box.order = (place + 0.5) / len(boxes)


def _placed(columns: Mapping[int, list[Box]], lines: Sequence[tuple[Box, ...]]) -> None:
    """Heights: the fullest column is set first, the others towards what they are joined to."""
    joined: dict[str, dict[str, Box]] = defaultdict(dict)
    for line in lines:
        for one, other in pairwise(line):
            joined[one.id][other.id] = other
            joined[other.id][one.id] = one
    fullest = max(columns, key=lambda number: _height(columns[number]))
    whole = _height(columns[fullest])
    for boxes in columns.values():
        _stacked(boxes, (whole - _height(boxes)) / 2)
    outward = sorted((number for number in columns if number != fullest), key=lambda number: abs(number - fullest))
    for _ in range(3):
        for number in outward:
            _towards(columns[number], joined, fullest)


def _height(boxes: Sequence[Box]) -> float:
    return sum(box.above + box.height + GAP_Y for box in boxes)


def _stacked(boxes: Sequence[Box], top: float) -> None:
    for box in boxes:
        box.y = top + box.above
        top = box.y + box.height + GAP_Y


def _towards(boxes: Sequence[Box], joined: Mapping[str, Mapping[str, Box]], fullest: int) -> None:
    """Moves each box to the middle of those that it is joined to, as far as the others let it."""
    wishes = []
    for box in boxes:
        near = [b for b in joined[box.id].values() if abs(b.column - fullest) < abs(box.column - fullest)] or list(joined[box.id].values())
        wishes.append(_mean([b.middle for b in near], box.middle) - box.height / 2)
    groups: list[tuple[list[Box], float]] = []  # boxes that touch, and the top that suits them best together
    for box, wish in zip(boxes, wishes, strict=True):
        groups.append(([box], wish - box.above))
        while len(groups) > 1 and groups[-2][1] + _height(groups[-2][0]) > groups[-1][1]:
            lower, lower_top = groups.pop()
            upper, upper_top = groups.pop()
            shift = lower_top - _height(upper)
            weight = len(upper) + len(lower)
            groups.append((upper + lower, (upper_top * len(upper) + shift * len(lower)) / weight))
    for members, top in groups:
        _stacked(members, top)


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default
