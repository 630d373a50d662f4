"""Container images of the local cloud: an ECR repository stands for a project's folder and environment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mlstead_toolkit.cloud.failure import ClientFailure

URI = re.compile(
    r"^(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/"
    r"(?P<repository>[^:@]+)(?:[:@].+)?$"
)


@dataclass(frozen=True, slots=True)
class Image:
    """What stands for an image: commands run in `root`, with the folder of `python` first on the PATH."""

    repository: str
    root: Path
    python: Path


@dataclass(frozen=True, slots=True)
class Registry:
    """Where an image lies: account and region of the registry, and the repository."""

    account: str
    region: str
    repository: str


def registry_of(uri: str) -> Registry | None:
    """Tell where an image lies; None where its address is none of ECR's."""
    match = URI.match(uri)
    return Registry(match["account"], match["region"], match["repository"]) if match else None


class Images:
    """The images that have been registered since the cloud started."""

    def __init__(self) -> None:
        self._images: dict[str, Image] = {}

    def __iter__(self) -> Iterator[Image]:
        return iter(list(self._images.values()))

    def register(self, repository: str, root: Path, python: Path) -> None:
        """Let a repository stand for a project; a later registration replaces an earlier one."""
        self._images[repository] = Image(repository, root, python)

    def resolve(self, uri: str) -> Image:
        """Find the image of a URI. Raises ClientFailure where nothing stands for it."""
        match = URI.match(uri)
        image = self._images.get(match["repository"]) if match else None
        if image is None:
            raise ClientFailure(
                f"Requested image {uri} not found: no project stands for it in this local cloud. "
                "Run `mlstead up local` in the project."
            )
        return image
