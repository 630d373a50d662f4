"""One life of the cloud: what tells it from the one before, and where it keeps its files."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from mlstead_toolkit.cloud.control import HOST


@dataclass(frozen=True)
class Boot:
    """What identifies one life of the cloud, and where it keeps its files."""

    home: Path
    port: int
    boot_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    started: float = field(default_factory=time.time)

    @property
    def directory(self) -> Path:
        """The cloud's folder below the home."""
        return self.home / "cloud"

    @property
    def endpoint(self) -> str:
        """The address that jobs get as AWS_ENDPOINT_URL."""
        return f"http://{HOST}:{self.port}"
