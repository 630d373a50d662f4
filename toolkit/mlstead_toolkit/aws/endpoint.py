"""Where one service is, and what stands behind it."""

from __future__ import annotations

from dataclasses import dataclass

from mlstead_toolkit.aws.coverage import Coverage


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The address of a service (http://127.0.0.1:4566) and what is behind it.

    `access_key` is the id that it is called with; `name` and `start` say who does not answer, and how to mend that.
    """

    address: str
    coverage: Coverage = Coverage.SIMULATED
    access_key: str = "mlstead"
    name: str = "The local cloud"
    start: str = "mlstead cloud start"
