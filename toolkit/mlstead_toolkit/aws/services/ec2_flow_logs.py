"""Amazon VPC: flow logs, the record of who talked to whom."""

from __future__ import annotations

from typing import Any, Final

from mlstead_toolkit.aws.ec2 import describe, identified, made, tagging
from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    arn,
    block,
    boolean,
    integer,
    replacing,
    string,
    unsupported,
)
from mlstead_toolkit.aws.schema import Call, ResourceType
from mlstead_toolkit.engine.values import Properties

_WATCHED: Final = {"vpcId": "VPC", "subnetId": "Subnet", "eniId": "NetworkInterface"}
_PREFIXES: Final = {"vpc-": "vpcId", "subnet-": "subnetId", "eni-": "eniId"}


def _name_watched(operation: str, arguments: dict[str, Any], state: Properties) -> None:
    if operation == "CreateFlowLogs":
        name = next(name for name in _WATCHED if state.get(name))
        arguments.update(ResourceIds=[state[name]], ResourceType=_WATCHED[name])
        if state.get("logDestination"):
            arguments["LogDestination"] = state["logDestination"].removesuffix(":*")


def _read(values: Properties, answer: Properties) -> None:
    if answer.get("FlowLogIds"):
        values["id"] = answer["FlowLogIds"][0]
    watched = str(answer.get("ResourceId", ""))
    values.update({name: watched for prefix, name in _PREFIXES.items() if watched.startswith(prefix)})


def _check(inputs: Properties) -> list[tuple[str, str]]:
    kind, faults = inputs.get("logDestinationType"), []
    if kind == "cloud-watch-logs" and inputs.get("iamRoleArn") is None:
        faults.append(("iamRoleArn", "is missing: delivery to CloudWatch Logs needs a role"))
    if kind != "s3" and inputs.get("destinationOptions") is not None:
        faults.append(("destinationOptions", "are for logDestinationType s3"))
    if kind != "cloud-watch-logs" and inputs.get("iamRoleArn") is not None:
        faults.append(("iamRoleArn", "is for logDestinationType cloud-watch-logs"))
    return faults


_LOGS: Final = describe("DescribeFlowLogs", "FlowLogIds", "FlowLogs")

FLOW_LOG: Final = ResourceType(
    "aws:ec2/flowLog:FlowLog",
    service="ec2",
    identity="{id}",
    properties=(
        *replacing(
            *(string(name, api="") for name in _WATCHED),
            arn("iamRoleArn", api="DeliverLogsPermissionArn"),
            arn("logDestination"),
            string("logDestinationType", default="cloud-watch-logs"),
            string("logFormat", computed=True),
            integer("maxAggregationInterval", default=600, enum=(60, 600)),
            string("trafficType"),
            block("destinationOptions", string("fileFormat", default="plain-text"),
                  boolean("hiveCompatiblePartitions", default=False), boolean("perHourPartition", default=False)),
        ),
        *unsupported("the local cloud is one account", "deliverCrossAccountRole"),
        *unsupported("the local cloud writes no flow records", "tagFieldSpecifications"),
        *unsupported("no type of this provider makes one", "regionalNatGatewayId", "transitGatewayAttachmentId",
                     "transitGatewayId"),
        REGION, TAGS,
    ),
    outputs=identified("FlowLogId", "vpc-flow-log"),
    conflicts=(tuple(_WATCHED),),
    one_of=(tuple(_WATCHED), ("logDestination",), ("trafficType",)),
    validate=_check,
    create=Call("CreateFlowLogs"),
    read=_LOGS,
    delete=Call("DeleteFlowLogs", ids=("FlowLogIds", "id")),
    tagging=tagging("vpc-flow-log"),
    to_api=_name_watched,
    from_api=_read,
    find=made(_LOGS, filtered="Filter", dated="CreationTime", fits=lambda entry, inputs: (
        entry["ResourceId"] in [inputs.get(name) for name in _WATCHED]
        and entry.get("LogDestination") == inputs["logDestination"].removesuffix(":*"))),
)

RESOURCE_TYPES: Final = (FLOW_LOG,)
