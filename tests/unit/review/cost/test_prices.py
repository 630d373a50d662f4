"""The list of prices: every figure has a unit, a day and a source, and every type that we make is accounted for."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from pathlib import Path

import pulumi_aws
import pytest

from mlstead.errors import MlsteadError
from mlstead_toolkit.aws.registry import coverage
from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.policies.type_pattern import is_one_of
from mlstead_toolkit.review.cost.by_size import BySize
from mlstead_toolkit.review.cost.free import FREE
from mlstead_toolkit.review.cost.prices import EVERYWHERE, list_prices, read_list
from mlstead_toolkit.review.cost.tariff import TARIFF, is_free
from mlstead_toolkit.review.cost.usage import ASSUMPTIONS, NO_USAGE, read_usage

ROOT = Path(__file__).parents[4]
OURS = sorted(entry.token for entry in coverage(Target.local("", "eu-west-1")))
BODY = read_list()


@pytest.mark.parametrize("type_", OURS)
def test_every_type_that_we_make_is_priced_or_known_to_be_free(type_: str) -> None:
    assert (type_ in TARIFF) != is_free(type_)


def test_every_type_that_a_component_or_a_stack_makes_is_among_them() -> None:
    made = {(service, kind) for file in (*ROOT.glob("components/**/*.py"), *ROOT.glob("stacks/*/*.py"))
            for service, kind in re.findall(r"\b(?:aws\.)?([a-z0-9]+)\.([A-Z]\w+)\(", file.read_text())
            if hasattr(getattr(pulumi_aws, service, None), kind) and not kind.endswith(("Args", "Dict"))}
    known = {(token.split(":")[1].split("/")[0], token.split(":")[2]) for token in OURS}
    assert len(made) > 30
    assert made <= known


@pytest.mark.parametrize("type_", sorted(type_ for type_ in (*TARIFF, *FREE) if "*" not in type_))
def test_every_type_of_the_tables_is_one_of_pulumi_aws(type_: str) -> None:
    service, kind = type_.split(":")[1].split("/")[0], type_.split(":")[2]
    service = {"lambda": "lambda_"}.get(service, service)
    assert hasattr(getattr(pulumi_aws, service), kind), type_


def test_no_type_is_both_priced_and_named_as_free() -> None:
    assert [type_ for type_ in TARIFF if type_ in FREE] == []
    assert is_one_of("aws:s3/bucket:Bucket", FREE) and not is_free("aws:s3/bucket:Bucket")


@pytest.mark.parametrize("block", BODY["list"], ids=lambda block: block["source"][:60])
def test_every_figure_says_where_and_when_it_was_read(block: dict[str, object]) -> None:
    assert len(str(block["source"])) > 20
    assert isinstance(block["read"], datetime.date)
    assert block["regions"] and block["prices"]
    for name, amount in block["prices"].items():  # type: ignore[attr-defined]
        assert isinstance(amount, Decimal) and amount > 0, name
        assert name.partition(" ")[0] in BODY["units"], name


def test_no_figure_is_given_twice_for_a_region() -> None:
    told = [(region, name) for block in BODY["list"] for region in block["regions"] for name in block["prices"]]
    assert len(told) == len(set(told))
    assert not {name for region, name in told if region == EVERYWHERE} & {
        name for region, name in told if region != EVERYWHERE}


def test_the_two_regions_that_most_start_in_have_what_our_stacks_pay_for() -> None:
    for region in ("eu-west-1", "us-east-1"):
        for name in ("alarm", "kms-key", "vpc-endpoint", "nat-gateway", "public-ipv4", "log-data", "s3-storage",
                     "ecr-storage", "sagemaker ml.m5.large", "sagemaker ml.m5.xlarge", "sagemaker ml.t3.medium"):
            assert list_prices().find(name, region) is not None, (region, name)


def test_frankfurt_has_what_our_stacks_pay_for_but_for_machines_and_secrets() -> None:
    for name in ("alarm", "kms-key", "vpc-endpoint", "vpc-endpoint-data", "nat-gateway", "public-ipv4", "log-data",
                 "s3-storage", "ecr-storage"):
        assert list_prices().find(name, "eu-central-1") is not None, name


@pytest.mark.parametrize("family", ["ml.m5", "ml.c5", "ml.t3"])
def test_a_family_that_costs_by_size_is_estimated_in_a_region_that_has_one_of_it(family: str) -> None:
    found = list_prices().find(f"sagemaker {family}.xlarge", "eu-west-1")
    guess = list_prices().find(f"sagemaker {family}.8xlarge", "eu-west-1")
    assert found and guess and not found.estimated and guess.estimated
    assert abs(guess.amount / found.amount - 8) < Decimal("0.05")


@pytest.mark.parametrize("name", ["ml.g4dn.8xlarge", "ml.g5.16xlarge", "ml.inf2.4xlarge", "ml.m5.metal", "ml.x9.large"])
def test_a_machine_that_does_not_cost_by_size_is_not_estimated(name: str) -> None:
    assert list_prices().find(f"sagemaker {name}", "eu-west-1") is None


def test_nothing_is_estimated_from_another_region_nor_another_list() -> None:
    assert list_prices().find("sagemaker ml.m5.2xlarge", "eu-central-1") is None
    assert BySize({"here": {"ebs m5.large": Decimal(1), "ebs m5.xlarge": Decimal(2)}}).estimate(
        "ebs m5.2xlarge", "here") is None


def test_one_size_that_breaks_the_rule_anywhere_ends_it_for_the_family() -> None:
    kept = {"ec2 m9.large": Decimal(1), "ec2 m9.xlarge": Decimal(2)}
    assert BySize({"here": kept}).estimate("ec2 m9.4xlarge", "here") == (Decimal(8), "m9.xlarge")
    broken = {"ec2 m9.large": Decimal(1), "ec2 m9.xlarge": Decimal("2.05")}
    assert BySize({"here": kept, "there": broken}).estimate("ec2 m9.4xlarge", "here") is None


@pytest.mark.parametrize("type_", [
    "aws:ec2/route:Route", "aws:iam/role:Role", "aws:kms/keyPolicy:KeyPolicy", "aws:lambda/functionUrl:FunctionUrl",
    "aws:lambda/permission:Permission", "aws:rds/subnetGroup:SubnetGroup", "aws:s3/bucketPolicy:BucketPolicy",
    "aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation"])
def test_what_only_says_how_something_is_used_is_free(type_: str) -> None:
    assert is_free(type_)


@pytest.mark.parametrize("type_", ["aws:s3/vectorsIndex:VectorsIndex", "aws:s3/filesFileSystem:FilesFileSystem",
                                   "aws:ec2/dedicatedHost:DedicatedHost", "aws:route53/trafficPolicy:TrafficPolicy"])
def test_what_may_cost_something_is_not_called_free(type_: str) -> None:
    assert not is_free(type_)


def test_a_region_that_is_not_known_has_no_price() -> None:
    assert list_prices().find("nat-gateway", "mars-north-1") is None
    assert list_prices().find("kms-key", "") is None


def test_the_list_lies_in_the_package_that_the_wheel_carries() -> None:
    from mlstead_toolkit.review.cost import prices

    assert prices.FILE.parent == Path(prices.__file__).parent
    assert '"toolkit/mlstead_toolkit"' in (ROOT / "pyproject.toml").read_text()


def pyproject(folder: Path, text: str) -> Path:
    file = folder / "pyproject.toml"
    file.write_text(text)
    return file


def test_a_project_says_what_it_assumes_of_its_use(tmp_path: Path) -> None:
    found = read_usage(pyproject(tmp_path, "[tool.mlstead.cost]\ntraining_hours = 10\nstorage_gb = 0.5\n"))
    assert found.amounts == {"training_hours": Decimal(10), "storage_gb": Decimal("0.5")}


def test_a_project_that_assumes_nothing_need_not_say_so(tmp_path: Path) -> None:
    assert read_usage(tmp_path / "pyproject.toml") == NO_USAGE
    assert read_usage(pyproject(tmp_path, "[project]\nname = 'x'\n")) == NO_USAGE


@pytest.mark.parametrize("line", ["training_hour = 10", "storage_gb = -1", "storage_gb = 'much'", "storage_gb = true",
                                  "storage_gb = nan", "storage_gb = inf", "storage_gb = [1]"])
def test_an_assumption_that_is_none_is_refused(line: str, tmp_path: Path) -> None:
    with pytest.raises(MlsteadError) as refused:
        read_usage(pyproject(tmp_path, f"[tool.mlstead.cost]\n{line}\n"))
    assert line.partition(" ")[0] in str(refused.value)


def test_a_mistyped_assumption_is_told_the_one_that_was_meant(tmp_path: Path) -> None:
    with pytest.raises(MlsteadError, match="Did you mean training_hours"):
        read_usage(pyproject(tmp_path, "[tool.mlstead.cost]\ntraining_hour = 10\n"))


@pytest.mark.parametrize("text", ["[tool]\nmlstead = 3\n", "[tool.mlstead]\ncost = 3\n", "tool = 3\n", "[["])
def test_a_table_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(MlsteadError):
        read_usage(pyproject(tmp_path, text))


def test_every_assumption_is_used_by_some_type() -> None:
    from mlstead_toolkit.review.cost import services

    text = "".join(file.read_text() for file in Path(services.__path__[0]).glob("*.py"))
    for name in ASSUMPTIONS:
        assert f'"{name}"' in text or (name.endswith("_hours") and "{kind}_hours" in text), name
