"""A comparison of two stacks that are told by name, type and inputs."""

from __future__ import annotations

from typing import Any

from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.policies.report import Report
from mlstead_toolkit.review.comparison import Comparison, Graph

Told = tuple[str, str, dict[str, Any]]
ALARM, BUCKET = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:s3/bucket:Bucket"
CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
ENDPOINT, KEY, NAT = "aws:sagemaker/endpoint:Endpoint", "aws:kms/key:Key", "aws:ec2/natGateway:NatGateway"
PIPELINE, VPC_ENDPOINT = "aws:sagemaker/pipeline:Pipeline", "aws:ec2/vpcEndpoint:VpcEndpoint"


def urn(type_: str, name: str) -> str:
    return f"urn:pulumi:dev::shop::{type_}::{name}"


def graph(told: tuple[Told, ...], region: str = "eu-west-1") -> Graph:
    """Give a side; an endpoint has the configuration of its name."""
    states = []
    for type_, name, inputs in told:
        state = ResourceState(urn(type_, name), type_, custom=True, inputs={"region": region, **inputs})
        if type_ == ENDPOINT:
            state.property_dependencies = {"endpointConfigName": [urn(CONFIGURATION, name)]}
            state.inputs["endpointConfigName"] = name
        states.append(state)
    return Graph(tuple(states), {}, {}, Report("shop", "dev", ()))


def comparison(before: tuple[Told, ...] | None, after: tuple[Told, ...] | None, region: str = "eu-west-1",
               environment: str = "dev", **more: Any) -> Comparison:
    """Give a comparison; None where a side has no such environment."""
    sides = (None if side is None else graph(side, region) for side in (before, after))
    return Comparison("shop", environment, *sides, **more)


def endpoint(machine: str, count: int = 1) -> tuple[Told, Told]:
    """Give an endpoint with its configuration."""
    variant = {"variantName": "primary", "instanceType": machine, "initialInstanceCount": count}
    return (CONFIGURATION, "answers", {"name": "answers", "productionVariants": [variant]}), (ENDPOINT, "answers", {})
