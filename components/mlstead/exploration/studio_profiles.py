"""Who of a project works in Studio, under which role and with what at hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_aws import sagemaker

from mlstead.component import Component
from mlstead.context import Context
from mlstead.exploration.limits import check_limits, idle_shutdown, volumes
from mlstead.exploration.reference import StudioReference
from mlstead.exploration.studio_domain import StudioDomain
from mlstead.exploration.studio_grants import use_studio
from mlstead.exploration.studio_image import StudioImage, StudioImageArgs
from mlstead.lake.grants import LakeGrants
from mlstead.network.access import NetworkAccess
from mlstead.policy import Statement
from mlstead.refusal import Refusal
from mlstead.role import ExecutionRole, Grantee
from mlstead.training.image_repository import ImageRepository
from mlstead.weakened import Secure

_PROFILE = re.compile(r"[a-z0-9](-?[a-z0-9]){0,29}")


@dataclass(frozen=True)
class StudioProfilesArgs:
    """Arguments of StudioProfiles.

    Args:
        context: where they live and whose they are.
        studio: the environment's Studio domain.
        role: what everyone of these profiles works under: they may do what it is granted, and no more.
        lake: the lake whose curated zone notebooks are told of, as CURATED_URI, and whose key encrypts their volumes.
        network: the private network; its security group of notebooks is what they have.
        images: the repository of the image that JupyterLab runs.
        profiles: their names, best one a person, since records name the profile; each of at most 30 lower-case letters,
            digits and hyphens. In the domain they are called <project>-<profile>.
        image_tag: that image's tag; None: there is none yet, and no JupyterLab starts.
        instance_types: what JupyterLab may run on; the first is what it runs on where nobody chooses.
        idle_minutes: after how long without a running kernel or terminal JupyterLab is shut down, 60 to 525600.
        volume_gb: how far the volume of a space may grow, in GB, 5 to 16384.
        own_image: whether JupyterLab starts in the project's own image alone. Weakened: it also starts in the images
            of AWS, where everyone can become root of the container and change what runs in it.
    """

    context: Context
    studio: StudioDomain | StudioReference
    role: ExecutionRole
    lake: LakeGrants
    network: NetworkAccess
    images: ImageRepository
    profiles: Sequence[str] = ("data-science",)
    image_tag: str | None = None
    instance_types: Sequence[str] = ("ml.t3.medium", "ml.t3.large", "ml.m5.large", "ml.m5.xlarge")
    idle_minutes: int = 60
    volume_gb: int = 50
    own_image: Secure = True

    def __post_init__(self) -> None:
        check_limits(self.idle_minutes, self.volume_gb, "StudioProfilesArgs")
        check_profiles(self.profiles, "StudioProfilesArgs.profiles")
        if not self.instance_types:
            raise Refusal("JupyterLab may run on nothing.", where="StudioProfilesArgs.instance_types",
                          fix="name at least one type, for example ml.t3.medium")


def check_profiles(profiles: Sequence[str], where: str) -> None:
    """Refuse names that are no profiles', or one that is given twice."""
    if wrong := [name for name in profiles if not _PROFILE.fullmatch(name)]:
        raise Refusal(f"{', '.join(map(repr, wrong))}: no name of a profile.", where=where,
                      fix="take at most 30 lower-case letters, digits and single hyphens, for example data-science")
    if len(set(profiles)) < len(profiles):
        raise Refusal("A profile is named twice.", where=where, fix="name each once")


class StudioProfiles(Component):
    """A project's user profiles in the Studio domain, all under one role; for another role, make another of these.

    Each may have spaces of its own, which no other can open, and JupyterLab in them: on the instance types given, shut
    down when idle, with a volume encrypted by the key of zone artifacts.

    Raises:
        Refusal: a limit or a name that SageMaker does not take.
    """

    def __init__(self, name: str, args: StudioProfilesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        context = args.context
        self.environment: dict[str, pulumi.Input[str]] = {
            "AWS_DEFAULT_REGION": context.region, "CURATED_URI": args.lake.uri("curated", context.project),
        }
        image = None
        if args.image_tag is not None:
            image = StudioImage(name, StudioImageArgs(
                context, args.images, args.image_tag, args.role, self.environment,
            ), self._child())
        own = [image.arn] if image else []
        args.role.allow("use-studio", use_studio(
            context, args.studio.domain_id, args.instance_types, images=own if args.own_image else None,
        ))
        args.lake.grant_volumes(args.role)
        self._domain_id, self._role = args.studio.domain_id, args.role
        self._profiles = {
            profile: sagemaker.UserProfile(
                f"{name}-{profile}",
                domain_id=args.studio.domain_id,
                user_profile_name=f"{context.project}-{profile}",
                user_settings=_settings(args, image),
                tags=self.tags,
                opts=self._child(depends_on=args.role.policies),
            ).user_profile_name
            for profile in args.profiles
        }
        self.register_outputs(self.outputs)

    def grant_open(self, role: Grantee) -> None:
        """Let the role open Studio as any of these profiles, in which it then works under their role, not its own."""
        profiles = pulumi.Output.concat(self.context.arn("sagemaker", "user-profile/"), self._domain_id, "/")
        role.allow(f"open-{self._name}", [Statement(
            "OpenStudio", ["sagemaker:CreatePresignedDomainUrl"],
            [pulumi.Output.concat(profiles, profile) for profile in self._profiles.values()],
        )])

    @property
    def outputs(self) -> dict[str, Any]:
        """Give what `mlstead notebook` needs: domain and profiles, the role, and the variables that notebooks have."""
        return {
            "studio_domain_id": self._domain_id, "studio_profiles": self._profiles,
            "exploration_role_arn": self._role.arn, "exploration_environment": self.environment,
        }


def _settings(args: StudioProfilesArgs, image: StudioImage | None) -> Any:
    """Say everything again that the domain says by default: what a profile says replaces the domain's block whole."""
    jupyter: dict[str, Any] = {
        "app_lifecycle_management": idle_shutdown(args.idle_minutes),
        "default_resource_spec": {"instance_type": args.instance_types[0]},
    }
    if image is not None:
        jupyter["custom_images"] = [{
            "app_image_config_name": image.configuration_name, "image_name": image.image_name,
            "image_version_number": image.version,
        }]
        jupyter["default_resource_spec"] |= {
            "sagemaker_image_arn": image.arn, "sagemaker_image_version_arn": image.version_arn,
        }
    return {
        "execution_role": args.role.arn,
        "security_groups": [args.network.notebook_security_group_id],
        "auto_mount_home_efs": "Disabled",
        "sharing_settings": {"notebook_output_option": "Disabled"},
        "jupyter_lab_app_settings": jupyter,
        "space_storage_settings": volumes(args.volume_gb),
    }
