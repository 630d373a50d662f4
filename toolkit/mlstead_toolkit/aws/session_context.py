"""The function getSessionContext: whose session an ARN names."""

from __future__ import annotations

from mlstead_toolkit.aws.target import Target
from mlstead_toolkit.engine.values import Properties


def session_context(target: Target, region: str, arguments: Properties) -> Properties:
    """Tell of a session its role, with its path, which the session's ARN lacks; anything else issues itself."""
    arn = str(arguments["arn"])
    answer: Properties = {"arn": arn, "id": arn, "issuerArn": arn, "issuerId": "", "issuerName": "", "sessionName": ""}
    kind, _, rest = arn.rsplit(":", 1)[-1].partition("/")
    if kind == "assumed-role":
        name, _, session = rest.partition("/")
        role = target.call("iam", "GetRole", {"RoleName": name}, region=region, where="getSessionContext")["Role"]
        answer |= {"issuerArn": role["Arn"], "issuerId": role["RoleId"], "issuerName": name, "sessionName": session}
    return answer
