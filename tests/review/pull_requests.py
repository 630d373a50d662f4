"""Twelve pull requests as teams open them: what the project was, and what was changed."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from reviewed_project import Copy, Edit

EXPIRES = "2027-01-31"
"""What stands in the golden file for the day on which the exception ends: three months from any today."""

REPORTS = '''
# Where the weekly reports are kept
reports = mlstead.Bucket(f"{name}-reports", mlstead.BucketArgs(
    context, lake.key_arn("artifacts"), bucket_name=f"{context.name}-reports",
))
'''
REPORT_KEY = '''
# Where the weekly reports are kept, under a key of their own
report_key = mlstead.DomainKey(f"{name}-reports", mlstead.DomainKeyArgs(context, "reports"))
reports = mlstead.Bucket(f"{name}-reports", mlstead.BucketArgs(context, report_key.arn))
'''
PUBLIC_ENDPOINT = '''
# Answers for the partner's web page
web = aws.iam.Role(f"{name}-web", path=context.role_path, permissions_boundary=context.boundary_arn,
                   assume_role_policy=json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}],
}), tags=context.tags("Web"))
answers = aws.lambda_.Function(
    f"{name}-answers", role=web.arn, runtime="python3.13", handler="answers.handler",
    code=pulumi.AssetArchive({"answers.py": pulumi.StringAsset("def handler(event, context): ...")}),
    kms_key_arn=operations_key, tags=context.tags("Web"),
)
aws.lambda_.FunctionUrl(f"{name}-answers", function_name=answers.name, authorization_type="NONE")
aws.lambda_.Permission(f"{name}-answers", function=answers.name, action="lambda:InvokeFunctionUrl", principal="*",
                       function_url_auth_type="NONE")
'''
MODELS_MODULE = '''"""What the project keeps of images and models."""

import mlstead


def images_and_models(name, context, lake):
    """Make the two registries."""
    images = mlstead.ImageRepository(f"{name}-images", mlstead.ImageRepositoryArgs(context, lake.key_arn("artifacts")))
    registry = mlstead.ModelRegistry(f"{name}-models", mlstead.ModelRegistryArgs(context))
    return images, registry
'''


@dataclass(frozen=True)
class PullRequest:
    """One of them.

    Args:
        name: the golden file's name.
        change: what it does.
        before: what the project has besides, on both sides; None: nothing.
        other_mlstead: whether the base uses an older mlstead than the change.
    """

    name: str
    change: Edit
    before: Edit | None = None
    other_mlstead: bool = False


def _everywhere(old: str, new: Callable[[str], str] | str) -> Edit:
    def change(copy: Copy) -> None:
        for environment in ("dev", "staging", "prod"):
            copy.setting(environment, old, new if isinstance(new, str) else new(environment))

    return change


def _refactoring(copy: Copy) -> None:
    copy.write("infra/registries.py", MODELS_MODULE)
    copy.program(
        'images = mlstead.ImageRepository(f"{name}-images", mlstead.ImageRepositoryArgs(context, '
        'lake.key_arn("artifacts")))\n'
        'registry = mlstead.ModelRegistry(f"{name}-models", mlstead.ModelRegistryArgs(context))\n',
        "images, registry = images_and_models(name, context, lake)\n")
    copy.program("import mlstead\nimport pulumi\n",
                 "import mlstead\nimport pulumi\nfrom registries import images_and_models\n")
    copy.program("context = mlstead.Context.of_stack(settings.owner)\n",
                 "context = mlstead.Context.of_stack(owner=settings.owner)\n")


def _widened(copy: Copy) -> None:
    copy.program('lake.grant_read(exploration, "curated")\n',
                 'lake.grant_read(exploration, "curated")\nlake.grant_read_write(exploration, "raw")\n')
    copy.program("lake.grant_audit(team.auditor)\n", 'lake.grant_audit(team.auditor)\n'
                 'registry.grant_approve(team.data_scientist)\n')


def _public_endpoint(copy: Copy) -> None:
    copy.program("import mlstead\nimport pulumi\n",
                 "import json\n\nimport mlstead\nimport pulumi\nimport pulumi_aws as aws\n")
    copy.add(PUBLIC_ENDPOINT)


def _without_key(copy: Copy) -> None:
    copy.program('report_key = mlstead.DomainKey(f"{name}-reports", mlstead.DomainKeyArgs(context, "reports"))\n', "")
    copy.program("mlstead.BucketArgs(context, report_key.arn)",
                 'mlstead.BucketArgs(context, mlstead.Weakened("the partner reads them without our keys"))')


def _weakened(copy: Copy) -> None:
    copy.program("context, lake, network, images, registry, settings.model_version, operations_key,\n",
                 "context, lake, network, images, registry, settings.model_version, operations_key,\n"
                 '    capture=mlstead.Weakened("what is asked names passengers until the payload is trimmed"),\n')
    copy.setting("prod", "instance_count: 2", "instance_count: 1")
    copy.append("policy-exceptions.toml", f'''
[[exception]]
rule = "sagemaker-endpoint-several-instances"
resource = "flight-delays-endpoint"
reason = "Nobody asks between midnight and five, and the budget of the quarter is spent"
owner = "ml-platform@example.com"
expires = {in_three_months()}
''')


def in_three_months() -> str:
    """Give a day on which an exception made today may still end."""
    return (datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=90)).isoformat()


PULL_REQUESTS = (
    PullRequest("01-a-tag", _everywhere("config:\n", "config:\n  flight-delays:owner: flights@example.com\n")),
    PullRequest("02-a-bucket-renamed",
                lambda copy: copy.program('f"{context.name}-reports"', 'f"{context.name}-weekly-reports"'),
                before=lambda copy: copy.add(REPORTS)),
    PullRequest("03-a-widened-policy", _widened),
    PullRequest("04-a-public-endpoint", _public_endpoint),
    PullRequest("05-a-removed-key", _without_key, before=lambda copy: copy.add(REPORT_KEY)),
    PullRequest("06-a-new-model-version", lambda copy: copy.setting("prod", "{version: 7}", "{version: 8}")),
    PullRequest("07-a-bigger-instance", lambda copy: copy.setting(
        "prod", "endpoint: {instance_type: ml.m5.large, instance_count: 2}",
        "endpoint: {instance_type: ml.m5.2xlarge, instance_count: 3}")),
    PullRequest("08-a-shortened-retention", _everywhere(
        "endpoint: {instance_type: ml.m5.large, ",
        "endpoint: {log_retention_days: 30, instance_type: ml.m5.large, ")),
    PullRequest("09-a-component-upgrade", lambda _: None, other_mlstead=True),
    PullRequest("10-a-weakened-control-with-reason", _weakened),
    PullRequest("11-a-refactoring", _refactoring),
    PullRequest("12-a-broken-program", lambda copy: copy.program(
        "settings.processing.instance_type, tables=tables", "settings.processing.instance_types, tables=tables")),
)
