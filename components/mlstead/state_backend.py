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
from mlstead.policy import Statement
from mlstead.refusal import Refusal
from mlstead.role import Grantee
from mlstead.weakened import Secure

# Where Pulumi keeps what belongs to a stack, and how the names go on after it.
# https://www.pulumi.com/docs/iac/concepts/state-and-backends/#using-a-diy-backend
_FILES = (("stacks", ".*"), ("history", "/*"), ("backups", "/*"), ("locks/organization", "/*"))
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
        self.bucket, self._bucket_arn = states.bucket, states.arn
        self._key_arn, self._secrets_key_arn = key.arn, secrets.arn
        self.backend_url = pulumi.Output.concat("s3://", states.bucket, f"?region={context.region}")
        self.secrets_provider = pulumi.Output.concat("awskms://", secrets.alias, f"?region={context.region}")
        self.register_outputs({"backend_url": self.backend_url, "secrets_provider": self.secrets_provider})

    def grant_read(self, role: Grantee) -> None:
        """Let the role read its stack's state and the foundation's, and open secrets: what a preview needs."""
        role.allow("state", [*self._look(role), self._use_key(["kms:Decrypt"]), self._use_secrets(["kms:Decrypt"])])

    def grant_write(self, role: Grantee) -> None:
        """Let the role keep its stack's state as well, with its history, backups and locks."""
        stack = f"{role.context.project}/{role.context.environment}"
        role.allow("state", [
            *self._look(role),
            Statement("KeepState", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], [
                self._file(f"{folder}/{stack}{rest}") for folder, rest in _FILES
            ]),
            self._use_key(["kms:Decrypt", "kms:GenerateDataKey"]),
            self._use_secrets(["kms:Decrypt", "kms:Encrypt"]),
        ])

    def _look(self, role: Grantee) -> list[Statement]:
        # Whether a file exists is answered only to who may list; what a listing gives is names of stacks.
        environment, project = role.context.environment, role.context.project
        return [
            Statement("ListStacks", ["s3:ListBucket"], [self._bucket_arn]),
            Statement("ReadStates", ["s3:GetObject"], [
                self._file("meta.yaml"), *(self._file(f"stacks/{each}/{environment}.*")
                                           for each in dict.fromkeys((project, "mlstead-foundation"))),
                self._file(f"history/{project}/{environment}/*"),
                self._file(f"locks/organization/{project}/{environment}/*"),
            ]),
        ]

    def _file(self, path: str) -> pulumi.Output[str]:
        return pulumi.Output.concat(self._bucket_arn, "/.pulumi/", path)

    def _use_key(self, actions: Sequence[str]) -> Statement:
        return Statement("UseStateKey", actions, [self._key_arn],
                         conditions={"StringEquals": {"kms:ViaService": self.context.via("s3")}})

    def _use_secrets(self, actions: Sequence[str]) -> Statement:
        return Statement("OpenSecrets", actions, [self._secrets_key_arn])

    @property
    def next_step(self) -> pulumi.Output[str]:
        """What to type next, in stacks/foundation."""
        return pulumi.Output.concat(
            "in stacks/foundation type: pulumi login '", self.backend_url, f"' && pulumi stack init "
            f"{self.context.environment} --secrets-provider '", self.secrets_provider, "'",
        )
