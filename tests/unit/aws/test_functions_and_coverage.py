"""The functions programs call, the list of covered types, and targets that share the work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlstead_toolkit.aws import AwsProvider, Target, provider_factory
from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.aws.endpoint import Endpoint
from mlstead_toolkit.aws.registry import coverage, resource_types
from mlstead_toolkit.engine.provider import ProviderError


def test_a_program_learns_who_and_where_it_is_without_a_call(provider: AwsProvider) -> None:
    assert provider.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})["accountId"] == "123456789012"
    assert provider.invoke("aws:index/getRegion:getRegion", {})["region"] == "eu-west-1"
    assert provider.invoke("aws:index/getPartition:getPartition", {})["partition"] == "aws"


def test_whoever_is_no_session_issues_itself_without_a_call(provider: AwsProvider) -> None:
    user = "arn:aws:iam::123456789012:user/ann"

    answer = provider.invoke("aws:iam/getSessionContext:getSessionContext", {"arn": user})

    assert (answer["issuerArn"], answer["issuerName"], answer["sessionName"]) == (user, "", "")


def test_a_policy_document_is_written_as_the_real_provider_writes_it(provider: AwsProvider) -> None:
    answer = provider.invoke("aws:iam/getPolicyDocument:getPolicyDocument", {"statements": [{
        "sid": "Read", "actions": ["s3:GetObject"], "resources": ["a", "b"],
        "principals": [{"type": "Service", "identifiers": ["sagemaker.amazonaws.com"]}],
        "conditions": [{"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["123456789012"]}]}]})

    assert json.loads(answer["json"]) == {"Version": "2012-10-17", "Statement": [{
        "Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": ["a", "b"],
        "Principal": {"Service": "sagemaker.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}}]}
    assert json.loads(answer["minifiedJson"]) == json.loads(answer["json"])


def test_an_unknown_function_is_refused_with_the_nearest_name(provider: AwsProvider) -> None:
    with pytest.raises(ProviderError, match=r"did you mean 'aws:index/getRegion:getRegion'\?"):
        provider.invoke("aws:index/getRegions:getRegions", {})


def test_another_package_is_refused_by_name(provider: AwsProvider) -> None:
    with pytest.raises(ProviderError, match="azure"):
        provider_factory(provider.target)("azure", {})


def test_every_type_is_listed_with_what_stands_behind_it(provider: AwsProvider) -> None:
    listed = {entry.token: entry.coverage for entry in coverage(provider.target)}

    assert listed.keys() == resource_types().keys()
    assert listed["aws:sagemaker/endpoint:Endpoint"] is Coverage.REAL
    assert listed["aws:kms/key:Key"] is Coverage.SIMULATED


def test_a_target_may_leave_a_service_undone_and_its_types_are_only_declared() -> None:
    target = Target("half", "eu-west-1", Endpoint("http://127.0.0.1:9"),
                    endpoints={"ssm": Endpoint("http://127.0.0.1:9", Coverage.DECLARED_ONLY)})
    provider = AwsProvider(target, {})
    token, inputs = "aws:ssm/parameter:Parameter", {"name": "/a", "type": "String", "value": "v"}
    urn = f"urn:pulumi:local::p::{token}::a"

    resource_id, outputs = provider.create(token, urn, inputs, preview=False, timeout=None)

    assert provider.declared_only(token)
    assert not provider.declared_only("aws:kms/key:Key")
    assert (resource_id, outputs["arn"]) == ("/a", "arn:aws:ssm:eu-west-1:123456789012:parameter/a")
    assert provider.read(token, resource_id, inputs, outputs) is not None
    assert provider.delete(token, "urn", resource_id, inputs, outputs, timeout=None) is None


def test_a_silent_cloud_is_named_with_what_to_type(provider: AwsProvider) -> None:
    with pytest.raises(ProviderError, match=r"does not answer at http://127.0.0.1:9(.|\n)*mlstead cloud start"):
        provider.identity()
    with pytest.raises(ProviderError, match="mlstead cloud start"):
        provider.read("aws:s3/bucket:Bucket", "b", {}, {})


def test_the_value_of_a_parameter_is_always_a_secret(provider: AwsProvider) -> None:
    assert provider.secret_outputs("aws:ssm/parameter:Parameter") == ("value",)


def test_checking_again_needs_no_aws_library(tmp_path: Path) -> None:
    """The limits are kept, so that an `up` that changes nothing does not pay for reading them out of botocore."""
    program = ("import sys; from mlstead_toolkit.aws import AwsProvider, Target\n"
               "provider = AwsProvider(Target.local('http://127.0.0.1:9', 'eu-west-1'), {})\n"
               "provider.check('aws:kms/key:Key', 'urn:pulumi:l::p::aws:kms/key:Key::k', None, {}, b's')\n"
               "print('botocore.session' in sys.modules, 'botocore.model' in sys.modules)")
    def run() -> list[str]:
        environment = {**os.environ, "MLSTEAD_HOME": str(tmp_path)}
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True,
                              env=environment)
        return done.stdout.split()

    assert run()[1] == "True"
    assert run() == ["False", "False"]
