"""Athena's workgroups change in place, and one in use is not deleted by the way. Contracts with moto 5.2.5."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.athena.responses import AthenaResponse

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"


@pytest.fixture
def athena(boto: Callable[[str], Any]) -> Any:
    athena = boto("athena")
    athena.create_work_group(Name="flights", Description="a", Configuration={
        "BytesScannedCutoffPerQuery": 1024**3, "ResultConfiguration": {
            "OutputLocation": "s3://lake/queries/",
            "EncryptionConfiguration": {"EncryptionOption": "SSE_KMS", "KmsKey": KEY}}})
    yield athena
    athena.delete_work_group(WorkGroup="flights", RecursiveDeleteOption=True)


def test_an_update_changes_what_it_names_removes_what_it_says_and_leaves_the_rest(athena: Any) -> None:
    athena.update_work_group(WorkGroup="flights", State="DISABLED", ConfigurationUpdates={
        "RemoveBytesScannedCutoffPerQuery": True, "EnforceWorkGroupConfiguration": False,
        "ResultConfigurationUpdates": {"OutputLocation": "s3://lake/other/"}})

    found = athena.get_work_group(WorkGroup="flights")["WorkGroup"]
    assert (found["State"], found["Description"]) == ("DISABLED", "a")
    assert "BytesScannedCutoffPerQuery" not in found["Configuration"]
    assert found["Configuration"]["EnforceWorkGroupConfiguration"] is False
    assert found["Configuration"]["ResultConfiguration"] == {
        "OutputLocation": "s3://lake/other/",
        "EncryptionConfiguration": {"EncryptionOption": "SSE_KMS", "KmsKey": KEY}}


def test_a_workgroup_in_use_is_deleted_only_with_all_that_is_in_it(athena: Any) -> None:
    athena.start_query_execution(QueryString="SELECT 1", WorkGroup="flights")

    with pytest.raises(ClientError, match="is not empty"):
        athena.delete_work_group(WorkGroup="flights")


def test_a_workgroup_that_is_not_there_is_named(athena: Any) -> None:
    for operation in (athena.get_work_group, athena.update_work_group, athena.delete_work_group):
        with pytest.raises(ClientError, match="WorkGroup absent is not found"):
            operation(WorkGroup="absent")


def test_moto_still_lacks_the_update_of_a_workgroup() -> None:
    """Contract: when this fails, moto has it, and ours can go."""
    assert "update_work_group" not in vars(AthenaResponse)
