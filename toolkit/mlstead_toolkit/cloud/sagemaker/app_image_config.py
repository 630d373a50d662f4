"""App image configurations: how an app of Studio starts in an image."""

from __future__ import annotations

from mlstead_toolkit.cloud.sagemaker.record import Collection, Document, Record, kept, now, refusal

CHANGING = ("KernelGatewayImageConfig", "JupyterLabAppImageConfig", "CodeEditorAppImageConfig")


class AppImageConfigs(Collection[Record]):
    """App image configurations and the operations on them."""

    kind, name_member, arn_member = "app-image-config", "AppImageConfigName", "AppImageConfigArn"
    list_member = "AppImageConfigs"
    summary_members = ("AppImageConfigArn", "AppImageConfigName", "CreationTime", "LastModifiedTime", *CHANGING)
    operations = (
        "create_app_image_config",
        "describe_app_image_config",
        "list_app_image_configs",
        "update_app_image_config",
        "delete_app_image_config",
    )

    def create_app_image_config(self, request: Document) -> Document:
        """Create a configuration."""
        name, created = request["AppImageConfigName"], now()
        description = {
            **kept(request, "AppImageConfigName", *CHANGING),
            "AppImageConfigArn": self.arn(name),
            "CreationTime": created,
            "LastModifiedTime": created,
        }
        if name in self.records:
            raise refusal(f"AppImageConfig {self.arn(name)} already exists.", "ResourceInUse")
        self.add(Record(name, self.arn(name), description, request.get("Tags", [])))
        return {"AppImageConfigArn": self.arn(name)}

    def describe_app_image_config(self, request: Document) -> Document:
        """Describe a configuration."""
        return self.describe(request)

    def list_app_image_configs(self, request: Document) -> Document:
        """List configurations."""
        return self.listing(request)

    def update_app_image_config(self, request: Document) -> Document:
        """Change a configuration; apps that run keep theirs."""
        configuration = self.get(request["AppImageConfigName"])
        configuration.touch(**kept(request, *CHANGING))
        return {"AppImageConfigArn": configuration.arn}

    def delete_app_image_config(self, request: Document) -> Document:
        """Delete a configuration."""
        del self.records[self.get(request["AppImageConfigName"]).name]
        return {}

    def missing(self, name: str) -> Exception:
        """SageMaker's words for a configuration that does not exist."""
        return refusal(f"AppImageConfig {self.arn(name)} does not exist.", "ResourceNotFound")
