"""Flow logs to a log group that is named by its ARN: moto looks only at the name, and reports a failure without."""

from __future__ import annotations

from typing import Any


def install() -> None:
    """Name the log group, and keep how files are to be written."""
    from moto.ec2.models import EC2Backend
    from moto.ec2.responses.flow_logs import FlowLogs

    create, respond = EC2Backend.create_flow_logs, FlowLogs.create_flow_logs

    def create_flow_logs(backend: Any, **given: Any) -> Any:
        destination = given.get("log_destination") or ""
        if given.get("log_group_name") is None and ":log-group:" in destination:
            given["log_group_name"] = destination.split(":log-group:")[1].removesuffix(":*")
        return create(backend, **given)

    def answer(response: Any) -> Any:
        result = respond(response)
        kept = response._get_param("DestinationOptions")
        for flow_log_id in result.result["FlowLogIds"]:  # type: ignore[index]
            response.ec2_backend.flow_logs[flow_log_id].destination_options = kept
        return result

    EC2Backend.create_flow_logs = create_flow_logs  # type: ignore[method-assign, assignment]
    FlowLogs.create_flow_logs = answer  # type: ignore[method-assign, assignment]
