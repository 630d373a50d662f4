"""What watches: Amazon CloudWatch, AWS CloudTrail, AWS Config, Amazon GuardDuty, Amazon Macie, AWS Security Hub.

https://aws.amazon.com/cloudwatch/pricing/, https://aws.amazon.com/cloudtrail/pricing/,
https://aws.amazon.com/config/pricing/, https://aws.amazon.com/guardduty/pricing/,
https://aws.amazon.com/macie/pricing/, https://aws.amazon.com/security-hub/pricing/
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.stack import Stack
from mlstead_toolkit.review.cost.charge import Charge, Charges, Use, by_use, monthly
from mlstead_toolkit.review.cost.reading import number

_SHORT_PERIOD: Final = 60  # seconds; below it an alarm is of high resolution


def _alarm(resource: Resource, _stack: Stack) -> Iterator[Charge | Use]:
    """An alarm is charged by the metrics that it looks at; a detector of anomalies looks at three for one."""
    queries = list(resource.blocks("metricQueries"))
    metrics = [query for query in queries if query.has("metric")]
    periods = [number(query, "metric.period", _SHORT_PERIOD) for query in metrics]
    periods.append(number(resource, "period", _SHORT_PERIOD))
    count = Decimal(len(metrics) or 1) * (3 if resource.has("thresholdMetricId") else 1)
    fast = min(periods) < _SHORT_PERIOD
    yield Charge("alarm-high-resolution" if fast else "alarm", f"{count} metric{'s' if count > 1 else ''}", count)


CHARGES: Final[dict[str, Charges]] = {
    "aws:cfg/recorder:Recorder": by_use(Use("changes that are recorded")),
    "aws:cfg/rule:Rule": by_use(Use("evaluations")),
    "aws:cloudtrail/trail:Trail": by_use(Use("data events, and management events of a second trail")),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": monthly("alarm-composite", "1 composite alarm"),
    "aws:cloudwatch/dashboard:Dashboard": monthly("dashboard", "1 dashboard"),
    "aws:cloudwatch/logGroup:LogGroup": by_use(Use("log data that is taken in", "log-data", assumption="log_gb"),
                                               Use("log data that is kept")),
    "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm,
    "aws:guardduty/detector:Detector": by_use(Use("events and data that are analysed")),
    "aws:macie2/account:Account": by_use(Use("buckets that are watched, data that is inspected")),
    "aws:macie2/classificationJob:ClassificationJob": by_use(Use("data that is inspected")),
    "aws:securityhub/account:Account": by_use(Use("checks and findings")),
}
