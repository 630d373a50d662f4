"""What roles may do by their own policies."""

from __future__ import annotations

import json

import pytest
from access_lab import (
    ACCOUNT,
    BUCKET,
    CURATED,
    KEY,
    OWN,
    STRANGER,
    changes,
    document,
    grant,
    resource,
    role,
    statement,
    told,
)

from mlstead_toolkit.review.report import AccessKind

TRAINING, PIPELINE = role(), role("pipeline")
THROUGH_S3 = {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
              "ArnLike": {"kms:EncryptionContext:aws:s3:arn": [CURATED, OWN]}}
READ = (
    statement("s3:ListBucket", CURATED, Condition={"StringLike": {"s3:prefix": ["flights", "flights/*"]}}),
    statement("s3:GetObject", OWN),
    statement("kms:Decrypt", KEY, Condition=THROUGH_S3),
)


def test_a_grant_on_the_lake_is_one_sentence_with_the_bucket_the_objects_and_the_key_behind_it() -> None:
    (found,) = changes([TRAINING], [TRAINING, grant(*READ, to=TRAINING)])
    assert (found.kind, found.widens, found.principal) == (AccessKind.GAINS, True, "training role")
    assert found.text == "training role may now read curated/ of the lake"
    assert {line.partition(" on ")[0] for line in found.details} == {"s3:ListBucket", "s3:GetObject", "kms:Decrypt"}
    assert found.subject == "grant"


def test_a_grant_that_goes_is_a_loss() -> None:
    assert told([TRAINING, grant(*READ, to=TRAINING)], [TRAINING]) == [
        "- training role may no longer read curated/ of the lake"]


@pytest.mark.parametrize(("resources", "said"), [
    (f"{CURATED}/flights/month=*", "curated/month=* of the lake"),
    (f"{CURATED}/flights/weather/*", "curated/weather/ of the lake"),
    (f"{CURATED}/other/*", "curated/other/ of the lake, another project's"),
    (f"{CURATED}/shared/*", "curated/shared/ of the lake"),
    (f"{CURATED}/*", "all of curated/ of the lake, of every project"),
    ("arn:aws:s3:::elsewhere/in/*", "in/ of the bucket elsewhere"),
    ("*", "anything in S3"),
])
def test_the_place_is_told_as_the_lake_has_it(resources: str, said: str) -> None:
    assert told([TRAINING], [TRAINING, grant(statement("s3:GetObject", resources), to=TRAINING)]) == [
        f"training role may now read {said}"]


@pytest.mark.parametrize(("actions", "said"), [
    (["s3:PutObject", "s3:DeleteObject"], "write and delete curated/ of the lake"),
    ("s3:*", "do anything with curated/ of the lake"),
    ("*", "do anything with curated/ of the lake"),
    ("s3:PutObjectAcl", "decide who may read curated/ of the lake"),
])
def test_the_actions_are_told_in_words(actions: object, said: str) -> None:
    assert told([TRAINING], [TRAINING, grant(statement(actions), to=TRAINING)]) == [f"training role may now {said}"]


