"""What the projects of an environment share: keys, data lake, logs of jobs."""

import pulumi

from mlstead import (
    Context,
    DataLake,
    DataLakeArgs,
    DomainKey,
    DomainKeyArgs,
    FoundationSettings,
    JobLogs,
    JobLogsArgs,
)

settings = FoundationSettings.load()
context = Context.of_stack(settings.owner)

# Keys: one for each domain. A job writes with one key, so zones that one job fills together share a domain; artifacts
# holds models and images too, so that ECR and SageMaker use its key.
raw = DomainKey("raw-key", DomainKeyArgs(context, "raw"))
refined = DomainKey("refined-key", DomainKeyArgs(context, "refined"))
artifacts = DomainKey("artifacts-key", DomainKeyArgs(context, "artifacts", services=["s3", "ecr", "sagemaker"]))
operations = DomainKey(
    "operations-key",
    DomainKeyArgs(context, "operations", services=["logs", "sns"], log_groups="/aws/sagemaker/", alarms=True),
)

# Lake
lake = DataLake(
    "lake",
    DataLakeArgs(
        context,
        keys={"raw": raw.arn, "curated": refined.arn, "features": refined.arn, "artifacts": artifacts.arn},
        noncurrent_days=settings.noncurrent_days,
        access_log_days=settings.access_log_days,
    ),
)

# Logs
if settings.job_logs:
    JobLogs("job-logs", JobLogsArgs(context, operations.arn, settings.log_retention_days))

pulumi.export("account_id", context.account_id)
pulumi.export("region", context.region)
pulumi.export("lake", lake.outputs)
pulumi.export("operations_key_arn", operations.arn)
