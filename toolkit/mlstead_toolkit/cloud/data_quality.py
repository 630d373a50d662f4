"""Glue's data quality rulesets, which moto lacks: they are remembered, with their tags, and never evaluated.

Contract: tests/unit/cloud/test_data_quality.py.
"""

from __future__ import annotations

import json
import time
from typing import Any

from moto.core.exceptions import JsonRESTError

from mlstead_toolkit.dqdl import fault

_ATTRIBUTE = "data_quality_rulesets"


def install() -> None:
    """Put the operations into moto's Glue."""
    from moto.glue.responses import GlueResponse

    for operation in OPERATIONS:
        setattr(GlueResponse, operation.__name__, operation)


def create_data_quality_ruleset(self: Any) -> str:
    """CreateDataQualityRuleset."""
    name, rulesets = self._get_param("Name"), _rulesets(self)
    if name in rulesets:
        raise JsonRESTError("AlreadyExistsException", f"Data quality ruleset already exists: {name}")
    now = time.time()
    given = {member: self._get_param(member) for member in ("Name", "Description", "Ruleset", "TargetTable")}
    _check(given["Ruleset"])
    rulesets[name] = {member: value for member, value in given.items() if value is not None} | {
        "CreatedOn": now, "LastModifiedOn": now}
    self.glue_backend.tag_resource(_arn(self, name), self._get_param("Tags") or {})
    return json.dumps({"Name": name})


def get_data_quality_ruleset(self: Any) -> str:
    """GetDataQualityRuleset."""
    return json.dumps(_ruleset(self))


def update_data_quality_ruleset(self: Any) -> str:
    """UpdateDataQualityRuleset: what it does not name stays."""
    ruleset = _ruleset(self)
    changed = {member: self._get_param(member) for member in ("Description", "Ruleset")}
    _check(changed["Ruleset"] or ruleset["Ruleset"])
    ruleset.update({member: value for member, value in changed.items() if value is not None},
                   LastModifiedOn=time.time())
    return json.dumps({member: ruleset[member] for member in ("Name", "Description", "Ruleset") if member in ruleset})


def delete_data_quality_ruleset(self: Any) -> str:
    """DeleteDataQualityRuleset."""
    del _rulesets(self)[_ruleset(self)["Name"]]
    return "{}"


def list_data_quality_rulesets(self: Any) -> str:
    """ListDataQualityRulesets: all in one page."""
    about = (self._get_param("Filter") or {}).get("TargetTable")
    listed = [ruleset for ruleset in _rulesets(self).values() if about is None or ruleset.get("TargetTable") == about]
    return json.dumps({"Rulesets": [
        {member: value for member, value in ruleset.items() if member != "Ruleset"}
        | {"RuleCount": ruleset["Ruleset"].count(",") + 1} for ruleset in listed]})


OPERATIONS = (create_data_quality_ruleset, get_data_quality_ruleset, update_data_quality_ruleset,
              delete_data_quality_ruleset, list_data_quality_rulesets)


def _rulesets(response: Any) -> dict[str, dict[str, Any]]:
    """Give the rulesets of an account and region, kept beside moto's own things."""
    kept: dict[str, dict[str, Any]] = vars(response.glue_backend).setdefault(_ATTRIBUTE, {})
    return kept


def _ruleset(response: Any) -> dict[str, Any]:
    name = response._get_param("Name")
    ruleset = _rulesets(response).get(name)
    if ruleset is None:
        raise JsonRESTError("EntityNotFoundException", f"Data quality ruleset not found: {name}")
    return ruleset


def _check(ruleset: str) -> None:
    if wrong := fault(ruleset):
        raise JsonRESTError("InvalidInputException", f"The ruleset {wrong}.")


def _arn(response: Any, name: str) -> str:
    return f"arn:aws:glue:{response.region}:{response.current_account}:dataQualityRuleset/{name}"
