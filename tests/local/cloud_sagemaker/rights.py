"""What roles of these tests may do, as a job's, a model's or a pipeline's."""

from __future__ import annotations

import json
from typing import Any

BUCKET = "test-data"
DATA = {
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
    "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
}
PULL = {
    "Effect": "Allow",
    "Action": ["ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage",
               "ecr:GetDownloadUrlForLayer"],
    "Resource": "*",
}
OBSERVE = {
    "Effect": "Allow",
    "Action": ["logs:CreateLogGroup", "logs:DescribeLogStreams", "logs:CreateLogStream", "logs:PutLogEvents",
               "cloudwatch:PutMetricData"],
    "Resource": "*",
}
JOIN = {
    "Effect": "Allow",
    "Action": ["ec2:Describe*", "ec2:*NetworkInterface", "ec2:*NetworkInterfacePermission"],
    "Resource": "*",
}
ENCRYPT = {"Effect": "Allow", "Action": "kms:CreateGrant", "Resource": "*"}
RUN = {"Effect": "Allow", "Action": ["sagemaker:*", "iam:PassRole"], "Resource": "*"}
EVERYTHING = (DATA, PULL, OBSERVE, JOIN, ENCRYPT, RUN)


def policy(*statements: dict[str, Any]) -> str:
    """Write a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
