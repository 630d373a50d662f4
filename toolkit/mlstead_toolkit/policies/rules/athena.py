"""Athena: no query leaves its workgroup's settings, and results are encrypted.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/athena-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack, own_controls

WORKGROUP: Final = "aws:athena/workgroup:Workgroup"
DATABASE: Final = "aws:athena/database:Database"

_RESULTS: Final = "configuration.resultConfiguration"
_WITH_OWN_KEY: Final = ("SSE_KMS", "CSE_KMS")


def _enforced(workgroup: Resource, _stack: Stack) -> Iterator[str]:
    if not workgroup.flag("configuration.enforceWorkgroupConfiguration", default=True):
        yield "a query may say itself where its results go, and whether they are encrypted"


def _encrypted(resource: Resource, _stack: Stack) -> Iterator[str]:
    if resource.type == DATABASE:
        path, key = "encryptionConfiguration", "kmsKey"
    elif resource.flag("configuration.managedQueryResultsConfiguration.enabled"):
        if not resource.filled("configuration.managedQueryResultsConfiguration.encryptionConfiguration.kmsKey"):
            yield "results that Athena keeps are not encrypted with a KMS key of your own"
        return
    else:
        path, key = f"{_RESULTS}.encryptionConfiguration", "kmsKeyArn"
    if resource.value(f"{path}.encryptionOption") not in _WITH_OWN_KEY or not resource.filled(f"{path}.{key}"):
        yield "results are not encrypted with a KMS key of your own"


def _logged(workgroup: Resource, _stack: Stack) -> Iterator[str]:
    if not workgroup.flag("configuration.publishCloudwatchMetricsEnabled", default=True):
        yield "nothing tells how many queries there were, and what they read"


def _bounded(workgroup: Resource, _stack: Stack) -> Iterator[str]:
    if not workgroup.filled("configuration.bytesScannedCutoffPerQuery"):
        yield "a single query may read, and cost, as much as there is"


def _own_account(workgroup: Resource, _stack: Stack) -> Iterator[str]:
    if workgroup.filled(f"{_RESULTS}.outputLocation") and not workgroup.filled(f"{_RESULTS}.expectedBucketOwner"):
        yield "results also go to a bucket of that name in somebody else's account"


RULES: Final = (
    Rule(
        id="athena-workgroup-enforced",
        level=Level.MANDATORY,
        controls=(own_controls.OWN_STORAGE,),
        title="A query cannot leave the settings of its workgroup.",
        fix="Leave enforce_workgroup_configuration at True.",
        types=(WORKGROUP,),
        check=_enforced,
    ),
    Rule(
        id="athena-results-encrypted",
        level=Level.MANDATORY,
        controls=("cdk-nag ATH1", own_controls.OWN_KEYS),
        title="Results of queries are encrypted with a customer-managed key.",
        fix='Set encryption_configuration={"encryption_option": "SSE_KMS", "kms_key_arn": key_arn}.',
        types=(WORKGROUP, DATABASE),
        check=_encrypted,
    ),
    Rule(
        id="athena-workgroup-logged",
        level=Level.MANDATORY,
        controls=("FSBP Athena.4",),
        title="A workgroup tells CloudWatch of its queries.",
        fix="Leave publish_cloudwatch_metrics_enabled at True.",
        types=(WORKGROUP,),
        check=_logged,
    ),
    Rule(
        id="athena-scan-bounded",
        level=Level.ADVISORY,
        controls=(own_controls.BOUNDED_COST,),
        title="A query is stopped before it reads more than was meant.",
        fix="Set bytes_scanned_cutoff_per_query.",
        types=(WORKGROUP,),
        check=_bounded,
    ),
    Rule(
        id="athena-results-own-account",
        level=Level.ADVISORY,
        controls=(own_controls.OWN_STORAGE,),
        title="Results go only to a bucket of the account that is meant.",
        fix="Set expected_bucket_owner to the account's number.",
        types=(WORKGROUP,),
        check=_own_account,
    ),
)
