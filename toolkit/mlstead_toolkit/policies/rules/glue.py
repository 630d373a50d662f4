"""Glue: metadata, what jobs leave behind and passwords of connections are encrypted; connections are over TLS.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/glue-controls.html,
https://docs.aws.amazon.com/glue/latest/dg/set-up-encryption.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack, own_controls
from mlstead_toolkit.policies.resource_policy import open_to_everybody

CATALOG_ENCRYPTION: Final = "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings"
SECURITY_CONFIGURATION: Final = "aws:glue/securityConfiguration:SecurityConfiguration"
JOB: Final = "aws:glue/job:Job"
CRAWLER: Final = "aws:glue/crawler:Crawler"
DEVELOPMENT_ENDPOINT: Final = "aws:glue/devEndpoint:DevEndpoint"
CONNECTION: Final = "aws:glue/connection:Connection"
RESOURCE_POLICY: Final = "aws:glue/resourcePolicy:ResourcePolicy"

_SETTINGS: Final = "dataCatalogEncryptionSettings"
# The mode that encrypts with a key of one's own, by what is encrypted.
_MODES: Final = {
    "cloudwatchEncryption": ("cloudwatchEncryptionMode", "SSE-KMS", "logs are"),
    "jobBookmarksEncryption": ("jobBookmarksEncryptionMode", "CSE-KMS", "bookmarks are"),
    "s3Encryption": ("s3EncryptionMode", "SSE-KMS", "what jobs write is"),
}
_SPARK: Final = ("glueetl", "gluestreaming")
_OLDEST_SUPPORTED: Final = 3.0


def _metadata(settings: Resource, _stack: Stack) -> Iterator[str]:
    at_rest = f"{_SETTINGS}.encryptionAtRest"
    # Another mode, SSE-KMS-WITH-SERVICE-ROLE, encrypts with the same key.
    mode = settings.get(f"{at_rest}.catalogEncryptionMode", "DISABLED")
    if not mode.startswith("SSE-KMS") or not settings.filled(f"{at_rest}.sseAwsKmsKeyId"):
        yield "the catalog's metadata is not encrypted with a KMS key of your own"


def _passwords(settings: Resource, _stack: Stack) -> Iterator[str]:
    passwords = f"{_SETTINGS}.connectionPasswordEncryption"
    if not settings.flag(f"{passwords}.returnConnectionPasswordEncrypted") or not settings.filled(
            f"{passwords}.awsKmsKeyId"):
        yield "passwords of connections are given out in clear"


def _all_encrypted(configuration: Resource, _stack: Stack) -> Iterator[str]:
    for part, (field, mode, what) in _MODES.items():
        path = f"encryptionConfiguration.{part}"
        if configuration.value(f"{path}.{field}") != mode or not configuration.filled(f"{path}.kmsKeyArn"):
            yield f"{what} not encrypted with a KMS key of your own"


def _configured(resource: Resource, _stack: Stack) -> Iterator[str]:
    if not resource.filled("securityConfiguration"):
        yield "without a security configuration what it leaves behind is not encrypted with a KMS key of your own"


def _over_tls(connection: Resource, _stack: Stack) -> Iterator[str]:
    kind = connection.get("connectionType", "JDBC")
    if kind == "JDBC" and not connection.flag("connectionProperties.JDBC_ENFORCE_SSL"):
        yield "the database is reached without TLS where it lets that pass"
    if kind == "KAFKA" and not connection.flag("connectionProperties.KAFKA_SSL_ENABLED", default=True):
        yield "the brokers are reached without TLS"


def _secret(connection: Resource, _stack: Stack) -> Iterator[str]:
    if connection.filled("connectionProperties.PASSWORD"):
        yield "the password stands in the connection"
    if connection.has("authenticationConfiguration.basicAuthenticationCredentials"):
        yield "user and password stand in the connection"


def _supported(job: Resource, _stack: Stack) -> Iterator[str]:
    if job.get("command.name", "glueetl") in _SPARK:
        version = job.get("glueVersion", "0.9")
        if float(version) < _OLDEST_SUPPORTED:
            yield f"Glue {version} is patched no longer"


def _not_public(policy: Resource, _stack: Stack) -> Iterator[str]:
    yield from open_to_everybody(policy)


RULES: Final = (
    Rule(
        id="glue-catalog-encrypted",
        level=Level.MANDATORY,
        controls=("AWS Config glue-data-catalog-encryption", own_controls.OWN_KEYS),
        title="The Data Catalog's metadata is encrypted with a customer-managed key.",
        fix='Set catalog_encryption_mode="SSE-KMS" and sse_aws_kms_key_id.',
        types=(CATALOG_ENCRYPTION,),
        check=_metadata,
    ),
    Rule(
        id="glue-connection-passwords-encrypted",
        level=Level.MANDATORY,
        controls=(own_controls.NO_PLAIN_CREDENTIALS,),
        title="The Data Catalog gives passwords of connections only encrypted.",
        fix="Set return_connection_password_encrypted=True and aws_kms_key_id.",
        types=(CATALOG_ENCRYPTION,),
        check=_passwords,
    ),
    Rule(
        id="glue-security-configuration-complete",
        level=Level.MANDATORY,
        controls=(own_controls.OWN_KEYS,),
        title="A security configuration encrypts logs, bookmarks and what jobs write with a customer-managed key.",
        fix="Set SSE-KMS for CloudWatch and S3, CSE-KMS for job bookmarks, and kms_key_arn for each.",
        types=(SECURITY_CONFIGURATION,),
        check=_all_encrypted,
    ),
    Rule(
        id="glue-uses-security-configuration",
        level=Level.MANDATORY,
        controls=(own_controls.OWN_KEYS,),
        title="Glue jobs, crawlers and development endpoints have a security configuration.",
        fix="Set security_configuration to the name of one.",
        types=(JOB, CRAWLER, DEVELOPMENT_ENDPOINT),
        check=_configured,
    ),
    Rule(
        id="glue-connection-over-tls",
        level=Level.MANDATORY,
        controls=(own_controls.TRAFFIC,),
        title="A connection to a database or a broker is made over TLS, or not at all.",
        fix='Set "JDBC_ENFORCE_SSL": "true", or leave KAFKA_SSL_ENABLED out.',
        types=(CONNECTION,),
        check=_over_tls,
    ),
    Rule(
        id="glue-connection-secret",
        level=Level.MANDATORY,
        controls=(own_controls.NO_PLAIN_CREDENTIALS,),
        title="A connection's password stays in Secrets Manager.",
        fix='Set "SECRET_ID" in connection_properties, or secret_arn in authentication_configuration.',
        types=(CONNECTION,),
        check=_secret,
    ),
    Rule(
        id="glue-job-supported",
        level=Level.MANDATORY,
        controls=("FSBP Glue.4",),
        title="A Spark job runs on a version of Glue that is still patched.",
        fix='Set glue_version="5.0".',
        types=(JOB,),
        check=_supported,
    ),
    Rule(
        id="glue-catalog-not-public",
        level=Level.MANDATORY,
        controls=(own_controls.LEAST_DATA,),
        title="The Data Catalog is not open to everybody.",
        fix="Name the accounts that may read it in Principal.",
        types=(RESOURCE_POLICY,),
        check=_not_public,
    ),
)
