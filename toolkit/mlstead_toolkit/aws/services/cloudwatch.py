"""Amazon CloudWatch: alarms on metrics."""

from __future__ import annotations

from typing import Final

from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    arn_set,
    block,
    blocks,
    boolean,
    integer,
    mapping,
    number,
    string,
    unsupported,
)
from mlstead_toolkit.aws.schema import (
    AutomaticName,
    Call,
    ResourceType,
    Step,
    Tagging,
)
from mlstead_toolkit.engine.values import Properties


def _check_alarm(inputs: Properties) -> list[tuple[str, str]]:
    faults = []
    period = inputs.get("period")
    if isinstance(period, int) and period not in (10, 20, 30) and period % 60:
        faults.append(("period", f"is {period}, and must be 10, 20, 30 or a multiple of 60 (seconds)"))
    if not inputs.get("metricQueries"):
        faults += [(name, "is missing: an alarm without metricQueries needs it")
                   for name in ("metricName", "namespace", "period") if name not in inputs]
        if "statistic" not in inputs and "extendedStatistic" not in inputs:
            faults.append(("statistic", "is missing: give statistic or extendedStatistic"))
    if "threshold" not in inputs and "thresholdMetricId" not in inputs:
        faults.append(("threshold", "is missing: give threshold or thresholdMetricId"))
    return faults


METRIC_ALARM: Final = ResourceType(
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    service="cloudwatch",
    identity="{name}",
    name=AutomaticName("name", 255),
    properties=(
        string("name", replaces=True, computed=True, api="AlarmName"),
        boolean("actionsEnabled", default=True),
        arn_set("alarmActions", maximum=5),
        arn_set("okActions", maximum=5, api="OKActions"),
        arn_set("insufficientDataActions", maximum=5),
        string("alarmDescription", maximum=1024),
        string("comparisonOperator"),
        integer("datapointsToAlarm", minimum=1),
        mapping("dimensions"),
        string("evaluateLowSampleCountPercentiles", computed=True, api="EvaluateLowSampleCountPercentile",
               enum=("evaluate", "ignore")),
        integer("evaluationPeriods", minimum=1),
        string("extendedStatistic"),
        string("metricName"),
        string("namespace"),
        integer("period"),
        string("statistic"),
        number("threshold"),
        string("thresholdMetricId"),
        string("treatMissingData", default="missing", enum=("breaching", "notBreaching", "ignore", "missing")),
        string("unit"),
        blocks("metricQueries",
               string("id", required=True), string("accountId"), string("expression"), string("label"),
               block("metric",
                     string("metricName", required=True, api="Metric.MetricName"),
                     string("namespace", api="Metric.Namespace"),
                     mapping("dimensions", api="Metric.Dimensions"),
                     integer("period", required=True), string("stat", required=True), string("unit"),
                     api="MetricStat"),
               integer("period"), boolean("returnData", default=False),
               ordered=False, api="Metrics"),
        *unsupported("the emulator evaluates metrics only", "evaluationCriteria", "evaluationInterval",
                     "evaluationWindow", "warmUpConfiguration"),
        REGION, TAGS,
    ),
    outputs=(string("arn", api="", template="arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}"),),
    conflicts=(("metricName", "metricQueries"), ("statistic", "extendedStatistic"),
               ("threshold", "thresholdMetricId")),
    one_of=(("comparisonOperator",), ("evaluationPeriods",)),
    validate=_check_alarm,
    create=Call("PutMetricAlarm"),
    read=Call("DescribeAlarms", result="MetricAlarms.0", ids=("AlarmNames", "name")),
    delete=Call("DeleteAlarms", ids=("AlarmNames", "name")),
    steps=(Step(("*",), Call("PutMetricAlarm"), on_create=False),),
    # LocalStack forgets the tags that PutMetricAlarm brings.
    tagging=Tagging(handle=("ResourceARN", "arn"), listing="ListTagsForResource", listed="Tags", add="TagResource",
                    remove="UntagResource", again=True),
)

RESOURCE_TYPES: Final = (METRIC_ALARM,)
