"""A small project in a git repository."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

IDENTITY = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER")
            for part, value in (("NAME", "eve"), ("EMAIL", "eve@example.com"), ("DATE", "2026-01-01T00:00:00Z"))}


@dataclass(frozen=True)
class GitProject:
    """The repository's root, and what people do in it."""

    root: Path

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(self.root), *arguments], env=os.environ | IDENTITY, check=True,
                              capture_output=True, text=True)
        return done.stdout.strip()

    def write(self, file: str, text: str) -> Path:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def write_project(self, folder: str) -> None:
        self.write(f"{folder}.copier-answers.yml", "_src_path: x\n")
        self.write(f"{folder}infra/Pulumi.yaml", "name: shop\nruntime: python\n")
        self.write(f"{folder}infra/__main__.py", "import pulumi\n")
        for environment in ("prod", "local", "dev", "canary", "staging"):
            self.write(f"{folder}infra/Pulumi.{environment}.yaml", "config:\n  aws:region: eu-west-1\n")
        for name in ("requirements.lock", "requirements-mlstead.txt", "pyproject.toml"):
            self.write(f"{folder}{name}", "")

    def commit(self, message: str = "change") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")

    def state(self) -> dict[str, tuple[int, bytes]]:
        """Everything in the folder, git's own files too: what a review must leave as it is."""
        return {str(path.relative_to(self.root)): (path.stat().st_mtime_ns, path.read_bytes())
                for path in sorted(self.root.rglob("*")) if path.is_file()}
