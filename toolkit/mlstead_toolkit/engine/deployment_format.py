"""Pulumi's deployment format, version 3: what a checkpoint file holds, read and written with secrets encrypted."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from mlstead_toolkit.engine import assets, signatures, urn
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.secrets import Crypter
from mlstead_toolkit.engine.values import UNKNOWN, Archive, Asset, PropertyValue, ResourceReference, Secret


@dataclass(slots=True)
class PendingOperation:
    """An operation that had begun when its run was cut off; kind is creating, updating, deleting or reading."""

    kind: str
    resource: ResourceState
    since: float


@dataclass(slots=True)
class Snapshot:
    """The resources of a stack, in an order in which everything comes after what it refers to."""

    resources: list[ResourceState] = field(default_factory=list)
    pending: list[PendingOperation] = field(default_factory=list)


def now() -> str:
    """Give the time as Pulumi writes it."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def encoder(crypter: Crypter) -> Callable[[PropertyValue], dict[str, Any] | str]:
    """Give the `default` hook with which json.dumps writes special values; where there is none, it costs nothing."""

    def encode(value: PropertyValue) -> dict[str, Any] | str:
        if isinstance(value, Secret):
            plaintext = json.dumps(value.value, separators=(",", ":"), default=encode)
            return {signatures.KEY: signatures.SECRET, "ciphertext": crypter.encrypt(plaintext)}
        if value is UNKNOWN:
            return signatures.UNKNOWN
        return assets.tagged(value)

    return encode


def decode(value: PropertyValue, crypter: Crypter) -> PropertyValue:
    """Turn parsed JSON into property values: marked objects into what they stand for."""
    if isinstance(value, dict):
        signature = value.get(signatures.KEY)
        if signature is None:
            return {key: decode(item, crypter) for key, item in value.items()}
        if signature == signatures.SECRET:
            plaintext = value["plaintext"] if "plaintext" in value else crypter.decrypt(value["ciphertext"])
            return Secret(decode(json.loads(plaintext), crypter))
        plain = {key: decode(item, crypter) for key, item in value.items() if key != signatures.KEY}
        if signature == signatures.ASSET:
            return Asset(plain.get("path"), plain.get("text"), plain.get("uri"), plain.get("hash") or "")
        if signature == signatures.ARCHIVE:
            members = plain.get("assets")
            return Archive(plain.get("path"), plain.get("uri"),
                           tuple(sorted(members.items())) if members is not None else None, plain.get("hash") or "")
        if signature == signatures.RESOURCE:
            return ResourceReference(plain["urn"], plain.get("id"), plain.get("packageVersion") or "")
        return value
    if isinstance(value, list):
        return [decode(item, crypter) for item in value]
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return int(value)
    return value


def read_resource(data: dict[str, Any], crypter: Crypter, serial: int) -> ResourceState:
    """Read one ResourceV3 from parsed JSON."""
    for key in ("inputs", "outputs", "replacementTrigger"):
        if key in data:
            data[key] = decode(data[key], crypter)
    if timeouts := data.get("customTimeouts"):
        data["customTimeouts"] = {key: float(item) for key, item in timeouts.items() if item}
    return ResourceState.from_json(data, serial)


def write_checkpoint(stack: str, snapshot: Snapshot, crypter: Crypter) -> bytes:
    """Write a whole checkpoint file.

    Args:
        stack: the fully qualified name, organization/<project>/<stack>.
        snapshot: the state; its order is made topological, and references to what is gone are dropped.
        crypter: seals the secrets; its salt is recorded where it has one.
    """
    resources = topological(snapshot.resources)
    latest: dict[str, Any] = {"manifest": _manifest(), "resources": [item.to_json() for item in resources]}
    if snapshot.pending:
        latest["pending_operations"] = [{"resource": item.resource.to_json(), "type": item.kind}
                                        for item in snapshot.pending]
    body = json.dumps(latest, separators=(",", ":"), ensure_ascii=False, default=encoder(crypter))
    if crypter.salt:
        provider = json.dumps({"type": "passphrase", "state": {"salt": crypter.salt}})
        body = f'{body[:-1]},"secrets_providers":{provider}}}'
    return f'{{"version":3,"checkpoint":{{"stack":{json.dumps(stack)},"latest":{body}}}}}'.encode()


def _manifest() -> dict[str, str]:
    # Pulumi checks that the magic is the SHA-256 of its version, and empty where no version is given.
    return {"time": now(), "magic": "", "version": ""}


def topological(resources: Sequence[ResourceState]) -> list[ResourceState]:
    """Order resources so that each comes after what it refers to, else as they are; drop dangling references."""
    live = {item.urn: item for item in resources if not item.delete}
    doomed = {item.urn: item for item in resources if item.delete}
    ordered: list[ResourceState] = []
    visited: set[int] = set()

    def visit(item: ResourceState) -> None:
        if id(item) in visited:
            return
        visited.add(id(item))
        first, second = (doomed, live) if item.delete else (live, doomed)
        wanted = item.references()
        if item.provider:
            wanted.append(urn.split_reference(item.provider)[0])
        for name in wanted:
            found = first.get(name) or second.get(name)
            if found is not None and found is not item:
                visit(found)
        ordered.append(item)

    for item in resources:
        visit(item)
    known = live.keys() | doomed.keys()
    return [_pruned(item, known) for item in ordered]


def _pruned(item: ResourceState, known: set[str]) -> ResourceState:
    if all(name in known for name in item.references()):
        return item
    return item.copy(
        parent=item.parent if item.parent in known else "",
        dependencies=[name for name in item.dependencies if name in known],
        property_dependencies={key: [name for name in names if name in known]
                               for key, names in item.property_dependencies.items()},
        deleted_with=item.deleted_with if item.deleted_with in known else "",
        replace_with=[name for name in item.replace_with if name in known])
