"""Each weakening that we could think of is seen: by a rule that is newly broken, or by a control that is weaker."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from typing import Any

import pulumi_aws
import pytest
from judged_stack import One, comparison

from mlstead_toolkit.engine.values import UNKNOWN, Secret
from mlstead_toolkit.policies.block import Block
from mlstead_toolkit.policies.type_pattern import is_one_of
from mlstead_toolkit.review.policies import policies_of, remarks_of_policies
from mlstead_toolkit.review.policies.control import Control
from mlstead_toolkit.review.policies.controls import CONTROLS
from mlstead_toolkit.review.policies.watchers import WATCHERS
from mlstead_toolkit.review.report import PolicyKind
from mlstead_toolkit.review.verdict import Verdict

OWN, OTHER = "arn:aws:kms:eu-west-1:123456789012:key/⟨own⟩", "arn:aws:kms:eu-west-1:123456789012:key/⟨other⟩"
CAPTURE = {"enableCapture": True, "initialSamplingPercentage": 100, "destinationS3Uri": "s3://lake/capture",
           "kmsKeyId": OWN}
IDLE = {"jupyterLabAppSettings": {"appLifecycleManagement": {"idleSettings": {"idleTimeoutInMinutes": 60}}}}
LONG = {"jupyterLabAppSettings": {"appLifecycleManagement": {"idleSettings": {"idleTimeoutInMinutes": 600}}}}
ENCRYPTED = {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": OWN}}]}
BY_AWS = {"rules": [{"applyServerSideEncryptionByDefault": {
    "sseAlgorithm": "aws:kms", "kmsMasterKeyId": "alias/aws/s3"}}]}
Weakening = tuple[str, dict[str, Any], dict[str, Any]]

WEAKENED: list[Weakening] = [
    ("aws:athena/workgroup:Workgroup", {"configuration": {"publishCloudwatchMetricsEnabled": True}},
     {"configuration": {"publishCloudwatchMetricsEnabled": False}}),
    ("aws:athena/workgroup:Workgroup", {"configuration": {"enforceWorkgroupConfiguration": True}},
     {"configuration": {"enforceWorkgroupConfiguration": False}}),
    ("aws:athena/workgroup:Workgroup", {"configuration": {"bytesScannedCutoffPerQuery": 10}},
     {"configuration": {"bytesScannedCutoffPerQuery": 1000}}),
    ("aws:athena/workgroup:Workgroup", {"configuration": {"bytesScannedCutoffPerQuery": 10}}, {"configuration": {}}),
    ("aws:athena/workgroup:Workgroup",
     {"configuration": {"resultConfiguration": {"encryptionConfiguration": {"encryptionOption": "SSE_KMS",
                                                                           "kmsKeyArn": OWN}}}},
     {"configuration": {"resultConfiguration": {"encryptionConfiguration": {"encryptionOption": "SSE_S3"}}}}),
    ("aws:cloudtrail/trail:Trail", {"enableLogging": True}, {"enableLogging": False}),
    ("aws:cloudtrail/trail:Trail", {"isMultiRegionTrail": True}, {"isMultiRegionTrail": False}),
    ("aws:cloudtrail/trail:Trail", {"isOrganizationTrail": True}, {"isOrganizationTrail": False}),
    ("aws:cloudtrail/trail:Trail", {"enableLogFileValidation": True}, {}),
    ("aws:cloudtrail/trail:Trail", {"kmsKeyId": OWN}, {}),
    ("aws:cloudtrail/trail:Trail", {"eventSelectors": [{"readWriteType": "All"}]}, {}),
    ("aws:cloudtrail/trail:Trail", {"cloudWatchLogsGroupArn": "arn:aws:logs:eu-west-1:123456789012:log-group:t:*"}, {}),
    ("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 365}, {"retentionInDays": 30}),
    ("aws:cloudwatch/logGroup:LogGroup", {}, {"retentionInDays": 365}),
    ("aws:cloudwatch/logGroup:LogGroup", {"kmsKeyId": OWN}, {}),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", {"actionsEnabled": True, "alarmActions": [OWN]},
     {"actionsEnabled": False, "alarmActions": [OWN]}),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", {"alarmActions": [OWN]}, {"alarmActions": []}),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", {"treatMissingData": "breaching"}, {"treatMissingData": "notBreaching"}),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", {"evaluationPeriods": 1}, {"evaluationPeriods": 12}),
    ("aws:cloudwatch/eventTarget:EventTarget", {"deadLetterConfig": {"arn": "⟨queue⟩"}}, {}),
    ("aws:ebs/volume:Volume", {"encrypted": True, "kmsKeyId": OWN}, {"encrypted": False}),
    ("aws:ec2/flowLog:FlowLog", {"trafficType": "ALL"}, {"trafficType": "REJECT"}),
    ("aws:ec2/subnet:Subnet", {"mapPublicIpOnLaunch": False}, {"mapPublicIpOnLaunch": True}),
    ("aws:ecr/repository:Repository", {"imageTagMutability": "IMMUTABLE"}, {"imageTagMutability": "MUTABLE"}),
    ("aws:ecr/repository:Repository", {"imageScanningConfiguration": {"scanOnPush": True}},
     {"imageScanningConfiguration": {"scanOnPush": False}}),
    ("aws:ecr/repository:Repository", {"encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": OWN}]},
     {"encryptionConfigurations": [{"encryptionType": "AES256"}]}),
    ("aws:ecr/repository:Repository", {"encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": OWN}]},
     {"encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": "alias/aws/ecr"}]}),
    ("aws:guardduty/detector:Detector", {"enable": True}, {"enable": False}),
    ("aws:iam/role:Role", {"permissionsBoundary": "arn:aws:iam::123456789012:policy/⟨b⟩", "assumeRolePolicy": "{}"},
     {"assumeRolePolicy": "{}"}),
    ("aws:iam/role:Role", {"maxSessionDuration": 3600, "assumeRolePolicy": "{}"},
     {"maxSessionDuration": 43200, "assumeRolePolicy": "{}"}),
    ("aws:kinesis/stream:Stream", {"encryptionType": "KMS", "kmsKeyId": OWN}, {"encryptionType": "NONE"}),
    ("aws:kinesis/stream:Stream", {"encryptionType": "KMS", "kmsKeyId": OWN},
     {"encryptionType": "KMS", "kmsKeyId": "alias/aws/kinesis"}),
    ("aws:kms/key:Key", {"enableKeyRotation": True}, {"enableKeyRotation": False}),
    ("aws:kms/key:Key", {"enableKeyRotation": True, "rotationPeriodInDays": 90},
     {"enableKeyRotation": True, "rotationPeriodInDays": 2560}),
    ("aws:lb/loadBalancer:LoadBalancer", {"accessLogs": {"enabled": True, "bucket": "logs"}}, {}),
    ("aws:macie2/account:Account", {"status": "ENABLED"}, {"status": "PAUSED"}),
    ("aws:opensearch/domain:Domain", {"encryptAtRest": {"enabled": True}}, {"encryptAtRest": {"enabled": False}}),
    ("aws:opensearch/domain:Domain", {"domainEndpointOptions": {"enforceHttps": True}}, {}),
    ("aws:rds/instance:Instance", {"storageEncrypted": True, "kmsKeyId": OWN}, {}),
    ("aws:rds/instance:Instance", {"publiclyAccessible": False}, {"publiclyAccessible": True}),
    *(("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {flag: True, "bucket": "lake"}, {"bucket": "lake"})
      for flag in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")),
    ("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
     {"rule": {"defaultRetention": {"mode": "COMPLIANCE", "days": 30}}},
     {"rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 30}}}),
    ("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
     {"rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 30}}},
     {"rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 1}}}),
    ("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", ENCRYPTED,
     {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]}),
    ("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", ENCRYPTED, BY_AWS),
    ("aws:sagemaker/domain:Domain", {"appNetworkAccessType": "VpcOnly"},
     {"appNetworkAccessType": "PublicInternetOnly"}),
    ("aws:sagemaker/domain:Domain", {"kmsKeyId": OWN}, {}),
    ("aws:sagemaker/domain:Domain", {"defaultUserSettings": IDLE}, {"defaultUserSettings": LONG}),
    ("aws:sagemaker/domain:Domain", {"defaultUserSettings": IDLE}, {"defaultUserSettings": {}}),
    ("aws:sagemaker/endpointConfiguration:EndpointConfiguration", {"dataCaptureConfig": CAPTURE}, {}),
    ("aws:sagemaker/endpointConfiguration:EndpointConfiguration", {"dataCaptureConfig": CAPTURE},
     {"dataCaptureConfig": CAPTURE | {"initialSamplingPercentage": 5}}),
    ("aws:sagemaker/endpointConfiguration:EndpointConfiguration",
     {"kmsKeyArn": OWN, "productionVariants": [{"instanceType": "ml.m5.large", "initialInstanceCount": 1}]},
     {"productionVariants": [{"instanceType": "ml.m5.large", "initialInstanceCount": 1}]}),
    ("aws:sagemaker/featureGroup:FeatureGroup", {"onlineStoreConfig": {"enableOnlineStore": True, "securityConfig": {
        "kmsKeyId": OWN}}}, {"onlineStoreConfig": {"enableOnlineStore": True}}),
    ("aws:sagemaker/model:Model", {"enableNetworkIsolation": True}, {"enableNetworkIsolation": False}),
    ("aws:sagemaker/model:Model", {"vpcConfig": {"subnets": ["a"], "securityGroupIds": ["b"]}}, {}),
    ("aws:sagemaker/notebookInstance:NotebookInstance", {"rootAccess": "Disabled"}, {"rootAccess": "Enabled"}),
    ("aws:sagemaker/notebookInstance:NotebookInstance", {"directInternetAccess": "Disabled"}, {}),
    ("aws:secretsmanager/secret:Secret", {"kmsKeyId": OWN}, {"kmsKeyId": "alias/aws/secretsmanager"}),
    ("aws:sns/topic:Topic", {"kmsMasterKeyId": OWN}, {"kmsMasterKeyId": "alias/aws/sns"}),
    ("aws:sqs/queue:Queue", {"kmsMasterKeyId": OWN}, {"sqsManagedSseEnabled": True}),
    ("aws:sqs/queue:Queue", {"redrivePolicy": "{}"}, {}),
    ("aws:cfg/recorderStatus:RecorderStatus", {"isEnabled": True}, {"isEnabled": False}),
    ("aws:cloudtrail/eventDataStore:EventDataStore", {"retentionPeriod": 2555}, {"retentionPeriod": 7}),
    ("aws:cloudtrail/trail:Trail", {"includeGlobalServiceEvents": True}, {"includeGlobalServiceEvents": False}),
    ("aws:cloudtrail/trail:Trail", {"advancedEventSelectors": [{"name": "objects"}]}, {}),
    ("aws:ec2/instance:Instance", {"associatePublicIpAddress": False}, {"associatePublicIpAddress": True}),
    ("aws:elasticache/replicationGroup:ReplicationGroup", {"atRestEncryptionEnabled": True}, {}),
    ("aws:elasticache/replicationGroup:ReplicationGroup", {"transitEncryptionEnabled": True}, {}),
    ("aws:lb/loadBalancer:LoadBalancer", {"dropInvalidHeaderFields": True}, {}),
    ("aws:opensearch/domain:Domain", {"nodeToNodeEncryption": {"enabled": True}}, {}),
    ("aws:rds/instance:Instance", {"iamDatabaseAuthenticationEnabled": True}, {}),
    ("aws:sagemaker/userProfile:UserProfile", {"userSettings": IDLE}, {"userSettings": LONG}),
    ("aws:secretsmanager/secretRotation:SecretRotation", {"rotationRules": {"automaticallyAfterDays": 30}},
     {"rotationRules": {"automaticallyAfterDays": 80}}),
]


def verdicts(type_: str, before: dict[str, Any], after: dict[str, Any]) -> list[Verdict]:
    made = comparison([One(type_, "it", before)], [One(type_, "it", after)])
    return [remark.verdict for remark in remarks_of_policies(policies_of(made))]


def of(row: Weakening) -> str:
    return f"{row[0].rpartition(':')[2]} {row[2]}"[:80]


@pytest.mark.parametrize("row", WEAKENED, ids=of)
def test_a_weakening_is_seen(row: Weakening) -> None:
    assert set(verdicts(*row)) & {Verdict.WEAKENS_A_CONTROL, Verdict.CANNOT_BE_DEPLOYED}


@pytest.mark.parametrize("row", WEAKENED, ids=of)
def test_what_is_strengthened_is_no_weakening(row: Weakening) -> None:
    type_, before, after = row
    made = comparison([One(type_, "it", after)], [One(type_, "it", before)])
    assert [one for one in policies_of(made) if one.kind is PolicyKind.WEAKENED] == []


@pytest.mark.parametrize("row", WEAKENED, ids=of)
def test_a_weakening_is_told_once(row: Weakening) -> None:
    made = comparison([One(row[0], "it", row[1])], [One(row[0], "it", row[2])])
    told = [one for one in policies_of(made) if one.kind in (PolicyKind.NEW, PolicyKind.WEAKENED)]
    by_control = [one for one in told if one.kind is PolicyKind.WEAKENED]
    assert len(by_control) <= 1 + (len(row[1]) > 1)
    assert len({one.message for one in told}) == len(told)


def test_every_control_is_weakened_by_some_row() -> None:
    def seen(control: Control, row: Weakening) -> bool:
        return is_one_of(row[0], control.types) and bool(control.weaker(Block(row[1]), Block(row[2])))

    assert [f"{control.types[0]} {control.path}" for control in CONTROLS
            if not any(seen(control, row) for row in WEAKENED)] == []


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: f"{control.types[0]} {control.path}")
def test_every_control_reads_a_property_that_there_is(control: Control) -> None:
    types = [type_ for type_ in control.types if "*" not in type_]
    types = types or [type_ for type_, before, _ in WEAKENED if control.path in before]
    name = re.sub(r"(?<!^)([A-Z])", r"_\1", control.path.partition(".")[0]).lower()
    having = [type_ for type_ in types if name in inspect.signature(_class(type_)._internal_init).parameters]
    assert having


def _class(type_: str) -> Any:
    return getattr(getattr(pulumi_aws, type_.split(":")[1].split("/")[0]), type_.split(":")[2])


def test_another_key_of_one_s_own_is_no_weakening() -> None:
    assert verdicts("aws:rds/instance:Instance", {"kmsKeyId": OWN, "storageEncrypted": True},
                    {"kmsKeyId": OTHER, "storageEncrypted": True}) == []


def test_a_key_that_hardware_makes_needless_is_no_weakening() -> None:
    type_ = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"

    def variants(machine: str) -> dict[str, Any]:
        return {"productionVariants": [{"instanceType": machine, "initialInstanceCount": 1}], "name": "n",
                "dataCaptureConfig": CAPTURE}

    before = variants("ml.m5.large") | {"kmsKeyArn": OWN}
    assert verdicts(type_, before, variants("ml.g5.xlarge")) == []
    assert verdicts(type_, before, variants("ml.m5.xlarge")) != []


def test_what_is_not_known_is_no_weakening() -> None:
    assert verdicts("aws:ec2/flowLog:FlowLog", {"trafficType": "ALL"}, {"trafficType": UNKNOWN}) == []
    assert verdicts("aws:rds/instance:Instance", {"kmsKeyId": OWN}, {"kmsKeyId": UNKNOWN}) == []
    assert verdicts("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 30, "kmsKeyId": OWN},
                    {"retentionInDays": "⟨days⟩", "kmsKeyId": OWN}) == []


def test_a_resource_that_pulumi_may_delete_from_now_on_is_a_weakening() -> None:
    table = One("aws:glue/catalogDatabase:CatalogDatabase", "flights", {"name": "flights"})
    [found] = policies_of(comparison([table], [replace(table, protect=False)]))
    assert (found.kind, found.rule) == (PolicyKind.WEAKENED, "protected")
    assert policies_of(comparison([replace(table, protect=False)], [table])) == ()


NETWORK = One("aws:ec2/vpc:Vpc", "network", {"cidrBlock": "10.0.0.0/16"})
FLOWS = One("aws:ec2/flowLog:FlowLog", "flows", {"trafficType": "ALL", "vpcId": "⟨network⟩"},
            needs={"vpcId": [NETWORK.urn]})
ENDPOINT = One("mlstead:index:Endpoint", "answers")
ALARM = One("aws:cloudwatch/metricAlarm:MetricAlarm", "errors", {"alarmActions": [OWN], "threshold": 1},
            parent=ENDPOINT.urn)


@pytest.mark.parametrize("type_", sorted(WATCHERS))
def test_a_watcher_that_is_deleted_weakens_a_control(type_: str) -> None:
    made = comparison([One(type_, "it", {"name": "it"})], [])
    assert Verdict.WEAKENS_A_CONTROL in [remark.verdict for remark in remarks_of_policies(policies_of(made))]


@pytest.mark.parametrize("type_", sorted(WATCHERS))
def test_every_watcher_is_a_type_of_pulumi_aws(type_: str) -> None:
    assert _class(type_)


def test_an_alarm_that_goes_while_its_endpoint_stays_is_missed() -> None:
    [found] = policies_of(comparison([ENDPOINT, ALARM], [ENDPOINT]))
    assert (found.kind, found.subject, found.message) == (PolicyKind.WEAKENED, "errors", "the alarm is gone")


def test_an_alarm_that_goes_with_its_endpoint_is_not_missed() -> None:
    assert policies_of(comparison([ENDPOINT, ALARM], [])) == ()


def test_a_flow_log_that_goes_with_its_network_is_not_missed() -> None:
    assert PolicyKind.WEAKENED not in {one.kind for one in policies_of(comparison([NETWORK, FLOWS], []))}


def test_what_a_rule_says_of_a_watcher_that_goes_is_not_said_twice() -> None:
    named = [(one.kind, one.rule) for one in policies_of(comparison([NETWORK, FLOWS], [NETWORK]))]
    assert named == [(PolicyKind.NEW, "vpc-flow-logs")]
    elsewhere = replace(FLOWS, needs={})
    assert [one.rule for one in policies_of(comparison([elsewhere], []))] == ["watched"]


def test_what_a_guard_says_with_a_reason_is_not_said_twice() -> None:
    reason = "requests hold what we may not keep here"
    endpoint = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
    before = One(endpoint, "answers", {"dataCaptureConfig": CAPTURE}, parent=ENDPOINT.urn)
    off = replace(ENDPOINT, inputs={"weakenings": {"capture": reason}})
    told = policies_of(comparison([ENDPOINT, before], [off, replace(before, inputs={})]))
    assert [(one.rule, one.reason) for one in told if one.kind is PolicyKind.WEAKENED] == [("capture", reason)]
    network = One("mlstead:index:Network", "network")
    logs = One("mlstead:index:NetworkFlowLogs", "flow-logs", parent=network.urn)
    open_ = replace(network, inputs={"weakenings": {"flow_logs": reason}})
    told = policies_of(comparison([network, logs, replace(FLOWS, parent=logs.urn, needs={})], [open_]))
    assert [(one.rule, one.reason) for one in told] == [("flow_logs", reason)]


@pytest.mark.parametrize(("type_", "before", "after", "text"), [
    ("aws:cloudwatch/logGroup:LogGroup", {}, {"retentionInDays": 30, "kmsKeyId": OWN},
     "logs are kept for 30 days, where it was for ever"),
    ("aws:sagemaker/domain:Domain", {"defaultUserSettings": IDLE}, {"defaultUserSettings": LONG},
     "JupyterLab ends after 600 idle minutes, where it was 60"),
    ("aws:iam/role:Role", {}, {"maxSessionDuration": 43200}, "a session lasts 12 hours, where it was 1 hour"),
])
def test_what_is_weaker_is_said_in_words(type_: str, before: dict[str, Any], after: dict[str, Any], text: str) -> None:
    made = comparison([One(type_, "it", before)], [One(type_, "it", after)])
    assert text in [one.message for one in policies_of(made)]


def test_a_key_that_a_component_does_without_is_told_by_its_argument_alone() -> None:
    bucket = One("mlstead:index:Bucket", "it")
    without = replace(bucket, inputs={"weakenings": {"encryption_key_arn": "the partner reads them without our keys"}})
    plain = {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]}
    encryption = One("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "it",
                     ENCRYPTED, parent=bucket.urn)
    made = comparison([bucket, encryption], [without, replace(encryption, inputs=plain)])
    assert {one.rule for one in policies_of(made) if one.kind is PolicyKind.WEAKENED} == {"encryption_key_arn"}


def test_what_a_query_may_read_is_said_in_gigabytes() -> None:
    type_ = "aws:athena/workgroup:Workgroup"
    little, much = ({"configuration": {"bytesScannedCutoffPerQuery": size * 1024**3}} for size in (10, 727))
    found = policies_of(comparison([One(type_, "it", little)], [One(type_, "it", much)]))
    assert "a query reads up to 727 GB, where it was 10 GB" in [one.message for one in found]


def test_a_secret_stays_one() -> None:
    type_ = "aws:cloudwatch/logGroup:LogGroup"
    made = comparison([One(type_, "it", {"retentionInDays": Secret(365), "kmsKeyId": Secret(OWN)})],
                      [One(type_, "it", {"retentionInDays": Secret(77), "kmsKeyId": Secret(OWN)})])
    [found] = policies_of(made)
    assert found.message == "logs are kept for [secret] days, where it was [secret]"


def test_a_watcher_that_is_called_differently_now_is_still_there() -> None:
    assert policies_of(comparison([ENDPOINT, ALARM], [ENDPOINT, replace(ALARM, name="failures")])) == ()


def test_a_watcher_that_is_replaced_by_a_weaker_one_is_missed() -> None:
    other = replace(ALARM, name="failures", inputs={**ALARM.inputs, "threshold": 1000})
    assert [one.subject for one in policies_of(comparison([ENDPOINT, ALARM], [ENDPOINT, other]))] == ["errors"]
