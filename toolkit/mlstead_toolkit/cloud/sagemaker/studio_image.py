"""SageMaker images: names under which Studio finds container images."""

from __future__ import annotations

from mlstead_toolkit.cloud.sagemaker.execution_role import check_role
from mlstead_toolkit.cloud.sagemaker.record import Collection, Document, Record, kept, now, refusal
from mlstead_toolkit.cloud.sagemaker.settling import after_a_moment, require_settled, settle

KEPT = ("ImageName", "RoleArn", "Description", "DisplayName")


class StudioImage(Record):
    """One image, and the highest version number it ever gave (numbers are not given twice)."""

    last_version = 0


class StudioImages(Collection[StudioImage]):
    """SageMaker images and the operations on them."""

    kind, name_member, arn_member = "image", "ImageName", "ImageArn"
    status_member, list_member = "ImageStatus", "Images"
    summary_members = (
        "ImageName",
        "ImageArn",
        "ImageStatus",
        "Description",
        "DisplayName",
        "FailureReason",
        "CreationTime",
        "LastModifiedTime",
    )
    operations = ("create_image", "describe_image", "list_images", "update_image", "delete_image")

    def create_image(self, request: Document) -> Document:
        """Create an image that has no version yet."""
        check_role(request["RoleArn"], self.source)
        arn, created = self.arn(request["ImageName"]), now()
        description = {
            **kept(request, *KEPT),
            "ImageArn": arn,
            "ImageStatus": "CREATING",
            "CreationTime": created,
            "LastModifiedTime": created,
        }
        if request["ImageName"] in self.records:
            raise refusal(f"Image {arn} already exists.", "ResourceInUse")
        image = self.add(StudioImage(request["ImageName"], arn, description, request.get("Tags", [])))
        settle(image, "ImageStatus", "CREATED")
        return {"ImageArn": arn}

    def describe_image(self, request: Document) -> Document:
        """Describe an image."""
        return self.describe(request)

    def list_images(self, request: Document) -> Document:
        """List images."""
        by_name = {"SortBy": "Name"} if request.get("SortBy") == "IMAGE_NAME" else {}
        return self.listing({**request, **by_name, "SortOrder": request.get("SortOrder", "DESCENDING").capitalize()})

    def update_image(self, request: Document) -> Document:
        """Change an image's words or role."""
        image = self.get(request["ImageName"])
        require_settled(image, "ImageStatus")
        if "RoleArn" in request:
            check_role(request["RoleArn"], self.source)
        for member in request.get("DeleteProperties", []):
            image.description.pop(member, None)
        image.touch(ImageStatus="UPDATING", **kept(request, "RoleArn", "Description", "DisplayName"))
        settle(image, "ImageStatus", "CREATED")
        return {"ImageArn": image.arn}

    def delete_image(self, request: Document) -> Document:
        """Delete an image and all its versions, as on AWS."""
        from mlstead_toolkit.cloud.sagemaker.studio_image_version import StudioImageVersions

        image = self.get(request["ImageName"])
        require_settled(image, "ImageStatus")
        image.touch(ImageStatus="DELETING")
        versions = self.peer(StudioImageVersions)

        def remove() -> None:
            for version in versions.of(image.name):
                versions.records.pop(version.name, None)
            self.records.pop(image.name, None)

        after_a_moment(remove)
        return {}

    def missing(self, name: str) -> Exception:
        """SageMaker's words for an image that does not exist."""
        return refusal(f"Image {self.arn(name)} does not exist.", "ResourceNotFound")

    @property
    def source(self) -> str:
        """What SageMaker gives as aws:SourceArn for images: none of them is named.

        https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
        """
        return f"arn:aws:sagemaker:{self.region}:{self.account}:{self.kind}"
