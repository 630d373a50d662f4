"""The key that tokens are derived from: what makes one value the same token everywhere in a project, and no other's."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_aws import kms

from mlstead.component import Component
from mlstead.context import Context
from mlstead.keys.key_policy import MAC_ALGORITHM, administer, derive_tokens
from mlstead.policy import Statement, document
from mlstead.refusal import Refusal
from mlstead.role import Grantee
from mlstead.weakened import Secure


@dataclass(frozen=True)
class TokenKeyArgs:
    """Arguments of TokenKey.

    Args:
        context: where it lives and whose it is.
        deletion_window_days: days between asking for the key's deletion and losing it, 7 to 30.
        protect: whether Pulumi refuses to delete it. Weakened: one mistyped destroy, and after the window what is
            tokenised from then on no longer joins with what was before.
    """

    context: Context
    deletion_window_days: int = 30
    protect: Secure = True

    def __post_init__(self) -> None:
        if not 7 <= self.deletion_window_days <= 30:
            raise Refusal(f"A key cannot be deleted after {self.deletion_window_days} days.",
                          where="TokenKeyArgs.deletion_window_days", fix="choose 7 to 30")


class TokenKey(Component):
    """An HMAC key of KMS, from which a job derives its project's own key once a run; it never leaves KMS.

    KMS rotates no HMAC keys, and another key would make other tokens: data that is to join has to keep this one
    (https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html). It encrypts nothing, so no service uses it
    for anybody: jobs call it themselves, through the network's endpoint. Which project's tokens a caller derives is
    said by the message, which no policy sees; so whoever has the grant is held to his own by his code alone.

    Controls: FSBP KMS.5; KMS.4 asks for the rotation of keys that encrypt.
    """

    arn: pulumi.Output[str]
    alias: pulumi.Output[str]

    def __init__(self, name: str, args: TokenKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        key = kms.Key(
            name,
            description=f"{args.context.name}: tokens",
            key_usage="GENERATE_VERIFY_MAC",
            customer_master_key_spec="HMAC_256",
            deletion_window_in_days=args.deletion_window_days,
            policy=document(*administer(args.context, removable=True), derive_tokens(args.context)),
            tags=self.tags | {"mlstead:domain": "tokens"},
            opts=self._child(protect=bool(args.protect)),
        )
        alias = kms.Alias(
            name, name=f"alias/{args.context.name}/tokens", target_key_id=key.key_id, opts=self._child()
        )
        self.arn, self.alias = key.arn, alias.name
        self.register_outputs({"arn": self.arn, "alias": self.alias})


def grant_tokens(role: Grantee, token_key_arn: pulumi.Input[str]) -> None:
    """Let the role derive tokens; in a project's stack, which knows the key by its ARN."""
    role.allow("tokens", [Statement(
        "DeriveTokens", ["kms:GenerateMac"], [token_key_arn],
        conditions={"StringEquals": {"kms:MacAlgorithm": MAC_ALGORITHM}},
    )])
