"""Resources that watch, limit or check others: deleting one weakens what it stood by, unless that goes too."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from mlstead_toolkit.engine import urn as urns
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.urn import STACK_TYPE
from mlstead_toolkit.review.policies.pairs import Pairs

WATCHERS: Final[Mapping[str, str]] = {
    "aws:accessanalyzer/analyzer:Analyzer": "nothing looks any more for what strangers can reach",
    "aws:backup/selection:Selection": "it is not backed up any more",
    "aws:budgets/budget:Budget": "nobody is told any more when it costs more than was meant",
    "aws:cfg/conformancePack:ConformancePack": "Config checks it no more",
    "aws:cfg/recorder:Recorder": "Config records nothing any more",
    "aws:cfg/rule:Rule": "Config checks it no more",
    "aws:cloudtrail/eventDataStore:EventDataStore": "what was done is not kept there any more",
    "aws:cloudtrail/trail:Trail": "what is done is not recorded any more",
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": "the alarm is gone",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "the alarm is gone",
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": "nobody is told any more of unusual cost",
    "aws:ec2/flowLog:FlowLog": "connections are not recorded any more",
    "aws:glue/dataQualityRuleset:DataQualityRuleset": "the data's quality is not checked any more",
    "aws:guardduty/detector:Detector": "GuardDuty looks at nothing any more",
    "aws:guardduty/detectorFeature:DetectorFeature": "GuardDuty looks at less",
    "aws:inspector2/enabler:Enabler": "Inspector looks for no vulnerabilities any more",
    "aws:lakeformation/dataCellsFilter:DataCellsFilter": "columns and rows are not filtered by it any more",
    "aws:macie2/account:Account": "Macie looks for personal data no more",
    "aws:macie2/classificationJob:ClassificationJob": "Macie looks for personal data no more",
    "aws:s3/bucketLogging:BucketLogging": "requests are not logged any more",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "public access is not blocked any more",
    "aws:s3/inventory:Inventory": "its objects are not listed any more",
    "aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition": "the model is not monitored any more",
    "aws:sagemaker/monitoringSchedule:MonitoringSchedule": "the model is not monitored any more",
    "aws:secretsmanager/secretRotation:SecretRotation": "the secret is not changed by itself any more",
    "aws:securityhub/account:Account": "Security Hub checks nothing any more",
    "aws:securityhub/standardsSubscription:StandardsSubscription": "Security Hub checks less",
    "aws:sns/topicSubscription:TopicSubscription": "nobody is told of its messages there any more",
    "aws:wafv2/webAcl:WebAcl": "requests are not filtered any more",
    "aws:wafv2/webAclAssociation:WebAclAssociation": "requests are not filtered any more",
}
RULES: Final[Mapping[str, str]] = {
    "aws:ec2/flowLog:FlowLog": "vpc-flow-logs",
    "aws:s3/bucketLogging:BucketLogging": "s3-access-logged",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "s3-public-access-blocked",
}
"""Rules that miss a watcher at what it watches, where the stack has that."""
GUARDS: Final[Mapping[str, str]] = {"aws:ec2/flowLog:FlowLog": "flow_logs"}
"""Arguments of components that switch a watcher off with a reason."""
_NAMES: Final = frozenset({"name", "tags", "tagsAll", "alarmName", "__defaults"})

# What these name is where it writes to, or whom it tells, not what it watches.
_AIDS: Final = frozenset({
    "alarmActions", "cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn", "iamRoleArn", "insufficientDataActions",
    "kmsKeyId", "logDestination", "okActions", "roleArn", "s3BucketName", "targetBucket",
})


def lost_watchers(pairs: Pairs, told: Collection[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Tell of each that is gone: its URN in the base, and what that means.

    Args:
        pairs: both sides.
        told: rules that are newly broken, each with the resource's name.
    """
    added = [one for urn, one in pairs.after.items() if urn not in pairs.before]
    for urn, one in pairs.before.items():
        if urn not in pairs.after and one.type in WATCHERS and not _gone_together(one, pairs):
            watched = {urns.name_of(found) for needed in one.property_dependencies.values() for found in needed}
            by_rule = any((RULES.get(one.type, ""), name) in told for name in (urns.name_of(urn), *watched))
            argued = pairs.argued(one.parent, GUARDS.get(one.type, ""))
            if not by_rule and not argued and not any(new.type == one.type and _alike(one, new) for new in added):
                yield urn, WATCHERS[one.type]


def _gone_together(one: ResourceState, pairs: Pairs) -> bool:
    """Tell whether what it watched goes too: the outermost component around it, or what its properties name."""
    above = outermost = one.parent
    while above and urns.type_of(above) != STACK_TYPE:
        outermost = above
        parent = pairs.before.get(pairs.head(above))
        above = parent.parent if parent else ""
    if outermost and urns.type_of(outermost) != STACK_TYPE and not pairs.survives(outermost):
        return True
    watched = {urn for name, found in one.property_dependencies.items() if name not in _AIDS for urn in found}
    return bool(watched) and not any(pairs.survives(urn) for urn in watched)


def _alike(old: ResourceState, new: ResourceState) -> bool:
    return _essence(old.inputs) == _essence(new.inputs)


def _essence(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if name not in _NAMES}
