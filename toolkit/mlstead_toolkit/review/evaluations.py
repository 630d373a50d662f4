"""Evaluations of sides, and what they leave for the next one: running interpreters, and a base that is known."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from types import TracebackType

from mlstead.errors import MlsteadError
from mlstead_toolkit.engine import configuration
from mlstead_toolkit.engine.errors import EngineError
from mlstead_toolkit.engine.resource_state import ResourceState
from mlstead_toolkit.engine.values import Properties
from mlstead_toolkit.review.foundation import SymbolicFoundation
from mlstead_toolkit.review.programs import Programs
from mlstead_toolkit.review.references import References, account_of
from mlstead_toolkit.review.side_evaluation import Evaluation, evaluate
from mlstead_toolkit.review.sides.side import Side
from mlstead_toolkit.review.symbolic.symbols import ACCOUNT

_ONE_SIDE = ("foundation.<environment>.json is checked in on the {label} side alone; it stands for the foundation of "
             "both sides.")
_NEITHER = ("No foundation.<environment>.json is checked in: mlstead's own foundation stands for yours, its names and "
            "numbers as symbols. Write and commit it: mlstead outputs <environment> --foundation")


class Evaluations:
    """Evaluates sides until it is closed; several comparisons may share one.

    A side by itself is evaluated once: the same object, handed in again, is taken to be on disk as it was. So many
    heads are compared with one base at half the price.
    """

    def __init__(self) -> None:
        self._programs = Programs()
        self._foundation = SymbolicFoundation(self._programs)
        self._known: dict[tuple[int, str], tuple[Side, Evaluation]] = {}  # the side is kept, so that its id is its own

    def __enter__(self) -> Evaluations:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._programs.close()

    def begin(self, side: Side | None) -> None:
        """Start the interpreter of a side while nobody waits for it."""
        if side is not None:
            with suppress(MlsteadError):  # told with each environment
                self._programs.of(side)

    def of(self, side: Side | None, other: Side | None, environment: str, before: Sequence[ResourceState] = ()
           ) -> Evaluation:
        """Evaluate a side in an environment.

        Args:
            side: which; None, or one without the environment: nothing is there.
            other: the one that it is compared with, whose foundation answers where this one has checked in none.
            environment: the stack's short name.
            before: the other side's resources, where they are what this one starts from.
        """
        if side is None or not (side.infra / f"Pulumi.{environment}.yaml").is_file():
            return Evaluation()
        if before or environment not in side.foundations:
            return self._evaluated(side, other, environment, before)
        key = id(side), environment
        if key not in self._known:
            self._known[key] = side, self._evaluated(side, None, environment)
        return self._known[key][1]

    def _evaluated(self, side: Side, other: Side | None, environment: str, before: Sequence[ResourceState] = ()
                   ) -> Evaluation:
        own = side.foundations.get(environment)
        others = other.foundations.get(environment) if other is not None else None
        told = own if own is not None else others
        try:
            settings = configuration.load(side.infra, environment, None)
        except EngineError:
            settings = None  # the evaluation says why
        region = settings.settings.get("aws:region", "") if settings else ""
        setting = settings.settings.get(f"{settings.project}:foundation", "") if settings else ""

        def outputs() -> Properties:
            return told if told is not None else self._foundation.outputs(environment, region)

        found = evaluate(side, environment, self._programs, References(setting, outputs),
                         account_of(told) if told else ACCOUNT, before=before)
        if own is not None or not found.asked:
            return found
        note = _NEITHER if other is None or told is None else _ONE_SIDE.format(label=other.label)
        return replace(found, notes=(note, *found.notes))
