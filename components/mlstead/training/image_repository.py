"""The container images of a project."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_aws import ecr

from mlstead.component import Component
from mlstead.context import Context
from mlstead.policy import Statement
from mlstead.refusal import Refusal
from mlstead.role import Grantee
from mlstead.weakened import Secure

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_LOG_IN = Statement("LogIn", ["ecr:GetAuthorizationToken"], ["*"], reason="GetAuthorizationToken has no resource level")


@dataclass(frozen=True)
class ImageRepositoryArgs:
    """Arguments of ImageRepository.

    Args:
        context: where it lives and whose it is.
        encryption_key_arn: KMS key that encrypts the images.
        untagged_days: how long images that lost their tag are kept.
        immutable_tags: whether a tag, once pushed, stays what it is. Weakened: whoever may push can replace the image
            that jobs and endpoint run, with no change that anybody reviews.
        protect: whether Pulumi refuses to delete it. Weakened: one mistyped destroy loses the images that registered
            models need to be served.
    """

    context: Context
    encryption_key_arn: pulumi.Input[str]
    untagged_days: int = 14
    immutable_tags: Secure = True
    protect: Secure = True


class ImageRepository(Component):
    """An ECR repository: tags that cannot be moved, scanned on push, encrypted.

    Tagged images are never expired: a registered model version names its image.

    Controls: FSBP ECR.1, .2, .3, .5.
    """

    arn: pulumi.Output[str]
    repository_name: pulumi.Output[str]
    url: pulumi.Output[str]

    def __init__(self, name: str, args: ImageRepositoryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        repository = ecr.Repository(
            name,
            name=args.context.name,
            image_tag_mutability="IMMUTABLE" if args.immutable_tags else "MUTABLE",
            image_scanning_configuration={"scan_on_push": True},
            encryption_configurations=[{"encryption_type": "KMS", "kms_key": args.encryption_key_arn}],
            tags=self.tags,
            opts=self._child(protect=bool(args.protect)),
        )
        ecr.LifecyclePolicy(
            name, repository=repository.name, policy=_expire_untagged(args.untagged_days), opts=self._child()
        )
        self.arn, self.repository_name = repository.arn, repository.name
        # Put together rather than taken from the repository: a plan can show the image before anything exists.
        registry = f"{args.context.account_id}.dkr.ecr.{args.context.region}.{args.context.dns_suffix}/"
        self.url = pulumi.Output.concat(registry, repository.name)
        self.register_outputs({"arn": self.arn, "repository_name": self.repository_name, "url": self.url})

    @property
    def outputs(self) -> dict[str, pulumi.Output[str]]:
        """Give what a project's stack tells of it."""
        return {"image_repository": self.repository_name, "image_repository_url": self.url}

    def image(self, tag: str, digest: str | None = None) -> Image:
        """Give an image of the repository, as Image says."""
        return Image(self, tag, digest)

    def grant_pull(self, role: Grantee) -> None:
        """Let the role pull the images."""
        role.allow("pull-images", [
            Statement(
                "Pull", ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                [self.arn],
            ),
            _LOG_IN,
        ])

    def grant_look(self, role: Grantee) -> None:
        """Let the role see which images there are, by tag and digest."""
        role.allow("look-at-images", [Statement("Look", ["ecr:DescribeImages"], [self.arn])])

    def grant_push(self, role: Grantee) -> None:
        """Let the role push images, and see what scans found in them; a tag that is taken stays what it is.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
        """
        role.allow("push-images", [
            Statement(
                "Push",
                ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload",
                 "ecr:DescribeImages", "ecr:DescribeImageScanFindings", "ecr:InitiateLayerUpload", "ecr:PutImage",
                 "ecr:UploadLayerPart"],
                [self.arn],
            ),
            _LOG_IN,
        ])


@dataclass(frozen=True)
class Image:
    """One image of a repository, which jobs run.

    Args:
        repository: where it lies.
        tag: what it is called; the commit that it was built from, where CI built it.
        digest: what it is, `sha256:` and 64 hexadecimal digits, as its push printed it; None: whatever the tag names.
    """

    repository: ImageRepository
    tag: str
    digest: str | None = None

    def __post_init__(self) -> None:
        check_digest(self.digest, "Image.digest")

    @property
    def uri(self) -> pulumi.Output[str]:
        """The address: <account>.dkr.ecr.<region>.amazonaws.com/<repository>@<digest>, or :<tag> without a digest.

        SageMaker takes either form: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AppSpecification.html
        """
        return pulumi.Output.concat(self.repository.url, f"@{self.digest}" if self.digest else f":{self.tag}")

    @property
    def outputs(self) -> dict[str, Any]:
        """Give what a project's stack tells of it."""
        return {"image_tag": self.tag, "image_digest": self.digest}

    def grant_pull(self, role: Grantee) -> None:
        """Let the role pull it, and whatever else the repository has: IAM knows no single image."""
        self.repository.grant_pull(role)


def check_digest(digest: str | None, where: str) -> None:
    """Refuse what is no digest of an image."""
    if digest is not None and not _DIGEST.fullmatch(digest):
        raise Refusal(f"{digest!r} is no digest of an image.", where=where,
                      fix="write sha256: and the 64 small hexadecimal digits that its push printed, or leave it out")


def _expire_untagged(days: int) -> str:
    rule = {
        "rulePriority": 1,
        "description": f"Forget untagged images after {days} days",
        "selection": {
            "tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": days,
        },
        "action": {"type": "expire"},
    }
    return json.dumps({"rules": [rule]}, separators=(",", ":"))
