"""Examples of the theme glue."""

from __future__ import annotations

from typing import Any

from stack_builder import example, policy, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.rules.glue import (
    CATALOG_ENCRYPTION,
    CONNECTION,
    CRAWLER,
    JOB,
    RESOURCE_POLICY,
    SECURITY_CONFIGURATION,
)

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
METADATA = {"catalogEncryptionMode": "SSE-KMS", "sseAwsKmsKeyId": KEY}
PASSWORDS = {"returnConnectionPasswordEncrypted": True, "awsKmsKeyId": KEY}
ENCRYPTION = {
    "cloudwatchEncryption": {"cloudwatchEncryptionMode": "SSE-KMS", "kmsKeyArn": KEY},
    "jobBookmarksEncryption": {"jobBookmarksEncryptionMode": "CSE-KMS", "kmsKeyArn": KEY},
    "s3Encryption": {"s3EncryptionMode": "SSE-KMS", "kmsKeyArn": KEY},
}
JDBC = {"JDBC_CONNECTION_URL": "jdbc:postgresql://db/flights", "JDBC_ENFORCE_SSL": "true", "SECRET_ID": "flights/db"}
TABLE = "arn:aws:glue:eu-west-1:123456789012:table/flights/*"


def _settings(at_rest: dict[str, Any] = METADATA, passwords: dict[str, Any] = PASSWORDS) -> Stack:
    return stack(resource(CATALOG_ENCRYPTION, dataCatalogEncryptionSettings={
        "encryptionAtRest": at_rest, "connectionPasswordEncryption": passwords,
    }))


def _configuration(**changed: Any) -> Stack:
    return stack(resource(SECURITY_CONFIGURATION, name="flights-1a2b3c4", encryptionConfiguration=ENCRYPTION | changed))


def _job(**changed: Any) -> Stack:
    return stack(resource(JOB, **{
        "roleArn": "arn:aws:iam::123456789012:role/glue", "securityConfiguration": "flights-1a2b3c4",
        "glueVersion": "5.0", "command": {"name": "glueetl", "scriptLocation": "s3://lake-artifacts/flights/job.py"},
    } | changed))


def _connection(kind: str = "JDBC", **properties: str | None) -> Stack:
    return stack(resource(CONNECTION, connectionType=kind, connectionProperties=properties))


def _shared(principal: Any) -> Stack:
    return stack(resource(RESOURCE_POLICY, policy=policy(
        {"Sid": "Read", "Principal": principal, "Action": "glue:GetTable", "Resource": TABLE})))


EXAMPLES = {
    "glue-catalog-encrypted": example(_settings(), (
        _settings(at_rest={"catalogEncryptionMode": "DISABLED"}),
        _settings(at_rest={"catalogEncryptionMode": "SSE-KMS"}),
    )),
    "glue-connection-passwords-encrypted": example(_settings(), (
        _settings(passwords={"returnConnectionPasswordEncrypted": False}),
        _settings(passwords={"returnConnectionPasswordEncrypted": True}),
    )),
    "glue-security-configuration-complete": example(_configuration(), (
        _configuration(jobBookmarksEncryption={"jobBookmarksEncryptionMode": "DISABLED"}),
        _configuration(s3Encryption={"s3EncryptionMode": "SSE-S3"}), _configuration(cloudwatchEncryption=None),
    )),
    "glue-uses-security-configuration": example(_job(), (
        _job(securityConfiguration=None),
        stack(resource(CRAWLER, role="glue", databaseName="flights", s3Targets=[{"path": "s3://lake-raw/flights"}])),
    )),
    "glue-connection-over-tls": example(
        (_connection(**JDBC), _connection("KAFKA", KAFKA_BOOTSTRAP_SERVERS="one:9094"), _connection("NETWORK")),
        (_connection(**JDBC | {"JDBC_ENFORCE_SSL": "false"}), _connection(**JDBC | {"JDBC_ENFORCE_SSL": None}),
         _connection("KAFKA", KAFKA_BOOTSTRAP_SERVERS="one:9092", KAFKA_SSL_ENABLED="false")),
    ),
    "glue-connection-secret": example(_connection(**JDBC), _connection(**JDBC | {
        "SECRET_ID": None, "USERNAME": "flights", "PASSWORD": "correct horse battery",
    })),
    "glue-job-supported": example((_job(), _job(command={"name": "pythonshell"}, glueVersion="1.0")), (
        _job(glueVersion="2.0"), _job(glueVersion=None),
    )),
    "glue-catalog-not-public": example(_shared({"AWS": "arn:aws:iam::210987654321:root"}), (
        _shared("*"), _shared({"AWS": ["*"]}),
    )),
}
