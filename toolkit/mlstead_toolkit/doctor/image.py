"""Whether the image that jobs and endpoint would run has been pushed."""

from __future__ import annotations

from collections.abc import Iterator

from mlstead_toolkit.doctor.account import Account
from mlstead_toolkit.doctor.finding import Finding, off, well


def pushed(account: Account) -> Iterator[Finding]:
    """Ask the project's repository for the tag or digest of the settings; before a first deploy there is none."""
    image, repository = account.settings.image, account.name
    if account.ask("ecr", "DescribeRepositories", repositoryNames=[repository]) is None:
        yield well(f"no repository {repository} yet: the first deployment makes it, then push {image.tag}")
        return
    wanted = {"imageDigest": image.digest} if image.digest else {"imageTag": image.tag}
    words = image.digest or image.tag
    if account.ask("ecr", "DescribeImages", repositoryName=repository, imageIds=[wanted]) is None:
        context = account.context
        url = f"{context.account_id}.dkr.ecr.{context.region}.{context.dns_suffix}/{repository}"
        yield off(f"{repository} has no image {words}",
                  f"docker build --platform linux/amd64 -t {url}:{image.tag} . && docker push {url}:{image.tag}; "
                  f"or name one of: aws ecr list-images --repository-name {repository} --region {account.region}")
    else:
        yield well(f"{repository} has {words}")
