"""What somebody's release lets pass."""

from __future__ import annotations

from typing import Any

from mlstead_jobs.ledger import NoRecord, Release

NEVER = ("columns", "type", "personal")
"""Rules that no release waives: what is no row of the table, and personal data."""


class Waivers:
    """The rules that a release waives for one content of a batch.

    Args:
        release: the release; None: there is none.
        raw_sha256: the content that is checked.
    """

    def __init__(self, release: Release | None, raw_sha256: str) -> None:
        self._release = release if release and release.raw_sha256 == raw_sha256 else None
        if self._release and not isinstance(self._release.rules, list):
            raise NoRecord("Its rules are no list.", where=f"releases/{self._release.table}/{release.batch}.json",
                           fix='write "rules": ["between:distance"]')

    def waives(self, rule: str) -> bool:
        """Say whether a rule, as reports name it, is waived."""
        name = rule.partition(":")[0]
        if self._release is None or name in NEVER:
            return False
        return not self._release.rules or rule in self._release.rules or name in self._release.rules

    def said(self, let_pass: dict[str, int]) -> dict[str, Any] | None:
        """Give what a report says of it.

        Args:
            let_pass: the rules that were not kept, and how many rows each would have stopped.
        """
        if self._release is None:
            return None
        return {**self._word(), "let_pass": let_pass}

    def are_applied(self, released: dict[str, Any] | None) -> bool:
        """Say whether a report already speaks of this release."""
        if self._release is None or released is None:
            return self._release is None and released is None
        return {name: released.get(name) for name in self._word()} == self._word()

    def _word(self) -> dict[str, Any]:
        release = self._release
        assert release is not None
        return {"by": release.by, "reason": release.reason, "rules": release.rules, "at": release.at}
