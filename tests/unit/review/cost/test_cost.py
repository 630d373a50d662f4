"""A month's cost before and after: of each resource, by what it is counted, and what is not known of it."""

from __future__ import annotations

import json
from decimal import Decimal

from priced_stack import (
    ALARM,
    BUCKET,
    ENDPOINT,
    KEY,
    NAT,
    PIPELINE,
    VPC_ENDPOINT,
    comparison,
    endpoint,
    urn,
)

from mlstead_toolkit.review.cost import cost_of, remarks_of_cost
from mlstead_toolkit.review.cost.usage import Usage
from mlstead_toolkit.review.report import Cost, CostChange
from mlstead_toolkit.review.verdict import Verdict


def pipeline(machine: str, *, steps: int = 1) -> tuple[str, str, dict[str, str]]:
    step = {"Type": "Training", "Arguments": {"ResourceConfig": {
        "InstanceType": {"Get": "Parameters.Machine"}, "InstanceCount": 1, "VolumeSizeInGB": 30}}}
    definition = {"Parameters": [{"Name": "Machine", "Type": "String", "DefaultValue": machine}],
                  "Steps": [step | {"Name": f"train-{number}"} for number in range(steps)]}
    return PIPELINE, "training", {"pipelineDefinition": json.dumps(definition)}


def test_what_does_not_change_costs_the_same_and_is_not_told() -> None:
    same = (*endpoint("ml.m5.large", 2), (BUCKET, "lake", {}))
    cost = cost_of(comparison(same, same))
    assert (cost.before, cost.after, cost.changes) == (Decimal("186.88"), Decimal("186.88"), ())


def test_an_endpoint_costs_its_instances_all_of_the_month() -> None:
    cost = cost_of(comparison((), endpoint("ml.m5.large", 2)))
    assert cost.changes == (CostChange(
        "answers", ENDPOINT, None, Decimal("186.88"), "2 of ml.m5.large, 730 h at $0.128",
        "requests and answers by the GB, volumes"),)
    assert (cost.before, cost.after) == (Decimal("0.00"), Decimal("186.88"))


def test_a_bigger_instance_costs_more_by_the_difference() -> None:
    cost = cost_of(comparison(endpoint("ml.m5.large"), endpoint("ml.m5.xlarge"),
                              places={urn(ENDPOINT, "answers"): "infra/__main__.py:47"}))
    [remark] = remarks_of_cost(cost)
    assert (remark.verdict, remark.subject, remark.type) == (Verdict.COSTS_MORE, "answers", ENDPOINT)
    assert remark.place == "infra/__main__.py:47"
    assert remark.text == "$94.17 a month more (+101 %)"


def test_savings_are_told_and_no_remark() -> None:
    cost = cost_of(comparison(endpoint("ml.m5.xlarge"), endpoint("ml.m5.large")))
    assert cost.before > cost.after
    assert len(cost.changes) == 1
    assert remarks_of_cost(cost) == ()


def test_a_rise_below_a_dollar_counts() -> None:
    [remark] = remarks_of_cost(cost_of(comparison((), ((ALARM, "late", {"period": 300}),))))
    assert remark.text == "$0.10 a month more"


def test_several_that_rise_are_one_remark_the_dearest_first() -> None:
    new = tuple((ALARM, f"alarm-{number}", {"period": 300}) for number in range(4))
    [remark] = remarks_of_cost(cost_of(comparison((), (*new, (KEY, "key", {})))))
    assert remark.subject == "5 resources"
    assert remark.text == "$1.40 a month more: key $1.00, alarm-0 $0.10, alarm-1 $0.10 and 2 more"


def test_what_saves_more_than_it_costs_is_no_rise() -> None:
    assert remarks_of_cost(cost_of(comparison(((NAT, "way-out", {}),), ((KEY, "key", {}),)))) == ()


def test_an_interface_endpoint_costs_by_zone_and_a_gateway_nothing() -> None:
    two = {"vpcEndpointType": "Interface", "subnetIds": ["subnet-⟨a⟩", "subnet-⟨b⟩"]}
    cost = cost_of(comparison((), ((VPC_ENDPOINT, "kms", two), (VPC_ENDPOINT, "s3", {"vpcEndpointType": "Gateway"}))))
    assert [(one.subject, one.after, one.basis) for one in cost.changes] == [
        ("kms", Decimal("16.06"), "2 zones, 730 h at $0.011")]


def test_a_region_without_prices_has_no_sum_made_up_for_it() -> None:
    cost = cost_of(comparison((), endpoint("ml.m5.large"), region="ap-south-2"))
    assert cost.after == Decimal("0.00")
    assert cost.changes[0].after is None
    assert cost.unknown == ("1 of aws:sagemaker/endpoint:Endpoint: 1 of ml.m5.large: no price is known for ap-south-2; "
                            "requests and answers by the GB, volumes",)


def test_a_resource_s_own_region_goes_before_the_stack_s() -> None:
    cost = cost_of(comparison((), ((NAT, "here", {}), (NAT, "there", {"region": "us-east-1"}))))
    assert {one.subject: one.after for one in cost.changes} == {"here": Decimal("35.04"), "there": Decimal("32.85")}


def test_an_instance_without_a_price_costs_more_by_what_nobody_knows() -> None:
    cost = cost_of(comparison(endpoint("ml.m5.large"), endpoint("ml.x9.huge")))
    [remark] = remarks_of_cost(cost)
    assert remark.text == "what it costs is not known (1 of ml.x9.huge: no price is known for eu-west-1)"
    [change] = cost.changes
    assert (change.unpriced, change.rises) == (("head",), remark.text)
    assert "no price is known" not in change.unknown


