"""Rules that let things expire, of S3's, ECR's and feature groups' lifecycles, read as terms by what they are about."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mlstead_toolkit.engine.values import Properties, reveal
from mlstead_toolkit.review.changes.structure import document
from mlstead_toolkit.review.quantity import in_units

# Where a rule of S3 says after how long something goes, what goes, and the unit.
_EXPIRATIONS: Final = (
    (("expiration", "days"), "objects", "days"),
    (("expiration", "date"), "objects", ""),
    (("noncurrentVersionExpiration", "noncurrentDays"), "overwritten and deleted versions", "days"),
    (("noncurrentVersionExpiration", "days"), "overwritten and deleted versions", "days"),
)
_ECR_UNITS: Final = {"imageCountMoreThan": "images", "sinceImagePushed": "days"}
_SECONDS: Final = {"Minutes": 60, "Hours": 3_600, "Days": 86_400, "Weeks": 604_800}


@dataclass(frozen=True, order=True)
class Expiry:
    """After how long something goes.

    Args:
        what: what goes.
        unit: of the term; "" for a date.
        prefix: of the keys that it is about.
        filter: what else chooses them, as JSON; "" for nothing.
        term: how long, or how many are kept; a date as text.
    """

    what: str
    unit: str
    prefix: str
    filter: str
    term: Any

    @property
    def subject(self) -> str:
        """What goes, in words."""
        place, filter_ = f" under {self.prefix}" * bool(self.prefix), f" with {self.filter}" * bool(self.filter)
        return f"{self.what}{place}{filter_}"

    @property
    def words(self) -> str:
        """The term, in words."""
        known = isinstance(self.term, (int, float)) and self.unit
        return in_units(self.term, self.unit) if known else f"{self.term} {self.unit}".strip()

    def covers(self, other: Expiry) -> bool:
        """Tell whether everything that another is about falls under this one, too."""
        return ((self.what, self.unit) == (other.what, other.unit) and other.prefix.startswith(self.prefix)
                and self.filter in ("", other.filter))


def s3_expiries(inputs: Properties) -> list[Expiry]:
    """Read a lifecycle configuration, or a bucket's own rules."""
    found = []
    for rule in reveal(inputs.get("rules") or inputs.get("lifecycleRules") or []):
        if isinstance(rule, dict) and rule.get("status", "Enabled") != "Disabled" and rule.get("enabled") is not False:
            prefix, chosen = _chosen(rule)
            found += [Expiry(what, unit, prefix, chosen, term) for path, what, unit in _EXPIRATIONS
                      if (term := _at(rule, path))]
    return found


def ecr_expiries(inputs: Properties) -> list[Expiry]:
    """Read a repository's lifecycle policy."""
    policy = document(reveal(inputs.get("policy")))
    found = []
    for rule in policy.get("rules", ()) if isinstance(policy, dict) else ():
        chosen = rule.get("selection") if isinstance(rule, dict) else None
        if not isinstance(chosen, dict):
            continue
        tags = sorted(map(str, [*chosen.get("tagPrefixList", ()), *chosen.get("tagPatternList", ())]))
        status = str(chosen.get("tagStatus", "any"))
        unit = _ECR_UNITS.get(str(chosen.get("countType")), "days")
        found.append(Expiry("images" if status == "any" else f"{status} images", unit, ", ".join(tags), "",
                            chosen.get("countNumber")))
    return found


def feature_expiries(inputs: Properties) -> list[Expiry]:
    """Read after how long a feature group's online store forgets a record."""
    duration = _at(reveal(inputs), ("onlineStoreConfig", "ttlDuration"))
    if not isinstance(duration, dict) or not isinstance(duration.get("value"), (int, float)):
        return []
    seconds = duration["value"] * _SECONDS.get(str(duration.get("unit")), 1)
    return [Expiry("records in the online store", "seconds", "", "", seconds)]


LIFECYCLES: Final = {
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": (ecr_expiries, "repository", "policy"),
    "aws:s3/bucket:Bucket": (s3_expiries, "", "lifecycleRules"),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": (s3_expiries, "bucket", "rules"),
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": (s3_expiries, "bucket", "rules"),
    "aws:s3/bucketV2:BucketV2": (s3_expiries, "", "lifecycleRules"),
    "aws:sagemaker/featureGroup:FeatureGroup": (feature_expiries, "", "onlineStoreConfig.ttlDuration"),
}
"""By type: how it is read, the property that names what its rules are about, the property they stand in."""


def sooner(before: Sequence[Expiry], after: Sequence[Expiry]) -> Iterator[tuple[Expiry, str]]:
    """Give what goes sooner than before, with the term before in words."""
    for new in sorted(after, key=lambda one: (one.subject, one.unit, str(one.term))):
        old = [one for one in before if one.covers(new)]
        if not old:
            yield new, "for ever"
        elif all(_order(new.term) < _order(one.term) for one in old):
            yield new, min(old, key=lambda one: _order(one.term)).words


def _chosen(rule: Mapping[str, Any]) -> tuple[str, str]:
    """Give the prefix and what else chooses the objects that a rule is about."""
    chosen = rule.get("filter")
    chosen = dict(chosen) if isinstance(chosen, dict) else {}
    if isinstance(chosen.get("and"), dict):
        chosen = dict(chosen["and"])
    prefix = str(chosen.pop("prefix", None) or rule.get("prefix") or "")
    rest = {key: value for key, value in {**chosen, "tags": chosen.get("tags") or rule.get("tags")}.items() if value}
    return prefix, json.dumps(rest, sort_keys=True, default=repr) if rest else ""


def _at(value: Any, path: Sequence[str]) -> Any:
    for name in path:
        value = value[0] if isinstance(value, list) and value else value
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _order(term: Any) -> tuple[float, str]:
    try:
        return float(term), ""
    except (TypeError, ValueError):
        return 0.0, str(term)
