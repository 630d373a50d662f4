"""Every action, resource and context key of the tables is one that AWS's reference has, for that action."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from conftest import SOMETHING, model, reference, sample

from mlstead_toolkit.access.calls import SERVICES, ApiCall, UnknownCall, needs

OPERATIONS = [
    (service, operation) for service, table in SERVICES.items() for operation in table.rows
    if operation in model(service).operation_names
]
NEWER = {
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteTrainingJob.html
    "sagemaker:DeleteTrainingJob", "sagemaker:DeleteProcessingJob",
}
"""Actions that came after the reference which parliament carries."""
FREE_FORM = {
    # Groups are asked of with an empty stream behind them, which the reference does not say.
    r"arn:aws:logs:[^:]*:[^:]*:log-group:.*",
    # What is tagged is whatever the call names.
    re.escape(SOMETHING),
}


def privilege(action):
    prefix, _, name = action.partition(":")
    return next((one for one in reference()[prefix]["privileges"] if one["privilege"] == name), None)


def asked(service, operation, known):
    shape = model(service).operation_model(operation).input_shape
    parameters = sample(shape) if shape else {}
    return needs(ApiCall(service, operation, parameters, "eu-west-1", "123456789012"), known)


def forms(prefix, kinds=None):
    """Give the ARNs that the reference knows, as patterns."""
    for resource in reference()[prefix]["resources"]:
        if kinds is None or resource["resource"] in kinds:
            yield re.sub(r"\\\$\\\{\w+\\\}", "[^:]*", re.escape(resource["arn"])), resource["condition_keys"]


def fits(key, offered):
    """Tell whether a context key is one of those that the reference lists, tags and the like with their names."""
    patterns = [re.sub(r"\\\$\\\{\w+\\\}|<key>", ".*", re.escape(one)) for one in offered]
    return any(re.fullmatch(pattern, key, re.IGNORECASE) for pattern in patterns)


def test_every_operation_of_a_table_is_one_that_some_sdk_calls():
    known = {operation for service, operation in OPERATIONS if service.startswith("sagemaker")}
    assert known == set(SERVICES["sagemaker"].rows)
    for service, table in SERVICES.items():
        if not service.startswith("sagemaker"):
            assert set(table.rows) <= set(model(service).operation_names), service


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_what_a_call_needs_is_in_the_reference(service, operation, known):
    for need in asked(service, operation, known):
        if need.action in NEWER:
            continue
        found = privilege(need.action)
        assert found is not None, need.action
        prefix = need.action.partition(":")[0]
        kinds = {one["resource_type"].rstrip("*") for one in found["resource_types"]} - {""}
        if need.resource == "*":
            required = [one for one in found["resource_types"] if one["resource_type"].endswith("*")]
            assert not required, f"{need.action} is done to {required}"
        else:
            patterns = [pattern for pattern, _ in forms(prefix, kinds)] + list(FREE_FORM)
            assert any(re.fullmatch(pattern, need.resource) for pattern in patterns), need.resource
        offered = {key for one in found["resource_types"] for key in one["condition_keys"]}
        offered |= {key for _, keys in forms(prefix, kinds) for key in keys} | set(SERVICES[service].keys)
        if prefix == "sts":  # the rights to tag and to name a source are held to all that AssumeRole brings
            offered |= {key for one in privilege("sts:AssumeRole")["resource_types"] for key in one["condition_keys"]}
        strange = [key for key in need.context if not key.startswith("aws:") and not fits(key, offered)]
        assert not strange, f"{need.action} knows no {strange}"


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_every_place_that_a_row_names_is_one_of_the_request(service, operation, known):
    row = SERVICES[service].rows[operation]
    found = asked(service, operation, known)
    if row.only is None:
        told = {key for need in found for key in need.context}
        assert set(row.context) <= told
        assert len([need for need in found if need.action == "iam:PassRole"]) == bool(row.passes)
        assert not row.tags or "aws:TagKeys" in told
        for template in row.resources:
            shape = model(service).operation_model(operation).input_shape
            for place in re.findall(r"\{(?:[a-z0-9]+:)?([A-Za-z.]+)", template.text):
                assert place.split(".")[0] in shape.members, f"{operation} has no {place}"


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_a_call_needs_its_action_on_every_kind_of_resource_that_aws_requires(service, operation, known):
    """Tables may know more than the reference; they must not know less."""
    found = asked(service, operation, known)
    for action in {need.action for need in found if need.action.startswith(SERVICES[service].prefix)}:
        listed = privilege(action)
        for one in listed["resource_types"] if listed else ():
            kind = one["resource_type"]
            if not kind.endswith("*") or len(listed["resource_types"]) > 10 or action.endswith("Resource"):
                continue
            patterns = [pattern for pattern, _ in forms(SERVICES[service].prefix, {kind.rstrip("*")})] + list(FREE_FORM)
            assert any(
                re.fullmatch(pattern, need.resource) for need in found if need.action == action for pattern in patterns
            ), f"{action} is also done to {kind}"


def test_the_reference_would_catch_a_wrong_action_resource_or_key():
    assert privilege("sagemaker:CreateProcessingJobs") is None
    assert not any(re.fullmatch(pattern, "arn:aws:sagemaker:eu-west-1:123456789012:job/x")
                   for pattern, _ in forms("sagemaker"))
    assert not fits("sagemaker:Subnets", ["sagemaker:VpcSubnets"])
    assert fits("kms:EncryptionContext:aws:s3:arn", ["kms:EncryptionContext:${EncryptionContextKey}"])


def test_what_no_table_has_is_told_as_such(known):
    for service, operation in (("sagemaker", "CreateNothing"), ("lambda", "Invoke")):
        with pytest.raises(UnknownCall, match=f"{service}:{operation}"):
            needs(ApiCall(service, operation, {}, "eu-west-1", "123456789012"), known)
