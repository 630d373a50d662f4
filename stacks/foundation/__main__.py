"""What the projects of an environment share: keys, network, data lake, catalog, Studio, logs of jobs."""

import pulumi

import mlstead

settings = mlstead.FoundationSettings.load()
context = mlstead.Context.of_stack(settings.owner)

# Keys: one for each domain. A job writes with one key, so zones that one job fills together share a domain. Raw is what
# nobody has vouched for yet, quarantine too; artifacts holds models and images, so ECR and SageMaker use its key, and
# Studio's disks.
raw = mlstead.DomainKey("raw-key", mlstead.DomainKeyArgs(context, "raw", macie=settings.macie))
refined = mlstead.DomainKey("refined-key", mlstead.DomainKeyArgs(context, "refined"))
artifacts = mlstead.DomainKey("artifacts-key", mlstead.DomainKeyArgs(
    context, "artifacts", services=["s3", "ecr", "sagemaker"], file_system=True,
))
operations = mlstead.DomainKey("operations-key", mlstead.DomainKeyArgs(
    context, "operations", services=["logs", "sns", "glue"], log_groups=["/aws/sagemaker/", "/mlstead/"], alarms=True,
))
token_key = mlstead.TokenKey("token-key", mlstead.TokenKeyArgs(context))

# Network
network = mlstead.Network("network", mlstead.NetworkArgs(
    context, operations.arn, log_retention_days=settings.log_retention_days, **settings.network.arguments(),
))

# Lake
lake = mlstead.DataLake("lake", mlstead.DataLakeArgs(
    context,
    keys={"raw": raw.arn, "quarantine": raw.arn, "curated": refined.arn, "features": refined.arn,
          "artifacts": artifacts.arn},
    network=network if settings.only_from_network else None,
    **settings.lake.arguments(),
))

# What any role of a project may at most do here
boundary = mlstead.PermissionsBoundary("boundary", mlstead.PermissionsBoundaryArgs(context, lake, network))

# What an account and region has once
governance = None
if settings.account_wide:
    mlstead.JobLogs("job-logs", mlstead.JobLogsArgs(context, operations.arn, settings.log_retention_days))
    governance = mlstead.CatalogGovernance("governance", mlstead.CatalogGovernanceArgs(
        context, operations.arn, administrators=settings.administrators,
    ))

# Catalog
catalog = mlstead.Catalog("catalog", mlstead.CatalogArgs(context, lake, governance))

# Where people explore
studio = mlstead.StudioDomain("studio", mlstead.StudioDomainArgs(
    context, artifacts.arn, network, **settings.studio.arguments(),
))

for output, value in {
    "account_id": context.account_id, "region": context.region, "operations_key_arn": operations.arn,
    "token_key_arn": token_key.arn, "boundary_arn": boundary.arn, "studio": studio.outputs,
    "lake": lake.outputs, "network": network.outputs, "catalog": catalog.outputs,
}.items():
    pulumi.export(output, value)
