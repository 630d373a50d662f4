"""Measure mlstead against its floors, in one run on one machine, and write the table into bench/README.md.

usage: run.py [--runs N] [--only NAME …] [--no-write]

Each figure is a ratio of medians-by-pair of whole processes; absolute seconds are only there to be read beside it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

import psutil
from measure import Command, Comparison, compare
from memory import peak_of_tree
from world import HERE, MLSTEAD, World

SCRATCH = HERE.parent / "build" / "bench"
BEGIN, END = "<!-- results: written by run.py -->", "<!-- end of results -->"


class Bench:
    """The measurements, in the order of the report; each returns one row."""

    def __init__(self, runs: int) -> None:
        self.runs = runs
        self.world = World.make(SCRATCH)
        self.world.mlstead("new", "flight-delays", "--defaults", cwd=self.world.folder)
        self.world.mlstead("up", "local")
        self._floors()

    def _floors(self) -> None:
        """Record what an `up` from empty calls, and what its programs import."""
        world = self.world
        outputs = world.folder / "foundation.json"
        outputs.write_text(_foundation_outputs(world))
        scripts = []
        for directory, python in ((HERE.parent / "stacks" / "foundation", Path(sys.executable)),
                                  (world.project / "infra", world.project / ".venv" / "bin" / "python")):
            script = world.folder / f"imports-{directory.name}.py"
            found = subprocess.run([python, HERE / "program_imports.py", directory, "local", outputs], text=True,
                                   check=True, capture_output=True)
            script.write_text(found.stdout)
            scripts.append((python, script))
        self.imports = [world.command(script.stem, [python, script]) for python, script in scripts]
        together = world.folder / "imports-together.py"
        together.write_text("".join(script.read_text() for _, script in scripts))
        self.imports_together = world.command("imports together", [sys.executable, together])
        world.forget()
        self.calls = self._recorded("calls.jsonl")

    def _recorded(self, name: str) -> Path:
        """Bring the project up, and keep every call that it takes."""
        calls = self.world.folder / name
        calls.unlink(missing_ok=True)
        subprocess.run([sys.executable, HERE / "record_calls.py", calls, "up", "local"], cwd=self.world.project,
                       env={**os.environ, **self.world.env}, check=True, stdout=subprocess.DEVNULL)
        return calls

    def up_from_empty(self) -> Row:
        """`up` from empty: imports of both programs plus the same calls by plain boto3, one after the other."""
        world = self.world
        replay = world.script("boto3", "replay_calls.py", self.calls, world.endpoint, "eu-west-1",
                              prepare=world.empty_cloud)
        up = world.command("up from empty", [MLSTEAD, "up", "local"], prepare=world.forget)
        calls = len(self.calls.read_text().splitlines())
        return Row(f"`up` from empty ({calls} calls)", "those imports + the same calls by boto3", "1.1",
                   compare(up, [*self.imports, replay], runs=self.runs))

    def up_unchanged(self) -> Row:
        """`up` with nothing to do, against importing what its programs import."""
        world = self.world
        world.forget()
        world.mlstead("up", "local")
        up = world.command("up unchanged", [MLSTEAD, "up", "local"])
        return Row("`up` with nothing changed", "those imports", "1.5", compare(up, self.imports, runs=self.runs))

    def up_unchanged_strictly(self) -> Row:
        """The same, against a floor that no engine with two programs reaches: one process imports for both."""
        up = self.world.command("up unchanged", [MLSTEAD, "up", "local"])
        return Row("the same", "the imports of both in one process", "–",
                   compare(up, [self.imports_together], runs=self.runs))

    def up_one_change(self) -> Row:
        """`up` after one setting has changed: imports of both programs plus the calls that the change takes."""
        world = self.world
        world.forget()
        world.mlstead("up", "local")
        settings = world.project / "infra" / "Pulumi.local.yaml"
        days = itertools.cycle((30, 60))

        def change() -> None:
            text, changed = re.subn(r"(:endpoint: \{instance_type: [^,\n]+).*\}",
                                    rf"\1, log_retention_days: {next(days)}}}", settings.read_text())
            if not changed:
                raise SystemExit(f"{settings} has no line `endpoint` that could be changed")
            settings.write_text(text)

        change()
        calls = self._recorded("change.jsonl")
        replay = world.script("boto3", "replay_calls.py", calls, world.endpoint, "eu-west-1")
        up = world.command("up after one change", [MLSTEAD, "up", "local"], prepare=change)
        number = len(calls.read_text().splitlines())
        return Row(f"`up` after one change ({number} calls)", "those imports + the same calls by boto3", "1.5",
                   compare(up, [*self.imports, replay], runs=self.runs))

    def new(self) -> Row:
        """`mlstead new`, git and all, against bare `copier copy` of the same template."""
        world = self.world
        new, copied = world.folder / "new-project", world.folder / "copied"

        def clear() -> None:
            shutil.rmtree(new, ignore_errors=True)
            shutil.rmtree(copied, ignore_errors=True)

        copier = Path(sys.executable).with_name("copier")
        ours = world.command("new", [MLSTEAD, "new", new, "--defaults"], prepare=clear)
        bare = world.command("copier", [copier, "copy", "--quiet", "--defaults", HERE.parent, copied], prepare=clear)
        return Row("`mlstead new`", "`copier copy`", "1.5", compare(ours, [bare], runs=self.runs))

    def invoke(self) -> Row:
        """One prediction through the endpoint, against the model server without it."""
        world = self.world
        world.mlstead("up", "local")
        world.mlstead("data", "ingest", "local")
        world.mlstead("train", "local")
        world.mlstead("approve", "local", "1")
        world.mlstead("promote", "local", "1")
        world.mlstead("up", "local")
        outputs = json.loads(world.mlstead("outputs", "local", "--json"))
        payload = world.folder / "payload.json"
        payload.write_text(_payload(world))
        done = subprocess.run(
            [sys.executable, HERE / "invocations.py",
             f"{world.endpoint}/endpoints/{outputs['endpoint_name']}/invocations",
             f"{_model_server(world)}/invocations", payload, "500"], text=True, check=True, capture_output=True)
        figures = json.loads(done.stdout)
        return Row("one prediction through the endpoint", "the model server itself", "1.5", None, figures["ratio"],
                   f"{figures['endpoint_ms']:.1f} ms", f"{figures['server_ms']:.1f} ms")

    def memory(self) -> Row:
        """Peak memory of `up` from empty, all its processes added up at one moment."""
        self.world.forget()
        peak = peak_of_tree([str(MLSTEAD), "up", "local"], self.world.project, self.world.env)
        floor = sum(part.run().peak_mib for part in self.imports)
        return Row("peak memory of `up` from empty, all processes", "those imports", "–", None, peak / floor,
                   f"{peak:.0f} MiB", f"{floor:.0f} MiB")

    def review(self) -> Row:
        """`review` of 200 resources in four environments on two sides, against importing the program's modules once."""
        world, reviewed = self.world, self.world.folder / "reviewed"
        shutil.copytree(world.project, reviewed, symlinks=True)
        state = world.home / ".pulumi" / "stacks" / "flight-delays" / "local.json"
        if not state.exists():
            world.mlstead("up", "local")
        subprocess.run([sys.executable, HERE / "review.py", reviewed, world.folder / "foundation.json", state],
                       check=True)
        comment = world.folder / "review.md"
        review = replace(world.command("review", [MLSTEAD, "review", "--base", "HEAD", "--output", comment]),
                         cwd=reviewed)
        return Row("`review` of 200 resources in 4 environments, both sides", "the imports of its program, once", "6",
                   compare(review, [self.imports[1]], runs=self.runs))

    def data_way(self) -> Row:
        """A year of flights through ingest, gates and features, against reading and writing the same Parquet."""
        way, floor = self._data(1)
        return Row("336,776 flights and their weather through ingest, gates and features",
                   "reading and writing the same Parquet by the same library, no gates", "3",
                   compare(way, [floor], runs=self.runs))

    def data_way_memory(self) -> Row:
        """Its peak memory."""
        way, floor = (command.run().peak_mib for command in self._data(1))
        return Row("peak memory of that (goal: below 1536 MiB)", "the same floor", "–", None, way / floor,
                   f"{way:.0f} MiB", f"{floor:.0f} MiB")

    def ten_times_the_rows(self) -> Row:
        """Months of ten times the rows, against one time."""
        ten, one = self._data(10)[0], self._data(1)[0]
        return Row("3,367,760 flights, in as many months", "336,776 flights", "11", compare(ten, [one], runs=self.runs))

    def ten_times_the_rows_memory(self) -> Row:
        """Peak memory of ten times the rows."""
        ten, one = (self._data(times)[0].run().peak_mib for times in (10, 1))
        return Row("peak memory of that", "that of 336,776 flights", "–", None, ten / one, f"{ten:.0f} MiB",
                   f"{one:.0f} MiB")

    def _data(self, times: int) -> tuple[Command, Command]:
        """Deliver a year, its flights so many times, and give what takes it through the gates and what does without."""
        world = self.world
        python, folder = world.project / ".venv" / "bin" / "python", world.folder / f"data-{times}"
        if not folder.exists():
            subprocess.run([python, HERE / "data_deliveries.py", world.project, folder, str(times)], check=True)
        landing = folder / "landing"
        return (
            world.command("data way", [python, HERE / "data_way.py", world.project, landing, folder / "way"]),
            world.command("data floor", [python, HERE / "data_floor.py", landing, folder / "floor"]),
        )

    def close(self) -> None:
        """Stop the cloud."""
        self.world.mlstead("cloud", "stop", cwd=self.world.folder)


