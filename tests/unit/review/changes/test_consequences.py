"""The tables name types and properties that pulumi-aws has."""

import importlib.util
import re
from functools import cache
from pathlib import Path

import pytest

from mlstead_toolkit.review.changes.consequences import HOLDINGS, MOVES, SERVINGS
from mlstead_toolkit.review.changes.lifecycles import LIFECYCLES
from mlstead_toolkit.review.changes.retention import TERMS
from mlstead_toolkit.review.changes.switches import ANY, COMPANIONS, INTERRUPTED_BY, SWITCHES

PROPERTIES = sorted({
    *((type_, holding.flag) for type_, holding in HOLDINGS.items() if holding.flag),
    *((type_, holding.window[0]) for type_, holding in HOLDINGS.items() if holding.window and holding.window[0]),
    *((type_, holding.retained[0]) for type_, holding in HOLDINGS.items() if holding.retained),
    *((type_, term.path) for type_, terms in TERMS.items() for term in terms),
    *((switch.type, switch.path) for switch in SWITCHES if switch.type != ANY),
    *((type_, path) for type_, paths in INTERRUPTED_BY.items() for path in paths),
    *((type_, companion.owner) for type_, companion in COMPANIONS.items() if companion.owner),
    *((type_, path) for type_, (_, owner, path) in LIFECYCLES.items()),
    *((type_, owner) for type_, (_, owner, _) in LIFECYCLES.items() if owner),
})
TYPES = sorted({*HOLDINGS, *SERVINGS, *MOVES, *COMPANIONS, *(type_ for type_, _ in PROPERTIES)})


@cache
def inputs(type_: str) -> frozenset[str]:
    """Read a type's inputs from pulumi-aws's source: to import them all takes half a minute."""
    spec = importlib.util.find_spec("pulumi_aws")
    assert spec is not None and spec.origin is not None
    _, place, name = type_.split(":")
    module, _, file = place.partition("/")
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", file).lower()
    source = (Path(spec.origin).parent / {"lambda": "lambda_"}.get(module, module) / f"{snake}.py").read_text()
    assert f"'{type_}'" in source
    arguments = source[: source.index(f"class _{name}State")]
    properties = re.findall(r'@pulumi\.getter(?:\(name="(\w+)"\))?\s+(?:@.*\s+)*def (\w+)', arguments)
    return frozenset(renamed or plain for renamed, plain in properties)


@pytest.mark.parametrize("type_", TYPES)
def test_every_type_of_the_tables_is_one_of_pulumi_aws(type_: str) -> None:
    assert inputs(type_)


@pytest.mark.parametrize(("type_", "path"), PROPERTIES)
def test_every_property_of_the_tables_is_one_of_its_type(type_: str, path: str) -> None:
    assert path.partition(".")[0].removesuffix("[*]") in inputs(type_)


def test_a_switch_for_any_type_is_a_property_of_some() -> None:
    known = frozenset().union(*(inputs(type_) for type_ in TYPES))
    assert {switch.path for switch in SWITCHES if switch.type == ANY} <= known
