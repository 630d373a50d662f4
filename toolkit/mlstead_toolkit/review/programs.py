"""The child interpreters of reviews: one for each side and its Python, kept for all environments."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from types import TracebackType
from typing import Final

from mlstead_toolkit.engine import preloads
from mlstead_toolkit.engine.errors import ProgramError
from mlstead_toolkit.engine.program import Program
from mlstead_toolkit.home import home_directory
from mlstead_toolkit.review.sides.side import Side

Key = tuple[str, Path]

# A review runs what nobody has read yet, perhaps a fork's: it needs none of these, and gets none.
CREDENTIALS: Final = re.compile(
    r"(AWS|ACTIONS|PULUMI)_.*|.*(TOKEN|SECRET|PASSWORD|PASSPHRASE|API_KEY|ACCESS_KEY).*", re.IGNORECASE)


class Programs:
    """Starts interpreters as they are asked for, and ends them all."""

    def __init__(self) -> None:
        self._home, self._running = home_directory(), dict[Key, Program]()
        self._lock, self._closed = threading.Lock(), False

    def __enter__(self) -> Programs:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End them; what still runs in one of them fails, and none starts again."""
        with self._lock:
            self._closed = True
            for program in self._running.values():
                program.close()
                preloads.remember(self._home, program.python, program.imported)
            self._running.clear()

    def of(self, side: Side) -> Program:
        """Give the interpreter of a side; another one where it died. Raises ProgramError where none starts."""
        with self._lock:
            if self._closed:
                raise ProgramError("The review was ended.", where=side.label)
            program = self._running.get(key := (side.label, side.python))
            if program is None or not program.alive:
                if program is not None:
                    program.close()
                modules = preloads.known(self._home, side.python)
                program = self._running[key] = Program(side.python, modules, CREDENTIALS)
            return program
