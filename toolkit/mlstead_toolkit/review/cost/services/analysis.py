"""What works on data: AWS Glue, Amazon Athena, Amazon OpenSearch Service, Amazon RDS.

https://aws.amazon.com/glue/pricing/, https://aws.amazon.com/athena/pricing/,
https://aws.amazon.com/opensearch-service/pricing/, https://aws.amazon.com/rds/pricing/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.stack import Stack
from mlstead_toolkit.review.cost.charge import Charge, Charges, Use, by_use
from mlstead_toolkit.review.cost.reading import number, text


def _search(resource: Resource, _stack: Stack) -> Iterator[Charge | Use]:
    machine = text(resource, "clusterConfig.instanceType", "m4.large.search")
    count = number(resource, "clusterConfig.instanceCount", 1)
    yield Charge(f"opensearch {machine}", f"{count} of {machine}", count)
    yield Use("volumes")


def _database(resource: Resource, _stack: Stack) -> Iterator[Charge | Use]:
    machine, engine = text(resource, "instanceClass"), text(resource, "engine")
    zones = "-multi-az" if resource.flag("multiAz") else ""
    yield Charge(f"rds-{engine}{zones} {machine}", f"1 of {machine} ({engine}{', two zones' if zones else ''})")
    yield Use("storage and backups")


CHARGES: Final[dict[str, Charges]] = {
    "aws:athena/workgroup:Workgroup": by_use(Use("data that is scanned", "athena-scan", assumption="scanned_tb")),
    "aws:glue/catalogTable:CatalogTable": by_use(Use("requests, and objects beyond a million")),
    "aws:glue/crawler:Crawler": by_use(Use("runs by the hour")),
    "aws:glue/dataQualityRuleset:DataQualityRuleset": by_use(Use("evaluations by the hour")),
    "aws:glue/job:Job": by_use(Use("runs by the hour")),
    "aws:opensearch/domain:Domain": _search,
    "aws:rds/instance:Instance": _database,
}
