"""One operation on one resource: what it is about, and the calls it makes."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from mlstead_toolkit.aws.failures import Refusal
from mlstead_toolkit.aws.members import as_string, from_answer, locate, member_shape, to_request
from mlstead_toolkit.aws.naming import logical_name
from mlstead_toolkit.aws.properties import Property
from mlstead_toolkit.aws.schema import Call, ResourceType
from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.engine.provider import ProviderError
from mlstead_toolkit.engine.values import Properties


@dataclass
class Work:
    """A resource in the making, in change or on its way out; hooks of the tables receive it.

    `inputs` are those that shall hold (for a deletion, those that held), `outputs` what is known of it so far,
    `changed` the names of the inputs that an update changes, `held` the ids that a recovery must not take.
    """

    row: ResourceType
    target: Target
    urn: str = ""
    resource_id: str = ""
    inputs: Properties = field(default_factory=dict)
    old_inputs: Properties = field(default_factory=dict)
    outputs: Properties = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    default_tags: dict[str, str] = field(default_factory=dict)
    purge: bool = False
    timeout: float | None = None
    answer: dict[str, Any] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)

    @property
    def region(self) -> str:
        """The region that the resource lives in."""
        return str(self.inputs.get("region") or self.outputs.get("region") or self.target.region)

    @property
    def unread(self) -> tuple[str, ...]:
        """The properties of which the target does not tell what they are."""
        return self.target.unread.get(self.row.token, ())

    @property
    def where(self) -> str:
        """The resource, named for an error."""
        name = logical_name(self.urn) or self.resource_id
        return f"{self.row.token} {name}" + (f" ({self.resource_id})" if self.resource_id not in ("", name) else "")

    def state(self) -> Properties:
        """Give everything known: outputs, over them the inputs, over them what the id says."""
        return {**self.outputs, **self.inputs, **self._key()}

    def call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        """Call an operation of the type's service; what EC2 refuses inside an answer is refused too."""
        answer = self.target.call(self.row.service, operation, arguments, region=self.region, where=self.where)
        for refused in answer.get("Unsuccessful") or []:
            error = refused.get("Error", {})
            raise Refusal(f"{self.row.service} {operation}", error.get("Code", ""), error.get("Message", ""),
                          where=self.where)
        return answer

    def perform(self, call: Call, *, whole: bool) -> dict[str, Any]:
        """Make a call of the table: with every property that has a place in it (`whole`), or with the key alone."""
        return self.call(call.operation, **self.arguments(call, whole=whole))

    def arguments(self, call: Call, *, whole: bool) -> dict[str, Any]:
        """Build the arguments of a call of the table."""
        row, shape = self.row, request_shape(self.target, self.row.service, call.operation)
        names = {*row.key, *call.also}
        rows = [line for line in row.described if (whole and line.name in row.by_name and line.name not in call.without)
                or line.name in names]
        state = {**self.state(), "@region": self.region, "@whole": whole,
                 "@tags": {**self.default_tags, **(self.inputs.get("tags") or {})}}
        arguments: dict[str, Any] = \
            to_request(rows, state, shape) if call.ids is None else {call.ids[0]: [state[call.ids[1]]]}
        if call.filters:
            arguments["Filters"] = [{"Name": name, "Values": [value.format_map(state)]} for name, value in call.filters]
        if call.attributes is not None:
            attributes = {line.api: as_string(state[line.name]) for line in rows if line.api and not line.local
                          and state.get(line.name) is not None and locate(shape, line) is None}
            if attributes:
                arguments[call.attributes] = attributes
        arguments.update(dict(call.fixed))
        if row.to_api is not None:
            row.to_api(call.operation, arguments, state)
        return arguments

    def describe(self, call: Call) -> Properties | None:
        """Read properties with a call of the table; None where the resource is not there."""
        try:
            answer = self.perform(call, whole=False)
        except Refusal as refusal:
            if refusal.says_gone(self.row.gone):
                return None
            raise
        return self.properties(call, answer)

    def properties(self, call: Call, answer: dict[str, Any]) -> Properties | None:
        """Read properties out of an answer; None where the part that `result` names is missing."""
        part = self.part(call, answer)
        if part is None:
            return None
        values = from_answer(self.row.described, part)
        if self.row.from_api is not None:
            self.row.from_api(values, {**part, "@operation": call.operation, "@state": self.state()})
        return {name: value for name, value in values.items() if name not in self.unread}

    def part(self, call: Call, answer: dict[str, Any]) -> dict[str, Any] | None:
        """Give the part of an answer that describes the resource; None where it is missing."""
        part: Any = answer
        for segment in call.result.split(".") if call.result else ():
            part = part[int(segment)] if segment.isdigit() and len(part) > int(segment) else \
                part.get(segment) if isinstance(part, dict) else None
            if not part:
                return None
        if call.match is not None:
            state, match = self.state(), call.match
            part = next((entry for entry in part if (
                match(entry, state) if callable(match) else entry.get(match[0]) == state[match[1]])), None)
            if part is None:
                return None
        part = {key: value for key, value in part.items() if key != "ResponseMetadata"}
        return part if call.wrap is None else {call.wrap: part} if part else {}

    def remaining(self, default: float) -> float:
        """Give the seconds left of the operation's time."""
        return (self.timeout or default) - (time.monotonic() - self.started)

    def name_id(self) -> str:
        """Make the id out of the properties that it is made of."""
        state = {**self.outputs, **self.inputs}
        missing = [name for name in self.row.key if state.get(name) is None]
        if missing:
            raise ProviderError(f"The cloud's answer does not tell {', '.join(missing)}.", where=self.where)
        return self.row.identity.format_map(state)

    def given_key(self) -> Properties:
        """Give the parts of the key that the inputs tell, and those that follow from them and the place."""
        known = {name: self.inputs[name] for name in self.row.key if self.inputs.get(name) is not None}
        facts = {"account": self.target.account, "partition": self.target.partition, "region": self.region,
                 **self.inputs}
        for line in self.row.described:
            if line.name in self.row.key and line.name not in known and line.template is not None:
                template = line.template
                known[line.name] = template.format_map(facts) if isinstance(template, str) else template(facts)
        return known

    def fill_templates(self, values: Properties) -> None:
        """Fill the outputs that are made of others, and those of the place: region and id."""
        facts = {"partition": self.target.partition, "account": self.target.account, **self.state(), **values,
                 "region": self.region}
        for line in self.row.described:
            if line.template is not None and line.name not in values:
                template = line.template
                values[line.name] = template.format_map(facts) if isinstance(template, str) else template(facts)

    def _key(self) -> Properties:
        return parse_id(self.row, self.resource_id) if self.resource_id else {}


