"""AWS Systems Manager: parameters."""

from __future__ import annotations

from typing import Any, Final

from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    boolean,
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
from mlstead_toolkit.aws.work import Work
from mlstead_toolkit.engine.values import Properties

_CHANGING: Final = ("value", "insecureValue", "type", "description", "keyId", "allowedPattern", "tier", "dataType")


def _write(work: Work) -> None:
    arguments = work.arguments(PARAMETER.create, whole=True)
    arguments.pop("Tags", None)
    work.call("PutParameter", **{**arguments, "Overwrite": True})


def _filter(operation: str, arguments: dict[str, Any], state: Properties) -> None:
    if operation == "DescribeParameters":
        arguments.clear()
        arguments["ParameterFilters"] = [{"Key": "Name", "Option": "Equals", "Values": [state["name"]]}]
    elif operation == "PutParameter":
        value = state.get("value")
        arguments["Value"] = state.get("insecureValue") if value is None else value


def _check_parameter(inputs: Properties) -> list[tuple[str, str]]:
    name = inputs.get("name")
    faults = []
    if isinstance(name, str) and "/" in name and not name.startswith("/"):
        faults.append(("name", "has a path and must start with /"))
    if inputs.get("type") == "SecureString" and inputs.get("insecureValue") is not None:
        faults.append(("insecureValue", "must not hold the value of a SecureString: use value"))
    return faults


PARAMETER: Final = ResourceType(
    "aws:ssm/parameter:Parameter",
    service="ssm",
    identity="{name}",
    name=AutomaticName("name", 2048),
    properties=(
        string("name", replaces=True, computed=True, pattern=r"[a-zA-Z0-9_.\-/]+"),
        string("type", required=True),
        string("value", computed=True, secret=True),
        string("insecureValue", computed=True, api=""),
        string("description", maximum=1024),
        string("allowedPattern"),
        string("dataType", computed=True, replaces=True, enum=("text", "aws:ec2:image", "aws:ssm:integration")),
        string("keyId", computed=True),
        boolean("overwrite"),
        string("tier", computed=True),
        string("arn", local=True, computed=True, template=lambda facts: (
            f"arn:{facts['partition']}:ssm:{facts['region']}:{facts['account']}:parameter/"
            f"{facts['name'].removeprefix('/')}")),
        *unsupported("the embedded engine keeps no write-only values; use value", "valueWo", "valueWoVersion"),
        REGION, TAGS,
    ),
    outputs=(string("version", volatile=True),),
    conflicts=(("value", "insecureValue"),),
    one_of=(("value", "insecureValue"),),
    validate=_check_parameter,
    create=Call("PutParameter"),
    read=Call("GetParameter", fixed=(("WithDecryption", True),), result="Parameter"),
    reads=(Call("DescribeParameters", result="Parameters.0"),),
    delete=Call("DeleteParameter"),
    steps=(Step(_CHANGING, _write, on_create=False),),
    tagging=Tagging(handle=("ResourceId", "name"), listing="ListTagsForResource", listed="TagList",
                    add="AddTagsToResource", remove="RemoveTagsFromResource", extra=(("ResourceType", "Parameter"),)),
    to_api=_filter,
)

RESOURCE_TYPES: Final = (PARAMETER,)