@pytest.mark.parametrize(("actions", "arn", "said"), [
    ("sagemaker:InvokeEndpoint", f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:endpoint/flights-dev",
     "invoke the endpoint"),
    ("sagemaker:UpdateModelPackage", f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model-package/flights-dev-models/*",
     "approve any model package named models/*"),
    ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:eu-west-1:{STRANGER}:secret:token",
     f"read the secret token of account {STRANGER}"),
    ("kms:Decrypt", KEY, "decrypt with the key of curated"),
    ("bedrock:InvokeModel", "*", "invoke anything in bedrock"),
    ("quaint:Frobnicate", "*", "call quaint:Frobnicate on anything in quaint"),
    ("sts:AssumeRole", f"arn:aws:iam::{STRANGER}:role/admin", f"become admin role of account {STRANGER}"),
    ("cloudwatch:PutMetricData", "*", "publish metrics"),
])
def test_other_services_are_told_by_verb_and_resource(actions: str, arn: str, said: str) -> None:
    assert told([TRAINING], [TRAINING, grant(statement(actions, arn), to=TRAINING)]) == [
        f"training role may now {said}"]


def test_places_that_are_worked_with_alike_stand_in_one_sentence() -> None:
    more = grant(statement("s3:GetObject", [f"{CURATED}/flights/a/*", f"{CURATED}/flights/b/*"]), to=TRAINING)
    assert told([TRAINING], [TRAINING, more]) == [
        "training role may now read curated/a/ of the lake and curated/b/ of the lake"]


def test_a_key_that_is_used_for_objects_alone_is_told_by_the_objects() -> None:
    assert told([TRAINING], [TRAINING, grant(READ[2], to=TRAINING)]) == [
        "training role may now decrypt curated/ of the lake"]


def test_an_action_on_what_it_knows_nothing_of_allows_nothing() -> None:
    idle = [statement("s3:PutObject", CURATED), statement("s3:ListBucket", OWN)]
    assert told([TRAINING], [TRAINING, grant(*idle, to=TRAINING)]) == []


def test_handing_a_role_to_a_service_is_told_by_role_and_service() -> None:
    passing = statement("iam:PassRole", TRAINING.outputs["arn"],
                        Condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}})
    (found,) = changes([TRAINING, PIPELINE], [TRAINING, PIPELINE, grant(passing, to=PIPELINE)])
    assert found.kind is AccessKind.PASS_ROLE
    assert found.text == "pipeline role may now hand training role to sagemaker.amazonaws.com"
    anywhere = statement("iam:PassRole", "*")
    assert told([TRAINING, PIPELINE], [TRAINING, PIPELINE, grant(anywhere, to=PIPELINE)]) == [
        "pipeline role may now hand any role to any service"]


def test_a_wider_place_names_the_part_that_was_allowed_before() -> None:
    before, after = (grant(statement("s3:GetObject", arn), to=TRAINING) for arn in (OWN, f"{CURATED}/*"))
    assert told([TRAINING, before], [TRAINING, after]) == [
        "training role may now read all of curated/ of the lake, of every project, no longer only curated/ of the lake"]
    assert told([TRAINING, after], [TRAINING, before]) == [
        "- training role may no longer read all of curated/ of the lake, of every project, "
        "only curated/ of the lake still"]


def test_a_condition_that_goes_is_a_gain_and_one_that_comes_a_loss() -> None:
    held = grant(statement(Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}}), to=TRAINING)
    free = grant(statement(), to=TRAINING)
    assert told([TRAINING, held], [TRAINING, free]) == [
        "training role may now read curated/ of the lake, no longer only in the VPC vpc-1"]
    assert told([TRAINING, free], [TRAINING, held]) == [
        "- training role may now read curated/ of the lake only in the VPC vpc-1"]


def test_a_denial_that_goes_is_a_gain_and_one_that_comes_a_loss() -> None:
    allow = grant(statement(), to=TRAINING)
    deny = grant(statement("s3:*", f"{CURATED}/flights/pii/*", Effect="Deny"), to=TRAINING, name="deny")
    said = "denied to do anything with curated/pii/ of the lake"
    assert told([TRAINING, allow, deny], [TRAINING, allow]) == [f"training role is no longer {said}"]
    assert told([TRAINING, allow], [TRAINING, allow, deny]) == [f"- training role is now {said}"]


def test_what_is_denied_at_once_is_no_gain() -> None:
    deny = grant(statement("s3:*", f"{CURATED}/*", Effect="Deny"), to=TRAINING, name="deny")
    assert told([TRAINING, deny], [TRAINING, deny, grant(statement(), to=TRAINING)]) == []


def test_a_new_role_is_told_in_one_line_by_what_and_where() -> None:
    new = role("scoring")
    stack = [new, grant(*READ, statement("s3:PutObject", f"{CURATED}/flights/scores/*"), to=new)]
    found = [one.text for one in changes([], stack) if one.kind is AccessKind.GAINS]
    assert found == ["scoring role is new: it may write curated/scores/ of the lake and read curated/ of the lake"]


def test_a_role_that_is_gone_loses_everything_in_one_line() -> None:
    old = role("scoring")
    assert told([old, grant(*READ, to=old)], []) == ["- scoring role is gone, with all that it might do"]


def test_roles_for_the_same_use_are_told_apart_by_name() -> None:
    first, second = role("train-small", use="training"), role("train-big", use="training")
    assert told([first, second], [first, second, grant(statement(), to=second)]) == [
        "train-big role may now read curated/ of the lake"]


def test_attached_policies_count_like_inline_ones() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:policy/flights"
    policy = resource("aws:iam/policy:Policy", "flights-policy", {"policy": document(statement())}, arn, arn)
    attachment = resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "attached",
                          {"role": TRAINING.id, "policyArn": arn})
    assert told([TRAINING, policy], [TRAINING, policy, attachment]) == [
        "training role may now read curated/ of the lake"]
    assert told([TRAINING, policy, attachment], [TRAINING, grant(statement(), to=TRAINING)]) == []


def test_a_managed_policy_of_aws_is_told_by_its_name() -> None:
    admin = resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "attached",
                     {"role": TRAINING.id, "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})
    assert told([TRAINING], [TRAINING, admin]) == [
        "training role may now do all that is allowed by the AWS policy AdministratorAccess"]


def test_a_boundary_that_goes_is_a_gain() -> None:
    bound = role(permissionsBoundary=f"arn:aws:iam::{ACCOUNT}:policy/mlstead/dev-boundary")
    assert told([bound], [role()]) == [
        "training role may now be granted anything: its permissions boundary is gone"]
    assert told([role()], [bound]) == [
        "- training role may now be granted only what the boundary ⟨environment⟩-boundary allows"]


def test_what_the_boundary_does_not_allow_is_granted_in_vain() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:policy/limits"
    limits = resource("aws:iam/policy:Policy", "limits", {"policy": document(statement("s3:Get*", "*"))}, arn, arn)
    bound = role(permissionsBoundary=arn)
    (found,) = changes([bound, limits], [bound, limits, grant(statement("s3:PutObject"), to=bound)])
    assert not found.widens
    assert found.text == "training role may now write curated/ of the lake, were it not for its permissions boundary"
    (found,) = changes([bound, limits], [bound, limits, grant(statement("s3:GetObject"), to=bound)])
    assert found.widens


def test_a_wider_boundary_is_a_gain() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:policy/limits"
    narrow, wide = (
        resource("aws:iam/policy:Policy", "limits", {"policy": document(statement(actions, "*"))}, arn, arn)
        for actions in ("s3:GetObject", ["s3:GetObject", "s3:PutObject"]))
    bound = role(permissionsBoundary=arn)
    assert told([narrow, bound], [wide, bound]) == ["the policy limits now lets roles write anything in S3"]


def test_an_exclusive_list_of_attachments_attaches() -> None:
    attached = resource("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "only", {
        "roleName": TRAINING.id, "policyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]})
    assert told([TRAINING], [TRAINING, attached]) == [
        "training role may now do all that is allowed by the AWS policy AdministratorAccess"]


def test_a_policy_that_is_not_json_is_told_as_one_that_cannot_be_read() -> None:
    broken = resource("aws:iam/rolePolicy:RolePolicy", "broken", {"role": TRAINING.id, "policy": json.dumps([1])[:2]})
    assert told([TRAINING], [TRAINING, broken]) == [
        "the role policy broken may now allow anything: its policy cannot be read"]


def test_the_same_is_said_in_every_environment() -> None:
    def side(environment: str, account: str, bucket: str) -> list[object]:
        own = role(physical=f"flights-{environment}-training")
        more = [own, grant(statement("s3:GetObject", f"arn:aws:s3:::{bucket}/flights/*"), to=own)]
        references = {"account_id": account, "lake": {"zones": {"curated": {"bucket": bucket}}}}
        return list(changes([own], more, environment=environment, references=references))

    assert side("dev", ACCOUNT, BUCKET) == side("prod", STRANGER, "lake-curated-ffff111")
