"""The outputs of a resource before it exists: what its inputs decide, and symbols for what AWS will choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from mlstead_toolkit.aws.properties import Kind, Property
from mlstead_toolkit.aws.schema import ResourceType
from mlstead_toolkit.engine.values import UNKNOWN, Properties, PropertyValue
from mlstead_toolkit.review.symbolic.shapes import SHAPES
from mlstead_toolkit.review.symbolic.symbols import symbol

_ACCOUNTS: Final = ("accountId", "ownerId", "owner", "registryId", "catalogId")
_NAMED_BY: Final = ("name", "bucket")  # where a type without a table keeps the name that Pulumi makes up


@dataclass(frozen=True)
class Naming:
    """How the symbols of one resource read, and where it stands.

    Args:
        label: the resource's name in the program.
        place: partition, region and account.
        again: whether another resource of this name was there before, whose symbols would read the same.
    """

    label: str
    place: Mapping[str, str]
    again: bool = False

    def __call__(self, output: str = "") -> str:
        """Give the symbol of the id, or of an output."""
        parts = [part for part in (self.label, output) if part]
        return symbol(f"{'.'.join(parts)}, new") if self.again else symbol(*parts)


def filled(row: ResourceType, predicted: Properties, naming: Naming) -> tuple[str, Properties]:
    """Give the id and the outputs of a resource of the tables.

    Args:
        row: its type.
        predicted: its outputs as a preview predicts them, UNKNOWN where only AWS decides.
        naming: how its symbols read.
    """
    known = {name: value for name, value in predicted.items() if value is not UNKNOWN}
    facts: Properties = {"path": "/", "label": naming(), **naming.place, **known}
    shapes = SHAPES.get(row.token, {})
    lines = {line.name: line for line in row.described}
    for name in row.key:
        line = lines.get(name)
        if facts.get(name) is None and name not in shapes and (line is None or line.template is None):
            facts[name] = naming.place["account"] if name in _ACCOUNTS else naming()
    for name, line in lines.items():
        if predicted.get(name) is UNKNOWN or (name in row.key and facts.get(name) is None):
            known_key = name in row.key and name in facts
            value = facts[name] if known_key else _output(line, shapes, facts, naming, chosen=name in row.by_name)
            if value is not UNKNOWN:
                facts[name] = value
    outputs = {name: facts.get(name, value) if value is UNKNOWN else value for name, value in predicted.items()
               if not (value is UNKNOWN and name.endswith("Prefix"))}  # an automatic name has none
    resource_id = row.identity.format_map({name: facts.get(name) or naming(name) for name in row.key})
    return resource_id, outputs


def unlisted(type_: str, inputs: Properties, naming: Naming) -> tuple[str, Properties]:
    """Give the id and the outputs of a resource that no table describes: its inputs, and an ARN where it is AWS's."""
    if not type_.startswith("aws:"):
        return naming(), dict(inputs)
    facts: Properties = {"label": naming(), **naming.place, **inputs}
    for name in _NAMED_BY:
        facts.setdefault(name, naming())
    shapes = SHAPES.get(type_, {})
    made = {"arn": naming("arn"), **{name: text.format_map(facts) for name, text in shapes.items()}}
    needed = {name: facts[name] for name in _NAMED_BY if any(f"{{{name}}}" in text for text in shapes.values())}
    return naming(), {**made, **needed, **inputs}


def _output(line: Property, shapes: Mapping[str, str], facts: Properties, naming: Naming, *,
            chosen: bool) -> PropertyValue:
    if (template := shapes.get(line.name) or line.template) is not None:
        made = _made(template, facts)
        if made is not None:
            return made
    if line.name in _ACCOUNTS:
        return naming.place["account"]
    if line.kind in (Kind.STRING, Kind.ARN):
        return naming(line.name)
    if line.kind in (Kind.LIST, Kind.SET) and not line.fields and not chosen:
        return [naming(line.name)]
    return UNKNOWN  # a number, a truth value, a document, what the program might have given: no symbol is one


def _made(template: str | Callable[[Properties], PropertyValue], facts: Properties) -> PropertyValue:
    try:
        return template.format_map(facts) if isinstance(template, str) else template(facts)
    except (KeyError, AttributeError, TypeError, ValueError):
        return None  # it is made from what only AWS tells
