"""A diagram, read back from the Mermaid source that review/diagram writes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_LABEL: Final = r'\["(?P<label>[^"]*)"\]'
_GROUP: Final = re.compile(rf"subgraph \w+{_LABEL}")
_ROUND: Final = re.compile(r'(?P<id>\w+)\(\["(?P<label>[^"]*)"\]\):::(?P<kind>\w+)')
_SQUARE: Final = re.compile(rf"(?P<id>\w+){_LABEL}:::(?P<kind>\w+)")
_EDGE: Final = re.compile(r'(?P<user>\w+) (?P<arrow>-->|-\.->)(?:\|"(?P<label>[^"]*)"\|)? (?P<used>\w+)')


@dataclass(frozen=True)
class Node:
    """One box: its lines, its class, whether its ends are round, and the group around it; "" for none."""

    id: str
    lines: tuple[str, ...]
    kind: str
    round: bool
    group: str


@dataclass(frozen=True)
class Edge:
    """One arrow, with what is written on it."""

    user: str
    used: str
    label: str
    dotted: bool


@dataclass(frozen=True)
class Flowchart:
    """Boxes and arrows; an arrow's ends are both among the boxes."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def flowchart(source: Iterable[str]) -> Flowchart:
    """Read a diagram; what is no box, group or arrow (styles, the direction) says nothing here.

    Args:
        source: the lines that diagram_of gave.
    """
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    group = ""
    for line in map(str.strip, source):
        if found := _GROUP.fullmatch(line):
            group = _plain(found["label"])
        elif line == "end":
            group = ""
        elif found := _SQUARE.fullmatch(line) or _ROUND.fullmatch(line):
            lines = tuple(_plain(part) for part in found["label"].split("<br/>"))
            nodes[found["id"]] = Node(found["id"], lines, found["kind"], found.re is _ROUND, group)
        elif found := _EDGE.fullmatch(line):
            edges.append(Edge(found["user"], found["used"], _plain(found["label"] or ""), found["arrow"] != "-->"))
    return Flowchart(tuple(nodes.values()), tuple(one for one in edges if {one.user, one.used} <= nodes.keys()))


def _plain(label: str) -> str:
    """Give the text of a label: Mermaid writes a character by its number."""
    return re.sub(r"#(\d{1,7});", lambda found: chr(int(found[1])) if int(found[1]) < 0x110000 else found[0], label)
