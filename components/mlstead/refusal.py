"""What a component raises: an error that no engine answers with a traceback."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from mlstead.errors import MlsteadError


class Refusal(MlsteadError):
    """A component, a setting or a grant was asked for something that is wrong or unsafe.

    In an engine's program it is a pulumi.RunError too: the embedded and the real engine print its message and nothing
    else. Definitions are also read inside jobs, where there is no Pulumi, so nothing of it is imported for this.
    """

    def __new__(cls, *_: Any, **__: Any) -> Refusal:
        """Make what the running program's engine knows."""
        return super().__new__(_in_program() if cls is Refusal and "pulumi" in sys.modules else cls)


@cache
def _in_program() -> type[Refusal]:
    import pulumi

    return type("Refusal", (Refusal, pulumi.RunError), {"__module__": __name__})
