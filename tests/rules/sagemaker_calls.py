"""Examples of the theme sagemaker_calls."""

from __future__ import annotations

from typing import Any

from stack_builder import example, policy, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.identity_policy import POLICY, ROLE_POLICY

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
JOBS = "arn:aws:sagemaker:eu-west-1:123456789012:training-job/flights-*"
SAID = {"sagemaker:VpcSubnets": "false", "sagemaker:InstanceTypes": "false"}
ONLY = {"sagemaker:VpcSubnets": ["subnet-1"], "sagemaker:InstanceTypes": ["ml.m5.large"]}
WITH_KEY = {"ArnEquals": {"sagemaker:VolumeKmsKey": KEY}}


def _may_start(action: str = "CreateTrainingJob", *, name: str = "flights", type: str = ROLE_POLICY,
               beside: tuple[dict[str, Any], ...] = (), **conditions: Any) -> Stack:
    return stack(resource(type, name, name=name, policy=policy({
        "Sid": "Start", "Action": f"sagemaker:{action}", "Resource": JOBS, "Condition": conditions,
    }, *beside)))


def _denied(types: str = "ml.m5.large", action: str = "CreateEndpointConfig", **changed: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": f"sagemaker:{action}", "Resource": "*", "Condition": {
        "ForAnyValue:StringNotLike": {"sagemaker:InstanceTypes": [types]}, **changed}}


def _configures(*beside: dict[str, Any]) -> Stack:
    return _may_start("CreateEndpointConfig", beside=beside, **WITH_KEY)


def _held(**changed: Any) -> Stack:
    return _may_start(**{"ForAllValues:StringEquals": ONLY, "Null": SAID} | WITH_KEY | changed)


def _without(key: str, block: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in block.items() if name != key}


GOOD = _held()
ON_DISKS = {"ForAllValues:StringEquals": ONLY, "Null": SAID | {"sagemaker:VolumeKmsKey": "true"}}

EXAMPLES = {
    "sagemaker-calls-in-vpc": example((GOOD, _may_start(name="dev-boundary", type=POLICY)), (
        _held(Null=_without("sagemaker:VpcSubnets", SAID)), _held(**{
            "ForAllValues:StringEquals": _without("sagemaker:VpcSubnets", ONLY),
            "Null": _without("sagemaker:VpcSubnets", SAID)}),
        _may_start("CreateModel"),
    )),
    "sagemaker-calls-encrypted": example((GOOD, _may_start(**ON_DISKS)), (
        _held(ArnEquals={}), _held(ArnEquals={}, ArnEqualsIfExists=WITH_KEY["ArnEquals"]),
    )),
    "sagemaker-calls-on-types": example((GOOD, _may_start("DescribeTrainingJob"), _configures(_denied())), (
        _held(Null=_without("sagemaker:InstanceTypes", SAID)), _configures(),
        _held(**{"ForAllValues:StringEquals": _without("sagemaker:InstanceTypes", ONLY)}),
        _held(**{"ForAllValues:StringEquals": ONLY | {"sagemaker:InstanceTypes": ["*"]}}),
        _configures(_denied("*")), _configures(_denied(action="CreateTrainingJob")),
        _configures(_denied() | {"Resource": "arn:aws:sagemaker:eu-west-1:123456789012:endpoint-config/other"}),
        _configures(_denied(StringEquals={"aws:RequestedRegion": "eu-west-1"})),
    )),
}
