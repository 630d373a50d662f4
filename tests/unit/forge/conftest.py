"""A forge of either kind, on 127.0.0.1."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from forge_server import ForgeServer, forge_server

from mlstead_toolkit.forge.forge import Forge
from mlstead_toolkit.forge.here import forge_here


@pytest.fixture
def server() -> Iterator[ForgeServer]:
    with forge_server() as running:
        yield running


@pytest.fixture(params=["github", "gitlab"])
def forge(request: pytest.FixtureRequest, server: ForgeServer) -> Forge:
    """What a job of either CI finds, and how it would wait: at once, but counted."""
    job = server.github_job() if request.param == "github" else server.gitlab_job()
    found = forge_here(job)
    assert found is not None
    waited: list[float] = []
    found._api._sleep, found.waited = waited.append, waited  # type: ignore[attr-defined]
    return found
