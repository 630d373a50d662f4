"""Where each box of a flowchart stands: a column for each step that it is away from, a lane for each group.

Source of the layering: Sugiyama, Tagawa, Toda, Methods for visual understanding of hierarchical system structures
(1981).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mlstead_toolkit.review.rendering.picture.flowchart import Flowchart, Node

# Pixels; a letter is that wide at most, so that a label never runs out of its box.
LETTER: Final = 7.4
LINE: Final = 17
PADDING: Final = 10
GAP_BESIDE: Final = 110  # an arrow's label stands there
GAP_BELOW: Final = 14
TITLE: Final = 24
LONGEST: Final = 34  # letters of a line


@dataclass(frozen=True)
class Box:
    """A rectangle, in pixels from the left upper corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Layout:
    """Where everything stands: boxes by id, lanes by the group's name, and the picture's size."""

    boxes: Mapping[str, Box]
    lanes: tuple[tuple[str, Box], ...]
    width: float
    height: float


def layout(chart: Flowchart) -> Layout:
    """Place the boxes of a flowchart."""
    columns = _columns(chart)
    count = max(columns.values()) + 1
    widths = [max((_width(node) for node in chart.nodes if columns[node.id] == column), default=0.0)
              for column in range(count)]
    left = [PADDING + sum(widths[:column]) + GAP_BESIDE * column for column in range(count)]
    total = left[-1] + widths[-1] + PADDING
    groups: dict[str, list[Node]] = {}
    for node in chart.nodes:
        groups.setdefault(node.group, []).append(node)
    boxes: dict[str, Box] = {}
    lanes = []
    top = 0.0
    for group, nodes in groups.items():
        below = [top + PADDING + (TITLE if group else 0)] * count
        for node in _ordered(nodes, chart, boxes):
            column, height = columns[node.id], len(_lines(node)) * LINE + PADDING
            boxes[node.id] = Box(left[column], below[column], _width(node), height)
            below[column] += height + GAP_BELOW
        bottom = max(below) - GAP_BELOW + PADDING
        if group:
            lanes.append((group, Box(0, top, total, bottom - top)))
        top = bottom + GAP_BELOW
    return Layout(boxes, tuple(lanes), total, top - GAP_BELOW)


def cut(line: str) -> str:
    """Give a line as it is written into a box."""
    return line if len(line) <= LONGEST else f"{line[:LONGEST - 1]}…"


def _lines(node: Node) -> tuple[str, ...]:
    return tuple(map(cut, node.lines))


def _width(node: Node) -> float:
    return max(len(line) for line in _lines(node)) * LETTER + 2 * PADDING


def _columns(chart: Flowchart) -> dict[str, int]:
    """Count the steps of the longest way to each box; a circle of arrows is walked once."""
    columns = dict.fromkeys((node.id for node in chart.nodes), 0)
    for _ in chart.nodes:
        moved = False
        for edge in chart.edges:
            if edge.user != edge.used and columns[edge.user] >= columns[edge.used] < len(columns) - 1:
                columns[edge.used] = min(columns[edge.user] + 1, len(columns) - 1)
                moved = True
        if not moved:
            break
    used = {column: number for number, column in enumerate(sorted(set(columns.values())))}
    return {node: used[column] for node, column in columns.items()}


def _ordered(nodes: list[Node], chart: Flowchart, placed: Mapping[str, Box]) -> list[Node]:
    """Put boxes below each other in the order of what is placed already and leads to them."""
    def height(node: Node) -> float:
        beside = [one for edge in chart.edges for one, other in ((edge.user, edge.used), (edge.used, edge.user))
                  if other == node.id]
        found = [placed[one].y for one in beside if one in placed]
        return sum(found) / len(found) if found else 0.0

    return sorted(nodes, key=height)
