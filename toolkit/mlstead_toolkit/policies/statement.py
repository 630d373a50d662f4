"""Statements of a policy, as a rule reads them: what of whom, on what, and held to which conditions.

The evaluator in mlstead_toolkit.access answers one request; a rule asks what a statement reaches at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, Final

from mlstead_toolkit.access.pattern import Pattern
from mlstead_toolkit.access.request import Context
from mlstead_toolkit.policies.account import ACCOUNT
from mlstead_toolkit.policies.addresses import anywhere
from mlstead_toolkit.policies.block import Block, Malformed, as_document

EVERYBODY: Final = "*"

WHOSE: Final = (
    "aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:SourceAccount",
    "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner", "aws:SourceVpc", "aws:SourceVpce",
    "aws:SourceVpcArn", "aws:VpceAccount", "aws:VpceOrgID", "aws:SourceIp", "aws:userid", "kms:CallerAccount",
    "s3:DataAccessPointArn", "s3:DataAccessPointAccount",
)
"""Keys that say who asks or from where; a tag does not: anybody can tag a role of his own.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
"""

ON_WHOSE_BEHALF: Final = (
    "aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths",
)
"""Keys by which a service says for whose resource it asks.

https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

_HOLDING = frozenset({
    "StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "IpAddress",
})
_FIXED_START = re.compile(
    rf"o-[a-z0-9]{{10,32}}/|{ACCOUNT}|A[A-Z]{{3}}[A-Z0-9]{{10,}}:|\$\{{aws:(Resource|Principal)(Account|OrgID)\}}"
)
_ANYTHING = re.compile(r"\*+|arn:\*+|arn:[\w*-]+(:\*+)+")
# What follows the account in an ARN that stands for all there are of a service.
_EVERY: Final = {
    "dynamodb": re.compile(r"(table/?)?[*?]+"),
    "iam": re.compile(r"((role|user|group|policy)/?)?[*?]+"),
    "kms": re.compile(r"(key/?)?[*?]+"),
    "s3": re.compile(r"[*?]+(/.*)?"),
    "secretsmanager": re.compile(r"(secret:?)?[*?]+"),
    "ssm": re.compile(r"(parameter/?)?[*?]+"),
}
_SERVICE, _ACCOUNT = 2, 4  # parts of an ARN
_NOTHING = Context()


@dataclass(frozen=True, slots=True)
class Condition:
    """One key of a Condition block."""

    operator: str
    key: str
    values: tuple[str, ...]

    @property
    def holds_to_something(self) -> bool:
        """Whether the key must be there and have one of some values that stand for somebody in particular."""
        quantifier, _, bare = self.operator.rpartition(":")
        if bare not in _HOLDING or quantifier == "ForAllValues":
            return False
        if bare == "IpAddress":
            return not any(anywhere(value) for value in self.values)
        return bool(self.values) and all(_fixed(value) and value != f"${{{self.key}}}" for value in self.values)


    @property
    def narrows(self) -> bool:
        """Whether the key must be there and have, or be like, one of some values; not all of them stand for any."""
        quantifier, _, bare = self.operator.rpartition(":")
        return bare in _HOLDING and quantifier != "ForAllValues" and all(value.strip("*?") for value in self.values)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement.

    Args:
        sid: its name; empty where it has none.
        allows: whether it allows.
        actions: what it names, or with `but_actions` all that it does not name.
        but_actions: whether it was written as NotAction.
        resources: the ARNs, likewise; empty in a trust policy.
        but_resources: whether it was written as NotResource.
        principals: kind (AWS, Service, Federated, CanonicalUser) and name; `*` alone is ("AWS", "*").
        but_principals: whether it was written as NotPrincipal.
        conditions: all that must hold.
    """

    sid: str
    allows: bool
    actions: tuple[str, ...]
    but_actions: bool
    resources: tuple[str, ...]
    but_resources: bool
    principals: tuple[tuple[str, str], ...]
    but_principals: bool
    conditions: tuple[Condition, ...]

    @property
    def called(self) -> str:
        """What a message calls it."""
        return f"statement {self.sid}" if self.sid else f"the statement on {', '.join(self.actions) or 'nothing'}"

    @property
    def everywhere(self) -> bool:
        """Whether it reaches any resource at all."""
        return self.but_resources or any(_ANYTHING.fullmatch(arn) for arn in self.resources)

    def reaches_every(self, *services: str) -> bool:
        """Tell whether it reaches every role, key, bucket, secret … that there is of some services."""
        return self.everywhere or any(
            _EVERY[service].fullmatch(parts[-1]) for arn in self.resources
            if len(parts := arn.split(":", _ACCOUNT + 1)) == _ACCOUNT + 2
            for service in services if fnmatchcase(service, parts[_SERVICE])
        )

    @property
    def whole_services(self) -> list[str]:
        """What it names that is all of a service, or of all services."""
        return [] if self.but_actions else [action for action in self.actions if _is_whole(action)]

    @property
    def to_everybody(self) -> bool:
        """Whether it names everybody."""
        return self.but_principals or any(
            name == EVERYBODY for kind, name in self.principals if kind in ("AWS", "CanonicalUser")
        )

    def of(self, kind: str) -> list[str]:
        """Give the principals of a kind."""
        return [name for found, name in self.principals if found == kind]

    def reaches(self, *actions: str) -> list[str]:
        """Give those of some actions that the statement is about."""
        return [action for action in actions
                if any(covers(pattern, action) for pattern in self.actions) != self.but_actions]

    def names(self, *actions: str) -> list[str]:
        """Give those of some actions that it names itself: not by a whole service, nor by naming others."""
        if self.but_actions:
            return []
        return [action for action in actions
                if any(covers(pattern, action) for pattern in self.actions if not _is_whole(pattern))]

    def held_to(self, *keys: str) -> bool:
        """Tell whether one of some keys, `*` allowed, must have one of some particular values."""
        return any(one.holds_to_something for one in self.conditions if _is_one(one.key, keys))

    def narrowed_by(self, *keys: str) -> bool:
        """Tell whether one of some keys, `*` allowed, must have one of some values, or be like one."""
        return any(one.narrows for one in self.conditions if _is_one(one.key, keys))

    def mentions(self, *keys: str) -> bool:
        """Tell whether a condition is about one of some keys, `*` allowed, in whatever way."""
        return any(_is_one(one.key, keys) for one in self.conditions)


def statements(block: Block, path: str = "policy") -> list[Statement]:
    """Read the statements of a policy; none where there is no policy.

    Raises:
        NotDecided: the policy is not known yet.
        Malformed: it is none.
    """
    value = block.value(path)
    return list(_written(value, path) if isinstance(value, str) else _listed(block.document(path), path))


def allowances(block: Block, path: str = "policy") -> Iterator[Statement]:
    """Give the statements that allow something. Raises NotDecided, Malformed."""
    return (one for one in statements(block, path) if one.allows)


def covers(pattern: str, value: str) -> bool:
    """Tell whether an action as a policy names it, wildcards and all, covers an action."""
    return bool(_compiled(pattern).matches(value, _NOTHING))


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> Pattern:
    return Pattern(pattern, "wildcard", variables=False, ignore_case=True)


def _is_whole(action: str) -> bool:
    return not action.partition(":")[2].strip("*?")


@lru_cache(maxsize=1024)
def _written(text: str, path: str) -> tuple[Statement, ...]:
    """Read the statements of a policy's text once for the dozens of rules that ask for them."""
    return _listed(as_document(text, path), path)


