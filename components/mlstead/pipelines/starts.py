"""What starts a pipeline by itself: objects that arrive, and the clock."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_aws import cloudwatch

from mlstead.component import Component
from mlstead.context import Context
from mlstead.pipelines.dead_letters import DeadLetters, DeadLettersArgs
from mlstead.policy import Statement
from mlstead.refusal import Refusal
from mlstead.role import ExecutionRole, ExecutionRoleArgs

# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
_SCHEDULE = re.compile(
    r"rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)|cron\([^\s()]+( [^\s()]+){5}\)"
)


def check_schedule(expression: str | None, where: str) -> None:
    """Refuse what EventBridge takes for no schedule."""
    if expression is not None and not _SCHEDULE.fullmatch(expression):
        raise Refusal(f"{expression!r} is no schedule.", where=where,
                      fix="write rate(1 day), rate(6 hours), or cron(0 3 * * ? *) for three o'clock UTC every day")


@dataclass(frozen=True)
class Arrival:
    """Objects whose arrival starts the pipeline.

    Args:
        bucket: the bucket's name; it tells EventBridge of its objects (BucketArgs.events).
        prefix: what their keys begin with.
    """

    bucket: pulumi.Input[str]
    prefix: str


@dataclass(frozen=True)
class PipelineStartsArgs:
    """Arguments of PipelineStarts.

    Args:
        context: where they live and whose they are.
        what: what is started, a word or two: the data pipeline.
        pipeline_arn: the SageMaker pipeline.
        pipeline_name: its name, <project>-<environment>-…; alarms are named after it.
        arrivals: which objects start it, by a word for the rule's name.
        encryption_key_arn: KMS key of the topic of the alarms on starts and on runs that failed.
        schedule: when it is started besides: rate(…) or cron(…), UTC; None: never.
    """

    context: Context
    what: str
    pipeline_arn: pulumi.Input[str]
    pipeline_name: str
    arrivals: Mapping[str, Arrival]
    encryption_key_arn: pulumi.Input[str]
    schedule: str | None = None

    def __post_init__(self) -> None:
        check_schedule(self.schedule, "PipelineStartsArgs.schedule")


class PipelineStarts(Component):
    """EventBridge rules, the role by which they start this pipeline and no other, and a queue for what they could not.

    A start that is throttled is tried again for an hour; then the alarm of the queue says so. No event is passed on:
    a run finds for itself what there is to do, so one start too many does nothing, and one too few is made good by the
    next. Nobody watches a run that starts by itself: one that fails raises an alarm too, at the same topic.
    """

    dead_letters: DeadLetters
    rules: dict[str, cloudwatch.EventRule]
    failed_runs_alarm: pulumi.Output[str]

    def __init__(self, name: str, args: PipelineStartsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        context = args.context
        self.rules = {
            word: cloudwatch.EventRule(
                f"{name}-{word}", description=f"Objects in {arrival.prefix} start {args.what}",
                event_pattern=pulumi.Output.from_input(_pattern(context, arrival)).apply(_text), tags=self.tags,
                opts=self._child(),
            )
            for word, arrival in args.arrivals.items()
        }
        if args.schedule:
            self.rules["schedule"] = cloudwatch.EventRule(
                f"{name}-schedule", description=f"The clock starts {args.what}",
                schedule_expression=args.schedule, tags=self.tags, opts=self._child(),
            )
        role = ExecutionRole(f"{name}-role", ExecutionRoleArgs(
            context, use="scheduling", source_arns=[rule.arn for rule in self.rules.values()],
        ), self._child())
        role.allow("start", [Statement("Start", ["sagemaker:StartPipelineExecution"], [args.pipeline_arn])])
        self.dead_letters = DeadLetters(
            f"{name}-dead-letters",
            DeadLettersArgs(context, args.what, args.pipeline_name, self.rules, args.encryption_key_arn),
            self._child(),
        )
        for word, rule in self.rules.items():
            cloudwatch.EventTarget(
                f"{name}-{word}", rule=rule.name, arn=args.pipeline_arn, role_arn=role.arn,
                retry_policy={"maximum_event_age_in_seconds": 3600, "maximum_retry_attempts": 20},
                dead_letter_config={"arn": self.dead_letters.queue_arn},
                opts=self._child(depends_on=[*role.policies, self.dead_letters.policy]),
            )
        self.failed_runs_alarm = self._watch_runs(f"{name}-failed-runs", args)
        self.register_outputs({"failed_runs_alarm": self.failed_runs_alarm})

    def _watch_runs(self, name: str, args: PipelineStartsArgs) -> pulumi.Output[str]:
        # https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html#cloudwatch-metrics-pipelines
        # Nothing is told when it is silent again: that no run failed for five minutes mends none.
        return cloudwatch.MetricAlarm(
            name,
            name=f"{args.pipeline_name}-failed-runs",
            alarm_description=f"A run of {args.what} of {args.context.name} failed.",
            namespace="AWS/Sagemaker/ModelBuildingPipeline",
            metric_name="ExecutionFailed",
            dimensions={"PipelineName": args.pipeline_name},
            statistic="Sum",
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=1,
            period=300,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            alarm_actions=[self.dead_letters.topic_arn],
            tags=self.tags,
            opts=self._child(),
        ).name


def _pattern(context: Context, arrival: Arrival) -> dict[str, Any]:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
    return {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "account": [context.account_id],
        "detail": {"bucket": {"name": [arrival.bucket]}, "object": {"key": [{"prefix": arrival.prefix}]}},
    }


def _text(pattern: dict[str, Any]) -> str:
    return json.dumps(pattern, separators=(",", ":"))
