"""The policy pack under a real Pulumi engine: where it is, and what it has said."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.home import home_directory
from mlstead_toolkit.policies.pack.folder import AT_THE_END, PROGRAM, UNDECIDED, pack_folder
from mlstead_toolkit.project import Project

if TYPE_CHECKING:
    from pulumi.automation import EngineEvent


def policy_packs(project: Project) -> list[str]:
    """Give what `--policy-pack` takes, and tell the pack whose exceptions count."""
    os.environ[PROGRAM] = str(project.infra)
    return [str(pack_folder(home_directory()))]


def found(events: Iterable[EngineEvent]) -> list[dict[str, Any]]:
    """Give what the pack has said as plain data, each thing once."""
    told: dict[tuple[str, ...], dict[str, Any]] = {}
    for event in events:
        if (said := event.policy_event) is not None:
            rule, urn = said.policy_name.removesuffix(AT_THE_END), said.resource_urn or ""
            one = {"rule": rule, "level": said.enforcement_level,
                   "verdict": "not decided" if UNDECIDED in said.message else "violated",
                   "resource": urns.name_of(urn), "urn": urn, "message": said.message.strip()}
            told.setdefault((rule, urn, one["message"]), one)
    return list(told.values())
