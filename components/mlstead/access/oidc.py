"""Who CI is: the identity provider that an account trusts, and what its tokens say of a job."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import pulumi
from pulumi_aws import iam

from mlstead.component import Component
from mlstead.context import Context
from mlstead.refusal import Refusal

Ci: TypeAlias = Literal["github", "gitlab"]
AUDIENCE = "sts.amazonaws.com"  # what a token has to be made for; official actions of AWS ask for it by themselves
GITHUB = "token.actions.githubusercontent.com"
_HOST = re.compile(r"https://[a-z0-9.-]+(:\d+)?")


@dataclass(frozen=True)
class OidcProviderArgs:
    """Arguments of OidcProvider.

    Args:
        context: where it lives.
        ci: whose tokens are trusted: github or gitlab.
        gitlab_url: of the GitLab that runs the jobs.
        existing: whether the account trusts it already, with the audience sts.amazonaws.com: it is named, not made.
    """

    context: Context
    ci: Ci = "github"
    gitlab_url: str = "https://gitlab.com"
    existing: bool = False

    def __post_init__(self) -> None:
        if self.ci not in get_args(Ci):
            raise Refusal(f"{self.ci!r} is no CI.", where="OidcProviderArgs.ci",
                          fix=f"choose one of {', '.join(get_args(Ci))}")
        check_gitlab_url(self.gitlab_url, "OidcProviderArgs.gitlab_url")

    @property
    def issuer(self) -> str:
        """The issuer without its scheme, as IAM names it in ARNs and condition keys."""
        return GITHUB if self.ci == "github" else self.gitlab_url.removeprefix("https://")


def check_gitlab_url(url: str, where: str) -> None:
    """Refuse what is no address of a GitLab: IAM takes https alone, and the issuer ends with the host."""
    if not _HOST.fullmatch(url):
        raise Refusal(f"{url!r} is no address of a GitLab.", where=where,
                      fix="write https:// and its host, such as https://gitlab.com, with nothing after it")


class OidcProvider(Component):
    """The issuer of CI's tokens as IAM knows it: once an account and issuer.

    No certificate is pinned: IAM goes by its own library of authorities for GitHub and GitLab.com, and for another
    GitLab looks the certificate up itself, when the provider is made
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html).
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: OidcProviderArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        context = args.context
        self.issuer, self.ci, self.partition = args.issuer, args.ci, context.partition
        if args.existing:
            arn = f"arn:{context.partition}:iam::{context.account_id}:oidc-provider/{args.issuer}"
            self.arn = pulumi.Output.from_input(arn)
        else:
            self.arn = iam.OpenIdConnectProvider(
                name, url=f"https://{args.issuer}", client_id_lists=[AUDIENCE], tags=self.tags, opts=self._child(),
            ).arn
        self.register_outputs({"arn": self.arn})
