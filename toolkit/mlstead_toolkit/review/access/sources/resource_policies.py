"""What buckets, keys, queues, topics and the like allow by policies of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.statement import Condition, Statement
from mlstead_toolkit.review.access.condition import alternatives
from mlstead_toolkit.review.access.covering import Names
from mlstead_toolkit.review.access.permission import Holder, Permission, Realm, permissions_of
from mlstead_toolkit.review.access.side import Side
from mlstead_toolkit.review.access.sources.reading import blocks, says, several

VPC_ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a type of resource has a policy.

    Args:
        policy: the property that is one.
        subject: the property that names what the policy belongs to; empty: the resource itself.
        type: the type of that.
    """

    policy: str
    subject: str = ""
    type: str = ""


_PLACES: Final[dict[str, Place]] = {
    "aws:s3/bucketPolicy:BucketPolicy": Place("policy", "bucket", "aws:s3/bucket:Bucket"),
    "aws:s3/bucket:Bucket": Place("policy"),
    "aws:s3/accessPoint:AccessPoint": Place("policy"),
    "aws:s3control/accessPointPolicy:AccessPointPolicy": Place("policy", "accessPointArn"),
    "aws:kms/key:Key": Place("policy"),
    "aws:kms/keyPolicy:KeyPolicy": Place("policy", "keyId", "aws:kms/key:Key"),
    "aws:sqs/queue:Queue": Place("policy"),
    "aws:sqs/queuePolicy:QueuePolicy": Place("policy", "queueUrl", "aws:sqs/queue:Queue"),
    "aws:sns/topic:Topic": Place("policy"),
    "aws:sns/topicPolicy:TopicPolicy": Place("policy", "arn", "aws:sns/topic:Topic"),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": Place("policy", "repository", "aws:ecr/repository:Repository"),
    "aws:ecr/registryPolicy:RegistryPolicy": Place("policy"),
    "aws:secretsmanager/secret:Secret": Place("policy"),
    "aws:secretsmanager/secretPolicy:SecretPolicy": Place("policy", "secretArn", "aws:secretsmanager/secret:Secret"),
    "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy": Place(
        "resourcePolicy", "modelPackageGroupName", "aws:sagemaker/modelPackageGroup:ModelPackageGroup"),
    "aws:glue/resourcePolicy:ResourcePolicy": Place("policy"),
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": Place("policy", "eventBusName", "aws:cloudwatch/eventBus:EventBus"),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": Place("policyDocument"),
    "aws:cloudwatch/logDestinationPolicy:LogDestinationPolicy": Place("accessPolicy", "destinationName"),
    "aws:efs/fileSystemPolicy:FileSystemPolicy": Place("policy", "fileSystemId", "aws:efs/fileSystem:FileSystem"),
    "aws:dynamodb/resourcePolicy:ResourcePolicy": Place("policy", "resourceArn", "aws:dynamodb/table:Table"),
    "aws:kinesis/resourcePolicy:ResourcePolicy": Place("policy", "resourceArn", "aws:kinesis/stream:Stream"),
    "aws:opensearch/domainPolicy:DomainPolicy": Place("accessPolicies", "domainName", "aws:opensearch/domain:Domain"),
    "aws:apigateway/restApi:RestApi": Place("policy"),
    "aws:apigateway/restApiPolicy:RestApiPolicy": Place("policy", "restApiId", "aws:apigateway/restApi:RestApi"),
    "aws:backup/vaultPolicy:VaultPolicy": Place("policy", "backupVaultName", "aws:backup/vault:Vault"),
    "aws:codeartifact/repositoryPermissionsPolicy:RepositoryPermissionsPolicy": Place(
        "policyDocument", "repository", "aws:codeartifact/repository:Repository"),
}
_ANYWHERE: Final = ("policy", "resourcePolicy", "policyDocument", "accessPolicy", "accessPolicies")
"""Where a type that is not in the table may have one: a document without principals is none of a resource's own."""
_ENDPOINTS: Final[dict[str, Place]] = {
    VPC_ENDPOINT: Place("policy"),
    "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy": Place("policy", "vpcEndpointId", VPC_ENDPOINT),
}
_LAMBDA: Final = "aws:lambda/permission:Permission"
_EVENTS: Final = "aws:cloudwatch/eventPermission:EventPermission"
_GRANT: Final = "aws:kms/grant:Grant"


def resource_permissions(side: Side) -> Iterator[Permission]:
    """Give what resources allow and deny by themselves."""
    for resource in side.resources:
        for place in [_PLACES[resource.type]] if resource.type in _PLACES else _elsewhere(resource):
            yield from _says(side, resource, place, Realm.RESOURCE)
    for resource in side.of(_LAMBDA):
        yield from _function(side, resource)
    for resource in side.of(_EVENTS):
        yield from _bus(side, resource)
    for resource in side.of(_GRANT):
        yield from _grant(side, resource)


