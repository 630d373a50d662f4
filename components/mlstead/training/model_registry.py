"""The registered versions of a project's model."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_aws import sagemaker

from mlstead.component import Component
from mlstead.context import Context
from mlstead.policy import Statement
from mlstead.role import Grantee
from mlstead.weakened import Secure

_APPROVAL = "sagemaker:ModelApprovalStatus"


@dataclass(frozen=True)
class ModelRegistryArgs:
    """Arguments of ModelRegistry.

    Args:
        context: where it lives and whose it is.
        description: what the model predicts, a sentence.
        protect: whether Pulumi refuses to delete it. Weakened: one mistyped destroy loses which versions there were,
            their metrics and who approved them.
    """

    context: Context
    description: str = ""
    protect: Secure = True


class ModelRegistry(Component):
    """A model package group: versions 1, 2, 3, … with their metrics and approval."""

    arn: pulumi.Output[str]
    group_name: pulumi.Output[str]

    def __init__(self, name: str, args: ModelRegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        group = sagemaker.ModelPackageGroup(
            name,
            model_package_group_name=args.context.name,
            model_package_group_description=args.description or f"Models of {args.context.name}",
            tags=self.tags,
            opts=self._child(protect=bool(args.protect)),
        )
        self.arn, self.group_name = group.arn, group.model_package_group_name
        self.register_outputs({"arn": self.arn, "group_name": self.group_name})

    @property
    def outputs(self) -> dict[str, pulumi.Output[str]]:
        """Give what a project's stack tells of it."""
        return {"model_package_group": self.group_name}

    def version_arn(self, version: int | str) -> pulumi.Output[str]:
        """Give the ARN of a version's model package; version "*" for all of them."""
        return pulumi.Output.concat(self.context.arn("sagemaker", "model-package/"), self.group_name, f"/{version}")

    def grant_register(self, role: Grantee) -> None:
        """Let the role add versions, which somebody else approves.

        A pipeline's step asks for the group to be made, with the tags of its execution, before each version: where it
        exists SageMaker goes on, and where that is not allowed the step fails.
        """
        role.allow("register-models", [
            Statement("OpenGroup", ["sagemaker:CreateModelPackageGroup"], [self.arn]),
            Statement("TagGroup", ["sagemaker:AddTags"], [self.arn],
                      conditions={"Null": {"sagemaker:TaggingAction": "false"}}),
            Statement("Register", ["sagemaker:CreateModelPackage"], self._all(),
                      conditions={"StringEqualsIfExists": {_APPROVAL: "PendingManualApproval"}}),
            Statement("Look", ["sagemaker:DescribeModelPackage", "sagemaker:DescribeModelPackageGroup"], self._all()),
        ])

    def grant_read(self, role: Grantee) -> None:
        """Let the role see the versions, where their reports lie, and whether they are approved."""
        role.allow("read-models", [Statement(
            "Read",
            ["sagemaker:ListModelPackages", "sagemaker:DescribeModelPackage", "sagemaker:DescribeModelPackageGroup"],
            self._all(),
        )])

    def grant_approve(self, role: Grantee) -> None:
        """Let the role approve and reject versions, and call for no other change.

        IAM sees the status alone, so the same call could change what else a version has.
        """
        role.allow("approve-models", [Statement(
            "Approve", ["sagemaker:UpdateModelPackage"], [self.version_arn("*")],
            conditions={"StringEquals": {_APPROVAL: ["Approved", "Rejected"]}},
        )])

    def _all(self) -> list[pulumi.Output[str]]:
        return [self.arn, self.version_arn("*")]
