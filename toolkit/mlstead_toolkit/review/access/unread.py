"""Policies that cannot be read: what they allow is not known, so it may be anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mlstead_toolkit.policies.block import Block, Malformed, as_document
from mlstead_toolkit.policies.identity_policy import PERMISSION_SET, ROLE
from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.statement import statements
from mlstead_toolkit.policies.type_pattern import is_one_of
from mlstead_toolkit.review.access.side import Side
from mlstead_toolkit.review.access.sources.reading import blocks
from mlstead_toolkit.review.access.sources.resource_policies import policies_at
from mlstead_toolkit.review.access.told import Told
from mlstead_toolkit.review.access.words.level import Level
from mlstead_toolkit.review.access.words.lexicon import Lexicon
from mlstead_toolkit.review.report import AccessChange, AccessKind

_OTHERS: Final = (
    "aws:ecr/lifecyclePolicy:*", "aws:ecr/repositoryCreationTemplate:*", "aws:cloudwatch/logDataProtectionPolicy:*",
    "aws:cloudwatch/logAccountPolicy:*", "aws:autoscaling/*", "aws:appautoscaling/*", "aws:mediastore/*",
)
"""Types whose policies say nothing of access."""
_DOCUMENT: Final = frozenset({"Version", "Id", "Statement"})
_ELEMENTS: Final = frozenset({
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
})
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html"""


def unread(before: Side, after: Side, words: Lexicon) -> Iterator[Told]:
    """Tell which policies that are new or changed cannot be read."""
    was = {one.urn: dict(_policies(one)) for one in before.resources}
    for one in after.resources:
        for path, value in _policies(one):
            if _readable(value) or was.get(one.urn, {}).get(path) == value:
                continue
            who = words.known.get(one.urn, one.name)
            text = f"{who} may now allow anything: its policy cannot be read"
            yield Told(AccessChange(AccessKind.EXPOSURE, who, text, (f"{path} is no policy that can be read",),
                                    subject=one.name),
                       Level.ADMINISTER, one.urn)


def _policies(resource: Resource) -> Iterator[tuple[str, Any]]:
    """Give path and text of all that is a policy in a resource."""
    found = [(path, resource.properties.get(path)) for path in policies_at(resource)]
    if resource.type == ROLE:
        found.append(("assumeRolePolicy", resource.properties.get("assumeRolePolicy")))
        found += [(f"inlinePolicies[{number}].policy", one.get("policy"))
                  for number, one in enumerate(blocks(resource.properties.get("inlinePolicies")))]
    if resource.type == PERMISSION_SET:
        found.append(("inlinePolicy", resource.properties.get("inlinePolicy")))
    return ((path, value) for path, value in found if value and not is_one_of(resource.type, _OTHERS))


def _readable(value: Any) -> bool:
    """Tell whether a policy has statements, each about some actions, and no element that is not read."""
    try:
        document = as_document(value, "policy")
        if "Statement" not in document or not document.keys() <= _DOCUMENT:
            return False
        written = document["Statement"]
        known = all(one.keys() <= _ELEMENTS for one in (written if isinstance(written, list) else [written]))
        return known and all(one.actions for one in statements(Block({"policy": value})))
    except (AttributeError, Malformed, TypeError, ValueError):
        return False