def endpoint_permissions(side: Side) -> Iterator[Permission]:
    """Give what VPC endpoints let through; one without a policy lets everything through."""
    told = {one.properties.get("vpcEndpointId") for one in side.of("aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy")}
    for resource in side.of(*_ENDPOINTS):
        if resource.type == VPC_ENDPOINT and not resource.properties.get("policy"):
            if not told & set(side.names(resource)):
                yield Permission(Realm.ENDPOINT, Holder("AWS", "*"), True, Names("*"), Names("*"),
                                 subject=resource.urn, source=resource.urn)
        else:
            yield from _says(side, resource, _ENDPOINTS[resource.type], Realm.ENDPOINT)


def _says(side: Side, resource: Resource, place: Place, realm: Realm) -> Iterator[Permission]:
    if not resource.properties.get(place.policy):
        return
    arn, subject = _subject(side, resource, place)
    yield from says(resource, place.policy, realm, resource.urn, within="" if realm is Realm.ENDPOINT else arn,
                    subject=subject)


def policies_at(resource: Resource) -> Iterator[str]:
    """Give the properties of a resource that are a policy of its own."""
    if resource.type in _PLACES:
        yield _PLACES[resource.type].policy
    elif resource.type in _ENDPOINTS:
        yield _ENDPOINTS[resource.type].policy
    else:
        yield from (place.policy for place in _elsewhere(resource))


def _elsewhere(resource: Resource) -> Iterator[Place]:
    if resource.type not in _ENDPOINTS:
        yield from (Place(path) for path in _ANYWHERE if path in resource.properties)


def _subject(side: Side, resource: Resource, place: Place) -> tuple[str, str]:
    """Give the ARN and the URN of what a policy belongs to; what is not of this stack goes by its name."""
    if not place.subject:
        return side.arn(resource), resource.urn
    name = resource.properties.get(place.subject)
    found = side.find(name, place.type) if place.type else side.find(name)
    return (side.arn(found), found.urn) if found else (_named(place.type, str(name)), str(name))


def _named(type_: str, name: str) -> str:
    return f"arn:aws:s3:::{name}" if type_ == "aws:s3/bucket:Bucket" and not name.startswith("arn:") else name


def _function(side: Side, permission: Resource) -> Iterator[Permission]:
    name = str(permission.properties.get("function"))
    function = side.find(name, "aws:lambda/function:Function")
    held = [("ArnLike", "aws:SourceArn", "sourceArn"), ("StringEquals", "aws:SourceAccount", "sourceAccount"),
            ("StringEquals", "aws:PrincipalOrgID", "principalOrgId"),
            ("StringEquals", "lambda:FunctionUrlAuthType", "functionUrlAuthType")]
    statement = _statement(permission, str(permission.properties.get("principal")), [
        Condition(operator, key, (str(value),)) for operator, key, path in held
        if (value := permission.properties.get(path))
    ])
    yield from permissions_of([statement], Realm.RESOURCE, permission.urn,
                              within=side.arn(function) if function else name,
                              subject=function.urn if function else name)


def _bus(side: Side, permission: Resource) -> Iterator[Permission]:
    name = str(permission.properties.get("eventBusName") or "default")
    bus = side.find(name, "aws:cloudwatch/eventBus:EventBus")
    held = [Condition(str(each.get("type")), str(each.get("key")), (str(each.get("value")),))
            for each in blocks(permission.properties.get("condition"))]
    statement = _statement(permission, str(permission.properties.get("principal")), held, "events:PutEvents")
    yield from permissions_of([statement], Realm.RESOURCE, permission.urn, within=side.arn(bus) if bus else name,
                              subject=bus.urn if bus else name)


def _statement(resource: Resource, principal: str, held: list[Condition], action: str = "") -> Statement:
    kind = "Service" if principal.endswith((".amazonaws.com", ".amazonaws.com.cn")) else "AWS"
    actions = (str(resource.properties.get("action") or action),)
    return Statement("", True, actions, False, (), False, ((kind, principal),), False, tuple(held))


def _grant(side: Side, grant: Resource) -> Iterator[Permission]:
    """Read a grant on a key: its operations are the actions, its constraints conditions on the context."""
    name = grant.properties.get("keyId")
    key = side.find(name, "aws:kms/key:Key")
    who = side.find(grant.properties.get("granteePrincipal"), "aws:iam/role:Role", "aws:iam/user:User")
    holder = Holder("URN", who.urn) if who else Holder("AWS", str(grant.properties.get("granteePrincipal")))
    held = [
        Condition("StringEquals", f"kms:EncryptionContext:{context}", (str(value),))
        for constraint in blocks(grant.properties.get("constraints"))
        for pairs in blocks(list(constraint.values())) for context, value in pairs.items()
    ]
    for operation in several(grant.properties.get("operations")):
        for conditions in alternatives(held):
            yield Permission(Realm.RESOURCE, holder, True, Names(f"kms:{operation}"),
                             Names(side.arn(key) if key else str(name)), conditions, key.urn if key else str(name),
                             grant.urn)