class Row:
    """One line of the report."""

    def __init__(self, what: str, floor: str, goal: str, comparison: Comparison | None, ratio: float = 0.0,
                 ours: str = "", theirs: str = "") -> None:
        self.what, self.floor, self.goal = what, floor, goal
        self.ratio, self.ours, self.theirs, self.spread = ratio, ours, theirs, ""
        if comparison:
            self.ratio = comparison.ratio
            self.ours, self.theirs = f"{comparison.seconds:.2f} s", f"{comparison.floor_seconds:.2f} s"
            self.spread = f" ({min(comparison.ratios):.2f}–{max(comparison.ratios):.2f})"

    def __str__(self) -> str:
        return (f"| {self.what} | {self.ours} | {self.floor}: {self.theirs} | **{self.ratio:.2f}**{self.spread} "
                f"| {self.goal} |")


MEASUREMENTS: dict[str, Callable[[Bench], Row]] = {
    "up-from-empty": Bench.up_from_empty,
    "up-unchanged": Bench.up_unchanged,
    "up-unchanged-strictly": Bench.up_unchanged_strictly,
    "up-one-change": Bench.up_one_change,
    "new": Bench.new,
    "memory": Bench.memory,
    "invoke": Bench.invoke,
    "review": Bench.review,
    "data-way": Bench.data_way,
    "data-way-memory": Bench.data_way_memory,
    "ten-times-the-rows": Bench.ten_times_the_rows,
    "ten-times-the-rows-memory": Bench.ten_times_the_rows_memory,
}


