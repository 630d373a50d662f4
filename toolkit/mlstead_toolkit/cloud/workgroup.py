"""Athena's workgroups as they change: moto lacks UpdateWorkGroup, and deletes one that is in use.

Contract: tests/unit/cloud/test_workgroup.py.
"""

from __future__ import annotations

import json
from typing import Any

from moto.core.exceptions import JsonRESTError

_UPDATED = {"ResultConfigurationUpdates": "ResultConfiguration",
            "ManagedQueryResultsConfigurationUpdates": "ManagedQueryResultsConfiguration"}


def install() -> None:
    """Put the operations into moto's Athena."""
    from moto.athena.responses import AthenaResponse

    for operation in (update_work_group, get_work_group, delete_work_group):
        setattr(AthenaResponse, operation.__name__, operation)


def update_work_group(self: Any) -> str:
    """UpdateWorkGroup."""
    group = _group(self)
    for name, attribute in (("State", "state"), ("Description", "description")):
        if (value := self._get_param(name)) is not None:
            setattr(group, attribute, value)
    _change(group.configuration, self._get_param("ConfigurationUpdates") or {})
    return "{}"


def get_work_group(self: Any) -> str:
    """GetWorkGroup."""
    return json.dumps({"WorkGroup": self.athena_backend.get_work_group(_group(self).name)})


def delete_work_group(self: Any) -> str:
    """DeleteWorkGroup: one that queries ran in only where the request says so."""
    group, backend = _group(self), self.athena_backend
    used = [*(query for query in backend.named_queries.values() if query.workgroup is group),
            *(execution for execution in backend.executions.values() if execution.workgroup is group)]
    if used and not self._get_param("RecursiveDeleteOption"):
        raise JsonRESTError("InvalidRequestException", f"WorkGroup {group.name} is not empty")
    backend.delete_work_group(group.name)
    return "{}"


def _group(response: Any) -> Any:
    name = response._get_param("WorkGroup")
    group = response.athena_backend.work_groups.get(name)
    if group is None:
        raise JsonRESTError("InvalidRequestException", f"WorkGroup {name} is not found.")
    return group


def _change(configuration: dict[str, Any], updates: dict[str, Any]) -> None:
    for name, value in updates.items():
        if name.startswith("Remove"):
            if value:
                configuration.pop(name.removeprefix("Remove"), None)
        elif name in _UPDATED:
            _change(configuration.setdefault(_UPDATED[name], {}), value)
        else:
            configuration[name] = value
