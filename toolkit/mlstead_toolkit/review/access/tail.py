"""The conditions that a sentence ends with: those that principal and place do not tell already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from mlstead_toolkit.review.access.condition import Condition
from mlstead_toolkit.review.access.permission import Permission
from mlstead_toolkit.review.access.words.conditions import in_words
from mlstead_toolkit.review.access.words.lexicon import Lexicon
from mlstead_toolkit.review.access.words.places import located, stored

_PEOPLE: Final = ("aws:principalarn", "aws:principalaccount", "kms:calleraccount")


def tail_of(permissions: Sequence[Permission], words: Lexicon) -> str:
    """Write the conditions that all of some permissions have, but those that place and principal tell."""
    kept = [_telling(one) for one in permissions]
    names = set.intersection(*({(each.name, each.negated) for each in one} for one in kept))
    return in_words(sorted({each for one in kept for each in one if (each.name, each.negated) in names}), words)


def without_origin(conditions: Iterable[Condition]) -> list[Condition]:
    """Drop for which resource a service asks, where it is said for which account."""
    kept = list(conditions)
    if any(one.name == "aws:sourceaccount" and not one.negated for one in kept):
        return [one for one in kept if one.name != "aws:sourcearn"]
    return kept


def _telling(permission: Permission) -> list[Condition]:
    """Give the conditions that are still to be told once principal and place are."""
    kept = [one for one in permission.conditions if not located(one)]
    if stored(permission) and permission.action.text.lower().startswith("kms:"):
        kept = [one for one in kept if one.name != "kms:viaservice"]
    if permission.holder.kind == "AWS":
        kept = [one for one in kept if one.negated or one.if_exists or one.name not in _PEOPLE]
    if permission.holder.kind == "Federated":
        kept = [one for one in kept if not one.name.endswith((":sub", ":aud"))]
    return [one for one in without_origin(kept) if one.name != "iam:passedtoservice"]
