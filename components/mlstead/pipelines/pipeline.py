"""A SageMaker pipeline whose jobs run in the private network: what the pipelines of data and of training share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
from pulumi_aws import sagemaker

from mlstead.component import Component
from mlstead.context import Context
from mlstead.lake.grants import LakeGrants
from mlstead.network.access import NetworkAccess
from mlstead.pipelines.instance_types import has_local_disks
from mlstead.pipelines.pipeline_definition import PipelineDefinition
from mlstead.policy import Statement
from mlstead.refusal import Refusal
from mlstead.role import ExecutionRole, Grantee
from mlstead.training.image_repository import Image
from mlstead.weakened import Secure


@dataclass(frozen=True)
class PipelineArgs:
    """Arguments of Pipeline.

    Args:
        context: where it lives and whose it is.
        pipeline_name: its name on AWS.
        definition: path of the reviewed JSON that `mlstead compile` writes, relative to the program's folder.
        lake: whose key of artifacts encrypts its jobs' volumes.
        network: what its jobs run in: the first two of its subnets.
        image: what its jobs run.
        role: what it starts jobs under; all else that this role may do is granted before.
        job_roles: what its jobs run under, by the parameter that takes each; it hands on no other.
        instance_types: what its jobs run on, by the parameter that takes each; they may run on nothing else.
        values: what its other parameters become in this environment.
        output_keys: keys that may encrypt what its jobs write besides the key of artifacts, by the parameter that takes
            each; the definition need not declare it.
        parameters: values for the project's own parameters, in place of the definition's defaults.
        network_isolation: whether its jobs' containers are cut off even from the private network. Weakened: the
            project's code, and whatever its image brings along, reaches what that network reaches, by the job's role.
    """

    context: Context
    pipeline_name: str
    definition: str | Path
    lake: LakeGrants
    network: NetworkAccess
    image: Image
    role: ExecutionRole
    job_roles: Mapping[str, ExecutionRole]
    instance_types: Mapping[str, str]
    values: Mapping[str, pulumi.Input[Any]]
    output_keys: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    parameters: Mapping[str, pulumi.Input[Any]] = field(default_factory=dict)
    network_isolation: Secure = True


class Pipeline(Component):
    """A SageMaker pipeline, its definition filled for this environment.

    Its role may start jobs only in the private network and on the instance types given, with encrypted traffic, volumes
    and outputs, and hand them only the roles given. Those may join the network, pull the image and have such volumes,
    and what else is granted to them.

    Raises:
        Refusal: a parameter of the pipeline has no value, a value has no parameter, a parameter is given that is filled
            here, or its role could not start a job as it is asked for.
    """

    arn: pulumi.Output[str]
    pipeline_name: pulumi.Output[str]

    def __init__(self, name: str, args: PipelineArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        definition = PipelineDefinition(args.definition)
        values = _values(args, definition)
        definition.check(values)
        definition.check_jobs(args.instance_types, args.output_keys, isolated=bool(args.network_isolation))
        for role in args.job_roles.values():
            args.lake.grant_volumes(role)
            args.network.grant_join(role)
            args.image.grant_pull(role)
            role.grant_pass(args.role)
        args.lake.grant_volumes(args.role)
        args.role.allow("run-jobs", _run_jobs(args, definition))
        ready = [policy for role in (args.role, *args.job_roles.values()) for policy in role.policies]
        pipeline = sagemaker.Pipeline(
            name,
            pipeline_name=args.pipeline_name,
            pipeline_display_name=args.pipeline_name,
            role_arn=args.role.arn,
            pipeline_definition=pulumi.Output.from_input(values).apply(definition.fill),
            tags=self.tags,
            opts=self._child(depends_on=ready),
        )
        self.arn, self.pipeline_name = pipeline.arn, pipeline.pipeline_name
        self.register_outputs({"arn": self.arn, "pipeline_name": self.pipeline_name})

    def grant_start(self, role: Grantee) -> None:
        """Let the role start the pipeline, follow its executions and stop them."""
        role.allow(f"start-{self._name}", [self._follow(
            "Start", "sagemaker:StartPipelineExecution", "sagemaker:StopPipelineExecution"
        )])

    def grant_follow(self, role: Grantee) -> None:
        """Let the role see the pipeline, its executions, and what became of their steps."""
        role.allow(f"follow-{self._name}", [self._follow("Follow")])

    def _follow(self, sid: str, *more: str) -> Statement:
        return Statement(
            sid,
            [*more, "sagemaker:DescribePipeline", "sagemaker:DescribePipelineExecution",
             "sagemaker:ListPipelineExecutions", "sagemaker:ListPipelineExecutionSteps"],
            [self.arn, pulumi.Output.concat(self.arn, "/execution/*")],
        )


def _values(args: PipelineArgs, definition: PipelineDefinition) -> dict[str, pulumi.Input[Any]]:
    standard: dict[str, pulumi.Input[Any]] = {
        "Image": args.image.uri,
        "FirstSubnet": args.network.subnet_ids[0],
        "SecondSubnet": args.network.subnet_ids[1],
        "SecurityGroup": args.network.security_group_id,
        "KmsKey": args.lake.key_arn("artifacts"),
        **{name: role.arn for name, role in args.job_roles.items()},
        **args.instance_types,
        **args.values,
    }
    if reserved := sorted(args.parameters.keys() & (standard.keys() | args.output_keys.keys())):
        raise Refusal(
            f"{', '.join(reserved)}: filled by the component itself.", where="the component's parameters",
            fix="leave it out; other arguments say what it becomes",
        )
    declared = {name: value for name, value in args.output_keys.items() if name in definition.parameters}
    return standard | declared | dict(args.parameters)


def _run_jobs(args: PipelineArgs, definition: PipelineDefinition) -> list[Statement]:
    context, types = args.context, definition.job_types()
    # SageMaker names a pipeline's jobs pipelines-<execution>-<step>, or after the project where the pipeline says so.
    jobs = [
        context.arn("sagemaker", f"{type_.lower()}-job/{prefix}-*")
        for type_ in types for prefix in ("pipelines", context.project)
    ]
    create = [f"sagemaker:Create{type_}Job" for type_ in types]
    chosen = set(args.instance_types.values())
    keyless = {each for each in chosen if has_local_disks(each)}
    statements = [
        Statement(sid, create, jobs, conditions=_conditions(args, definition, sorted(instances), volume_key=keyed))
        for sid, instances, keyed in (
            ("CreateJobs", chosen - keyless, True), ("CreateJobsOnLocalDisks", keyless, False),
        ) if instances
    ]
    follow = [f"sagemaker:{verb}{type_}Job" for verb in ("Describe", "Stop") for type_ in types]
    return [*statements, Statement("FollowJobs", [*follow, "sagemaker:AddTags"], jobs)]


def _conditions(
    args: PipelineArgs, definition: PipelineDefinition, instances: list[str], *, volume_key: bool
) -> dict[str, dict[str, Any]]:
    """Say how a job must be asked for; its API's page lists the keys, all of which both kinds of jobs know.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
    """
    within = {
        "sagemaker:VpcSubnets": args.network.subnet_ids,
        "sagemaker:VpcSecurityGroupIds": [args.network.security_group_id],
        "sagemaker:InstanceTypes": instances,
    }
    artifacts = args.lake.key_arn("artifacts")
    declared = [key for name, key in args.output_keys.items() if name in definition.parameters]
    isolated = {"sagemaker:NetworkIsolation": "true"} if args.network_isolation else {}
    conditions: dict[str, dict[str, Any]] = {
        "Bool": isolated | {"sagemaker:InterContainerTrafficEncryption": "true"},
        "ForAllValues:StringEquals": within,
        "Null": dict.fromkeys(within, "false"),  # ForAllValues holds where nothing is asked for
        "ArnEquals": {},
    }
    if volume_key:
        conditions["ArnEquals"]["sagemaker:VolumeKmsKey"] = artifacts
    else:
        conditions["Null"]["sagemaker:VolumeKmsKey"] = "true"
    # A job that writes to S3 itself gives SageMaker nothing to write, and so names no key for it.
    writes = "ArnEquals" if definition.every_job_has_outputs() else "ArnEqualsIfExists"
    conditions.setdefault(writes, {})["sagemaker:OutputKmsKey"] = [artifacts, *declared]
    return {operator: keys for operator, keys in conditions.items() if keys}
