"""mlstead's own foundation, evaluated symbolically where a project has checked in no outputs of one."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Final

from mlstead_toolkit.assets import stack_directory
from mlstead_toolkit.engine.errors import EngineError
from mlstead_toolkit.engine.values import Properties
from mlstead_toolkit.review.programs import Programs
from mlstead_toolkit.review.references import References
from mlstead_toolkit.review.side_evaluation import evaluate
from mlstead_toolkit.review.sides.side import Side
from mlstead_toolkit.review.symbolic.symbols import ACCOUNT

_LABEL: Final = "foundation"


class SymbolicFoundation:
    """Gives its outputs, evaluated once for an environment and region. Thread-safe.

    Args:
        programs: the interpreters of the review; it runs in one of its own, mlstead's.
    """

    def __init__(self, programs: Programs) -> None:
        self._programs, self._lock = programs, threading.Lock()
        self._known: dict[tuple[str, str], Properties] = {}

    def outputs(self, environment: str, region: str) -> Properties:
        """Give the outputs. Raises EngineError where it cannot be evaluated."""
        with self._lock:
            if (environment, region) not in self._known:
                self._known[environment, region] = self._evaluated(environment, region)
            return self._known[environment, region]

    def _evaluated(self, environment: str, region: str) -> Properties:
        infra = stack_directory("foundation")
        side = Side(_LABEL, infra.parent, infra, Path(sys.executable))
        found = evaluate(side, environment, self._programs, References("", dict), ACCOUNT,
                         settings={"aws:region": region} if region else {})
        if found.graph is None or found.problems:
            raise EngineError(f"mlstead's own foundation cannot stand in for {environment}'s: "
                              f"{found.problems[0].message}", where="stacks/foundation",
                              fix=f"check in the outputs of your own: mlstead outputs {environment} --foundation")
        return found.graph.outputs
