"""The instance that a container runs on, as far as it takes its role's rights: network, volume, image and metrics.

Nothing of it exists here, for a container is a process; what SageMaker would do in the role's name is decided and
recorded all the same. The calls: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html. The machine
itself is SageMaker's own, in an account of its own: nobody's rights are asked for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mlstead_toolkit.access.calls import ApiCall
from mlstead_toolkit.access.request import Value
from mlstead_toolkit.cloud.account import ACCOUNT_ID
from mlstead_toolkit.cloud.authorization.caller import Caller
from mlstead_toolkit.cloud.credentials import RoleCredentials
from mlstead_toolkit.cloud.elsewhere import is_elsewhere
from mlstead_toolkit.cloud.failure import RoleFailure
from mlstead_toolkit.cloud.image import registry_of
from mlstead_toolkit.cloud.sagemaker.metric import Point, put_points
from mlstead_toolkit.cloud.sagemaker.record import Document

if TYPE_CHECKING:
    from mlstead_toolkit.cloud.workshop import Workshop

LOOK_UP = ("DescribeVpcs", "DescribeSubnets", "DescribeSecurityGroups", "DescribeDhcpOptions")
PULL = ("GetAuthorizationToken", "BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer")
LOOK_INTO = ("BatchGetImage", "GetDownloadUrlForLayer")
"""What CreateImage documents, for images that Studio finds by a name."""
VOLUME = ("CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKeyWithoutPlaintext")
"""What a grant for a volume lets SageMaker do."""
FOR_AWS = {"kms:GrantIsForAWSResource": True}


class Instance:
    """What SageMaker does for one container in its role's name."""

    def __init__(
        self, workshop: Workshop, credentials: RoleCredentials, region: str, vpc_config: Document | None
    ) -> None:
        self._workshop, self._credentials, self._region, self._vpc = workshop, credentials, region, vpc_config
        self._who = _outside(workshop, credentials)
        self._vpc_keys = _vpc_keys(vpc_config, region)

    def join_network(self) -> None:
        """Put network interfaces into the VPC, where one is named. Raises RoleFailure."""
        if not self._vpc:
            return
        subnets, groups = self._vpc["Subnets"], self._vpc["SecurityGroupIds"]
        for operation in LOOK_UP:
            self._require("ec2", operation, {})
        for subnet in subnets:
            self._require("ec2", "CreateNetworkInterface", {"SubnetId": subnet, "Groups": groups})
        self._require("ec2", "CreateNetworkInterfacePermission", {"Permission": "INSTANCE-ATTACH"}, self._vpc_keys)
        self._require("ec2", "DescribeNetworkInterfaces", {})

    def leave_network(self) -> None:
        """Take the network interfaces away; where the role may not, they stay, as on AWS, and the job is as it was."""
        if not self._vpc:
            return
        self._may("ec2", "DeleteNetworkInterfacePermission", {}, self._vpc_keys)
        self._may("ec2", "DeleteNetworkInterface", {}, self._vpc_keys)

    def encrypt_volume(self, key: str | None, caller_key: str) -> None:
        """Have the volume encrypted with a customer's key: by the role, or else by whoever made the job.

        https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html: kms:CreateGrant

        Args:
            key: id, ARN or alias; None: a key of SageMaker's own, for which nobody is asked.
            caller_key: access key of whoever made the job.

        Raises:
            RoleFailure: neither may.
        """
        if not key:
            return
        grant = {"KeyId": key, "GranteePrincipal": f"sagemaker.{self._region}.amazonaws.com", "Operations": VOLUME}
        call = ApiCall("kms", "CreateGrant", grant, self._region, ACCOUNT_ID)
        refused = self._workshop.acting.may(self._who, call, "sagemaker", FOR_AWS)
        maker = self._workshop.callers.find(caller_key)
        if refused and maker is not None and self._workshop.acting.may(maker, call, "sagemaker", FOR_AWS):
            raise RoleFailure(refused)

    def pull(self, image: str, operations: Sequence[str] = PULL) -> None:
        """Pull the image. Raises RoleFailure in the words in which SageMaker says that it may not."""
        registry = registry_of(image)
        if registry is None:
            return
        asked = {"registryId": registry.account, "repositoryName": registry.repository}
        for operation in operations:
            if refused := self.may(ApiCall("ecr", operation, asked, registry.region, registry.account)):
                raise RoleFailure(
                    f"Access denied for repository: {registry.repository} in registry ID: {registry.account}. Please "
                    f"check if your ECR repository and image exist and role {self._credentials.role_arn} has proper "
                    f"pull permissions for SageMaker: ecr:BatchCheckLayerAvailability, ecr:BatchGetImage, "
                    f"ecr:GetDownloadUrlForLayer ({refused})"
                )

    def publish(self, namespace: str, points: Sequence[Point]) -> None:
        """Publish metrics; where the role may not, there are none, and the job is as it was."""
        if points and not self._may("cloudwatch", "PutMetricData", {"Namespace": namespace}):
            put_points(self._region, namespace, points)

    def may(self, call: ApiCall) -> str:
        """Ask for a call that SageMaker makes in the role's name; tells why it may not."""
        return self._workshop.acting.may(self._who, call)

    def _require(
        self, service: str, operation: str, parameters: dict[str, Any], keys: dict[str, Value] | None = None
    ) -> None:
        if refused := self._may(service, operation, parameters, keys):
            raise RoleFailure(refused)

    def _may(
        self, service: str, operation: str, parameters: dict[str, Any], keys: dict[str, Value] | None = None
    ) -> str:
        call = ApiCall(service, operation, parameters, self._region, ACCOUNT_ID)
        return self._workshop.acting.may(self._who, call, keys=keys)


def _outside(workshop: Workshop, credentials: RoleCredentials) -> RoleCredentials | Caller:
    """Give the role as it calls from SageMaker's own network: only data and containers use the VPC.

    https://docs.aws.amazon.com/sagemaker/latest/dg/train-vpc.html
    """
    caller = workshop.callers.find(credentials.access_key)
    return credentials if caller is None else replace(caller, network=None)


def _vpc_keys(vpc_config: Document | None, region: str) -> dict[str, Value]:
    """Give the context keys that tell EC2's policies in which network the interfaces are; before, their subnets do."""
    keys: dict[str, Value] = {"ec2:Region": region}
    if not vpc_config or is_elsewhere("ec2"):
        return keys
    from moto.ec2.models import ec2_backends

    zones = list(ec2_backends[ACCOUNT_ID][region].subnets.values())
    vpcs = {subnet.vpc_id for zone in zones for name, subnet in list(zone.items()) if name in vpc_config["Subnets"]}
    return keys | {"ec2:Vpc": [f"arn:aws:ec2:{region}:{ACCOUNT_ID}:vpc/{vpc}" for vpc in sorted(vpcs)]}
