"""Which backend Pulumi keeps states in, from a folder: the variable, the project's file, or where it is signed in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

VARIABLE = "PULUMI_BACKEND_URL"
_PATIENCE = 20.0  # seconds


@dataclass(frozen=True)
class Backend:
    """A backend.

    Args:
        url: its address; empty: there is none.
        told_by: what says so.
    """

    url: str
    told_by: str

    @property
    def bucket(self) -> str:
        """The bucket of S3 that it is; empty: it is none."""
        return urlsplit(self.url).netloc if self.url.startswith("s3://") else ""

    @property
    def prefix(self) -> str:
        """Where in the bucket it begins."""
        path = urlsplit(self.url).path.strip("/")
        return f"{path}/" if path else ""

    @property
    def region(self) -> str:
        """The region that the address names; empty: none."""
        return parse_qs(urlsplit(self.url).query).get("region", [""])[0]


def backend_of(infra: Path) -> Backend:
    """Find it in the order in which Pulumi does.

    https://www.pulumi.com/docs/iac/concepts/state-and-backends/#setting-the-backend-for-a-project
    """
    import yaml

    if url := os.environ.get(VARIABLE):
        return Backend(url, VARIABLE)
    document = yaml.safe_load((infra / "Pulumi.yaml").read_text(encoding="utf-8"))
    written = document.get("backend") if isinstance(document, dict) else None
    if isinstance(written, dict) and written.get("url"):
        return Backend(str(written["url"]), "infra/Pulumi.yaml")
    return Backend(_signed_in(infra), "pulumi whoami")


def _signed_in(infra: Path) -> str:
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        return ""
    try:
        done = subprocess.run([pulumi, "whoami", "--verbose", "--json", "--non-interactive"], cwd=infra, check=False,
                              capture_output=True, text=True, timeout=_PATIENCE, stdin=subprocess.DEVNULL,
                              env=os.environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"})
        return str(json.loads(done.stdout)["url"]) if done.returncode == 0 else ""
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return ""
