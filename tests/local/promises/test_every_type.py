"""No resource is deployed without a promise that a test holds it to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(400)
PROMISE = re.compile(r"@pytest\.mark\.promise\(([^)]*)\)")


def promised():
    """The types that some test in this folder holds to a promise."""
    return {type_ for file in Path(__file__).parent.glob("test_*.py")
            for listed in PROMISE.findall(file.read_text()) for type_ in re.findall(r'"([^"]+)"', listed)}


def test_every_type_in_the_deployed_states_has_a_promise(deployed):
    there = {resource["type"] for resource in deployed.resources if resource["type"].startswith("aws:")}
    assert there - promised() == set(), "write a test that holds these to what they promise"
    assert promised() - there == set(), "nothing of these is deployed any more"
