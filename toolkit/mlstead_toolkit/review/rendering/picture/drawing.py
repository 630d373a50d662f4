"""A flowchart as inline SVG; its colours are classes of the page's own style sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from mlstead_toolkit.review.rendering.picture.flowchart import Edge, Flowchart, Node, flowchart
from mlstead_toolkit.review.rendering.picture.layout import LINE, PADDING, Box, cut, layout
from mlstead_toolkit.review.rendering.visible import visible

WORDS: Final = {"added": "new", "changed": "changed", "replaced": "replaced", "deleted": "deleted",
                "beside": "unchanged, next to it", "access": "access"}
_ROUND: Final = 18
_SQUARE: Final = 5
_LONGEST: Final = 17  # letters of an arrow's label: what the gap between two columns holds


def drawn(source: Iterable[str]) -> str:
    """Draw a diagram and say what its signs mean; "" where there is nothing in it.

    Args:
        source: the lines of Mermaid that diagram_of gave.
    """
    chart = flowchart(source)
    if not chart.nodes:
        return ""
    placed = layout(chart)
    parts = [*(_lane(name, box) for name, box in placed.lanes),
             *(_arrow(edge, placed.boxes[edge.user], placed.boxes[edge.used]) for edge in chart.edges),
             *(_box(node, placed.boxes[node.id]) for node in chart.nodes)]
    width, height = f"{placed.width + 2:.0f}", f"{placed.height + 2:.0f}"  # half a line's width stands out
    return (f'<figure class="wide" tabindex="0"><svg viewBox="-1 -1 {width} {height}" width="{width}" '
            f'height="{height}" role="img" aria-label="{escape(_told(chart))}">\n{_HEADS}\n'
            + "\n".join(parts) + f"\n</svg>\n<figcaption>{_legend(chart)}</figcaption></figure>")


_HEADS: Final = ('<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
                 'orient="auto"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>')


def _lane(name: str, box: Box) -> str:
    return (f'<rect class="lane" x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width - 2:.0f}" '
            f'height="{box.height:.0f}" rx="8"/>'
            f'<text class="title" x="{box.x + PADDING:.0f}" y="{box.y + 18:.0f}">{escape(visible(name))}</text>')


def _box(node: Node, box: Box) -> str:
    lines = "".join(
        f'<tspan x="{box.x + PADDING:.0f}" y="{box.y + PADDING / 2 + LINE * (number + 0.75):.0f}">'
        f"{escape(visible(cut(line)))}</tspan>" for number, line in enumerate(node.lines))
    return (f'<g class="box {escape(node.kind)}"><title>{escape(visible(" ".join(node.lines)))}</title>'
            f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{box.height:.0f}" '
            f'rx="{_ROUND if node.round else _SQUARE}"/><text>{lines}</text></g>')


def _arrow(edge: Edge, user: Box, used: Box) -> str:
    backwards = used.x <= user.x
    x1, y1 = user.x + user.width, user.y + user.height / 2
    x2, y2 = (used.x + used.width if backwards else used.x), used.y + used.height / 2
    bend = 40 if backwards else max((x2 - x1) / 2, 20)
    path = f"M{x1:.0f} {y1:.0f}C{x1 + bend:.0f} {y1:.0f} {x2 + (bend if backwards else -bend):.0f} {y2:.0f} "
    line = (f'<path class="arrow{" dotted" if edge.dotted else ""}" marker-end="url(#head)" '
            f'd="{path}{x2:.0f} {y2:.0f}"/>')
    if not edge.label:
        return line
    # Beside its own beginning: there the arrows of one column have not come together yet.
    return (f'{line}<text class="said" x="{x1 + 6:.0f}" y="{y1 - 4:.0f}">'
            f"{escape(visible(_short(edge.label)))}</text>")


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[:_LONGEST - 1]}…"


def _legend(chart: Flowchart) -> str:
    kinds = [kind for kind in WORDS if any(node.kind == kind for node in chart.nodes)]
    return " ".join(f'<span class="key {kind}">{WORDS[kind]}</span>' for kind in kinds)


def _told(chart: Flowchart) -> str:
    """Say the picture in words, for who does not see it."""
    def told() -> Iterator[str]:
        names = {node.id: visible(" ".join(node.lines)) for node in chart.nodes}
        yield "; ".join(f"{names[node.id]}, {WORDS.get(node.kind, node.kind)}" for node in chart.nodes)
        yield from (f"{names[edge.user]} {visible(edge.label) or 'takes from'} {names[edge.used]}"
                    for edge in chart.edges)

    return "; ".join(told())
