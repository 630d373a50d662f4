"""Machines and disks: no public address, no credentials for whoever can make them fetch a page, nothing in clear.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack
from mlstead_toolkit.policies.own_controls import OWN_KEYS

INSTANCE: Final = "aws:ec2/instance:Instance"
LAUNCH_TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"
VOLUME: Final = "aws:ebs/volume:Volume"
FILE_SYSTEM: Final = "aws:efs/fileSystem:FileSystem"


def _tokens(machine: Resource, _stack: Stack) -> Iterator[str]:
    disabled = machine.value("metadataOptions.httpEndpoint") == "disabled"
    if not disabled and machine.get("metadataOptions.httpTokens", "optional") != "required":
        yield "one request that a program is talked into gives away the role's credentials"


def _private(machine: Resource, _stack: Stack) -> Iterator[str]:
    faces = [machine, *machine.blocks("networkInterfaces")]
    if any(one.flag("associatePublicIpAddress") for one in faces):
        yield "it has a public address"


def _encrypted(disk: Resource, _stack: Stack) -> Iterator[str]:
    if not disk.flag("encrypted") or not disk.filled("kmsKeyId"):
        yield "it is not encrypted with a KMS key of your own"


RULES: Final = (
    Rule(
        id="ec2-metadata-tokens",
        level=Level.MANDATORY,
        controls=("FSBP EC2.8", "FSBP EC2.170", "CIS 6.7"),
        title="A machine tells its credentials only to who fetched a token first (IMDSv2).",
        fix='Set metadata_options={"http_tokens": "required"}.',
        types=(INSTANCE, LAUNCH_TEMPLATE),
        check=_tokens,
    ),
    Rule(
        id="ec2-no-public-address",
        level=Level.MANDATORY,
        controls=("FSBP EC2.9", "FSBP EC2.25"),
        title="A machine has no public address.",
        fix="Set associate_public_ip_address=False.",
        types=(INSTANCE, LAUNCH_TEMPLATE),
        check=_private,
    ),
    Rule(
        id="disk-customer-key",
        level=Level.MANDATORY,
        controls=("FSBP EC2.3", "FSBP EFS.1", OWN_KEYS),
        title="Disks and file systems are encrypted with a customer-managed KMS key.",
        fix="Set encrypted=True and kms_key_id=key_arn.",
        types=(VOLUME, FILE_SYSTEM),
        check=_encrypted,
    ),
)
