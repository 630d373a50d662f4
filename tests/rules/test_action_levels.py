"""The actions that may stand on `*`: AWS's reference has no resource for any of them."""

from __future__ import annotations

import functools
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from mlstead_toolkit.policies.action_levels import WITHOUT_RESOURCE
from mlstead_toolkit.policies.rules import iam_pass_role, iam_policies, kms, s3_policy
from mlstead_toolkit.policies.statement import covers

NAMED = (*iam_policies.READS, *iam_policies.WRITES, *iam_pass_role.STARTS, *iam_pass_role.CHANGES, *kms.DECRYPTING,
         *s3_policy.GUARDS)


@functools.cache
def _reference() -> dict[str, dict[str, Any]]:
    """Give every action of the Service Authorization Reference, as parliament carries it."""
    found = importlib.util.find_spec("parliament")
    assert found is not None and found.origin is not None
    services = json.loads((Path(found.origin).parent / "iam_definition.json").read_text())
    return {f"{service['prefix']}:{action['privilege']}": action
            for service in services for action in service["privileges"]}


@pytest.mark.parametrize("action", sorted(WITHOUT_RESOURCE))
def test_what_may_stand_on_everything_has_no_resource_level(action: str) -> None:
    meant = [found for name, found in _reference().items() if covers(action, name)]
    assert meant and not any(kind["resource_type"] for found in meant for kind in found["resource_types"])


@pytest.mark.parametrize("action", NAMED)
def test_what_a_rule_looks_for_is_an_action(action: str) -> None:
    assert any(covers(action, known) for known in _reference()), action
