"""Where a stack's resources live and whose they are: the source of their tags, names and ARNs."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from mlstead.own_names import FOUNDATION
from mlstead.refusal import Refusal
from mlstead.stack_file import stack_file

_KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST_NAME = 32  # AWS allows 63 in most names; environment, purpose and an automatic suffix come on top


@dataclass(frozen=True)
class Context:
    """One environment of one project.

    Args:
        project: the project's name in kebab-case, at most 32 characters.
        environment: the stack's name: local, dev, staging, prod.
        region: the AWS region, such as eu-west-1.
        account_id: the AWS account, twelve digits.
        partition: aws, aws-cn or aws-us-gov.
        owner: who answers for it, as a tag; empty: no such tag.
    """

    project: str
    environment: str
    region: str
    account_id: str
    partition: str = "aws"
    owner: str = ""

    def __post_init__(self) -> None:
        for what, value in (("project", self.project), ("environment", self.environment)):
            if not _KEBAB.fullmatch(value) or len(value) > _LONGEST_NAME:
                raise Refusal(
                    f"The {what} name {value!r} is not lower-case letters, digits and single hyphens, at most "
                    f"{_LONGEST_NAME} of them.",
                    where="`name` in Pulumi.yaml" if what == "project" else "the stack's name",
                    fix="rename it, for example flight-delays" if what == "project" else "name it dev, staging or prod",
                )

    @classmethod
    def of_stack(cls, owner: str = "") -> Context:
        """Read it from the running stack: its names, `aws:region`, and the account that the credentials belong to.

        Raises:
            Refusal: `aws:region` is not set.
        """
        region = pulumi.Config("aws").get("region")
        if not region:
            raise Refusal(
                "The region is not set.", where=stack_file(),
                fix="add it to the block config: aws:region: eu-west-1",
            )
        caller = aws.get_caller_identity()
        partition = caller.arn.split(":")[1]
        return cls(pulumi.get_project(), pulumi.get_stack(), region, caller.account_id, partition, owner)

    @property
    def name(self) -> str:
        """The name of what exists once in an environment: `<project>-<environment>`."""
        return f"{self.project}-{self.environment}"

    @property
    def is_foundation(self) -> bool:
        """Whether it is what projects share."""
        return self.project == FOUNDATION

    @property
    def outputs(self) -> dict[str, str]:
        """Give what a stack tells of where it is."""
        return {"project": self.project, "environment": self.environment, "region": self.region}

    @property
    def role_path(self) -> str:
        """The path of the project's roles: a name space of their own, which a beginning of a name would not be."""
        return f"/mlstead/{self.project}/{self.environment}/"

    @property
    def boundary_arn(self) -> str:
        """The permissions boundary of every project's roles: the foundation makes it, under a name known before."""
        return f"arn:{self.partition}:iam::{self.account_id}:policy/mlstead/{self.environment}-boundary"

    @property
    def dns_suffix(self) -> str:
        """The domain of the partition's services."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"

    def arn(self, service: str, resource: str) -> str:
        """Build an ARN in this account and region: arn("sagemaker", "endpoint/x")."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"

    def via(self, *services: str) -> list[str]:
        """Name services as kms:ViaService knows them: via("s3") is ["s3.eu-west-1.amazonaws.com"]."""
        return [f"{service}.{self.region}.{self.dns_suffix}" for service in services]

    def tags(self, component: str) -> dict[str, str]:
        """Give the tags of a resource that belongs to a component."""
        tags = {
            "mlstead:project": self.project, "mlstead:environment": self.environment, "mlstead:component": component,
        }
        return tags | ({"mlstead:owner": self.owner} if self.owner else {})
