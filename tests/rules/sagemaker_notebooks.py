"""Examples of the theme sagemaker_notebooks."""

from __future__ import annotations

from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.sagemaker_notebooks import NOTEBOOK


def _notebook(**changed: Any) -> Stack:
    return stack(resource(NOTEBOOK, **{
        "roleArn": "arn:aws:iam::123456789012:role/notebook", "instanceType": "ml.t3.medium",
        "directInternetAccess": "Disabled", "rootAccess": "Disabled",
        "subnetId": "subnet-1", "securityGroups": ["sg-1"],
        "kmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/one", "platformIdentifier": "notebook-al2023-v1",
        "instanceMetadataServiceConfiguration": {"minimumInstanceMetadataServiceVersion": "2"},
    } | changed))


GOOD = _notebook()

EXAMPLES = {
    "sagemaker-notebook-no-internet": example(GOOD, (
        _notebook(directInternetAccess="Enabled"), _notebook(directInternetAccess=None),
    )),
    "sagemaker-notebook-in-vpc": example(GOOD, (_notebook(subnetId=None), _notebook(securityGroups=[]))),
    "sagemaker-notebook-no-root": example(GOOD, (_notebook(rootAccess="Enabled"), _notebook(rootAccess=None))),
    "sagemaker-notebook-imdsv2": example(GOOD, (
        _notebook(instanceMetadataServiceConfiguration=None),
        _notebook(instanceMetadataServiceConfiguration={"minimumInstanceMetadataServiceVersion": "1"}),
    )),
    "sagemaker-notebook-encrypted": example(GOOD, _notebook(kmsKeyId=None)),
    "sagemaker-notebook-supported": example(GOOD, (
        _notebook(platformIdentifier="notebook-al2-v2"), _notebook(platformIdentifier=None),
    )),
}
