"""The key of one data domain: losing or revoking it stays within the domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import kms

from mlstead.component import Component
from mlstead.context import Context
from mlstead.keys.key_policy import (
    administer,
    deploy_catalog,
    deploy_file_system,
    encrypt_logs,
    give_grants,
    publish_alarms,
    scan,
    use,
)
from mlstead.policy import Statement, document
from mlstead.refusal import Refusal
from mlstead.weakened import Secure


@dataclass(frozen=True)
class DomainKeyArgs:
    """Arguments of DomainKey.

    Args:
        context: where it lives and whose it is.
        domain: what the key protects, a word: raw, artifacts, operations.
        services: through which AWS services it may be used, as kms:ViaService names them: s3, sagemaker, ecr, glue;
            none: directly.
        deployers: IAM principals that use it, by ARN; empty: all of the account whose IAM policies say so; None:
            whoever is tagged with a project.
        log_groups: prefixes of the names of the CloudWatch log groups it encrypts.
        alarms: whether CloudWatch alarms of this account publish to topics that it encrypts.
        file_system: whether it encrypts a file system of EFS, as a Studio domain has one.
        macie: whether Macie, which must be enabled in the account, may decrypt with it.
        removable: whether administrators can disable and delete it; where not, its policy has to be changed first.
        deletion_window_days: days between asking for the key's deletion and losing it, 7 to 30.
        protect: whether Pulumi refuses to delete it. Weakened: one mistyped destroy, and after the window all that it
            encrypts is lost.
    """

    context: Context
    domain: str
    services: Sequence[str] = ("s3",)
    deployers: Sequence[str] | None = None
    log_groups: Sequence[str] = ()
    alarms: bool = False
    file_system: bool = False
    macie: bool = False
    removable: bool = True
    deletion_window_days: int = 30
    protect: Secure = True

    def __post_init__(self) -> None:
        if isinstance(self.log_groups, str):
            raise Refusal(f"log_groups is {self.log_groups!r}, one text.", where="DomainKeyArgs.log_groups",
                          fix=f"give a list of prefixes: [{self.log_groups!r}]")
        if not 7 <= self.deletion_window_days <= 30:
            raise Refusal(
                f"A key cannot be deleted after {self.deletion_window_days} days.",
                where="DomainKeyArgs.deletion_window_days",
                fix="choose 7 to 30",
            )


class DomainKey(Component):
    """A customer-managed KMS key with yearly rotation, an alias, and a policy that parts administration from use.

    The policy names who may administer: the account, whose IAM policies say who in it, but nobody that is tagged with a
    project. The account's root user has no tags and can always put the policy right, so the key cannot lock anyone out
    (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html). And it names who may use:
    principals tagged with a project, through the services given
    (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service). Nobody is
    given kms:*.

    Controls: FSBP KMS.4 and KMS.5; CIS AWS 4.6.
    """

    arn: pulumi.Output[str]
    alias: pulumi.Output[str]

    def __init__(self, name: str, args: DomainKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        key = kms.Key(
            name,
            description=f"{args.context.name}: {args.domain}",
            enable_key_rotation=True,
            deletion_window_in_days=args.deletion_window_days,
            policy=document(*_statements(args)),
            tags=self.tags | {"mlstead:domain": args.domain},
            opts=self._child(protect=bool(args.protect)),
        )
        alias = kms.Alias(
            name, name=f"alias/{args.context.name}/{args.domain}", target_key_id=key.key_id, opts=self._child()
        )
        self.arn, self.alias = key.arn, alias.name
        self.register_outputs({"arn": self.arn, "alias": self.alias})


def _statements(args: DomainKeyArgs) -> list[Statement]:
    context = args.context
    return [
        *administer(context, removable=args.removable),
        use(context, args.services, args.deployers),
        *give_grants(context, args.services),
        *(deploy_catalog(context) if "glue" in args.services else ()),
        *(deploy_file_system(context) if args.file_system else ()),
        *(encrypt_logs(context, args.log_groups) if args.log_groups else ()),
        *(publish_alarms(context) if args.alarms else ()),
        *(scan(context, args.services) if args.macie else ()),
    ]
