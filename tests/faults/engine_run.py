"""One run of the engine in a process of its own, to be killed: HOME PROJECT CLOUD [POINT:NTH | delay].

The cloud is a folder with a file for each thing, so that it outlives the run. Prints a line of JSON for each event and
one at the end, with the operations of two ups in a row.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "engine"))

from fake_provider import FakeCloud

from mlstead_toolkit.engine import Event, Session, StackPlan, StackSource, StepStarted, fault_points, secrets


class Folder(dict[str, Any]):
    """Things that are kept in files."""

    def __init__(self, root: Path) -> None:
        super().__init__({file.stem: json.loads(file.read_text()) for file in root.glob("*.json")})
        self.root = root

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        half = self.root / f"{key}.half"
        half.write_text(json.dumps(value))
        half.replace(self.root / f"{key}.json")  # a real cloud makes a thing or does not

    def pop(self, key: str, *default: Any) -> Any:
        (self.root / f"{key}.json").unlink(missing_ok=True)
        return super().pop(key, *default)


def kill_at(point: str, nth: int) -> None:
    """Arrange for a SIGKILL when a moment is reached for the nth time."""
    count = 0

    def hook(name: str) -> None:
        nonlocal count
        count += name == point
        if count == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    fault_points.hook = hook


def tell(**message: Any) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def operations(plans: list[StackPlan]) -> dict[str, str]:
    return {step.name: str(step.operation) for plan in plans for step in plan.changes}


def on_event(event: Event) -> None:
    if isinstance(event, StepStarted):
        tell(started=event.step.name)


def main() -> None:
    home, project, folder = (Path(argument) for argument in sys.argv[1:4])
    fault = sys.argv[4] if len(sys.argv) > 4 else ""
    secrets._ITERATIONS = 1000
    things = Folder(folder)
    cloud = FakeCloud(things=things, counter=len(things) + os.getpid() * 1000)
    if fault == "delay":
        cloud.delay = 1.0
    elif fault:
        point, _, nth = fault.rpartition(":")
        kill_at(point, int(nth))
    with Session([StackSource(project, "local", Path(sys.executable))], home=home, provider=cloud.factory,
                 on_event=on_event, parallel=2) as session:
        tell(child=next(iter(session._programs.values()))._process.pid)
        first, second = session.up(), session.up()
    tell(first=operations(first), second=operations(second))


if __name__ == "__main__":
    main()
