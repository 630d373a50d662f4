"""Measures the detector against the labelled sample, and writes the table into a page: python measurement.py PAGE."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from labelled_sample import SEED, Cell, sample

from mlstead.ingestion.gate_rules import KINDS
from mlstead_jobs.personal.detector import Detector

BEGIN, END = "<!-- measured: make docs -->\n", "<!-- /measured -->\n"


class Measurement:
    """What was found of what there is; by cell: its kind; by span: exactly its first and last character."""

    def __init__(self, seed: int = SEED) -> None:
        self.cells, detector = sample(seed), Detector()
        self.right: Counter[tuple[str, str]] = Counter()
        self.found: Counter[tuple[str, str]] = Counter()
        self.recalled: Counter[tuple[str, str]] = Counter()
        self.of: Counter[str] = Counter()
        self.missed: list[Cell] = []
        self.wrong: list[tuple[str, str, Cell]] = []
        for cell in self.cells:
            self._judge(cell, {(span.kind, span.start, span.end) for span in detector.find(cell.text, cell.column)})

    def _judge(self, cell: Cell, spans: set[tuple[str, int, int]]) -> None:
        kinds, truth = {kind for kind, _, _ in spans}, (cell.kind, cell.start, cell.end)
        for kind in kinds:
            self.found["cell", kind] += 1
            self.right["cell", kind] += kind == cell.kind
        for span in spans:
            self.found["span", span[0]] += 1
            self.right["span", span[0]] += span == truth
            if span[0] != cell.kind:
                self.wrong.append((span[0], cell.text[span[1] : span[2]], cell))
        self.of[cell.label] += 1
        if cell.kind:
            self.recalled["cell", cell.label] += cell.kind in kinds
            self.recalled["span", cell.label] += truth in spans
            if truth not in spans:
                self.missed.append(cell)

    def precision(self, by: str, kind: str) -> float:
        """Of what was called this kind, the share that is."""
        return self.right[by, kind] / max(self.found[by, kind], 1)

    def recall(self, by: str, kind: str) -> float:
        """Of what is this kind, the share that was found."""
        labels = {cell.label for cell in self.cells if cell.kind == kind}
        return sum(self.recalled[by, label] for label in labels) / sum(self.of[label] for label in labels)

    def table(self) -> str:
        """Give the table as the page has it."""
        innocent = sum(cell.kind is None for cell in self.cells)
        lines = [
            f"{len(self.cells)} cells, {innocent} of them lookalikes.",
            "",
            "| kind | cells | precision by cell | recall by cell | precision by span | recall by span |",
            "| --- | ---: | ---: | ---: | ---: | ---: |",
        ]
        for kind in KINDS:
            labels = sorted({cell.label for cell in self.cells if cell.kind == kind})
            numbers = (self.precision("cell", kind), self.recall("cell", kind),
                       self.precision("span", kind), self.recall("span", kind))
            lines.append(f"| {kind} | {sum(self.of[label] for label in labels)} | "
                         + " | ".join(f"{number:.3f}" for number in numbers) + " |")
            for label in labels if len(labels) > 1 else ():
                recalls = (self.recalled[by, label] / self.of[label] for by in ("cell", "span"))
                cell, span = (f"{number:.3f}" for number in recalls)
                lines.append(f"| of it: {label} | {self.of[label]} | | {cell} | | {span} |")
        taken = Counter(f"{cell.label} for a {kind}" for kind, _, cell in self.wrong if cell.kind is None)
        lines += ["", "Lookalikes taken for personal data, of 30 each: "
                  + (", ".join(f"{what} {count}" for what, count in sorted(taken.items())) or "none") + "."]
        return "\n".join(lines) + "\n"


def written(page: str, measurement: Measurement) -> str:
    """Give the page with the table of this measurement in it."""
    before, rest = page.split(BEGIN)
    return before + BEGIN + "\n" + measurement.table() + "\n" + END + rest.split(END)[1]


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(written(page.read_text(encoding="utf-8"), Measurement()), encoding="utf-8")
