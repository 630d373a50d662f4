"""Examples of the theme detection."""

from __future__ import annotations

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.detection import ARCHIVE_RULE, DETECTOR, DETECTOR_FEATURE, MACIE


def _feature(status: str, name: str = "S3_DATA_EVENTS") -> Stack:
    return stack(resource(DETECTOR_FEATURE, detectorId="one", name=name, status=status))


def _archived(criteria: str, value: str, how: str = "eqs") -> Stack:
    return stack(resource(ARCHIVE_RULE, analyzerName="one", ruleName="one",
                          filters=[{"criteria": criteria, how: [value]}]))


EXAMPLES = {
    "guardduty-on": example(stack(resource(DETECTOR, enable=True)), stack(resource(DETECTOR, enable=False))),
    "guardduty-looks-at-s3": example(
        (stack(resource(DETECTOR)), _feature("ENABLED"), _feature("DISABLED", "EKS_AUDIT_LOGS")),
        (_feature("DISABLED"), stack(resource(DETECTOR, datasources={"s3Logs": {"enable": False}}))),
    ),
    "macie-on": example(stack(resource(MACIE)), stack(resource(MACIE, status="PAUSED"))),
    "access-analyzer-tells-of-public": example(
        (_archived("resourceType", "AWS::IAM::Role"), _archived("isPublic", "false")),
        (_archived("isPublic", "true"), _archived("isPublic", "false", "neqs"))),
}
