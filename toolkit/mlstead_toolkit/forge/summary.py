"""What a job's own page says: GitHub shows the file GITHUB_STEP_SUMMARY there; GitLab has nothing like it."""

from __future__ import annotations

import os
from pathlib import Path


def add_to_summary(markdown: str) -> None:
    """Add Markdown to the job's page, where the job has one."""
    if path := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(path).open("a", encoding="utf-8") as summary:
            summary.write(f"{markdown.rstrip()}\n\n")
