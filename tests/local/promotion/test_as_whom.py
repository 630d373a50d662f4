"""Who asks for `mlstead ci`: in local the role delivery, in an account CI's deploy role once it has become that."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from mlstead.errors import MlsteadError
from mlstead_toolkit.cli.aws_access import Deployment
from mlstead_toolkit.cli.ci_delivery import _session, delivery
from mlstead_toolkit.cli.model_registry import versions
from mlstead_toolkit.project import find_project

NAME, REGION, BUCKET, ACCOUNT = "flight-delays", "eu-west-1", "artifacts", "123456789012"
DELIVERY = f"arn:aws:iam::{ACCOUNT}:role/mlstead/{NAME}/dev/{NAME}-dev-delivery"


@pytest.fixture
def signed_in(registry, monkeypatch):
    """Sign this process in to the cloud as a role, as a job of CI is to an account."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{registry.port}")

    def sign_in(arn):
        given = registry.client("sts").assume_role(RoleArn=arn, RoleSessionName="GitHubActions")["Credentials"]
        for name, value in (("ACCESS_KEY_ID", "AccessKeyId"), ("SECRET_ACCESS_KEY", "SecretAccessKey"),
                            ("SESSION_TOKEN", "SessionToken")):
            monkeypatch.setenv(f"AWS_{name}", given[value])

    return sign_in


@pytest.fixture(scope="module")
def roles(cloud_of_registry):
    """What an account has: the deploy role of two projects' CI, and the role that only one of them may become."""
    deploy = cloud_of_registry.role("dev", "deploy", {"sts:AssumeRole": DELIVERY})
    cloud_of_registry.role("dev", "delivery", trusts=deploy)
    return {"deploy": deploy, "lonely": cloud_of_registry.role("staging", "deploy", {"sts:AssumeRole": DELIVERY}),
            "engineer": cloud_of_registry.role("dev", "ml-engineer")}


def caller(session):
    return session.client("sts").get_caller_identity()["Arn"]


def session_of(environment):
    project = find_project()
    return _session(project, environment, Deployment(project, environment, {"region": REGION}).session)


def test_the_deploy_role_becomes_delivery_and_keeps_its_session_s_name(work, roles, signed_in):
    signed_in(roles["deploy"])
    session = session_of("dev")
    assert caller(session) == f"arn:aws:sts::{ACCOUNT}:assumed-role/{NAME}-dev-delivery/GitHubActions"
    assert session.region_name == REGION


def test_as_delivery_it_reads_evaluations_which_the_deploy_role_does_not(work, registry, roles, signed_in):
    registry.register(0.7)
    signed_in(roles["deploy"])
    wanted = {"Bucket": BUCKET, "Key": f"{NAME}/evaluations/0/evaluation.json"}
    deployed = Deployment(find_project(), "dev", {"region": REGION})
    with pytest.raises(ClientError, match="AccessDenied"):
        deployed.client("s3").get_object(**wanted)
    assert json.loads(session_of("dev").client("s3").get_object(**wanted)["Body"].read())["held_out_month"] == 3


def test_anybody_else_asks_for_himself(work, roles, signed_in):
    signed_in(roles["engineer"])
    assert caller(session_of("dev")).endswith(f"{NAME}-dev-ml-engineer/GitHubActions")
    signed_in(roles["lonely"])  # of another environment
    assert caller(session_of("dev")).endswith(f"{NAME}-staging-deploy/GitHubActions")


def test_where_there_is_no_such_role_the_fix_is_told(work, roles, signed_in):
    signed_in(roles["lonely"])
    with pytest.raises(MlsteadError, match="may not become flight-delays-staging-delivery") as refused:
        session_of("staging")
    assert "mlstead.DeliveryRole" in refused.value.fix


@pytest.mark.parametrize("acting", ["", "deploy"])
def test_in_local_every_call_is_delivery_s(work, registry, monkeypatch, acting):
    monkeypatch.setenv("MLSTEAD_AS", acting)
    deployed = delivery(find_project(), "local")
    assert deployed.client("sts").get_caller_identity()["Arn"].split("/")[1] == f"{NAME}-local-delivery"
    with pytest.raises(ClientError, match="AccessDenied"):
        deployed.client("s3").put_object(Bucket=BUCKET, Key=f"{NAME}/evaluations/0/evaluation.json", Body=b"{}")


def test_another_role_that_is_named_is_held_to(work, registry, monkeypatch):
    registry.role("local", "auditor", {"iam:GetRole": "*"})
    registry.register(0.7)
    monkeypatch.setenv("MLSTEAD_AS", "auditor")
    with pytest.raises(ClientError, match="not authorized to perform: sagemaker:ListModelPackages"):
        versions(delivery(find_project(), "local"))
