"""Things in the account that have our fixed names and are not in our state: a deployment would collide with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mlstead_toolkit.doctor.account import Account
from mlstead_toolkit.doctor.finding import Finding, off, well

_USES = ("data-engineer", "data-scientist", "ml-engineer", "auditor", "delivery")


@dataclass(frozen=True)
class _Named:
    """Something whose name is known before it exists.

    Args:
        what: in words.
        name: what it is called, which is its id in the state, too.
        type: Pulumi's.
        service: that is asked for it.
        operation: that tells whether it is there.
        parameters: of that operation.
        delete: what to type where nobody needs it.
    """

    what: str
    name: str
    type: str
    service: str
    operation: str
    parameters: dict[str, Any]
    delete: str


def absent(account: Account) -> Iterator[Finding]:
    """Ask for each fixed name that the state does not record."""
    recorded = _recorded(account)
    free = 0
    for thing in _named(account):
        if (thing.type, thing.name) in recorded:
            continue
        if account.ask(thing.service, thing.operation, **thing.parameters) is None:
            free += 1
            continue
        yield off(f"{thing.what} {thing.name} exists, and is not in the state of {account.environment}",
                  f"see whose it is; where nobody needs it, {thing.delete}, else restore the state that has it")
    yield well(f"{free} fixed names are free" if free else "every fixed name is in the state")


def log_group(account: Account) -> Iterator[Finding]:
    """Ask for the endpoint's log group, which SageMaker makes by itself where an endpoint ran without us."""
    name, type_ = f"/aws/sagemaker/Endpoints/{account.name}", "aws:cloudwatch/logGroup:LogGroup"
    recorded = _recorded(account)
    found = account.ask("logs", "DescribeLogGroups", logGroupNamePrefix=name) or {}
    if (type_, name) not in recorded and name in [each["logGroupName"] for each in found.get("logGroups", [])]:
        yield off(f"the log group {name} exists, and is not in the state of {account.environment}",
                  f"aws logs delete-log-group --log-group-name {name} --region {account.region}, "
                  "where nobody needs what is in it")


def _recorded(account: Account) -> set[tuple[str, str]]:
    state = account.state(account.project.name, account.environment) or []
    return {(each["type"], str(each.get("id"))) for each in state}


def _named(account: Account) -> Iterator[_Named]:
    name, at = account.name, f"--region {account.region}"
    yield _Named("the endpoint", name, "aws:sagemaker/endpoint:Endpoint", "sagemaker", "DescribeEndpoint",
                 {"EndpointName": name}, f"aws sagemaker delete-endpoint --endpoint-name {name} {at}")
    yield _Named("the model package group", name, "aws:sagemaker/modelPackageGroup:ModelPackageGroup", "sagemaker",
                 "DescribeModelPackageGroup", {"ModelPackageGroupName": name},
                 f"aws sagemaker delete-model-package-group --model-package-group-name {name} {at}")
    for pipeline in (name, f"{name}-data"):
        yield _Named("the pipeline", pipeline, "aws:sagemaker/pipeline:Pipeline", "sagemaker", "DescribePipeline",
                     {"PipelineName": pipeline}, f"aws sagemaker delete-pipeline --pipeline-name {pipeline} {at}")
    yield _Named("the image repository", name, "aws:ecr/repository:Repository", "ecr", "DescribeRepositories",
                 {"repositoryNames": [name]}, f"aws ecr delete-repository --repository-name {name} --force {at}")
    yield _Named("the workgroup", name, "aws:athena/workgroup:Workgroup", "athena", "GetWorkGroup", {"WorkGroup": name},
                 f"aws athena delete-work-group --work-group {name} --recursive-delete-option {at}")
    for use in _USES:
        role = f"{name}-{use}"
        yield _Named("the role", role, "aws:iam/role:Role", "iam", "GetRole", {"RoleName": role},
                     f"aws iam delete-role --role-name {role} (its policies first)")
