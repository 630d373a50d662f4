"""A place to measure in: a private home, a cloud on a free port, and one scaffolded project."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import Command

HERE = Path(__file__).resolve().parent
MLSTEAD = Path(sys.executable).with_name("mlstead")


@dataclass
class World:
    """One home, port and project below `folder`."""

    folder: Path
    port: int

    @classmethod
    def make(cls, folder: Path) -> World:
        """Make an empty one; the port is free now."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return cls(folder, probe.getsockname()[1])

    @property
    def home(self) -> Path:
        """MLSTEAD_HOME."""
        return self.folder / "home"

    @property
    def project(self) -> Path:
        """The scaffolded project."""
        return self.folder / "flight-delays"

    @property
    def endpoint(self) -> str:
        """The local cloud's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        """What every command gets."""
        return {"MLSTEAD_HOME": str(self.home), "MLSTEAD_CLOUD_PORT": str(self.port), "NO_COLOR": "1"}

    def mlstead(self, *arguments: str, cwd: Path | None = None) -> str:
        """Run a command of mlstead's, unmeasured, and give what it printed."""
        done = subprocess.run([MLSTEAD, *arguments], cwd=cwd or self.project, env={**os.environ, **self.env}, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise SystemExit(f"mlstead {' '.join(arguments)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def command(self, name: str, argv: Sequence[str | Path], **more: object) -> Command:
        """Describe a process to measure in the project's folder."""
        return Command(name, [str(part) for part in argv], self.project, self.env, **more)  # type: ignore[arg-type]

    def script(self, name: str, file: str, *arguments: str | Path, **more: object) -> Command:
        """Describe a script of this folder, run by our own interpreter."""
        return self.command(name, [sys.executable, HERE / file, *arguments], **more)

    def forget(self) -> None:
        """Empty the cloud and lose every state: the next `up` is a first one."""
        self.mlstead("cloud", "reset", "--yes", cwd=self.folder)
        shutil.rmtree(self.home / ".pulumi", ignore_errors=True)
        shutil.rmtree(self.home / "targets", ignore_errors=True)

    def empty_cloud(self) -> None:
        """Empty the cloud."""
        self.mlstead("cloud", "reset", "--yes", cwd=self.folder)
