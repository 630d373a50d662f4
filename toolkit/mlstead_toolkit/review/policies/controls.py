"""Controls whose weakening no rule tells of: rules judge one side, and see neither a step down nor what is gone.

https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html names most of them.
"""

from __future__ import annotations

from typing import Final

from mlstead_toolkit.review.policies.control import Control, longer, off, on, present, ranked, shorter

_ALARM: Final = ("aws:cloudwatch/metricAlarm:MetricAlarm",)
_ANY: Final = ("aws:*",)
_BLOCK: Final = ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "aws:s3/accountPublicAccessBlock:*")
_BALANCER: Final = ("aws:lb/loadBalancer:LoadBalancer",)
_DOMAIN: Final = ("aws:opensearch/domain:Domain",)
_ENDPOINT: Final = ("aws:sagemaker/endpointConfiguration:EndpointConfiguration",)
_KEY: Final = ("aws:kms/key:Key",)
_STUDIO: Final = ("aws:sagemaker/domain:Domain", "aws:sagemaker/userProfile:UserProfile")
_TRAIL: Final = ("aws:cloudtrail/trail:Trail",)
_IDLE: Final = "jupyterLabAppSettings.appLifecycleManagement.idleSettings.idleTimeoutInMinutes"

CONTROLS: Final = (
    Control("encrypted", _ANY, "encrypted", on(), "it is not encrypted any more", ("disk-customer-key",)),
    Control("encrypted", _ANY, "storageEncrypted", on(), "it is not encrypted any more"),
    Control("encrypted", _ANY, "atRestEncryptionEnabled", on(), "it is not encrypted any more"),
    Control("encrypted", _DOMAIN, "encryptAtRest.enabled", on(), "it is not encrypted any more"),
    Control("encrypted", ("aws:kinesis/stream:Stream",), "encryptionType", ranked("NONE", "KMS", default="NONE"),
            "records are not encrypted any more"),
    Control("encrypted-in-transit", _ANY, "transitEncryptionEnabled", on(), "connections are not encrypted any more"),
    Control("encrypted-in-transit", _DOMAIN, "nodeToNodeEncryption.enabled", on(),
            "its nodes talk to each other in clear"),
    Control("encrypted-in-transit", _DOMAIN, "domainEndpointOptions.enforceHttps", on(), "plain HTTP is let in"),
    Control("key-rotation", _KEY, "rotationPeriodInDays", shorter(365),
            "the key is rotated every {after} days, where it was every {before}", nothing="365"),
    Control("logs-kept", ("aws:cloudwatch/logGroup:LogGroup",), "retentionInDays", longer(forever=True),
            "logs are kept for {after} days, where it was {before}", ("logs-kept-a-year",), nothing="for ever"),
    Control("logs-kept", ("aws:cloudtrail/eventDataStore:EventDataStore",), "retentionPeriod", longer(2555),
            "events are kept for {after} days, where it was {before}", nothing="2555"),
    Control("logs-kept", ("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",),
            "rule.defaultRetention.days", longer(), "objects are locked for {after} days, where it was {before}",
            nothing="no"),
    Control("objects-locked", ("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",),
            "rule.defaultRetention.mode", ranked("GOVERNANCE", "COMPLIANCE"),
            "the lock can be lifted by whoever has the right to"),
    Control("trail-records", _TRAIL, "enableLogging", on(True), "the trail records nothing any more",
            ("trail-records-everything",)),
    Control("trail-records", _TRAIL, "isMultiRegionTrail", on(), "the trail records one region alone",
            ("trail-records-everything",)),
    Control("trail-records", _TRAIL, "includeGlobalServiceEvents", on(True),
            "the trail leaves out IAM and other global services", ("trail-records-everything",)),
    Control("trail-records", _TRAIL, "isOrganizationTrail", on(), "the trail records one account alone"),
    Control("trail-records", _TRAIL, "enableLogFileValidation", on(), "the trail's files are not signed any more",
            ("trail-validated",)),
    Control("trail-records", _TRAIL, "eventSelectors", present, "the trail records no data events any more",
            ("trail-with-objects",)),
    Control("trail-records", _TRAIL, "advancedEventSelectors", present, "the trail records no data events any more",
            ("trail-with-objects",)),
    Control("trail-records", _TRAIL, "cloudWatchLogsGroupArn", present, "no alarm can go by the trail any more",
            ("trail-to-logs",)),
    Control("flows-recorded", ("aws:ec2/flowLog:FlowLog",), "trafficType", ranked("REJECT", "ACCEPT", "ALL"),
            "of connections, {after} alone are recorded, where it was {before}", ("vpc-flow-logs",)),
    Control("detection-on", ("aws:guardduty/detector:Detector",), "enable", on(True), "GuardDuty is suspended",
            ("guardduty-on",)),
    Control("detection-on", ("aws:macie2/account:Account",), "status", ranked("PAUSED", "ENABLED", default="ENABLED"),
            "Macie is paused", ("macie-on",)),
    Control("detection-on", ("aws:cfg/recorderStatus:RecorderStatus",), "isEnabled", on(), "Config records no more",
            ("config-records-everything",)),
    Control("alarm-tells", _ALARM, "actionsEnabled", on(True), "nobody is told when it goes off",
            ("alarm-tells-somebody",)),
    Control("alarm-tells", _ALARM, "alarmActions", present, "nobody is told when it goes off",
            ("alarm-tells-somebody",)),
    Control("alarm-tells", _ALARM, "treatMissingData",
            ranked("ignore", "missing", "notBreaching", "breaching", default="missing"),
            "no data counts as {after}, where it was {before}", nothing="missing"),
    Control("alarm-tells", _ALARM, "evaluationPeriods", shorter(1),
            "it goes off after {after} periods, where it was {before}", nothing="1"),
    Control("access-logged", _BALANCER, "accessLogs.enabled", on(), "requests are not logged any more"),
    Control("access-logged", ("aws:athena/workgroup:Workgroup",), "configuration.publishCloudwatchMetricsEnabled",
            on(True), "CloudWatch is told of no query any more", ("athena-workgroup-logged",)),
    Control("requests-checked", _BALANCER, "dropInvalidHeaderFields", on(), "malformed headers are passed on"),
    Control("answers-captured", _ENDPOINT, "dataCaptureConfig.enableCapture", on(),
            "what is asked and answered is not recorded any more", ("sagemaker-endpoint-captured",), "capture"),
    Control("answers-captured", _ENDPOINT, "dataCaptureConfig.initialSamplingPercentage", longer(None),
            "{after} % of requests are recorded, where it was {before} %", ("sagemaker-endpoint-captured",), "capture"),
    *(Control("not-public", _BLOCK, path, on(), f"{path} is off", (
        "s3-public-access-blocked", "s3-account-public-access-blocked"))
      for path in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")),
    Control("not-public", _ANY, "publiclyAccessible", off(), "it is reached from the internet"),
    Control("not-public", _ANY, "mapPublicIpOnLaunch", off(), "what is started in it has a public address",
            ("vpc-subnet-no-public-addresses",)),
    Control("not-public", _ANY, "associatePublicIpAddress", off(), "it has a public address",
            ("ec2-no-public-address",)),
    Control("signed-in-by-iam", _ANY, "iamDatabaseAuthenticationEnabled", on(),
            "IAM does not sign anybody in any more"),
    Control("bounded", ("aws:iam/role:Role", "aws:iam/user:User"), "permissionsBoundary", present,
            "nothing bounds any more what it may do", ("iam-project-roles-bounded",)),
    Control("sessions-end", ("aws:iam/role:Role",), "maxSessionDuration", shorter(3600),
            "a session lasts {after}, where it was {before}", nothing="1 hour", unit="seconds"),
    Control("ends-idle", _STUDIO, f"defaultUserSettings.{_IDLE}", shorter(),
            "JupyterLab ends after {after} idle minutes, where it was {before}", ("sagemaker-studio-ends-idle",),
            nothing="any number of"),
    Control("ends-idle", _STUDIO, f"userSettings.{_IDLE}", shorter(),
            "JupyterLab ends after {after} idle minutes, where it was {before}", ("sagemaker-studio-ends-idle",),
            nothing="any number of"),
    Control("scan-bounded", ("aws:athena/workgroup:Workgroup",), "configuration.bytesScannedCutoffPerQuery", shorter(),
            "a query reads up to {after}, where it was {before}", ("athena-scan-bounded",),
            nothing="any amount", unit="bytes"),
    Control("secrets-rotate", ("aws:secretsmanager/secretRotation:SecretRotation",),
            "rotationRules.automaticallyAfterDays", shorter(),
            "the secret is changed every {after} days, where it was {before}", ("secret-rotates-in-time",),
            nothing="any number of"),
    Control("undelivered-kept", ("aws:cloudwatch/eventTarget:EventTarget", "aws:scheduler/schedule:Schedule"),
            "deadLetterConfig", present, "what cannot be delivered is lost", ("events-dead-letters",)),
    Control("undelivered-kept", ("aws:sqs/queue:Queue",), "redrivePolicy", present,
            "what cannot be worked off is lost", ("sqs-dead-letters",)),
)
