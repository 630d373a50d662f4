"""A role's calls to S3's data are decided by every policy that has a say; the developer is an administrator."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import uuid

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "eu-west-1"
ACCOUNT = "123456789012"
TRUST = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                                                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions, resources=("*",), **more):
    return {"Effect": "Allow", "Action": list(actions), "Resource": list(resources), **more}


@pytest.fixture
def bucket(boto):
    name = f"b-{uuid.uuid4()}"
    boto("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    boto("s3").put_object(Bucket=name, Key="mine/a", Body=b"mine")
    boto("s3").put_object(Bucket=name, Key="theirs/a", Body=b"theirs")
    return name


@pytest.fixture
def role(boto, cloud):
    """Make a role with some statements, and give S3 as it sees it: role(allow("s3:GetObject"), session=…)."""
    def made(*statements, session=None, boundary=None, tags=()):
        iam, name = boto("iam"), f"r-{uuid.uuid4()}"
        limits = {}
        if boundary:
            policy = iam.create_policy(PolicyName=f"p-{uuid.uuid4()}", PolicyDocument=document(boundary))["Policy"]
            limits["PermissionsBoundary"] = policy["Arn"]
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST), **limits,
                              Tags=[{"Key": key, "Value": value} for key, value in tags])["Role"]["Arn"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))
        narrowed = {"Policy": document(session)} if session else {}
        found = boto("sts").assume_role(RoleArn=arn, RoleSessionName="someone", **narrowed)["Credentials"]
        return boto3.client(
            "s3", endpoint_url=cloud.endpoint, region_name=REGION, aws_access_key_id=found["AccessKeyId"],
            aws_secret_access_key=found["SecretAccessKey"], aws_session_token=found["SessionToken"],
            config=Config(retries={"total_max_attempts": 1}, signature_version="s3v4"),
        )

    return made


def refusal(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    return caught.value.response["Error"]


def test_a_role_may_do_what_its_policy_allows_and_nothing_else(role, bucket):
    s3 = role(allow("s3:GetObject", resources=[f"arn:aws:s3:::{bucket}/mine/*"]))
    assert s3.get_object(Bucket=bucket, Key="mine/a")["Body"].read() == b"mine"
    error = refusal(s3.get_object, Bucket=bucket, Key="theirs/a")
    assert error["Code"] == "AccessDenied"
    assert "because no identity-based policy allows the s3:GetObject action" in error["Message"]
    refusal(s3.put_object, Bucket=bucket, Key="mine/a", Body=b"")
    refusal(s3.delete_object, Bucket=bucket, Key="mine/a")
    refusal(s3.list_objects_v2, Bucket=bucket)
    refusal(s3.list_objects, Bucket=bucket)
    refusal(s3.list_object_versions, Bucket=bucket)
    refusal(s3.get_object_tagging, Bucket=bucket, Key="mine/a")
    refusal(s3.put_bucket_policy, Bucket=bucket, Policy="{}")
    refusal(s3.delete_bucket, Bucket=bucket)
    refusal(s3.head_object, Bucket=bucket, Key="theirs/a")


def test_a_role_without_policies_may_do_nothing(role, bucket):
    refusal(role().get_object, Bucket=bucket, Key="mine/a")


def test_a_list_is_held_to_its_prefix(role, bucket):
    s3 = role(allow("s3:ListBucket", Condition={"StringLike": {"s3:prefix": ["mine", "mine/*"]}}))
    assert s3.list_objects_v2(Bucket=bucket, Prefix="mine/")["KeyCount"] == 1
    refusal(s3.list_objects_v2, Bucket=bucket, Prefix="theirs/")
    refusal(s3.list_objects_v2, Bucket=bucket)


def test_a_bucket_policy_denies_by_the_roles_tag_and_opens_without_an_identity_policy(role, bucket, boto):
    own = f"arn:aws:s3:::{bucket}/${{aws:PrincipalTag/project}}/*"
    boto("s3").put_bucket_policy(Bucket=bucket, Policy=document(
        {"Sid": "OwnOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "NotResource": own,
         "Condition": {"Null": {"aws:PrincipalTag/project": "false"}}},
        {"Sid": "Tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{bucket}/*",
         "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        allow("s3:GetObject", resources=[f"arn:aws:s3:::{bucket}/mine/*"], Principal="*"),
    ))
    s3 = role(tags=[("project", "mine")])
    assert s3.get_object(Bucket=bucket, Key="mine/a")["Body"].read() == b"mine"
    s3 = role(allow("s3:*"), tags=[("project", "mine")])
    message = refusal(s3.get_object, Bucket=bucket, Key="theirs/a")["Message"]
    assert f"with an explicit deny in a resource-based policy (OwnOnly of the policy of bucket {bucket})" in message
    assert boto("s3").get_object(Bucket=bucket, Key="theirs/a")["Body"].read() == b"theirs"


def test_a_boundary_and_a_session_policy_narrow_what_is_allowed(role, bucket):
    refusal(role(allow("s3:*"), boundary=allow("s3:ListBucket")).get_object, Bucket=bucket, Key="mine/a")
    refusal(role(allow("s3:*"), session=allow("s3:ListBucket")).get_object, Bucket=bucket, Key="mine/a")
    role(allow("s3:*"), session=allow("s3:GetObject")).get_object(Bucket=bucket, Key="mine/a")


def test_a_copy_needs_the_source_and_the_target(role, bucket):
    source, target = f"arn:aws:s3:::{bucket}/mine/*", f"arn:aws:s3:::{bucket}/new/*"
    both = role(allow("s3:GetObject", resources=[source]), allow("s3:PutObject", resources=[target]))
    both.copy_object(Bucket=bucket, Key="new/a", CopySource=f"{bucket}/mine/a")
    refusal(both.copy_object, Bucket=bucket, Key="new/a", CopySource=f"{bucket}/theirs/a")
    refusal(both.copy_object, Bucket=bucket, Key="other/a", CopySource=f"{bucket}/mine/a")


def test_deleting_many_is_answered_for_each(role, bucket, boto):
    s3 = role(allow("s3:DeleteObject", resources=[f"arn:aws:s3:::{bucket}/mine/*"]))
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "mine/a"}, {"Key": "theirs/a"}]})
    assert [entry["Key"] for entry in answer["Deleted"]] == ["mine/a"]
    assert [(entry["Key"], entry["Code"]) for entry in answer["Errors"]] == [("theirs/a", "AccessDenied")]
    assert [entry["Key"] for entry in boto("s3").list_objects_v2(Bucket=bucket)["Contents"]] == ["theirs/a"]


def test_a_multipart_upload_needs_the_right_to_put(role, bucket, boto):
    s3 = role(allow("s3:PutObject", resources=[f"arn:aws:s3:::{bucket}/mine/*"]))
    upload = s3.create_multipart_upload(Bucket=bucket, Key="mine/large")["UploadId"]
    part = s3.upload_part(Bucket=bucket, Key="mine/large", UploadId=upload, PartNumber=1, Body=b"x")
    s3.complete_multipart_upload(Bucket=bucket, Key="mine/large", UploadId=upload,
                                 MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    refusal(s3.create_multipart_upload, Bucket=bucket, Key="theirs/large")
    upload = s3.create_multipart_upload(Bucket=bucket, Key="mine/more")["UploadId"]
    refusal(s3.abort_multipart_upload, Bucket=bucket, Key="mine/more", UploadId=upload)


def test_a_presigned_address_carries_its_signers_rights(role, bucket):
    s3 = role(allow("s3:GetObject", resources=[f"arn:aws:s3:::{bucket}/mine/*"]))
    address = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "mine/a"})
    with urllib.request.urlopen(address) as answer:
        assert answer.read() == b"mine"
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "theirs/a"}))
    assert caught.value.code == 403


@pytest.mark.parametrize("host", ["{}.localhost", "{}.s3.localhost", "{}.s3.eu-west-1.amazonaws.com"])
def test_a_bucket_that_the_host_names_is_the_bucket_that_is_decided_on(role, bucket, boto, host):
    boto("s3").put_object(Bucket=bucket, Key="other/x", Body=b"theirs")
    s3 = role(allow("s3:GetObject", resources=[f"arn:aws:s3:::{bucket}/mine/*", "arn:aws:s3:::other/*"]))

    def get(key):
        address = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key})
        request = urllib.request.Request(address.replace(f"/{bucket}/", "/"), headers={"Host": host.format(bucket)})
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    assert get("mine/a") == b"mine"
    with pytest.raises(urllib.error.HTTPError) as caught:
        get("other/x")
    assert caught.value.code == 403


def test_what_cannot_be_decided_is_not_done(role, bucket, cloud):
    key = role(allow("s3:*"))._request_signer._credentials.access_key
    signed = {"Authorization": f"AWS4-HMAC-SHA256 Credential={key}/20260101/{REGION}/s3/aws4_request"}
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(urllib.request.Request(f"{cloud.endpoint}/{bucket}?delete", b"<Delete", signed))
    assert caught.value.code == 501
    assert b"EmulationFailed" in caught.value.read()


@pytest.fixture
def encrypted(boto, bucket):
    """A bucket whose objects a customer's key encrypts, with bucket keys, and the key's ARN."""
    account = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    key = boto("kms").create_key(Policy=document(
        allow("kms:PutKeyPolicy", Principal=account),
        allow("kms:Decrypt", "kms:GenerateDataKey", Principal=account,
              Condition={"StringEquals": {"kms:ViaService": f"s3.{REGION}.amazonaws.com"},
                         "StringLike": {"aws:PrincipalTag/project": "?*"}}),
    ))["KeyMetadata"]["Arn"]
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key},
            "BucketKeyEnabled": True}
    boto("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    boto("s3").put_object(Bucket=bucket, Key="mine/secret", Body=b"secret")
    return key


def test_an_encrypted_object_needs_the_key_by_the_roles_policy_and_by_the_keys(role, bucket, encrypted):
    tagged, s3_only = [("project", "mine")], allow("s3:*")
    context = {"StringEquals": {"kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{bucket}"}}
    both = allow("kms:Decrypt", "kms:GenerateDataKey", resources=[encrypted], Condition=context)
    reader = role(s3_only, both, tags=tagged)
    assert reader.get_object(Bucket=bucket, Key="mine/secret")["Body"].read() == b"secret"
    reader.put_object(Bucket=bucket, Key="mine/new", Body=b"x")
    assert "no identity-based policy allows the kms:Decrypt" in refusal(
        role(s3_only, tags=tagged).get_object, Bucket=bucket, Key="mine/secret")["Message"]
    assert "kms:GenerateDataKey" in refusal(
        role(s3_only, tags=tagged).put_object, Bucket=bucket, Key="mine/new", Body=b"")["Message"]
    assert "no resource-based policy allows the kms:Decrypt" in refusal(
        role(s3_only, both).get_object, Bucket=bucket, Key="mine/secret")["Message"]
    elsewhere = {"StringEquals": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::another"}}
    refusal(role(s3_only, {**both, "Condition": elsewhere}, tags=tagged).get_object, Bucket=bucket, Key="mine/secret")
    reader.get_object(Bucket=bucket, Key="mine/a")  # from before the key: S3's own keys need no right


def test_the_key_that_a_put_names_is_known_to_policies_by_its_arn(role, bucket, encrypted, boto):
    key = "s3:x-amz-server-side-encryption-aws-kms-key-id"
    boto("s3").put_bucket_policy(Bucket=bucket, Policy=document(
        {"Sid": "OurKey", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
         "Resource": f"arn:aws:s3:::{bucket}/*",
         "Condition": {"Null": {key: "false"}, "StringNotEquals": {key: encrypted}}}))
    s3 = role(allow("s3:*", "kms:*"), tags=[("project", "mine")])
    for named in (encrypted, encrypted.rpartition("/")[2]):
        s3.put_object(Bucket=bucket, Key="mine/b", Body=b"", ServerSideEncryption="aws:kms", SSEKMSKeyId=named)
    other = boto("kms").create_key()["KeyMetadata"]["Arn"]
    assert "OurKey" in refusal(s3.put_object, Bucket=bucket, Key="mine/b", Body=b"", ServerSideEncryption="aws:kms",
                               SSEKMSKeyId=other)["Message"]
