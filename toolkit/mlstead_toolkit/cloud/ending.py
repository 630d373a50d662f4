"""How a cloud's life ends: asked by a request or a signal, carried out by the main thread."""

from __future__ import annotations

import threading
from typing import Literal

Manner = Literal["stop", "reset"]


class Ending:
    """A wish to end, and the wait for it."""

    def __init__(self) -> None:
        self._manner: Manner = "stop"
        self._asked = threading.Event()

    def end(self, manner: Manner) -> None:
        """Ask for the end; the first wish counts."""
        if not self._asked.is_set():
            self._manner = manner
            self._asked.set()

    def wait(self) -> Manner:
        """Wait until someone asks, and say for what."""
        self._asked.wait()
        return self._manner
