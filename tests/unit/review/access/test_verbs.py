"""Every action that has a word of its own is one that AWS's reference has."""

from __future__ import annotations

import functools
import importlib.util
import json
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from mlstead_toolkit.review.access.covering import Names
from mlstead_toolkit.review.access.words.actions import verbs
from mlstead_toolkit.review.access.words.level import Level
from mlstead_toolkit.review.access.words.verbs import ROWS, SERVICES

OF_OUR_OWN = {"policy"}
"""Prefixes under which the section itself puts what no action says: a policy that is attached."""
PATTERNS = [(service, pattern) for service, rows in ROWS.items() if service not in OF_OUR_OWN
            for row in rows if row[0] != "* to others" for pattern in row[0].split(" ")]

LOOKING = ("BatchGet", "Describe", "Get", "List")
"""How names begin of what only looks, though the reference has some of Glue's for permissions management."""


@functools.cache
def reference() -> dict[str, dict[str, str]]:
    """Give the access level of every action of the Service Authorization Reference, as parliament carries it."""
    found = importlib.util.find_spec("parliament")
    assert found is not None and found.origin is not None
    services = json.loads((Path(found.origin).parent / "iam_definition.json").read_text(encoding="utf-8"))
    known: dict[str, dict[str, str]] = {}
    for service in services:
        known.setdefault(service["prefix"], {}).update(
            {action["privilege"]: action["access_level"] for action in service["privileges"]})
    return known


@pytest.mark.parametrize(("service", "pattern"), PATTERNS)
def test_what_has_a_word_is_an_action(service: str, pattern: str) -> None:
    if service == "lakeformation" and pattern.isupper():  # a permission of Lake Formation's own
        return
    assert any(fnmatchcase(name, pattern) for name in reference()[service])


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_what_has_a_name_is_a_service(service: str) -> None:
    assert service in reference()


@pytest.mark.parametrize("service", sorted(ROWS.keys() - OF_OUR_OWN))
def test_what_changes_who_may_do_what_is_never_called_reading(service: str) -> None:
    told = {name: verbs(Names(f"{service}:{name}")) for name, level in reference()[service].items()
            if level == "Permissions management" and not name.startswith(LOOKING)}
    assert [name for name, found in told.items() if any(one.level is Level.READ for one in found)] == []
