"""A region that does not exist is refused before anything is asked of it."""

from __future__ import annotations

import pytest

from mlstead_toolkit.aws import AwsProvider, Target
from mlstead_toolkit.aws.regions import regions
from mlstead_toolkit.engine.provider import ProviderError


def test_the_regions_are_those_that_botocore_lists() -> None:
    import botocore.session

    session = botocore.session.Session()
    listed = {name for partition in session.get_available_partitions()
              for name in session.get_available_regions("ec2", partition)}

    assert listed <= regions().keys()
    assert regions()["eu-west-1"] == "Europe (Ireland)"
    assert not any("global" in name for name in regions())


@pytest.mark.parametrize("configuration", [{"region": "eu-west-9"}, {"region": "eu-wets-1"}])
def test_an_unknown_region_is_refused_with_the_nearest(configuration: dict[str, str]) -> None:
    with pytest.raises(ProviderError, match=r"There is no AWS region 'eu-(.|\n)*near it are eu-west-1") as refused:
        AwsProvider(Target.local("http://127.0.0.1:9", "eu-west-1"), dict(configuration))

    assert refused.value.where == "aws:region"


def test_the_targets_own_region_must_exist_too() -> None:
    with pytest.raises(ProviderError, match="There is no AWS region 'here'"):
        AwsProvider(Target.local("http://127.0.0.1:9", "here"), {})


def test_a_region_that_is_newer_than_the_list_is_taken_where_the_program_says_so() -> None:
    provider = AwsProvider(Target.local("http://127.0.0.1:9", "eu-west-1"),
                           {"region": "eu-west-9", "skipRegionValidation": True})

    assert provider.region == "eu-west-9"


def test_a_function_is_not_asked_in_a_region_that_does_not_exist(provider: AwsProvider) -> None:
    with pytest.raises(ProviderError, match="There is no AWS region 'eu-west-9'"):
        provider.invoke("aws:index/getRegion:getRegion", {"region": "eu-west-9"})
