"""What importing costs: nothing that is not used."""

from __future__ import annotations

import subprocess
import sys

import pytest


def loaded(code: str) -> set[str]:
    # A module that is lazy and not yet used has another type.
    listing = f"{code}\nimport sys, types\nprint(*[n for n, m in sys.modules.items() if type(m) is types.ModuleType])"
    listed = subprocess.run([sys.executable, "-c", listing], check=True, capture_output=True, text=True)
    return set(listed.stdout.split())


def test_the_error_tree_costs_no_pulumi():
    assert not {"pulumi", "pydantic"} & loaded("import mlstead.errors")


@pytest.mark.parametrize("name", ["DataLake", "DomainKey", "JobLogs", "LakeReference", "Network", "Endpoint"])
def test_a_component_loads_no_aws_service_before_it_makes_something(name):
    modules = loaded(f"from mlstead import {name}")
    assert "pulumi_aws" in modules
    services = ("s3", "kms", "iam", "cloudwatch", "sagemaker", "sns", "ecr", "ec2", "vpc")
    assert not {f"pulumi_aws.{service}" for service in services} & modules


def test_every_public_name_can_be_had_and_a_wrong_one_is_an_attribute_error():
    import mlstead

    for name in mlstead.__all__:
        assert getattr(mlstead, name) is not None
    with pytest.raises(AttributeError, match="Endpiont"):
        _ = mlstead.Endpiont
