"""Where Pulumi keeps the states of an account's stacks, and the key of the secrets in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from mlstead.component import Component
from mlstead.context import Context
from mlstead.keys.domain_key import DomainKey, DomainKeyArgs
from mlstead.lake.access_logs import AccessLogs, AccessLogsArgs
from mlstead.lake.bucket import Bucket, BucketArgs
from mlstead.lake.bucket_guards import deny_loss
from mlstead.refusal import Refusal
from mlstead.weakened import Secure

_PRINCIPALS = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/[^*?]+.*")


@dataclass(frozen=True)
class StateBackendArgs:
    """Arguments of StateBackend.

    Args:
        context: where it lives and whose it is.
        deployers: IAM roles and users that deploy, by ARN, `*` allowed in their names: nobody else can decrypt a state
            or a secret; none: whoever in the account has IAM policies that say so.
        noncurrent_days: how long overwritten and deleted versions of a state can be brought back; while locked, it
            cannot be changed.
        locked: whether Pulumi refuses to delete bucket and keys; the bucket, whoever asks, its own deletion and that of
            old versions; and the keys being disabled or deleted. Weakened: whoever may administer buckets or keys can
            lose every state with its history, and Pulumi no longer knows what it made.
    """

    context: Context
    deployers: Sequence[str] = ()
    noncurrent_days: int = 365
    locked: Secure = True

    def __post_init__(self) -> None:
        where, account = "StateBackendArgs.deployers", self.context.account_id
        check_deployers(self.deployers, where)
        for arn in self.deployers:
            if not arn.startswith(f"arn:{self.context.partition}:iam::{account}:"):
                raise Refusal(f"{arn!r} is no role or user of the account {account}.", where=where,
                              fix=f"write its ARN: arn:{self.context.partition}:iam::{account}:role/deploy")


def check_deployers(arns: Sequence[str], where: str) -> None:
    """Refuse what is no ARN of a role or user, or is one of all that there are."""
    for arn in arns:
        if not _PRINCIPALS.fullmatch(arn):
            raise Refusal(f"{arn!r} is no role or user.", where=where,
                          fix="write its ARN, such as arn:aws:iam::123456789012:role/deploy; of a session, its role's")


class StateBackend(Component):
    """An S3 bucket for Pulumi's states and a KMS key for the secrets in them.

    Pulumi overwrites and deletes its files, states and locks alike; versions bring back what was there. Not S3's object
    lock: it would keep every lock file of every run as long as a state, and nothing could end it before its time.

    Controls: FSBP S3.1 to .3, .5, .6, .8, .9, .10, .13, .14, .17; KMS.4, KMS.5.
    """

    bucket: pulumi.Output[str]
    backend_url: pulumi.Output[str]
    secrets_provider: pulumi.Output[str]

    def __init__(self, name: str, args: StateBackendArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        context = args.context
        key = DomainKey(f"{name}-key", DomainKeyArgs(
            context, "state", deployers=args.deployers, removable=not args.locked, protect=args.locked,
        ), self._child())
        secrets = DomainKey(f"{name}-secrets-key", DomainKeyArgs(
            context, "secrets", services=(), deployers=args.deployers, removable=not args.locked, protect=args.locked,
        ), self._child())
        states = Bucket(name, BucketArgs(
            context, key.arn, bucket_name=f"mlstead-state-{context.account_id}-{context.region}",
            statements=deny_loss if args.locked else lambda _: (), tier_after_days=None,
            noncurrent_days=args.noncurrent_days, events=False, protect=args.locked,
        ), self._child())
        AccessLogs(
            f"{name}-access-logs", AccessLogsArgs(context, {name: states}, protect=args.locked), self._child()
        )
        self.bucket = states.bucket
        self.backend_url = pulumi.Output.concat("s3://", states.bucket, f"?region={context.region}")
        self.secrets_provider = pulumi.Output.concat("awskms://", secrets.alias, f"?region={context.region}")
        self.register_outputs({"backend_url": self.backend_url, "secrets_provider": self.secrets_provider})

    @property
    def next_step(self) -> pulumi.Output[str]:
        """What to type next, in stacks/foundation."""
        return pulumi.Output.concat(
            "in stacks/foundation type: pulumi login '", self.backend_url, f"' && pulumi stack init "
            f"{self.context.environment} --secrets-provider '", self.secrets_provider, "'",
        )
