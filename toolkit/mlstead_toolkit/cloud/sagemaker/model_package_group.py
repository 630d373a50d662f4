"""Model package groups: the registry of one model's versions."""

from __future__ import annotations

from mlstead_toolkit.cloud.sagemaker.record import Collection, Document, Record, kept, now, refusal


class ModelPackageGroup(Record):
    """One group: its policy, and the highest version number it ever gave (numbers are not given twice)."""

    policy: str | None = None
    last_version = 0


class ModelPackageGroups(Collection[ModelPackageGroup]):
    """Model package groups and the operations on them."""

    kind, name_member, arn_member = "model-package-group", "ModelPackageGroupName", "ModelPackageGroupArn"
    list_member = "ModelPackageGroupSummaryList"
    summary_members = (
        "ModelPackageGroupName",
        "ModelPackageGroupArn",
        "ModelPackageGroupDescription",
        "CreationTime",
        "ModelPackageGroupStatus",
    )
    operations = (
        "create_model_package_group",
        "describe_model_package_group",
        "list_model_package_groups",
        "delete_model_package_group",
        "put_model_package_group_policy",
        "get_model_package_group_policy",
        "delete_model_package_group_policy",
    )

    def create_model_package_group(self, request: Document) -> Document:
        """Create a group."""
        arn = self.arn(request["ModelPackageGroupName"])
        description = {
            **kept(request, "ModelPackageGroupName", "ModelPackageGroupDescription"),
            "ModelPackageGroupArn": arn,
            "ModelPackageGroupStatus": "Completed",
            "CreationTime": now(),
            "CreatedBy": {},
        }
        self.add(
            ModelPackageGroup(request["ModelPackageGroupName"], arn, description, request.get("Tags", [])),
            f"Model Package Group already exists: {arn}",
        )
        return {"ModelPackageGroupArn": arn}

    def describe_model_package_group(self, request: Document) -> Document:
        """Describe a group."""
        return self.describe(request)

    def list_model_package_groups(self, request: Document) -> Document:
        """List groups."""
        return self.listing(request)

    def delete_model_package_group(self, request: Document) -> Document:
        """Delete a group. Refused while it has versions, as on AWS."""
        from mlstead_toolkit.cloud.sagemaker.model_package import ModelPackages

        group = self.get(request["ModelPackageGroupName"])
        if self.peer(ModelPackages).versions(group.name):
            raise refusal(
                f"Model Package Group {group.arn} cannot be deleted because it still contains Model Packages.",
                "ConflictException",
            )
        del self.records[group.name]
        return {}

    def put_model_package_group_policy(self, request: Document) -> Document:
        """Set a group's resource policy."""
        group = self.get(request["ModelPackageGroupName"])
        group.policy = request["ResourcePolicy"]
        return {"ModelPackageGroupArn": group.arn}

    def get_model_package_group_policy(self, request: Document) -> Document:
        """Give a group's resource policy."""
        group = self.get(request["ModelPackageGroupName"])
        if group.policy is None:
            raise refusal(f"Cannot find resource policy for: {group.arn}")
        return {"ResourcePolicy": group.policy}

    def delete_model_package_group_policy(self, request: Document) -> Document:
        """Delete a group's resource policy."""
        self.get(request["ModelPackageGroupName"]).policy = None
        return {}

    def missing(self, name: str) -> Exception:
        """SageMaker's words for a group that does not exist."""
        return refusal(f"ModelPackageGroup {self.arn(name)} does not exist.")
