"""All tables, by the name that botocore has for a service."""

from __future__ import annotations

from mlstead_toolkit.access.calls import (
    athena,
    cloudwatch,
    ec2,
    ecr,
    events,
    glue,
    iam,
    kms,
    lakeformation,
    logs,
    macie2,
    s3,
    sagemaker,
    sns,
    sqs,
    ssm,
    sts,
)
from mlstead_toolkit.access.calls.call import ApiCall, Known, Need, UnknownCall
from mlstead_toolkit.access.calls.row import Service

SERVICES: dict[str, Service] = {
    "athena": athena.TABLE, "cloudwatch": cloudwatch.TABLE, "ec2": ec2.TABLE, "ecr": ecr.TABLE,
    "events": events.TABLE, "glue": glue.TABLE, "iam": iam.TABLE, "kms": kms.TABLE,
    "lakeformation": lakeformation.TABLE, "logs": logs.TABLE, "macie2": macie2.TABLE, "s3": s3.TABLE,
    "sagemaker": sagemaker.TABLE, "sagemaker-featurestore-runtime": sagemaker.TABLE,
    "sagemaker-metrics": sagemaker.TABLE, "sagemaker-runtime": sagemaker.TABLE, "sns": sns.TABLE, "sqs": sqs.TABLE,
    "ssm": ssm.TABLE, "sts": sts.TABLE,
}


def needs(call: ApiCall, known: Known) -> list[Need]:
    """Give all that has to be allowed for a call, in the order in which AWS asks.

    Raises:
        UnknownCall: no table has the operation.
    """
    service = SERVICES.get(call.service)
    if service is None or call.operation not in service.rows:
        raise UnknownCall(
            f"What {call.service}:{call.operation} asks of whoever calls it is not known here.",
            where=f"{call.service}:{call.operation}",
            fix="add the operation to the service's table in mlstead_toolkit/access/calls",
        )
    return [*service.needs(call, known)]
