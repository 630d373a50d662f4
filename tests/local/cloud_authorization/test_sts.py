"""A role assumes another where the other's trust lets it, with its own policies where that names the account alone."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
import uuid

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "eu-west-1"
ACCOUNT = "123456789012"
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(principal, *actions, **more):
    return {"Effect": "Allow", "Principal": principal, "Action": list(actions) or ["sts:AssumeRole"], **more}


def allow(*actions, resource="*"):
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


@pytest.fixture
def role(boto):
    """Make a role: role(trust(…), …, own=[allow(…)])."""
    def made(*trusts, own=(), **limits):
        iam, name = boto("iam"), f"r-{uuid.uuid4()}"
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(*trusts), **limits)["Role"]["Arn"]
        if own:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*own))
        return arn

    return made


@pytest.fixture
def session(boto, cloud):
    """Give STS as a role's session calls it; the developer may have every role's, whatever its trust says."""
    def made(arn, **narrowed):
        found = boto("sts").assume_role(RoleArn=arn, RoleSessionName="someone", **narrowed)["Credentials"]
        return boto3.client(
            "sts", endpoint_url=cloud.endpoint, region_name=REGION, aws_access_key_id=found["AccessKeyId"],
            aws_secret_access_key=found["SecretAccessKey"], aws_session_token=found["SessionToken"],
            config=Config(retries={"total_max_attempts": 1}),
        )

    return made


def assume(sts, arn, **more):
    return sts.assume_role(RoleArn=arn, RoleSessionName="chained", **more)


def refusal(call, *given, **arguments):
    with pytest.raises(ClientError) as caught:
        call(*given, **arguments)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert caught.value.response["Error"]["Code"] == "AccessDenied"
    return caught.value.response["Error"]["Message"]


def test_whom_the_trust_does_not_name_is_refused_whatever_his_own_policies_allow(role, session):
    sts = session(role(own=[allow("*")]))
    service = role(trust({"Service": "sagemaker.amazonaws.com"}))
    message = refusal(assume, sts, service)
    assert message.startswith(f"User: arn:aws:sts::{ACCOUNT}:assumed-role/r-")
    assert "is not authorized to perform: sts:AssumeRole on resource" in message
    assert message.endswith("because no role trust policy allows the sts:AssumeRole action")
    refusal(assume, sts, role(trust({"AWS": role()})))
    refusal(assume, sts, role(trust({"AWS": "arn:aws:iam::999988887777:root"})))


def test_whom_the_trust_names_needs_no_policy_of_his_own(role, session):
    ours = role()
    answer = assume(session(ours), role(trust({"AWS": ours})))
    assert answer["Credentials"]["AccessKeyId"].startswith("ASIA")


def test_where_the_trust_names_the_account_the_callers_policies_decide(role, session):
    theirs = role(trust(ROOT))
    assert "no identity-based policy allows the sts:AssumeRole action" in refusal(assume, session(role()), theirs)
    refusal(assume, session(role(own=[allow("sts:AssumeRole", resource=role())])), theirs)
    assume(session(role(own=[allow("sts:AssumeRole", resource=theirs)])), theirs)


def test_denials_boundaries_and_session_policies_have_their_say(role, session, boto):
    ours = role(own=[allow("sts:AssumeRole")])
    denying = {"Sid": "NotHim", "Effect": "Deny", "Principal": {"AWS": ours}, "Action": "sts:AssumeRole"}
    assert "with an explicit deny in the role trust policy (NotHim of the trust policy of r-" in refusal(
        assume, session(ours), role(trust(ROOT), denying))
    named, elsewhere = role(trust({"AWS": ours})), allow("s3:*")
    refusal(assume, session(ours, Policy=document(elsewhere)), named)
    boundary = boto("iam").create_policy(PolicyName=f"p-{uuid.uuid4()}", PolicyDocument=document(elsewhere))
    bounded = role(own=[allow("*")], PermissionsBoundary=boundary["Policy"]["Arn"])
    assert "no permissions boundary" in refusal(assume, session(bounded), role(trust(ROOT)))


def test_a_role_does_not_assume_itself_unless_its_trust_says_so(role, session):
    ours = role(trust({"Service": "sagemaker.amazonaws.com"}), own=[allow("sts:AssumeRole")])
    refusal(assume, session(ours), ours)


def test_conditions_of_the_trust_are_held_to(role, session):
    ours = role()
    theirs = role(trust({"AWS": ours}, Condition={"StringEquals": {"sts:ExternalId": "agreed"}}))
    refusal(assume, session(ours), theirs)
    refusal(assume, session(ours), theirs, ExternalId="guessed")
    assume(session(ours), theirs, ExternalId="agreed")


def test_tags_and_a_source_identity_are_rights_of_their_own(role, session):
    ours = role()
    plain, tags = role(trust({"AWS": ours})), [{"Key": "project", "Value": "theirs"}]
    assert "sts:TagSession" in refusal(assume, session(ours), plain, Tags=tags)
    assert "sts:SetSourceIdentity" in refusal(assume, session(ours), plain, SourceIdentity="me")
    one = role(trust({"AWS": ours}), trust(
        {"AWS": ours}, "sts:TagSession", Condition={"StringEquals": {"aws:RequestTag/project": "ours"},
                                                    "ForAllValues:StringEquals": {"aws:TagKeys": ["project"]}}))
    refusal(assume, session(ours), one, Tags=tags)
    assume(session(ours), one, Tags=[{"Key": "project", "Value": "ours"}])


def test_the_tags_of_a_session_hide_those_of_its_role(role, session):
    project = {"StringEquals": {"aws:PrincipalTag/project": "ours", "aws:PrincipalTag/kept": "yes"}}
    theirs = role(trust(ROOT, Condition=project))
    ours = role(own=[allow("sts:AssumeRole", resource=theirs)],
                Tags=[{"Key": "project", "Value": "another"}, {"Key": "kept", "Value": "yes"}])
    refusal(assume, session(ours), theirs)
    assume(session(ours, Tags=[{"Key": "project", "Value": "ours"}]), theirs)


def test_managed_policies_narrow_a_session(role, session, boto):
    theirs = role(trust(ROOT))
    ours = role(own=[allow("*")])

    def narrowed(action):
        policy = boto("iam").create_policy(PolicyName=f"p-{uuid.uuid4()}", PolicyDocument=document(allow(action)))
        return session(ours, PolicyArns=[{"arn": policy["Policy"]["Arn"]}])

    assert "no session policy allows the sts:AssumeRole action" in refusal(assume, narrowed("s3:*"), theirs)
    assume(narrowed("sts:*"), theirs)


def test_a_role_that_does_not_exist_is_refused_as_one_that_does_not_trust(role, session):
    for account in (ACCOUNT, "999988887777"):
        arn = f"arn:aws:iam::{account}:role/nobody"
        assert "no role trust policy" in refusal(assume, session(role(own=[allow("*")])), arn)


def test_a_session_gets_no_users_credentials_and_still_learns_who_it_is(role, session):
    ours = role(own=[allow("*")])
    assert refusal(session(ours).get_session_token) == "Cannot call GetSessionToken with session credentials"
    refusal(session(ours).get_federation_token, Name="me")
    assert session(ours).get_caller_identity()["Arn"].endswith("/someone")


def test_the_developer_assumes_any_role(role, boto):
    assume(boto("sts"), role(trust({"Service": "sagemaker.amazonaws.com"})))


@pytest.mark.parametrize(("address", "form", "kind"), [
    ("RoleArn={theirs}", "Action=AssumeRole&RoleSessionName=x&RoleArn={named}", "application/x-www-form-urlencoded"),
    ("", "Action=AssumeRole&RoleSessionName=x&RoleArn={theirs}&RoleArn={named}", "application/x-www-form-urlencoded"),
    ("Action=AssumeRole&RoleSessionName=x&RoleArn={named}", "RoleArn={theirs}", "text/plain"),
])
def test_what_could_be_read_in_two_ways_is_not_done(role, session, cloud, address, form, kind):
    ours = role()
    arns = {"named": urllib.parse.quote(role(trust({"AWS": ours}))), "theirs": urllib.parse.quote(role())}
    key = session(ours)._request_signer._credentials.access_key
    headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={key}/20260101/{REGION}/sts/aws4_request",
               "Content-Type": kind}
    address = f"{cloud.endpoint}/?{address.format(**arns)}"
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(urllib.request.Request(address, form.format(**arns).encode(), headers))
    assert caught.value.code == 501
