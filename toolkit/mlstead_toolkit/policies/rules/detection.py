"""GuardDuty, Macie and Access Analyzer: on, looking at S3, and not told to look away.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/guardduty-controls.html,
https://docs.aws.amazon.com/securityhub/latest/userguide/macie-controls.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Level, Resource, Rule, Stack, own_controls

DETECTOR: Final = "aws:guardduty/detector:Detector"
DETECTOR_FEATURE: Final = "aws:guardduty/detectorFeature:DetectorFeature"
MACIE: Final = "aws:macie2/account:Account"
ARCHIVE_RULE: Final = "aws:accessanalyzer/archiveRule:ArchiveRule"


def _on(detector: Resource, _stack: Stack) -> Iterator[str]:
    if not detector.flag("enable", default=True):
        yield "the detector is suspended"


def _looks_at_s3(resource: Resource, _stack: Stack) -> Iterator[str]:
    feature = resource.value("name") == "S3_DATA_EVENTS" and resource.value("status") != "ENABLED"
    if feature or not resource.flag("datasources.s3Logs.enable", default=True):
        yield "who reads and writes the lake's objects is not looked at"


def _not_paused(account: Resource, _stack: Stack) -> Iterator[str]:
    if account.get("status", "ENABLED") != "ENABLED":
        yield "Macie is paused"


def _tells_of_public(rule: Resource, _stack: Stack) -> Iterator[str]:
    filters = list(rule.blocks("filters"))
    # A filter that says nothing of isPublic hides what is public too, unless it names whom it means.
    if any(each.value("criteria") == "isPublic" and ("true" in each.get("eqs", []) or "false" in each.get("neqs", []))
           for each in filters):
        yield "what is open to everybody is archived before anybody sees it"


RULES: Final = (
    Rule(
        id="guardduty-on",
        level=Level.MANDATORY,
        controls=("FSBP GuardDuty.1",),
        title="GuardDuty is not suspended.",
        fix="Leave enable at True.",
        types=(DETECTOR,),
        check=_on,
    ),
    Rule(
        id="guardduty-looks-at-s3",
        level=Level.MANDATORY,
        controls=("FSBP GuardDuty.10",),
        title="GuardDuty looks at who reads and writes objects.",
        fix='Set status="ENABLED" on the feature S3_DATA_EVENTS.',
        types=(DETECTOR, DETECTOR_FEATURE),
        check=_looks_at_s3,
    ),
    Rule(
        id="macie-on",
        level=Level.MANDATORY,
        controls=("FSBP Macie.1",),
        title="Macie is not paused.",
        fix='Set status="ENABLED".',
        types=(MACIE,),
        check=_not_paused,
    ),
    Rule(
        id="access-analyzer-tells-of-public",
        level=Level.MANDATORY,
        controls=("CIS 2.18", own_controls.LEAST_DATA),
        title="No archive rule hides what is open to everybody.",
        fix="Archive by resource and principal; never by isPublic.",
        types=(ARCHIVE_RULE,),
        check=_tells_of_public,
    ),
)
