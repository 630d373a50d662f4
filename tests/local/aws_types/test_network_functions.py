"""What programs ask of a region before they build a network in it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlstead_toolkit.aws import AwsProvider
from mlstead_toolkit.engine.provider import ProviderError

ZONES, PREFIXES = "aws:index/getAvailabilityZones:getAvailabilityZones", "aws:ec2/getPrefixList:getPrefixList"
S3 = "com.amazonaws.eu-west-1.s3"


def test_zones_are_listed_as_the_program_filters_them(aws: AwsProvider) -> None:
    def names(**arguments: Any) -> list[str]:
        found: list[str] = aws.invoke(ZONES, arguments)["names"]
        return found

    opted = [{"name": "opt-in-status", "values": ["opt-in-not-required"]}]
    assert names(state="available", filters=opted) == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    assert names(filters=[{"name": "opt-in-status", "values": ["opted-in"]}]) == []
    assert names(excludeNames=["eu-west-1a"]) == ["eu-west-1b", "eu-west-1c"]
    with pytest.raises(ProviderError, match="not listed by 'zone'"):
        names(filters=[{"name": "zone", "values": ["a"]}])


def test_the_networks_of_a_service_are_found_by_its_name(aws: AwsProvider, boto: Callable[[str], Any]) -> None:
    found = aws.invoke(PREFIXES, {"name": S3})
    listed = boto("ec2").describe_prefix_lists(Filters=[{"Name": "prefix-list-name", "Values": [S3]}])["PrefixLists"][0]

    assert (found["id"], found["cidrBlocks"]) == (listed["PrefixListId"], listed["Cidrs"])
    with pytest.raises(ProviderError, match="0 prefix lists"):
        aws.invoke(PREFIXES, {"name": "com.amazonaws.eu-west-1.s4"})


def test_the_same_cloud_is_asked_once(aws: AwsProvider, tmp_path: Path) -> None:
    """A second process answers without the AWS library, which costs half a second to load."""
    program = ("import sys; from mlstead_toolkit.aws import AwsProvider, Target\n"
               f"provider = AwsProvider(Target.local({aws.target.default.address!r}, 'eu-west-1'), {{}})\n"
               f"print(provider.invoke({ZONES!r}, {{}})['names'], 'botocore' in sys.modules, sep=';')")

    def run() -> list[str]:
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True,
                              env={**os.environ, "MLSTEAD_HOME": str(tmp_path)})
        return done.stdout.strip().split(";")

    first, second = run(), run()
    assert (first[0], second[0]) == (second[0], first[0])
    assert (first[1], second[1]) == ("True", "False")
