"""What leaves the account, or lets another one in, by a setting."""

from __future__ import annotations

from typing import Any

import pytest
from access_lab import ACCOUNT, STRANGER, changes, grant, resource, role, statement, told

from mlstead_toolkit.review.report import AccessKind

TRAINING = role()
THEIRS = f"arn:aws:logs:eu-west-1:{STRANGER}:destination:theirs"


@pytest.mark.parametrize(("type_", "inputs", "said"), [
    ("aws:sns/topicSubscription:TopicSubscription", {"protocol": "https", "endpoint": "https://evil.example/hook?t=s"},
     "whoever is at evil.example may now be sent what the topic subscription x passes on"),
    ("aws:sns/topicSubscription:TopicSubscription", {"protocol": "email", "endpoint": "a@evil.example"},
     "whoever is at evil.example may now be sent what the topic subscription x passes on"),
    ("aws:s3/bucketReplicationConfig:BucketReplicationConfig",
     {"rules": [{"destination": {"bucket": "arn:aws:s3:::theirs"}}]},
     "whoever owns the bucket theirs may now be sent copies of what is written, by the bucket replication config x"),
    ("aws:ec2/internetGateway:InternetGateway", {"vpcId": "vpc-1"},
     "whatever has a public address may now reach the internet and be reached by the internet gateway x"),
    ("aws:ec2/route:Route", {"destinationCidrBlock": "0.0.0.0/0"},
     "whatever is routed may now reach the internet by the route x"),
    ("aws:ec2/routeTable:RouteTable", {"routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}]},
     "whatever is routed may now reach the internet by the route table x"),
    ("aws:rds/snapshot:Snapshot", {"sharedAccounts": [STRANGER]},
     f"account {STRANGER} may now copy what is in the snapshot x"),
    ("aws:rds/snapshot:Snapshot", {"sharedAccounts": ["all"]}, "anybody may now copy what is in the snapshot x"),
    ("aws:ssm/document:Document", {"permissions": {"type": "Share", "accountIds": f"{ACCOUNT},{STRANGER}"}},
     f"the document x now names account {STRANGER}"),
    ("aws:ssm/document:Document", {"permissions": {"type": "Share", "accountIds": "All"}},
     "anybody may now read and run the document x"),
    ("aws:ssm/document:Document", {"permissions": {"type": "Share", "account_ids": "All"}},
     "anybody may now read and run the document x"),
    ("aws:lambda/layerVersionPermission:LayerVersionPermission", {"principal": "*"},
     "anybody may now use the layer of the layer version permission x"),
    ("aws:cognito/identityPool:IdentityPool", {"allowUnauthenticatedIdentities": True},
     "anybody may now be given credentials by the identity pool x without signing in"),
    ("aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
     {"policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"},
     "whoever is named may now do what AmazonEKSClusterAdminPolicy allows, by the access policy association x"),
    ("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", {"destinationArn": THEIRS},
     f"the log subscription filter x now names account {STRANGER}"),
    ("aws:cloudwatch/eventTarget:EventTarget", {"arn": THEIRS}, f"the event target x now names account {STRANGER}"),
    ("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", {"peerOwnerId": STRANGER},
     f"the VPC peering connection x now names account {STRANGER}"),
])
def test_what_leaves_the_account_is_one_exposure(type_: str, inputs: dict[str, Any], said: str) -> None:
    (found,) = changes([TRAINING], [TRAINING, resource(type_, "x", inputs)])
    assert (found.kind, found.widens, found.text) == (AccessKind.EXPOSURE, True, said)


def test_no_secret_of_an_address_is_told() -> None:
    (found,) = changes([TRAINING], [TRAINING, resource("aws:sns/topicSubscription:TopicSubscription", "x", {
        "protocol": "https", "endpoint": "https://user:pass@evil.example/hook?token=hidden"})])
    assert "pass" not in "".join(found.details) and "hidden" not in "".join(found.details)


def test_an_account_that_is_known_or_told_already_is_no_news() -> None:
    def sent(name: str, arn: str = THEIRS) -> Any:
        return resource("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", name, {"destinationArn": arn})

    assert told([TRAINING, sent("x")], [TRAINING, sent("x"), sent("y")]) == []
    assert told([TRAINING], [TRAINING, sent("x", THEIRS.replace(STRANGER, ACCOUNT))]) == []
    (found,) = told([TRAINING], [TRAINING, grant(statement("s3:GetObject", "arn:aws:s3:::b/*", Condition={
        "StringEquals": {"aws:ResourceAccount": STRANGER}}), to=TRAINING)])
    assert "now names" not in found
