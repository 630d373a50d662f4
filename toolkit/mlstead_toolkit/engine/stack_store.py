"""Where the states of stacks lie: Pulumi's DIY file backend below a home; `pulumi login file://HOME` reads it too."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from mlstead_toolkit.engine import deployment_format, fault_points, journal, signatures
from mlstead_toolkit.engine.deployment_format import PendingOperation, Snapshot
from mlstead_toolkit.engine.errors import StateError
from mlstead_toolkit.engine.journal import Journal
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.secrets import Crypter

ORGANIZATION = "organization"
_BESIDE_RESOURCES = {"manifest", "secrets_providers", "pending_operations", "metadata"}


class StackStore:
    """The state of one stack on disk.

    Args:
        home: MLSTEAD_HOME; the states lie in `.pulumi` below it.
        project: the project's name in Pulumi.yaml.
        stack: the stack's short name.
    """

    def __init__(self, home: Path, project: str, stack: str) -> None:
        self.home, self.project, self.stack = home, project, stack
        self.root = home / ".pulumi"
        self.file = self.root / "stacks" / project / f"{stack}.json"
        self.backup = self.file.with_name(self.file.name + ".bak")
        self.journal_file = home / "journals" / project / f"{stack}.jsonl"
        self.target_file = home / "targets" / project / f"{stack}.json"
        self.lock_folder = self.root / "locks" / ORGANIZATION / project / stack
        self.qualified_name = f"{ORGANIZATION}/{project}/{stack}"
        self.digest = ""
        self.resumed = False
        self.crypter = Crypter(home, where=str(self.file))

    def load(self, salt: str = "") -> Snapshot:
        """Read the state, with what the journal of a killed run adds to it.

        Args:
            salt: the salt to seal new secrets with where the state has none of its own.

        Raises:
            StateError: the file is damaged; the message names the backup.
            PassphraseError: the passphrase is another than the one the secrets were sealed with.
        """
        try:
            content = self.file.read_bytes()
        except FileNotFoundError:
            content = b""
        self.digest = hashlib.sha256(content).hexdigest()
        try:
            snapshot = self._parse(content, salt) if content else self._empty(salt)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._damaged(error) from error
        self.resumed = journal.replay(self.journal_file, self.digest, snapshot, self.crypter)
        return snapshot

    def _empty(self, salt: str) -> Snapshot:
        if self.backup.exists() and self.file.exists():
            raise ValueError("the file is empty")
        self.crypter = Crypter(self.home, salt, where=str(self.file))
        return Snapshot()

    def _parse(self, content: bytes, salt: str) -> Snapshot:
        document = json.loads(content)
        version = document.get("version")
        if version not in (3, 4):
            raise ValueError(f"it is of format version {version}, and only 3 and 4 are known here")
        latest: dict[str, Any] = _member(document["checkpoint"] or {}, "latest", {"stack", "config"}) or {}
        provider = latest.get("secrets_providers") or {}
        if provider and provider.get("type") != "passphrase":
            raise StateError(
                f"The state's secrets are kept by {provider.get('type')!r}; the embedded engine knows passphrases.",
                where=str(self.file), fix="use `pulumi` itself for this stack, or `pulumi stack change-secrets-provider"
                " passphrase`")
        self.crypter = Crypter(self.home, (provider.get("state") or {}).get("salt") or salt, where=str(self.file))
        marked = signatures.KEY.encode() in content
        if signatures.SECRET.encode() in content:
            self.crypter.warm()
        read = deployment_format.read_resource if marked else _read_plain
        snapshot = Snapshot([read(item, self.crypter, serial)
                             for serial, item in enumerate(_member(latest, "resources", _BESIDE_RESOURCES) or [])])
        for item in latest.get("pending_operations") or []:
            resource = deployment_format.read_resource(item["resource"], self.crypter, -1)
            snapshot.pending.append(PendingOperation(item["type"], resource, journal.seconds(resource.created)))
        return snapshot

    def _damaged(self, error: Exception) -> StateError:
        backup = f"cp '{self.backup}' '{self.file}'" if self.backup.exists() else "restore it from a copy of your own"
        return StateError(f"The state of stack {self.stack} is damaged: {error}. Nothing was changed.",
                          where=str(self.file), fix=f"go back to the state before the last change: {backup}")

    def save(self, snapshot: Snapshot) -> None:
        """Replace the checkpoint atomically, keep the one before as .bak, and clear the journal.

        Raises:
            StateError: it could not be written (a full disk); journal and former checkpoint are as they were.
        """
        try:
            content = deployment_format.write_checkpoint(self.qualified_name, snapshot, self.crypter)
            self._write_meta()
            digest = hashlib.sha256(content).hexdigest()
            journal.mark_folded(self.journal_file, digest)
            replace_file(self.file, content, keep=self.backup)
            self.digest = digest
            self.journal_file.unlink(missing_ok=True)
        except OSError as error:
            raise StateError(f"The state of stack {self.stack} cannot be written: {error.strerror}.",
                             where=str(self.file), fix="make room or mend the permissions, then run the same again; "
                             "what was done is in the journal") from error

    def journal(self) -> Journal:
        """Begin the journal of a run that starts from what was loaded."""
        return Journal(self.journal_file, self.digest, self.crypter)

    def lock(self) -> AbstractContextManager[object]:
        """Give the lock that a run for real holds from opening to saving."""
        from mlstead_toolkit.engine.lock import StackLock  # which knows stores

        return StackLock(self)

    def warm(self) -> None:
        """Derive the key that seals secrets, while nobody waits for it."""
        self.crypter.warm()

    def _write_meta(self) -> None:
        meta = self.root / "meta.yaml"
        if not meta.exists():
            replace_file(meta, b"version: 1\n")

    def identities(self) -> dict[str, str]:
        """Give what each provider, by URN, called its cloud last time."""
        try:
            found = json.loads(self.target_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def save_identities(self, identities: dict[str, str]) -> None:
        """Record what the providers call their clouds now."""
        if identities != self.identities():
            replace_file(self.target_file, json.dumps(identities).encode(), durable=False)


def _member(holder: dict[str, Any], name: str, beside: set[str]) -> Any:
    """Give a member that Pulumi leaves out where it is empty. A misspelt one must not pass for an empty stack."""
    if name not in holder and (strange := sorted(holder.keys() - beside)):
        raise ValueError(f"it has no {name!r}, and has {', '.join(strange)}")
    return holder.get(name)


def _read_plain(data: dict[str, Any], crypter: Crypter, serial: int) -> ResourceState:
    if "customTimeouts" in data:
        return deployment_format.read_resource(data, crypter, serial)
    return ResourceState.from_json(data, serial)


def replace_file(file: Path, content: bytes, *, keep: Path | None = None, durable: bool = True) -> None:
    """Write a file so that a reader, or a crash, meets the old content or the new one and nothing between.

    Args:
        file: what to write; its folder is made.
        content: what it is to hold.
        keep: where the old content is to stay.
        durable: whether it must outlast a power cut, not only a killed process.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            if durable:
                os.fsync(stream.fileno())
        temporary.chmod(0o600)
        fault_points.reach("mid checkpoint")
        if keep is not None and file.exists():
            link = keep.with_name(f".{keep.name}.{os.getpid()}.tmp")
            link.unlink(missing_ok=True)
            os.link(file, link)
            link.replace(keep)
        temporary.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    if not durable:
        return
    directory = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def every_stack(home: Path) -> Iterator[StackStore]:
    """Find the stacks whose states lie below a home."""
    for file in sorted((home / ".pulumi" / "stacks").glob("*/*.json")):
        if not file.name.startswith("."):
            yield StackStore(home, file.parent.name, file.stem)
