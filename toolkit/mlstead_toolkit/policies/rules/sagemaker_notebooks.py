"""Notebook instances: no internet, no root, encrypted, and still patched.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/sagemaker-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack, own_controls

NOTEBOOK: Final = "aws:sagemaker/notebookInstance:NotebookInstance"

_SUPPORTED: Final = frozenset({"notebook-al2023-v1"})


def _no_internet(notebook: Resource, _stack: Stack) -> Iterator[str]:
    if notebook.get("directInternetAccess", "Enabled") != "Disabled":
        yield "the notebook reaches the internet past your network"


def _in_network(notebook: Resource, _stack: Stack) -> Iterator[str]:
    if not (notebook.filled("subnetId") and notebook.filled("securityGroups")):
        yield "the notebook runs in SageMaker's network, not in yours"


def _no_root(notebook: Resource, _stack: Stack) -> Iterator[str]:
    if notebook.get("rootAccess", "Enabled") != "Disabled":
        yield "whoever opens the notebook is root"


def _second_metadata(notebook: Resource, _stack: Stack) -> Iterator[str]:
    if str(notebook.value("instanceMetadataServiceConfiguration.minimumInstanceMetadataServiceVersion")) != "2":
        yield "the role's credentials are given to whoever sends the machine a plain request"


def _encrypted(notebook: Resource, _stack: Stack) -> Iterator[str]:
    if not notebook.filled("kmsKeyId"):
        yield "the volume is not encrypted with a KMS key of your own"


def _supported(notebook: Resource, _stack: Stack) -> Iterator[str]:
    platform = notebook.get("platformIdentifier", "the oldest platform")
    if platform not in _SUPPORTED:
        yield f"{platform} is patched no longer"


RULES: Final = (
    Rule(
        id="sagemaker-notebook-no-internet",
        level=Level.MANDATORY,
        controls=("FSBP SageMaker.1", "cdk-nag SM3"),
        title="A notebook instance reaches the internet only through your network.",
        fix='Set direct_internet_access="Disabled".',
        types=(NOTEBOOK,),
        check=_no_internet,
    ),
    Rule(
        id="sagemaker-notebook-in-vpc",
        level=Level.MANDATORY,
        controls=("FSBP SageMaker.2", "cdk-nag SM1"),
        title="A notebook instance runs in a network of your own.",
        fix="Set subnet_id and security_groups.",
        types=(NOTEBOOK,),
        check=_in_network,
    ),
    Rule(
        id="sagemaker-notebook-no-root",
        level=Level.MANDATORY,
        controls=("FSBP SageMaker.3",),
        title="Nobody is root on a notebook instance.",
        fix='Set root_access="Disabled".',
        types=(NOTEBOOK,),
        check=_no_root,
    ),
    Rule(
        id="sagemaker-notebook-imdsv2",
        level=Level.MANDATORY,
        controls=(own_controls.NO_PLAIN_CREDENTIALS,),
        title="A notebook instance gives credentials only by version 2 of the metadata service.",
        fix='Set instance_metadata_service_configuration={"minimum_instance_metadata_service_version": "2"}.',
        types=(NOTEBOOK,),
        check=_second_metadata,
    ),
    Rule(
        id="sagemaker-notebook-encrypted",
        level=Level.MANDATORY,
        controls=("FSBP SageMaker.21", "cdk-nag SM2"),
        title="The volume of a notebook instance is encrypted with a customer-managed key.",
        fix="Set kms_key_id.",
        types=(NOTEBOOK,),
        check=_encrypted,
    ),
    Rule(
        id="sagemaker-notebook-supported",
        level=Level.MANDATORY,
        controls=("FSBP SageMaker.8",),
        title="A notebook instance runs on a platform that is still patched.",
        fix='Set platform_identifier="notebook-al2023-v1".',
        types=(NOTEBOOK,),
        check=_supported,
    ),
)
