"""LocalStack 4.14 (community): the services that it takes at `--target localstack`, and where it differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mlstead_toolkit.aws.coverage import Coverage

START: Final = ("start it (docker run -p 127.0.0.1:4566:4566 localstack/localstack:4.14.0; docs/localstack.md says how "
                "without Docker), or name its address: MLSTEAD_LOCALSTACK=http://127.0.0.1:4566")

SERVICES: Final[Mapping[str, Coverage]] = {
    "cloudwatch": Coverage.REAL,
    "ec2": Coverage.SIMULATED,
    "events": Coverage.REAL,
    "iam": Coverage.SIMULATED,
    "kms": Coverage.REAL,
    "logs": Coverage.REAL,
    "s3": Coverage.REAL,
    "s3control": Coverage.SIMULATED,
    "secretsmanager": Coverage.SIMULATED,
    "sns": Coverage.REAL,
    "sqs": Coverage.REAL,
    "ssm": Coverage.SIMULATED,
    "stepfunctions": Coverage.REAL,
    "sts": Coverage.SIMULATED,
}
"""By the SDK's name of the service: real where it does its work (an object that lands sends its event, a key encrypts),
simulated where it remembers and answers. It has no SageMaker, Glue, Lake Formation, Athena and ECR."""

REMEMBERED: Final = frozenset({
    "aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketPolicy:BucketPolicy", "aws:sns/topicPolicy:TopicPolicy",
    "aws:sqs/queuePolicy:QueuePolicy",
})
"""Types of a service that does its work which are only remembered: no policy is enforced, no access log delivered."""

UNREAD: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("policy", "securityGroupIds"),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ("description",),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ("description",),
}
"""Properties, by type, that LocalStack does not tell as they were given: what the program says of them is believed."""

DIFFERS: Final[Mapping[str, str]] = {
    "aws:ec2/flowLog:FlowLog": "reports the delivery of logs as failed, and delivers none",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "leaves the version out of the policy that it answers, and keeps its first "
                                       "security groups, so that changes of either from outside go unseen; with route "
                                       "tables that it was given later it cannot be deleted",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
        "falls back to AES256 when it is deleted, as AWS does; the local cloud then has none",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "forgets the description of a rule about a group or a "
                                                               "prefix list, and cannot change a rule without ports",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "forgets the description of a rule about a group or a "
                                                                 "prefix list, and cannot change a rule without ports",
}
"""What LocalStack does otherwise than the local cloud, by type, as the end of a sentence about it."""
