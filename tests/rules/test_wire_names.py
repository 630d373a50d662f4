"""Examples have the properties that pulumi-aws sends, so rules read what is there."""

from __future__ import annotations

import importlib
import keyword
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from bad_machine_learning import MISTAKES
from stack_builder import Example, resource

from mlstead_toolkit.engine.values import UNKNOWN
from mlstead_toolkit.policies import Resource
from mlstead_toolkit.policies.rules.sagemaker_models import MODEL

UNTAGGED = {"tags"}  # which examples have by default, whatever their type


def test_examples_have_no_property_that_pulumi_aws_does_not_send(all_examples: dict[str, Example]) -> None:
    wrong = {f"{rule}: {one.type} {path}" for rule, one in _resources(all_examples) for path in _unknown(one)}
    assert wrong == set()


def test_bad_resources_have_no_property_that_pulumi_aws_does_not_send() -> None:
    wrong = {f"{mistake.what}: {path}" for mistake in MISTAKES for path in _unknown(mistake.made)}
    assert wrong == set()


def test_a_misspelt_property_is_noticed_wherever_it_stands() -> None:
    assert list(_unknown(resource(MODEL, primaryContainers={}))) == ["primaryContainers"]
    assert list(_unknown(resource(MODEL, vpcConfig={"subnetIds": []}))) == ["vpcConfig.subnetIds"]
    assert list(_unknown(resource(MODEL, containers={"image": "one"}))) == ["containers (a list is due)"]


def _resources(examples: dict[str, Example]) -> Iterator[tuple[str, Resource]]:
    for rule, example in examples.items():
        for stack in (*example.good, *example.bad):
            yield from ((rule, one) for one in stack.resources if one.type.startswith("aws:"))


def _unknown(resource: Resource) -> Iterator[str]:
    _, place, name = resource.type.split(":")
    service = place.partition("/")[0]
    module = importlib.import_module(f"pulumi_aws.{service}{'_' if keyword.iskeyword(service) else ''}")
    given = {key: value for key, value in resource.properties.items() if key not in UNTAGGED}
    # Where a block is called like the resource, the resource's arguments have another name.
    own = vars(sys.modules[getattr(module, name).__module__])
    yield from _beyond(given, own.get(f"{name}InitArgs") or own[f"{name}Args"], module, "")


def _beyond(block: Mapping[str, Any], arguments: type, module: Any, path: str) -> Iterator[str]:
    """Give what a block has, and its type has not; a list where one block is due, and the other way round, too."""
    taken = _properties(arguments)
    for name, value in block.items():
        here = f"{path}.{name}".lstrip(".")
        if name not in taken:
            yield here
            continue
        if value is None or value is UNKNOWN or "PolicyDocument" in taken[name]:
            continue
        annotation = taken[name]
        inner = next((getattr(module._inputs, found) for found in re.findall(r"\w+Args\b", annotation)
                      if hasattr(module._inputs, found)), None)
        if inner is None:
            continue
        several = "Sequence" in annotation
        if several != isinstance(value, list):
            yield f"{here} ({'a list' if several else 'one block'} is due)"
            continue
        for each in value if several else [value]:
            if isinstance(each, Mapping):
                yield from _beyond(each, inner, module, here)


def _properties(arguments: type) -> dict[str, str]:
    """Give the properties of an Args class as they are sent, and what each takes."""
    return {getattr(one.fget, "_pulumi_name", name): str(one.fget.__annotations__["return"])
            for name, one in vars(arguments).items() if isinstance(one, property) and one.fget}
