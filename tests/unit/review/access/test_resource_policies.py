"""What resources allow by policies of their own, and what VPC endpoints let through."""

from __future__ import annotations

from typing import Any

import pytest
from access_lab import ACCOUNT, STRANGER, changes, document, resource, role, statement, told

from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.review.report import AccessKind

SITE = resource("aws:s3/bucket:Bucket", "flights-site", arn="arn:aws:s3:::site", id_="site", bucket="site")
TLS = statement("s3:*", ["arn:aws:s3:::site", "arn:aws:s3:::site/*"], Effect="Deny", Principal="*",
                Condition={"Bool": {"aws:SecureTransport": "false"}})


def policy(*statements: Any) -> ResourceState:
    return resource("aws:s3/bucketPolicy:BucketPolicy", "flights-site", {"bucket": "site",
                                                                         "policy": document(*statements)})


def read(principal: Any, **condition: Any) -> dict[str, Any]:
    return statement("s3:GetObject", "arn:aws:s3:::site/*", Principal=principal) | (
        {"Condition": condition} if condition else {})


@pytest.mark.parametrize(("given", "kind", "said"), [
    (read("*"), AccessKind.EXPOSURE, "anybody may now read the bucket site"),
    (read({"AWS": f"arn:aws:iam::{STRANGER}:root"}), AccessKind.EXPOSURE,
     f"account {STRANGER} may now read the bucket site"),
    (read("*", StringEquals={"aws:PrincipalOrgID": "o-1234567890"}), AccessKind.GAINS,
     "anybody may now read the bucket site from the organisation o-1234567890"),
    (read("*", StringEquals={"aws:PrincipalAccount": ACCOUNT}), AccessKind.GAINS,
     "this account may now read the bucket site"),
    (read("*", StringEquals={"aws:PrincipalTag/mlstead:project": "flights"}), AccessKind.EXPOSURE,
     "anybody may now read the bucket site as the project's"),
    (read("*", StringEqualsIfExists={"aws:PrincipalAccount": ACCOUNT}), AccessKind.EXPOSURE,
     "anybody may now read the bucket site from this account, or where aws:PrincipalAccount is absent"),
    (read("*", ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/reader"}), AccessKind.EXPOSURE,
     "reader role of any account may now read the bucket site"),
    (read({"Service": "logging.s3.amazonaws.com"}, StringEquals={"aws:SourceAccount": ACCOUNT}), AccessKind.GAINS,
     "logging.s3.amazonaws.com may now read the bucket site for this account"),
])
def test_a_bucket_policy_tells_whom_it_lets_in(given: dict[str, Any], kind: AccessKind, said: str) -> None:
    (found,) = changes([SITE, policy(TLS)], [SITE, policy(TLS, given)])
    assert (found.kind, found.text, found.widens) == (kind, said, True)


def test_everything_in_a_bucket_policy_is_the_bucket_and_its_objects() -> None:
    anything = statement("s3:GetObject", "*", Principal="*")
    assert told([SITE], [SITE, policy(anything)]) == ["anybody may now read the bucket site"]
    assert told([SITE, policy(anything)], [SITE, policy(read("*"))]) == []


def test_denials_under_different_conditions_are_told_one_by_one() -> None:
    other = statement("s3:*", "arn:aws:s3:::site/*", Effect="Deny", Principal="*",
                      Condition={"StringNotEquals": {"aws:SourceVpc": "vpc-1"}})
    assert told([SITE, policy(TLS, other)], [SITE]) == [
        "anybody is no longer denied to do anything with the bucket site not in the VPC vpc-1",
        "anybody is no longer denied to do anything with the bucket site without TLS"]


def test_the_guard_of_transport_that_goes_is_told() -> None:
    assert told([SITE, policy(TLS, read({"AWS": ACCOUNT}))], [SITE, policy(read({"AWS": ACCOUNT}))]) == [
        "anybody is no longer denied to do anything with the bucket site without TLS"]


def test_a_denial_that_spares_more_than_before_is_told() -> None:
    def but(*names: str) -> dict[str, Any]:
        spared = [f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in names]
        return statement("s3:*", "arn:aws:s3:::site/*", Effect="Deny", Principal="*",
                         Condition={"ArnNotLike": {"aws:PrincipalArn": spared}})

    (found,) = changes([SITE, policy(but("a"))], [SITE, policy(but("a", "b"))])
    assert found.widens
    assert found.text == "anybody is no longer denied to do anything with the bucket site as b role"


def test_a_key_policy_is_about_the_key_alone() -> None:
    def key(*statements: Any) -> ResourceState:
        arn = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"
        return resource("aws:kms/key:Key", "flights-key", {"policy": document(*statements)}, arn, "1")

    (found,) = changes([key()], [key(statement("kms:Decrypt", "*", Principal={"AWS": STRANGER}))])
    assert found.text == f"account {STRANGER} may now decrypt with the key"
    assert found.kind is AccessKind.EXPOSURE


def test_a_grant_on_a_key_is_told() -> None:
    key = resource("aws:kms/key:Key", "flights-key", {}, f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1", "1", keyId="1")
    training = role()
    given = resource("aws:kms/grant:Grant", "given", {
        "keyId": "1", "granteePrincipal": training.outputs["arn"], "operations": ["Decrypt", "GenerateDataKey"]})
    assert told([key, training], [key, training, given]) == [
        "training role may now decrypt and encrypt with the key"]


def test_a_function_that_everybody_may_call_is_laid_open() -> None:
    function = resource("aws:lambda/function:Function", "flights-api", {},
                        f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:flights-api", "flights-api")
    allow = resource("aws:lambda/permission:Permission", "allow", {
        "function": "flights-api", "action": "lambda:InvokeFunction", "principal": "*"})
    (found,) = changes([function], [function, allow])
    assert (found.kind, found.text) == (AccessKind.EXPOSURE, "anybody may now invoke the function api")


@pytest.mark.parametrize(("type_", "inputs", "said"), [
    ("aws:sqs/queuePolicy:QueuePolicy", {"queueUrl": "q"}, "send to q"),
    ("aws:ecr/repositoryPolicy:RepositoryPolicy", {"repository": "r"}, "send to r"),
    ("aws:secretsmanager/secretPolicy:SecretPolicy", {"secretArn": "s"}, "send to s"),
])
def test_policies_of_what_other_stacks_have_are_read_too(type_: str, inputs: dict[str, str], said: str) -> None:
    open_ = resource(type_, "p", inputs | {"policy": document(statement("sqs:SendMessage", "*", Principal="*"))})
    assert told([], [open_]) == [f"anybody may now {said}"]


def test_a_wider_vpc_endpoint_is_told_by_what_it_lets_through() -> None:
    def endpoint(*statements: Any) -> ResourceState:
        return resource("aws:ec2/vpcEndpoint:VpcEndpoint", "flights-s3", {"policy": document(*statements)},
                        f"arn:aws:ec2:eu-west-1:{ACCOUNT}:vpc-endpoint/vpce-1", "vpce-1")

    own = read("*", StringEquals={"aws:PrincipalAccount": ACCOUNT})
    (found,) = changes([endpoint(own)], [endpoint(own, read("*"))])
    assert found.text == "the VPC endpoint s3 now lets anybody read the bucket site, no longer only from this account"
    assert found.kind is AccessKind.EXPOSURE


def test_a_vpc_endpoint_without_a_policy_lets_everything_through() -> None:
    def endpoint(**inputs: Any) -> ResourceState:
        return resource("aws:ec2/vpcEndpoint:VpcEndpoint", "flights-s3", inputs, id_="vpce-1")

    assert told([endpoint(policy=document(read("*")))], [endpoint()]) == [
        "the VPC endpoint s3 now lets anybody do anything at all"]
    assert told([], [endpoint()]) == []


@pytest.mark.parametrize(("condition", "said"), [
    ({"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}}, "under a key that the caller keeps"),
    ({"Null": {"s3:x-amz-server-side-encryption": "false"},
      "StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
     "encrypted as the caller says and not encrypted by aws:kms"),
    ({"StringEquals": {"s3:x-amz-server-side-encryption": "aws:kms"},
      "Null": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "true"}},
     "encrypted by aws:kms and under no key that the caller names"),
])
def test_how_objects_must_be_encrypted_is_told_in_words(condition: dict[str, Any], said: str) -> None:
    denied = statement("s3:PutObject", "arn:aws:s3:::site/*", Effect="Deny", Principal="*", Condition=condition)
    assert told([SITE, policy(TLS, denied)], [SITE, policy(TLS)]) == [
        f"anybody is no longer denied to write the bucket site {said}"]


@pytest.mark.parametrize(("type_", "path"), [
    ("aws:kms/replicaKey:ReplicaKey", "policy"), ("aws:s3tables/tableBucketPolicy:TableBucketPolicy", "resourcePolicy"),
    ("aws:opensearch/domain:Domain", "accessPolicies"), ("aws:glacier/vault:Vault", "accessPolicy"),
])
def test_a_policy_of_a_type_that_nobody_wrote_down_is_read_as_well(type_: str, path: str) -> None:
    def having(*principals: str) -> ResourceState:
        allowed = [statement("*", "*", Principal={"AWS": principal}) for principal in principals]
        return resource(type_, "x", {path: document(*allowed), "vpcOptions": {"subnetIds": ["s"]}})

    own, stranger = (f"arn:aws:iam::{account}:root" for account in (ACCOUNT, STRANGER))
    (found,) = changes([having(own)], [having(own, stranger)])
    assert found.kind is AccessKind.EXPOSURE and found.text.startswith(f"account {STRANGER} may now do anything with")


@pytest.mark.parametrize("written", [[{"a": 1}], {"a": 1}, 5, True, "no JSON", "[]"])
def test_what_only_is_called_a_policy_is_none(written: Any) -> None:
    assert told([SITE], [SITE, resource("aws:appautoscaling/policy:Policy", "x", {"policy": written})]) == []
