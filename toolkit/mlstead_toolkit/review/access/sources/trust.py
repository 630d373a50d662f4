"""Who may assume which role."""

from __future__ import annotations

from collections.abc import Iterator

from mlstead_toolkit.policies.identity_policy import ROLE
from mlstead_toolkit.review.access.permission import Permission, Realm
from mlstead_toolkit.review.access.side import Side
from mlstead_toolkit.review.access.sources.reading import says


def trust(side: Side) -> Iterator[Permission]:
    """Give what the trust policies say."""
    for role in side.of(ROLE):
        yield from says(role, "assumeRolePolicy", Realm.TRUST, role.urn, within=side.arn(role), subject=role.urn)
