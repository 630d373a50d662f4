"""AWS's reference of actions, as parliament carries it, and requests with everything in them that AWS's models know."""

from __future__ import annotations

import functools
import importlib.util
import json
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from mlstead_toolkit.access.calls import Encryption

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234"


@functools.cache
def reference() -> dict[str, dict[str, Any]]:
    """Give every service of the reference by its prefix."""
    found = importlib.util.find_spec("parliament")
    assert found is not None and found.origin is not None
    listed = json.loads((Path(found.origin).parent / "iam_definition.json").read_text())
    return {service["prefix"]: service for service in listed}


@functools.cache
def model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


ROLE = "arn:aws:iam::123456789012:role/x"
SOMETHING = "arn:aws:any:eu-west-1:123456789012:x"
PLAIN = {
    "AliasName": "alias/x", "CopySource": "bucket/key", "Path": "/p/", "Resources": ["vpc-1"],
}
"""Parameters whose form tells more than their type."""


def sample(shape: Any, name: str = "", depth: int = 0) -> Any:
    """Give a value with every member filled."""
    if name in PLAIN:
        return PLAIN[name]
    match shape.type_name:
        case "structure":
            return {} if depth > 8 else {one: sample(member, one, depth + 1) for one, member in shape.members.items()}
        case "list":
            return [sample(shape.member, name, depth + 1)]
        case "map":
            return {"k": sample(shape.value, name, depth + 1)}
        case "boolean":
            return True
        case "integer" | "long" | "float" | "double":
            return 1
        case _:
            if name.lower().endswith(("role", "rolearn", "permissionarn")):
                return ROLE
            return SOMETHING if name.lower().endswith("arn") else "x"


class EverythingKnown:
    """Stands for a cloud in which all is encrypted by one key, and nothing tagged."""

    def tags(self, arn):
        return {}

    def traits(self, arn):
        if ":role/" in arn:
            return {"iam:PermissionsBoundary": "arn:aws:iam::123456789012:policy/b"}
        kind = arn.rpartition(":")[2].partition("/")[0]
        placed = kind in ("subnet", "security-group", "route-table")
        return {"ec2:Vpc": "arn:aws:ec2:eu-west-1:123456789012:vpc/x"} if placed else {}

    def arn(self, kind, name, region):
        return {"role": "arn:aws:iam::123456789012:role/p/x", "key": KEY}[kind]

    def encryption(self, arn, version=""):
        return Encryption(KEY)


@pytest.fixture(scope="session")
def known() -> EverythingKnown:
    return EverythingKnown()
