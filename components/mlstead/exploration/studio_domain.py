"""The SageMaker Studio domain that an environment's projects share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_aws import sagemaker

from mlstead.component import Component
from mlstead.context import Context
from mlstead.exploration.limits import check_limits, idle_shutdown, volumes
from mlstead.network.access import NetworkAccess
from mlstead.role import ExecutionRole, ExecutionRoleArgs

_HIDDEN_APPS = ("Canvas", "CodeEditor", "JupyterServer", "RStudioServerPro")


@dataclass(frozen=True)
class StudioDomainArgs:
    """Arguments of StudioDomain.

    Args:
        context: where it lives and whose it is.
        encryption_key_arn: KMS key of the spaces' volumes and the domain's file system; its policy admits sagemaker
            (DomainKeyArgs.services) and the file system (DomainKeyArgs.file_system). Another key is another domain.
        network: the private network; everything in Studio has its first two subnets and its notebooks' security group.
        idle_minutes: after how long without a running kernel or terminal JupyterLab is shut down, where a profile does
            not say; 60 to 525600.
        volume_gb: how far the volume of a space may grow, where a profile does not say, in GB; 5 to 16384.
    """

    context: Context
    encryption_key_arn: pulumi.Input[str]
    network: NetworkAccess
    idle_minutes: int = 60
    volume_gb: int = 50

    def __post_init__(self) -> None:
        check_limits(self.idle_minutes, self.volume_gb, "StudioDomainArgs")


class StudioDomain(Component):
    """A Studio domain without internet: private network only, encrypted, idle notebooks shut down, no Docker.

    Nobody works under the domain's own role, which may do nothing: a project's profiles name theirs (StudioProfiles).
    What people do is recorded with their profile's name as sourceIdentity. No notebook admits a connection from the
    network, another notebook's least of all. Files lie on the volumes of spaces; the file system that SageMaker makes
    besides is not mounted, holds nothing, and goes with the domain, since the addresses it keeps in the subnets would
    stop the network from going. SageMaker refuses to delete a domain that has profiles.

    https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-and-internet-access.html
    Controls: FSBP SageMaker.1, .2 (of notebook instances, held here); cdk-nag SM1 to SM3.
    """

    domain_id: pulumi.Output[str]

    def __init__(self, name: str, args: StudioDomainArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        nobody = ExecutionRole(f"{name}-nobody", ExecutionRoleArgs(args.context, use="studio"), self._child())
        groups = [args.network.notebook_security_group_id]
        jupyter: Any = {"app_lifecycle_management": idle_shutdown(args.idle_minutes)}
        domain = sagemaker.Domain(
            name,
            domain_name=args.context.name,
            auth_mode="IAM",
            app_network_access_type="VpcOnly",
            vpc_id=args.network.vpc_id,
            # Other subnets are another domain to the provider, so a third zone of the network stays out of it:
            # https://github.com/hashicorp/terraform-provider-aws/issues/48778
            subnet_ids=[args.network.subnet_ids[0], args.network.subnet_ids[1]],
            kms_key_id=args.encryption_key_arn,
            retention_policy={"home_efs_file_system": "Delete"},
            tag_propagation="ENABLED",
            domain_settings={
                "execution_role_identity_config": "USER_PROFILE_NAME",
                "docker_settings": {"enable_docker_access": "DISABLED"},
            },
            default_user_settings={
                "execution_role": nobody.arn,
                "security_groups": groups,
                "auto_mount_home_efs": "Disabled",
                "default_landing_uri": "studio::",
                "studio_web_portal": "ENABLED",
                "studio_web_portal_settings": {"hidden_app_types": list(_HIDDEN_APPS)},
                "sharing_settings": {"notebook_output_option": "Disabled"},
                "jupyter_lab_app_settings": jupyter,
                "space_storage_settings": volumes(args.volume_gb),
            },
            default_space_settings={
                "execution_role": nobody.arn,
                "security_groups": groups,
                "jupyter_lab_app_settings": jupyter,
                "space_storage_settings": volumes(args.volume_gb),
            },
            tags=self.tags,
            opts=self._child(),
        )
        self.domain_id, self._url = domain.id, domain.url
        self.register_outputs(self.outputs)

    @property
    def outputs(self) -> dict[str, Any]:
        """Give what StudioReference needs, as plain data: domain_id, url."""
        return {"domain_id": self.domain_id, "url": self._url}
