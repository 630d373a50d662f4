"""What ARNs, ids and URNs are called: by the resources of both sides and by the outputs of other stacks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mlstead.lake.zones import ZONES
from mlstead_toolkit.policies.identity_policy import ROLE
from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.review.access.side import Side
from mlstead_toolkit.review.access.words.actions import listed
from mlstead_toolkit.review.access.words.names import Naming, spaced, unique
from mlstead_toolkit.review.accounts import own_accounts
from mlstead_toolkit.review.comparison import Comparison
from mlstead_toolkit.review.symbolic.symbols import ACCOUNT

_BUCKET: Final = "aws:s3/bucket:Bucket"
_ZONE: Final = re.compile(r"(?:.*\.)?zones\.([a-z-]+)\.(bucket|arn|key_arn)")
_LAKE: Final = "mlstead:index:DataLake"
_GENERATED: Final = re.compile(r"⟨|\d{3}|[0-9a-f]{7}")


@dataclass(frozen=True)
class Lexicon:
    """Words for whatever a policy names.

    Args:
        naming: how names are told.
        known: ARN, id or URN → words.
        buckets: name of a bucket → its words; a zone of the lake is called by its name alone.
        zones: names of the buckets that are zones of the lake.
    """

    naming: Naming
    known: Mapping[str, str]
    buckets: Mapping[str, str]
    zones: frozenset[str]

    def own(self, account: str) -> bool:
        """Tell whether an account is the environment's."""
        return not account or account in self.naming.accounts or "${" in account

    def whose(self, account: str) -> str:
        """Write whose something is, where it is not the environment's own."""
        if self.own(account):
            return ""
        return " of any account" if "*" in account else f" of account {account}"

    def plain(self, text: str) -> str:
        """Write a text of a policy so that it is the same in every environment."""
        return self.naming.plain(text)


def lexicon(comparison: Comparison, before: Side, after: Side) -> Lexicon:
    """Learn what the two sides call things; where both know one, the head's words count."""
    accounts = own_accounts(comparison.before) | own_accounts(comparison.after) | {ACCOUNT}
    bare = Naming(comparison.project, comparison.environment, accounts, {})
    known: dict[str, str] = {}
    buckets: dict[str, str] = {}
    zones: set[str] = set()
    symbols: dict[str, str] = {}
    for side in (before, after):
        shared: dict[str, list[str]] = {}
        for path, value in _outputs(side):
            if zone := _ZONE.fullmatch(path):
                if zone[2] == "key_arn":
                    shared.setdefault(value, []).append(zone[1])
                else:
                    name = value.rpartition(":")[2]
                    buckets[name] = zone[1]
                    zones.add(name)
                    symbols[name] = f"⟨{zone[1]}⟩"
            elif _GENERATED.search(value) and value not in accounts:
                known.setdefault(value, _of_path(path))
                symbols.setdefault(value.rpartition("/")[2], f"⟨{_leaf(path)}⟩")
        for value, owners in shared.items():
            known[value] = f"the key of {listed(unique(owners))}"
            symbols[value.rpartition("/")[2]] = f"⟨key of {listed(unique(owners))}⟩"
    uses = _uses(before, after)
    for side in (after, before):
        for resource in side.resources:
            words = uses.get(resource.urn) or called(resource, bare)
            known.setdefault(resource.urn, words)
            names = side.names(resource)
            for name in names:
                if name.startswith("arn:") or "⟨" in name:
                    known.setdefault(name, words)
                if _GENERATED.search(name.rpartition(":")[2]) and name not in accounts:
                    symbols.setdefault(name.rpartition(":")[2].rpartition("/")[2], f"⟨{bare.short(resource.name)}⟩")
            if resource.type == _BUCKET:
                zone_name = _zone_of(resource)
                for name in names:
                    if not name.startswith("arn:"):
                        buckets.setdefault(name, zone_name or words)
                        zones |= {name} if zone_name else set()
    naming = Naming(comparison.project, comparison.environment, accounts, symbols)
    return Lexicon(naming, known, buckets, frozenset(zones))


def called(resource: Resource, naming: Naming) -> str:
    """Give the words for a resource: `the model package group models`, `training role`."""
    noun = spaced(resource.type.rpartition(":")[2])
    name = naming.short(resource.name)
    bare = "" if name == noun.replace(" ", "-") else name.removesuffix(f"-{noun.replace(' ', '-')}")
    if resource.type == ROLE:
        return f"{bare} role" if bare else "the role"
    return f"the {noun} {bare}" if bare else f"the {noun}"


def _uses(*sides: Side) -> dict[str, str]:
    """Call roles by what they are for, where no other role is for the same."""
    found: dict[str, set[str]] = {}
    for side in sides:
        for role in side.of(ROLE):
            tags = role.properties.get("tags")
            if use := tags.get("mlstead:use") if isinstance(tags, Mapping) else None:
                found.setdefault(str(use), set()).add(role.urn)
    return {urns.copy().pop(): f"{use} role" for use, urns in found.items() if len(urns) == 1}


def _zone_of(bucket: Resource) -> str:
    """Give the zone that a bucket of the lake is: its component is the lake's child and called after both."""
    if _LAKE not in bucket.urn:
        return ""
    zone = bucket.name.rpartition("-")[2]
    return zone if zone in ZONES else ""


def _outputs(side: Side) -> Iterator[tuple[str, str]]:
    for outputs in side.references.values():
        yield from _texts(outputs, "")


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, path)


def _leaf(path: str) -> str:
    return re.sub(r"_(arn|id|ids|name|url)$", "", path.rpartition(".")[2]).replace("_", " ")


def _of_path(path: str) -> str:
    words = _leaf(path)
    above = path.rpartition(".")[0].rpartition(".")[2]
    return f"the {above} {words}" if words in ("arn", "id", "bucket", "name", "url") and above else f"the {words}"
