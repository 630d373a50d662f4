"""Versions of SageMaker images: container images in ECR by number."""

from __future__ import annotations

from mlstead_toolkit.cloud.failure import RoleFailure
from mlstead_toolkit.cloud.image import URI
from mlstead_toolkit.cloud.sagemaker.execution_role import assume
from mlstead_toolkit.cloud.sagemaker.instance import LOOK_INTO, Instance
from mlstead_toolkit.cloud.sagemaker.record import Collection, Document, Record, kept, now, refusal
from mlstead_toolkit.cloud.sagemaker.settling import after_a_moment, require_settled, settle
from mlstead_toolkit.cloud.sagemaker.studio_image import StudioImage, StudioImages

CHANGING = (
    "VendorGuidance",
    "JobType",
    "MLFramework",
    "ProgrammingLang",
    "Processor",
    "Horovod",
    "ReleaseNotes",
)


class StudioImageVersions(Collection[Record]):
    """Image versions, named <image>/<number>, and the operations on them."""

    kind, name_member, arn_member = "image-version", "ImageName", "ImageVersionArn"
    status_member, list_member = "ImageVersionStatus", "ImageVersions"
    summary_members = (
        "ImageArn",
        "ImageVersionArn",
        "ImageVersionStatus",
        "Version",
        "FailureReason",
        "CreationTime",
        "LastModifiedTime",
    )
    operations = (
        "create_image_version",
        "describe_image_version",
        "list_image_versions",
        "update_image_version",
        "delete_image_version",
    )

    def create_image_version(self, request: Document) -> Document:
        """Create the next version of an image; it fails where its base is no image in ECR."""
        image, base = self.peer(StudioImages).get(request["ImageName"]), request["BaseImage"]
        require_settled(image, "ImageStatus")
        with self.lock:
            image.last_version += 1
            number = image.last_version
        name, created = f"{image.name}/{number}", now()
        description = {
            "VendorGuidance": "NOT_PROVIDED",
            **kept(request, "BaseImage", *CHANGING),
            "ContainerImage": base,
            "ImageArn": image.arn,
            "ImageVersionArn": self.arn(name),
            "ImageVersionStatus": "CREATING",
            "Version": number,
            "CreationTime": created,
            "LastModifiedTime": created,
        }
        version = self.add(Record(name, self.arn(name), description, []))
        if why_not := self._why_not_pulled(image, base):
            settle(version, "ImageVersionStatus", "CREATE_FAILED", FailureReason=why_not)
        else:
            settle(version, "ImageVersionStatus", "CREATED")
        return {"ImageVersionArn": version.arn}

    def describe_image_version(self, request: Document) -> Document:
        """Describe a version: the one asked for, or the newest."""
        return self._asked(request).description

    def list_image_versions(self, request: Document) -> Document:
        """List an image's versions."""
        versions = self.of(self.peer(StudioImages).get(request["ImageName"]).name)
        return self.listing({**request, "SortOrder": request.get("SortOrder", "DESCENDING").capitalize()}, versions)

    def update_image_version(self, request: Document) -> Document:
        """Change what is said of a version."""
        version = self._asked(request)
        version.touch(**kept(request, *CHANGING))
        return {"ImageVersionArn": version.arn}

    def delete_image_version(self, request: Document) -> Document:
        """Delete a version; its number is not given again."""
        version = self._asked(request)
        require_settled(version, "ImageVersionStatus")
        version.touch(ImageVersionStatus="DELETING")
        after_a_moment(lambda: self.records.pop(version.name, None))
        return {}

    def of(self, image_name: str) -> list[Record]:
        """Give the versions of an image, in the order of their numbers."""
        return [one for one in list(self.records.values()) if one.name.rpartition("/")[0] == image_name]

    def missing(self, name: str) -> Exception:
        """SageMaker's words for a version that does not exist."""
        return refusal(f"ImageVersion {self.arn(name)} does not exist.", "ResourceNotFound")

    def _why_not_pulled(self, image: StudioImage, base: str) -> str:
        """Say why the image's role cannot pull what a version is made from; empty where it can.

        https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html: CreateImage
        """
        if not URI.match(base):
            return f"{base} is no image in Amazon ECR."
        try:
            source = self.peer(StudioImages).source
            credentials = assume(self.workshop, image.description["RoleArn"], source, self.region)
            Instance(self.workshop, credentials, self.region, None).pull(base, LOOK_INTO)
        except RoleFailure as failure:
            return failure.reason
        return ""

    def _asked(self, request: Document) -> Record:
        image = self.peer(StudioImages).get(request["ImageName"])
        if "Alias" in request:
            raise refusal("The local cloud keeps no aliases of image versions.")
        return self.get(f"{image.name}/{request.get('Version', image.last_version)}")
