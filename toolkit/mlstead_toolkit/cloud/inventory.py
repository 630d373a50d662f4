"""The inventories of a bucket, each by its id. moto forgets their versions and takes their deletion for the bucket's.

Contract: tests/unit/cloud/test_bucket_extensions.py.
"""

from __future__ import annotations

from typing import Any


def install() -> None:
    """Put the reading and the deletion of inventories into moto's S3."""
    from moto.s3.models import S3Backend
    from moto.s3.responses import S3Response

    delete = S3Response._bucket_response_delete

    def delete_one(response: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
        if "inventory" not in querystring:
            return delete(response, bucket_name, querystring)
        configurations = response.backend.get_bucket(bucket_name).inventory_configs
        _named(configurations, querystring)
        del configurations[querystring["id"][0]]
        return 204, {}, ""

    for holder, name, function in (
        (S3Backend, "put_bucket_inventory_configuration", _keep),
        (S3Response, "get_bucket_inventory_configuration", _get),
        (S3Response, "list_bucket_inventory_configurations", _list),
        (S3Response, "_bucket_response_delete", delete_one),
    ):
        setattr(holder, name, function)


def _keep(backend: Any, bucket_name: str, inventory_configuration: dict[str, Any]) -> None:
    configuration = {key: value for key, value in inventory_configuration.items() if not key.startswith("@")}
    configuration["IsEnabled"] = configuration["IsEnabled"] == "true"
    fields = (configuration.pop("OptionalFields", None) or {}).get("Field", [])
    if fields:
        configuration["OptionalFields"] = fields if isinstance(fields, list) else [fields]
    destination = configuration["Destination"]["S3BucketDestination"]
    if encryption := destination.pop("Encryption", None):
        # The wire names are not those that moto writes answers by.
        destination["Encryption"] = {name.replace("-", ""): value or {} for name, value in encryption.items()}
    backend.get_bucket(bucket_name).inventory_configs[configuration["Id"]] = configuration


def _get(response: Any) -> Any:
    from moto.core.responses import ActionResult

    configurations = response.backend.get_bucket(response.bucket_name).inventory_configs
    response.data["Action"] = "GetBucketInventoryConfiguration"
    return response.serialized(ActionResult({"InventoryConfiguration": _named(configurations, response.querystring)}))


def _list(response: Any) -> Any:
    from moto.core.responses import ActionResult

    configurations = response.backend.get_bucket(response.bucket_name).inventory_configs
    response.data["Action"] = "ListBucketInventoryConfigurations"
    listed = {"InventoryConfigurationList": list(configurations.values()), "IsTruncated": False}
    return response.serialized(ActionResult(listed))


def _named(configurations: dict[str, Any], querystring: dict[str, Any]) -> Any:
    from moto.s3.exceptions import S3ClientError

    class Missing(S3ClientError):
        code = "NoSuchConfiguration"

    found = configurations.get(querystring.get("id", [""])[0])
    if found is None:
        raise Missing("The specified configuration does not exist.")
    return found
