"""What a component raises: an error that no engine answers with a traceback."""

from __future__ import annotations

import pulumi

from mlstead.errors import MlsteadError


class Refusal(MlsteadError, pulumi.RunError):
    """A component, a setting or a grant was asked for something that is wrong or unsafe.

    Both a MlsteadError and a pulumi.RunError: the embedded and the real engine print its message and nothing else.
    """