def parse_id(row: ResourceType, resource_id: str) -> Properties:
    """Read the properties out of an id; ProviderError where it has another shape."""
    expression = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(row.identity))
    match = re.fullmatch(expression, resource_id, re.DOTALL)
    if match is None:
        raise ProviderError(f"{resource_id!r} is no id of {row.token}.", where=row.token,
                            fix=f"write it as {row.identity}")
    return dict(match.groupdict())


@cache
def readable(row: ResourceType, model: Any) -> frozenset[str]:
    """Name the properties that the answers to a type's reading calls have a place for."""
    names: set[str] = set()
    for call in (row.read, *row.reads):
        shape = model.operation_model(call.operation).output_shape
        segments = [segment for segment in call.result.split(".") if segment and not segment.isdigit()]
        shape = member_shape(shape, segments) if shape is not None else None
        if shape is not None and shape.type_name == "list":
            shape = shape.member
        for line in row.properties:
            attribute = shape is not None and shape.type_name == "map" and bool(line.api)
            wrapped = call.wrap is not None and line.name.lower() == call.wrap.lower()
            described = attribute or wrapped or (shape is not None and _locate_suffix(shape, line))
            if described and not line.local:
                names.add(line.name)
    return frozenset(names)


def request_shape(target: Target, service: str, operation: str) -> Any:
    """Give the shape of an operation's request."""
    return target.client(service).meta.service_model.operation_model(operation).input_shape


def _locate_suffix(shape: Any, row: Property) -> bool:
    """Tell whether an answer has a place for a property, which may stand higher there than in the request."""
    suffixes = (path[start:] for path in row.paths for start in range(len(path)))
    return any(locate(shape, replace(row, api=".".join(suffix))) is not None for suffix in suffixes)
