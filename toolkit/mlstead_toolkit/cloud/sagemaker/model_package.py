"""Model packages: versions of a model in the registry, and their approval."""

from __future__ import annotations

from mlstead_toolkit.cloud.sagemaker.model_package_group import ModelPackageGroups
from mlstead_toolkit.cloud.sagemaker.record import Collection, Document, Record, kept, now, refusal

KEPT = (
    "ModelPackageDescription",
    "InferenceSpecification",
    "SourceAlgorithmSpecification",
    "ValidationSpecification",
    "MetadataProperties",
    "ModelMetrics",
    "CustomerMetadataProperties",
    "DriftCheckBaselines",
    "Domain",
    "Task",
    "SamplePayloadUrl",
    "AdditionalInferenceSpecifications",
    "SkipModelValidation",
    "SourceUri",
    "SecurityConfig",
    "ModelCard",
    "ModelLifeCycle",
)
UPDATABLE = (
    "ModelApprovalStatus",
    "ApprovalDescription",
    "InferenceSpecification",
    "SourceUri",
    "ModelCard",
    "ModelLifeCycle",
)


class ModelPackages(Collection[Record]):
    """Model packages and the operations on them; a version is known as <group>/<number>."""

    kind, name_member, arn_member = "model-package", "ModelPackageName", "ModelPackageArn"
    list_member = "ModelPackageSummaryList"
    status_member = "ModelPackageStatus"
    summary_members = (
        "ModelPackageName",
        "ModelPackageGroupName",
        "ModelPackageVersion",
        "ModelPackageArn",
        "ModelPackageDescription",
        "CreationTime",
        "ModelPackageStatus",
        "ModelApprovalStatus",
    )
    operations = (
        "create_model_package",
        "describe_model_package",
        "list_model_packages",
        "update_model_package",
        "delete_model_package",
    )

    def create_model_package(self, request: Document) -> Document:
        """Register a version in a group, or a package of its own name."""
        group, name = request.get("ModelPackageGroupName"), request.get("ModelPackageName")
        if bool(group) == bool(name):
            raise refusal("Exactly one of ModelPackageGroupName and ModelPackageName must be provided.")
        with self.lock:
            if group:
                group = self.peer(ModelPackageGroups).get(group).name
                identity = {"ModelPackageGroupName": group, "ModelPackageVersion": self._next_version(group)}
                name = f"{group}/{identity['ModelPackageVersion']}"
            else:
                identity = {"ModelPackageName": name}
            arn = self.arn(str(name))
            description = {
                **identity,
                **kept(request, *KEPT),
                "ModelPackageArn": arn,
                "CreationTime": now(),
                "ModelPackageStatus": "Completed",
                "ModelPackageStatusDetails": {"ValidationStatuses": []},
                "CertifyForMarketplace": bool(request.get("CertifyForMarketplace")),
                "CreatedBy": {},
            }
            if group:
                description["ModelApprovalStatus"] = request.get("ModelApprovalStatus", "PendingManualApproval")
            self.add(Record(str(name), arn, description, request.get("Tags", [])))
        return {"ModelPackageArn": arn}

    def describe_model_package(self, request: Document) -> Document:
        """Describe a package."""
        return self.describe(request)

    def list_model_packages(self, request: Document) -> Document:
        """List the versions of a group, or the packages outside groups."""
        kind = request.get("ModelPackageType", "Unversioned")
        among: list[Record] = list(self.records.values())
        if group := request.get("ModelPackageGroupName"):
            among = self.versions(self.peer(ModelPackageGroups).get(group).name)
        elif kind != "Both":
            among = [
                record for record in among if ("ModelPackageVersion" in record.description) == (kind == "Versioned")
            ]
        if approval := request.get("ModelApprovalStatus"):
            among = [record for record in among if record.description.get("ModelApprovalStatus") == approval]
        return self.listing(request, among)

    def update_model_package(self, request: Document) -> Document:
        """Approve or reject a version, or change what describes it."""
        package = self.get(request["ModelPackageArn"])
        properties = {
            **package.description.get("CustomerMetadataProperties", {}),
            **request.get("CustomerMetadataProperties", {}),
        }
        for gone in request.get("CustomerMetadataPropertiesToRemove", []):
            properties.pop(gone, None)
        if properties or "CustomerMetadataProperties" in package.description:
            package.description["CustomerMetadataProperties"] = properties
        if more := request.get("AdditionalInferenceSpecificationsToAdd"):
            package.description.setdefault("AdditionalInferenceSpecifications", []).extend(more)
        package.touch(**kept(request, *UPDATABLE), LastModifiedBy={})
        return {"ModelPackageArn": package.arn}

    def delete_model_package(self, request: Document) -> Document:
        """Delete a package; its number is not given again."""
        del self.records[self.get(request["ModelPackageName"]).name]
        return {}

    def get(self, name: str) -> Record:
        """Find a package by ARN, by <group>/<version> or by its own name."""
        record = self.records.get(name.partition(":model-package/")[2] or name)
        if record is None:
            raise self.missing(name)
        return record

    def missing(self, name: str) -> Exception:
        """SageMaker's words for a package that does not exist."""
        return refusal(f"ModelPackage {name if name.startswith('arn:') else self.arn(name)} does not exist.")

    def versions(self, group: str) -> list[Record]:
        """Give the versions of a group, oldest first."""
        return [
            record for record in list(self.records.values()) if record.description.get("ModelPackageGroupName") == group
        ]

    def deployable(self, name: str) -> Document:
        """Give the container of a package. Raises where the package is missing or has not been approved."""
        package = self.get(name)
        approval = package.description.get("ModelApprovalStatus", "Approved")
        if approval != "Approved":
            raise refusal(
                f"Model package {package.arn} cannot be deployed: its approval status is {approval}, "
                "it must be Approved."
            )
        containers = package.description.get("InferenceSpecification", {}).get("Containers", [])
        if not containers:
            raise refusal(f"Model package {package.arn} has no inference specification.")
        container: Document = containers[0]
        return container

    def _next_version(self, group: str) -> int:
        owner = self.peer(ModelPackageGroups).get(group)
        owner.last_version += 1
        return owner.last_version
