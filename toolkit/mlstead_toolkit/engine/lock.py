"""The lock of a stack, in the form Pulumi's own CLI writes and honours; one whose process is dead is taken over."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import socket
import uuid
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from mlstead_toolkit.engine.deployment_format import now
from mlstead_toolkit.engine.errors import StackLocked
from mlstead_toolkit.engine.stack_store import StackStore, replace_file


class StackLock:
    """Holds a stack for one process. Raises StackLocked, naming the holder, where another process has it."""

    def __init__(self, store: StackStore) -> None:
        self._stack, self._folder = f"{store.stack} of {store.project}", store.lock_folder
        self._file = self._folder / f"{uuid.uuid4()}.json"

    def __enter__(self) -> StackLock:
        self._refuse_if_held()
        content = {"pid": os.getpid(), "username": _user(), "hostname": socket.gethostname(), "timestamp": now()}
        replace_file(self._file, json.dumps(content).encode(), durable=False)
        try:
            self._refuse_if_held()  # two that came at the same moment both see each other, and one at least steps back
        except StackLocked:
            self.release()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.release()

    def release(self) -> None:
        """Let go."""
        self._file.unlink(missing_ok=True)

    def _refuse_if_held(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            for file in self._folder.iterdir():
                if file == self._file or file.suffix != ".json" or file.name.startswith("."):
                    continue
                holder = _read(file)
                if holder is not None and not _is_dead(holder):
                    raise StackLocked(
                        f"Stack {self._stack} is being changed by {holder.get('username')}@{holder.get('hostname')} "
                        f"(process {holder.get('pid')}) since {holder.get('timestamp')}.",
                        where=str(file),
                        fix="wait for it to end; if it is on another machine and gone, remove the file")
                file.unlink(missing_ok=True)


def _read(file: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        return None  # half-written by a process that died: nobody writes a lock in place
    return found if isinstance(found, dict) else None


def _is_dead(holder: dict[str, Any]) -> bool:
    if holder.get("hostname") != socket.gethostname():
        return False
    process_id = holder.get("pid")
    if not isinstance(process_id, int) or process_id == os.getpid():
        return False
    import psutil

    try:
        started = psutil.Process(process_id).create_time()
        locked = datetime.fromisoformat(str(holder.get("timestamp")).replace("Z", "+00:00")).timestamp()
    except psutil.NoSuchProcess:
        return True
    except (psutil.Error, ValueError):
        return False
    return started > locked + 2.0  # the number was given to another process since


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