def test_an_amount_that_is_not_known_on_either_side_makes_no_difference_and_no_saving() -> None:
    for before, after in (("ml.m5.large", "ml.x9.huge"), ("ml.x9.huge", "ml.m5.large")):
        cost = cost_of(comparison((*endpoint(before), (KEY, "old", {})), endpoint(after)))
        assert {one.subject: one.difference for one in cost.changes} == {"answers": None, "old": Decimal(-1)}
        assert cost.difference == Decimal(-1)
    assert (cost.without("base"), cost.without("head")) == (("answers",), ())
    assert "before: 1 of ml.x9.huge: no price is known for eu-west-1" in cost.changes[0].unknown


def test_what_has_no_price_and_stays_leaves_the_difference_known() -> None:
    cost = cost_of(comparison(endpoint("ml.x9.huge"), (*endpoint("ml.x9.huge"), (KEY, "key", {}))))
    assert (cost.difference, cost.without("base"), cost.without("head")) == (Decimal(1), (), ())


def test_an_estimate_by_size_is_told_as_one() -> None:
    cost = cost_of(comparison(endpoint("ml.m5.large", 2), endpoint("ml.m5.12xlarge", 3)))
    [change] = cost.changes
    assert (change.after, change.estimated) == (Decimal("6747.39"), True)
    assert change.basis == "3 of ml.m5.12xlarge, 730 h at about $3.081 (by size from ml.m5.4xlarge)"
    assert [one.text for one in remarks_of_cost(cost)] == ["about $6,560.51 a month more (+3,511 %)"]


def test_fewer_of_what_has_no_price_is_no_rise() -> None:
    assert remarks_of_cost(cost_of(comparison(endpoint("ml.x9.huge", 2), endpoint("ml.x9.huge", 1)))) == ()
    assert remarks_of_cost(cost_of(comparison(endpoint("ml.x9.huge", 1), endpoint("ml.x9.huge", 2)))) != ()


def test_what_has_no_price_and_goes_is_no_rise() -> None:
    assert remarks_of_cost(cost_of(comparison(endpoint("ml.x9.huge"), ()))) == ()


def test_a_bigger_training_instance_costs_more_by_the_hour() -> None:
    cost = cost_of(comparison((pipeline("ml.m5.large"),), (pipeline("ml.m5.xlarge"),)))
    assert cost.changes == (CostChange(
        "training", PIPELINE, Decimal("0.00"), Decimal("0.00"), "", "training on ml.m5.xlarge at $0.257 per h",
        "an hour of training costs more: $0.128 → $0.257"),)
    assert [remark.text for remark in remarks_of_cost(cost)] == [cost.changes[0].rises]


def test_a_smaller_training_instance_is_no_rise() -> None:
    assert remarks_of_cost(cost_of(comparison((pipeline("ml.m5.xlarge"),), (pipeline("ml.m5.large"),)))) == ()


def test_another_training_of_a_pipeline_costs_more_too() -> None:
    [remark] = remarks_of_cost(cost_of(comparison((pipeline("ml.m5.large"),), (pipeline("ml.m5.large", steps=2),))))
    assert remark.text == "an hour of training costs more: $0.128 → $0.256"


def test_hours_that_are_assumed_enter_the_sum_and_the_basis_says_so() -> None:
    cost = cost_of(comparison((), (pipeline("ml.m5.large"),)), Usage({"training_hours": Decimal(10)}))
    assert cost.changes == (CostChange("training", PIPELINE, None, Decimal("1.28"),
                                       "training on ml.m5.large, 10 h at $0.128, as training_hours assumes"),)


def test_storage_that_is_assumed_is_that_of_the_environment_and_counted_once() -> None:
    usage = Usage({"storage_gb": Decimal(100)})
    cost = cost_of(comparison((), ((BUCKET, "raw", {}), (BUCKET, "curated", {}))), usage)
    assert cost.changes[0] == CostChange(
        "storage_gb", "", Decimal(0), Decimal("2.30"), "100 GB-month at $0.023, as assumed")
    assert cost.after == Decimal("2.30")
    assert cost.unknown == ("2 of aws:s3/bucket:Bucket: requests",)


def test_a_renamed_resource_costs_what_it_did() -> None:
    before, after = ((NAT, "old", {}),), ((NAT, "new", {}),)
    assert cost_of(comparison(before, after)).changes != ()
    assert cost_of(comparison(before, after, renamed={urn(NAT, "new"): urn(NAT, "old")})).changes == ()


def test_what_runs_on_a_laptop_costs_nothing() -> None:
    nothing = Decimal("0.00")
    assert cost_of(comparison((), endpoint("ml.m5.large"), environment="local")) == Cost(nothing, nothing)


def test_an_environment_that_only_one_side_has_costs_on_that_side() -> None:
    cost = cost_of(comparison(None, endpoint("ml.m5.large")))
    assert (cost.before, cost.after, len(cost.changes)) == (None, Decimal("93.44"), 1)


def test_what_is_not_known_of_an_instance_is_no_number() -> None:
    cost = cost_of(comparison((), endpoint("ml.m5.large", "⟨count⟩")))  # type: ignore[arg-type]
    assert cost.changes[0].after is None
    assert "initialInstanceCount is not known" in cost.changes[0].rises


def test_a_type_that_nobody_priced_is_told_and_makes_no_verdict() -> None:
    cost = cost_of(comparison((), (("aws:neptune/cluster:Cluster", "graph", {}),)))
    assert cost.unknown == ("1 of aws:neptune/cluster:Cluster: no price is known for it",)
    assert remarks_of_cost(cost) == ()


def test_the_same_comparison_gives_the_same_cost() -> None:
    made = comparison((), (*endpoint("ml.m5.large"), pipeline("ml.m5.large"), (KEY, "key", {}), (BUCKET, "lake", {})))
    assert cost_of(made) == cost_of(made)
