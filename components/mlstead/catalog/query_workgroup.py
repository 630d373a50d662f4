"""Where a project's queries run in Athena, and where their results go."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_aws import athena

from mlstead.component import Component
from mlstead.context import Context
from mlstead.lake.grants import LakeGrants
from mlstead.policy import Statement
from mlstead.refusal import Refusal
from mlstead.role import Grantee

_GIB = 1024**3


@dataclass(frozen=True)
class QueryWorkgroupArgs:
    """Arguments of QueryWorkgroup.

    Args:
        context: where it lives and whose it is.
        lake: the lake whose zone artifacts takes the results.
        scan_limit_gb: how much a single query may read before it is stopped, in GiB, 1 or more.
    """

    context: Context
    lake: LakeGrants
    scan_limit_gb: int = 10

    def __post_init__(self) -> None:
        if self.scan_limit_gb < 1:
            raise Refusal(f"scan_limit_gb is {self.scan_limit_gb}.", where="QueryWorkgroupArgs",
                          fix="count in whole GiB, 1 or more")


class QueryWorkgroup(Component):
    """An Athena workgroup whose settings no query can leave: encrypted results in the project's prefix, a scan limit.

    One for each project, so that nobody reads the results, or the history, of another's queries.

    Controls: FSBP Athena.4.
    """

    arn: pulumi.Output[str]
    workgroup_name: pulumi.Output[str]

    def __init__(self, name: str, args: QueryWorkgroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._lake, self._results = args.lake, f"{args.context.project}/athena"
        workgroup = athena.Workgroup(
            name,
            name=args.context.name,
            description=f"Queries of {args.context.name}",
            force_destroy=False,
            configuration={
                "enforce_workgroup_configuration": True,
                "publish_cloudwatch_metrics_enabled": True,
                "requester_pays_enabled": False,
                "bytes_scanned_cutoff_per_query": args.scan_limit_gb * _GIB,
                "engine_version": {"selected_engine_version": "Athena engine version 3"},
                "result_configuration": {
                    "output_location": args.lake.uri("artifacts", f"{self._results}/"),
                    "expected_bucket_owner": args.context.account_id,
                    "encryption_configuration": {
                        "encryption_option": "SSE_KMS", "kms_key_arn": args.lake.key_arn("artifacts"),
                    },
                },
            },
            tags=self.tags,
            opts=self._child(),
        )
        self.arn, self.workgroup_name = workgroup.arn, workgroup.name
        self.register_outputs({"arn": self.arn, "workgroup_name": self.workgroup_name})

    def grant_use(self, role: Grantee) -> None:
        """Let the role run queries here and read their results; what it may query, Tables grants."""
        context = self.context
        role.allow("run-queries", [
            Statement(
                "Query",
                ["athena:GetWorkGroup", "athena:StartQueryExecution", "athena:StopQueryExecution",
                 "athena:GetQueryExecution", "athena:BatchGetQueryExecution", "athena:ListQueryExecutions",
                 "athena:GetQueryResults", "athena:GetQueryResultsStream"],
                [self.arn],
            ),
            # Athena looks there first, whatever the query names.
            # https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html
            Statement("OpenCatalog", ["glue:GetDatabase"],
                      [context.arn("glue", "catalog"), context.arn("glue", "database/default")]),
            Statement("LocateResults", ["s3:GetBucketLocation"], [self._lake.bucket_arn("artifacts")]),
        ])
        self._lake.grant_read_write(role, "artifacts", prefix=self._results)