def _foundation_outputs(world: World) -> str:
    checkpoint = json.loads((world.home / ".pulumi/stacks/mlstead-foundation/local.json").read_text())
    stack = next(resource for resource in checkpoint["checkpoint"]["latest"]["resources"]
                 if resource["type"] == "pulumi:pulumi:Stack")
    return json.dumps(stack["outputs"])


def _model_server(world: World) -> str:
    with urlopen(f"{world.endpoint}/_mlstead/status") as answer:
        cloud = psutil.Process(json.load(answer)["pid"])
    listening = [
        connection for process in cloud.children(recursive=True) for connection in process.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN]
    return f"http://127.0.0.1:{listening[0].laddr.port}"


def _payload(world: World) -> str:
    answered = json.loads(world.mlstead("predict", "local", "--sample", "1", "--json"))
    return json.dumps({"instances": [answered["predictions"][0]["features"]]})


def main() -> None:
    """Run what was asked for and write it down."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=7, help="counted runs of each pair (7)")
    parser.add_argument("--only", nargs="+", choices=MEASUREMENTS, default=list(MEASUREMENTS))
    parser.add_argument("--no-write", action="store_true", help="print, and leave README.md as it is")
    chosen = parser.parse_args()
    bench = Bench(chosen.runs)
    try:
        rows = [measure(bench) for name, measure in MEASUREMENTS.items() if name in chosen.only]
    finally:
        bench.close()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=HERE, text=True, capture_output=True).stdout
    table = "\n".join([
        f"Run of {time.strftime('%Y-%m-%d')}, commit {commit.strip()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, {chosen.runs} pairs each; the ratio is the median of the pairs (least–most).",
        "",
        "| what | time | against | ratio | goal |", "| --- | --- | --- | --- | --- |", *map(str, rows)])
    sys.stdout.write(table + "\n")
    if not chosen.no_write:
        readme = HERE / "README.md"
        text = re.sub(f"{BEGIN}.*{END}", lambda _: f"{BEGIN}\n{table}\n{END}", readme.read_text(), flags=re.DOTALL)
        readme.write_text(text)


if __name__ == "__main__":
    main()
