"""A cloud in memory behind the provider protocol: any type, properties as they come, rules by property name.

`name` is filled in where it is missing; a change of `fixed` replaces, one of `exclusive` replaces with the deletion
first; `arn` and `id` are computed, `password` comes back as an output. `fail` and `partial` make operations fail.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from mlstead_toolkit.engine.provider import (
    CheckFailure,
    CheckResult,
    DiffResult,
    PartialFailure,
    ProviderError,
    ReadResult,
)
from mlstead_toolkit.engine.values import UNKNOWN, Properties, contains_unknown


@dataclass
class FakeCloud:
    """What exists, and what was asked of it in order."""

    things: dict[str, Properties] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)  # (operation, name)
    received: dict[str, Properties] = field(default_factory=dict)  # by name: the inputs of the last create or update
    identity: str = "cloud-1"
    delay: float = 0.0
    configurations: list[tuple[str, Properties]] = field(default_factory=list)
    timeouts: dict[str, float | None] = field(default_factory=dict)
    refuse: set[tuple[str, str]] = field(default_factory=set)  # (operation, name)
    complaint: str = ""  # added to refusals
    refuse_after: str = ""  # a name; refusals wait until work on it has begun
    partial: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)
    secret: tuple[str, ...] = ()
    running: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    counter: int = 0
    entered: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)  # see refuse_after
    gate: threading.Event | None = None

    def factory(self, package: str, configuration: Properties) -> FakeProvider:
        self.configurations.append((package, configuration))
        return FakeProvider(self)

    def names(self, operation: str) -> list[str]:
        return [name for done, name in self.calls if done == operation]

    def changes(self) -> list[tuple[str, str]]:
        return [call for call in self.calls if call[0] in ("create", "update", "delete")]


class FakeProvider:
    """One configured provider of the cloud."""

    def __init__(self, cloud: FakeCloud) -> None:
        self.cloud = cloud

    def identity(self) -> str:
        return self.cloud.identity

    def declared_only(self, type_: str) -> bool:
        return type_ in self.cloud.declared

    def secret_outputs(self, type_: str) -> tuple[str, ...]:
        return self.cloud.secret

    def check(self, type_: str, urn: str, olds: Properties | None, news: Properties, random_seed: bytes) -> CheckResult:
        inputs = dict(news)
        if "name" not in inputs:
            kept = (olds or {}).get("name")
            inputs["name"] = kept or f"{urn.rsplit('::', 1)[-1]}-{random_seed.hex()[:7]}"
        failures = tuple(CheckFailure(key, "no such property") for key in inputs if key.startswith("bad"))
        return CheckResult(inputs, failures)

    def diff(self, type_: str, resource_id: str, old_inputs: Properties, old_outputs: Properties, news: Properties,
             ignore_changes: tuple[str, ...]) -> DiffResult:
        changes: dict[str, Any] = {}
        _compare(old_inputs, news, "", changes)
        replaces = tuple(path for path in changes if path.split(".")[0].split("[")[0] in ("fixed", "exclusive", "name"))
        first = any(path.startswith("exclusive") for path in changes)
        return DiffResult(changes, replaces, first)

    def create(self, type_: str, urn: str, news: Properties, *, preview: bool, timeout: float | None
               ) -> tuple[str, Properties]:
        name = urn.rsplit("::", 1)[-1]
        if preview:
            return "", {**news, "arn": UNKNOWN}
        assert not contains_unknown(news)
        with self._work("create", name):
            self.cloud.timeouts[name] = timeout
            with self.cloud.lock:
                self.cloud.counter += 1
                resource_id = f"{news['name']}-{self.cloud.counter}"
                outputs = {**news, "arn": f"arn:fake:{resource_id}"}
                self.cloud.things[resource_id] = {"type": type_, "urn": urn, "inputs": dict(news), "outputs": outputs}
                self.cloud.received[name] = news
            if name in self.cloud.partial:
                raise PartialFailure(f"{name} exists but is not ready", resource_id=resource_id, outputs=outputs)
            return resource_id, outputs

    def read(self, type_: str, resource_id: str, inputs: Properties, outputs: Properties) -> ReadResult | None:
        with self._work("read", resource_id):
            thing = self.cloud.things.get(resource_id)
            if thing is None:
                return None
            return ReadResult(resource_id, dict(thing["inputs"]), dict(thing["outputs"]))

    def recover(self, type_: str, urn: str, inputs: Properties, since: float, held: frozenset[str] = frozenset()
                ) -> str | None:
        with self._work("recover", urn.rsplit("::", 1)[-1]):
            for resource_id, thing in self.cloud.things.items():
                if thing["type"] == type_ and thing["inputs"]["name"] == inputs["name"]:
                    return resource_id
            return None

    def update(self, type_: str, urn: str, resource_id: str, old_inputs: Properties, old_outputs: Properties,
               news: Properties, *, preview: bool, timeout: float | None, ignore_changes: tuple[str, ...]
               ) -> Properties:
        if preview:
            return {**old_outputs, **news}
        name = urn.rsplit("::", 1)[-1]
        with self._work("update", name):
            thing = self.cloud.things[resource_id]
            thing["inputs"], thing["outputs"] = dict(news), {**news, "arn": f"arn:fake:{resource_id}"}
            self.cloud.things[resource_id] = thing
            self.cloud.received[name] = news
            if name in self.cloud.partial:
                raise PartialFailure(f"{name} is half changed", resource_id=resource_id, outputs=thing["outputs"])
            return thing["outputs"]

    def delete(self, type_: str, urn: str, resource_id: str, inputs: Properties, outputs: Properties,
               *, timeout: float | None) -> str | None:
        with self._work("delete", urn.rsplit("::", 1)[-1]):
            self.cloud.things.pop(resource_id, None)
            return "stays for seven days" if inputs.get("lingers") else None

    def invoke(self, token: str, arguments: Properties) -> Properties:
        with self.cloud.lock:
            self.cloud.calls.append(("invoke", token))
        if token.endswith("fails"):
            raise ProviderError("the cloud said no", fix="ask nicely")
        return {"token": token, "echo": arguments, **arguments}

    def _work(self, operation: str, name: str) -> _Work:
        return _Work(self.cloud, operation, name)


class _Work:
    def __init__(self, cloud: FakeCloud, operation: str, name: str) -> None:
        self.cloud, self.operation, self.name = cloud, operation, name

    def __enter__(self) -> None:
        cloud = self.cloud
        with cloud.lock:
            cloud.calls.append((self.operation, self.name))
            cloud.running += 1
            cloud.most_at_once = max(cloud.most_at_once, cloud.running)
            if self.name == cloud.refuse_after:
                cloud.begun.set()
        if (self.operation, self.name) in cloud.refuse:
            if cloud.refuse_after:
                cloud.begun.wait(20)
            self.__exit__()
            raise ProviderError(f"the cloud refused to {self.operation} {self.name}{cloud.complaint}")
        if cloud.gate is not None and self.operation in ("create", "update", "delete"):
            cloud.entered.set()
            cloud.gate.wait(20)
        if cloud.delay:
            time.sleep(cloud.delay)

    def __exit__(self, *_: object) -> None:
        with self.cloud.lock:
            self.cloud.running -= 1


def _compare(old: Any, new: Any, path: str, changes: dict[str, Any]) -> None:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            inner = f"{path}.{key}" if path else key
            if key not in new:
                changes[inner] = "delete"
            elif key not in old:
                changes[inner] = "add"
            else:
                _compare(old[key], new[key], inner, changes)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            _compare(before, after, f"{path}[{index}]", changes)
    elif old is UNKNOWN or new is UNKNOWN or contains_unknown(new) or old != new:
        changes[path] = "update"


