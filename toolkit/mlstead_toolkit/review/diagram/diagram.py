"""The changed resources, what stands next to them and who gains access, as a Mermaid flowchart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mlstead_toolkit.engine.plan import Operation
from mlstead_toolkit.review.comparison import Comparison
from mlstead_toolkit.review.diagram.mermaid import STYLES, label
from mlstead_toolkit.review.diagram.neighbourhood import Neighbourhood, Node, neighbourhood
from mlstead_toolkit.review.report import AccessChange, ResourceChange

_MOST_GAINS: Final = 8
_SIGNS: Final = {Operation.CREATE: "+", Operation.IMPORT: "+", Operation.UPDATE: "~", Operation.REPLACE: "±",
                 Operation.DELETE: "−"}  # noqa: RUF001 (a hyphen would begin a list)
_CLASSES: Final = {Operation.CREATE: "added", Operation.IMPORT: "added", Operation.UPDATE: "changed",
                   Operation.REPLACE: "replaced", Operation.DELETE: "deleted", None: "beside"}


def diagram_of(comparison: Comparison, changes: Sequence[ResourceChange], access: Sequence[AccessChange]) -> str:
    """Give the Mermaid source of a flowchart; "" where nothing changes.

    An arrow leads from a resource to what it takes a value from, and names the property where that differs; a dotted
    one from somebody to what he may do from now on.

    Args:
        comparison: the environment.
        changes: what happens to its resources.
        access: what somebody gains or loses.
    """
    gains = [one for one in access if one.widens]
    if not changes and not gains:
        return ""
    around = neighbourhood(comparison, changes)
    ids = {node.urn: f"r{number}" for number, node in enumerate(around.nodes)}
    lines = [*_nodes(around, ids), *_edges(around, ids), *_gains(gains)]
    lines += [f"classDef {name} {style}" for name, style in STYLES.items()
              if any(line.endswith(f":::{name}") for line in lines)]
    return "\n".join(["flowchart LR", *(f"  {line}" for line in lines)]) + "\n"


def _nodes(around: Neighbourhood, ids: Mapping[str, str]) -> Iterator[str]:
    groups: dict[str, list[Node]] = {node.component: [] for node in around.nodes if node.operation is not None}
    alone = groups.pop("", [])
    for node in around.nodes:
        groups.get(node.component, alone).append(node)
    for number, (component, nodes) in enumerate(sorted(groups.items())):
        yield f"subgraph g{number}[{label(component)}]"
        yield from (f"  {_node(node, ids)}" for node in nodes)
        yield "end"
    yield from (_node(node, ids) for node in alone)
    if around.more:
        yield f"more[{label(f'… {around.more} more changed resources')}]:::beside"


def _node(node: Node, ids: Mapping[str, str]) -> str:
    sign = f"{_SIGNS[node.operation]} " if node.operation is not None else ""
    return f"{ids[node.urn]}[{label(sign + node.type.rpartition(':')[2], node.name)}]:::{_CLASSES[node.operation]}"


def _edges(around: Neighbourhood, ids: Mapping[str, str]) -> Iterator[str]:
    for edge in around.edges:
        said = f"|{label(edge.property)}|" if edge.changed else ""
        yield f"{ids[edge.user]} -->{said} {ids[edge.used]}"


def _gains(gains: Sequence[AccessChange]) -> Iterator[str]:
    people = {name: f"p{number}" for number, name in enumerate(dict.fromkeys(one.principal for one in
                                                                             gains[:_MOST_GAINS]))}
    yield from (f"{id_}([{label(name)}]):::access" for name, id_ in people.items())
    for number, one in enumerate(gains[:_MOST_GAINS]):
        what = one.text.removeprefix(f"{one.principal} ")
        said, what = ("may now", what.removeprefix("may now ")) if what.startswith("may now ") else ("", what)
        yield f"a{number}[{label(f'+ {what}')}]:::access"
        yield f"{people[one.principal]} -.->{f'|{label(said)}|' if said else ''} a{number}"
    if len(gains) > _MOST_GAINS:
        yield f"gains[{label(f'… {len(gains) - _MOST_GAINS} more gains of access')}]:::access"
