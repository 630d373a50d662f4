"""The project's image as JupyterLab in Studio runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import sagemaker

from mlstead.component import Component
from mlstead.context import Context
from mlstead.role import ExecutionRole
from mlstead.training.image_repository import ImageRepository

# https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-byoi-specs.html: the only user that is supported, where
# its volume is mounted, and where Studio looks for JupyterLab. Studio's own door is in front of it, hence no token.
_USER, _GROUP, _HOME = 1000, 100, "/home/sagemaker-user"
_ARGUMENTS = (
    "--ServerApp.ip=0.0.0.0", "--ServerApp.port=8888", "--ServerApp.allow_origin=*", "--ServerApp.token=''",
    "--ServerApp.base_url=/jupyterlab/default",
)


@dataclass(frozen=True)
class StudioImageArgs:
    """Arguments of StudioImage.

    Args:
        context: where it lives and whose it is.
        images: the repository that holds the image.
        tag: the image's tag; an image with jupyterlab and jupyter-activity-monitor-extension, without sudo.
        role: what SageMaker pulls the image under.
        environment: variables of its containers, at most 25.
    """

    context: Context
    images: ImageRepository
    tag: str
    role: ExecutionRole
    environment: Mapping[str, pulumi.Input[str]]


class StudioImage(Component):
    """A SageMaker image whose newest version is the project's own container image, and how JupyterLab starts in it.

    JupyterLab runs as user 1000, which is not root. Another tag is another version; those before it stay, since spaces
    go on naming the version that they were opened with, until the image goes with all of them.

    Controls: FSBP SageMaker.3 (of notebook instances, held here).
    """

    arn: pulumi.Output[str]
    version_arn: pulumi.Output[str]
    version: pulumi.Output[int]
    image_name: pulumi.Output[str]
    configuration_name: pulumi.Output[str]

    def __init__(self, name: str, args: StudioImageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        args.images.grant_pull(args.role)
        image = sagemaker.Image(
            name, image_name=args.context.name, display_name=args.context.name,
            description=f"Notebooks of {args.context.name}", role_arn=args.role.arn, tags=self.tags,
            opts=self._child(depends_on=args.role.policies),
        )
        version = sagemaker.ImageVersion(
            name, image_name=image.image_name, base_image=args.images.image(args.tag).uri,
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
        )
        configuration = sagemaker.AppImageConfig(
            name,
            app_image_config_name=args.context.name,
            jupyter_lab_image_config={
                "container_config": {
                    "container_entrypoints": ["jupyter-lab"],
                    "container_arguments": list(_ARGUMENTS),
                    "container_environment_variables": dict(args.environment),
                },
                "file_system_config": {"default_uid": _USER, "default_gid": _GROUP, "mount_path": _HOME},
            },
            tags=self.tags,
            opts=self._child(),
        )
        self.arn, self.image_name = image.arn, image.image_name
        self.version_arn, self.version = version.arn, version.version
        self.configuration_name = configuration.app_image_config_name
        self.register_outputs({"arn": self.arn, "version_arn": self.version_arn})
