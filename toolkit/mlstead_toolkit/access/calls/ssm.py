"""AWS Systems Manager: parameters alone.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
"""

from __future__ import annotations

from mlstead_toolkit.access.calls.row import Row, Service, each

PARAMETER = "parameter/{path:Name}"

TABLE = Service("ssm", {
    "PutParameter": Row(PARAMETER, tags="Tags", context={"ssm:Overwrite": "Overwrite"}),
    **each("GetParameter DeleteParameter GetParameterHistory", PARAMETER),
    **each("GetParameters DeleteParameters", "parameter/{path:Names}"),
    "GetParametersByPath": Row("parameter/{path:Path}", context={"ssm:Recursive": "Recursive"}),
    "DescribeParameters": Row(),
    "ListTagsForResource": Row("parameter/{path:ResourceId}"),
    "AddTagsToResource": Row("parameter/{path:ResourceId}", tags="Tags"),
    "RemoveTagsFromResource": Row("parameter/{path:ResourceId}", context={"aws:TagKeys": "TagKeys"}),
}, tagging="ssm:AddTagsToResource")
