"""What is not known, secret or odd breaks nothing and lets nobody in."""

from __future__ import annotations

from typing import Any

import pytest
from access_lab import document, grant, resource, role, statement, told

from mlstead_toolkit.engine.values import UNKNOWN, Secret

TRAINING = role()


@pytest.mark.parametrize(("type_", "inputs"), [
    ("aws:iam/rolePolicy:RolePolicy", {"role": TRAINING.id, "policy": UNKNOWN}),
    ("aws:iam/rolePolicy:RolePolicy", {"role": TRAINING.id, "policy": "no policy"}),
    ("aws:iam/rolePolicy:RolePolicy", {"role": TRAINING.id, "policy": document({"Effect": "Perhaps"})}),
    ("aws:iam/role:Role", {"assumeRolePolicy": UNKNOWN, "tags": UNKNOWN, "inlinePolicies": [UNKNOWN]}),
    ("aws:s3/bucketPolicy:BucketPolicy", {"bucket": UNKNOWN, "policy": UNKNOWN}),
    ("aws:lakeformation/permissions:Permissions", {"principal": UNKNOWN, "permissions": UNKNOWN, "table": UNKNOWN}),
    ("aws:lakeformation/dataCellsFilter:DataCellsFilter", {"tableData": UNKNOWN}),
    ("aws:lakeformation/dataLakeSettings:DataLakeSettings", {"createTableDefaultPermissions": UNKNOWN}),
    ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {"securityGroupId": UNKNOWN, "fromPort": UNKNOWN}),
    ("aws:kms/grant:Grant", {"keyId": UNKNOWN, "granteePrincipal": UNKNOWN, "constraints": [UNKNOWN]}),
    ("aws:cloudwatch/eventPermission:EventPermission", {"principal": "*", "condition": UNKNOWN}),
    ("aws:s3/accessPoint:AccessPoint", {"vpcConfiguration": UNKNOWN, "publicAccessBlockConfiguration": UNKNOWN}),
    ("aws:ec2/vpcEndpoint:VpcEndpoint", {"policy": UNKNOWN}),
])
def test_what_is_not_known_is_no_reason_to_fail(type_: str, inputs: dict[str, Any]) -> None:
    odd = resource(type_, "flights-odd", inputs)
    assert told([TRAINING, odd], [TRAINING, odd, grant(statement(), to=TRAINING)]) == [
        "training role may now read curated/ of the lake"]
    told([TRAINING], [TRAINING, odd])
    told([TRAINING, odd], [TRAINING])


def test_a_policy_that_is_secret_counts_like_any_other() -> None:
    hidden = grant(to=TRAINING)
    hidden.inputs["policy"] = Secret(document(statement()))
    assert told([TRAINING], [TRAINING, hidden]) == ["training role may now read curated/ of the lake"]