def _listed(document: Mapping[str, Any], path: str) -> tuple[Statement, ...]:
    listed = document.get("Statement", [])
    return tuple(_statement(body, path) for body in (listed if isinstance(listed, list) else [listed]))


def _statement(body: Any, path: str) -> Statement:
    if not isinstance(body, Mapping) or body.get("Effect") not in ("Allow", "Deny"):
        raise Malformed(f"{path} has a statement that neither allows nor denies")
    return Statement(
        sid=str(body.get("Sid") or ""),
        allows=body["Effect"] == "Allow",
        actions=_several(body.get("Action", body.get("NotAction"))),
        but_actions="NotAction" in body,
        resources=_several(body.get("Resource", body.get("NotResource"))),
        but_resources="NotResource" in body,
        principals=tuple(_principals(body.get("Principal", body.get("NotPrincipal")))),
        but_principals="NotPrincipal" in body,
        conditions=tuple(
            Condition(operator, key, _several(values))
            for operator, keys in _mapping(body.get("Condition"), path).items()
            for key, values in _mapping(keys, path).items()
        ),
    )


def _principals(element: Any) -> Iterator[tuple[str, str]]:
    if isinstance(element, Mapping):
        for kind, names in element.items():
            yield from ((kind, name) for name in _several(names))
    else:
        yield from (("AWS", name) for name in _several(element))


def _mapping(value: Any, path: str) -> Mapping[str, Any]:
    if value is not None and not isinstance(value, Mapping):
        raise Malformed(f"{path} has a Condition that is no block")
    return value or {}


def _several(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(one).lower() if isinstance(one, bool) else str(one)
                 for one in (value if isinstance(value, list) else [value]))


def _is_one(key: str, keys: tuple[str, ...]) -> bool:
    return any(fnmatchcase(key.lower(), one.lower()) for one in keys)


def _fixed(value: str) -> bool:
    if not any(sign in value for sign in "*?"):
        return "${" not in value or bool(_FIXED_START.match(value))
    parts = value.split(":", 5)
    if parts[0] == "arn" and len(parts) > _ACCOUNT + 1:
        account, resource = parts[_ACCOUNT], parts[_ACCOUNT + 1]
        # Names of buckets are the world's, and their ARNs have no account.
        return not any(sign in account for sign in "*?") if account else resource[:1] not in ("*", "?")
    return bool(_FIXED_START.match(value))
