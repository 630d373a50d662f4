"""Evaluate: the model on a month that it never saw, beside a trivial baseline; and sample requests for the endpoint.

Writes evaluation.json in the shape of SageMaker's model quality, so that the registry shows it, and samples.jsonl.
Source: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-model-quality-metrics.html
"""

import argparse
import json
import logging
import tarfile
from pathlib import Path

import pandas as pd
from mlstead_jobs.container import processing_input, processing_output, run

from .baseline import carrier_hour_rate
from .features import FEATURES, LABEL
from .model import Model
from .months import parse_months, read_months

logger = logging.getLogger(__name__)

SAMPLES = 200


def evaluate(model: Model, features: Path, month: int) -> dict:
    """Measure the model on one month of `features`.

    Returns:
        binary_classification_metrics with the area under the ROC curve (auc) and the baseline's (baseline_auc; 0.5 is
        a coin), the share of late flights, and where the figures come from.

    Raises:
        ValueError: the model was trained on that month.
    """
    from sklearn.metrics import average_precision_score, roc_auc_score

    if month in model.train_months:
        raise ValueError(f"Month {month} was trained on ({model.train_months}): hold out another one.")
    held_out = read_months(features, [month])
    late = held_out[LABEL]
    predicted = model.probability_late(held_out)
    baseline = carrier_hour_rate(read_months(features, model.train_months), held_out)
    metrics = {
        "auc": roc_auc_score(late, predicted),
        "baseline_auc": roc_auc_score(late, baseline),
        "average_precision": average_precision_score(late, predicted),
        "late_rate": late.mean(),
        "mean_prediction": predicted.mean(),
    }
    return {
        "binary_classification_metrics": {
            name: {"value": round(float(value), 6), "standard_deviation": "NaN"} for name, value in metrics.items()
        },
        "baseline": "late rate of the same carrier and hour in the training months",
        "held_out_month": month,
        "train_months": list(model.train_months),
        "rows": len(held_out),
    }


def samples(held_out: pd.DataFrame) -> str:
    """Give some rows as JSON lines: `instance`, ready to be sent to the endpoint, and `late`, what happened."""
    chosen = held_out.sample(min(SAMPLES, len(held_out)), random_state=0)
    rows = json.loads(chosen.to_json(orient="records"))
    lines = [{"instance": {name: row[name] for name in FEATURES}, "late": row[LABEL]} for row in rows]
    return "".join(json.dumps(line) + "\n" for line in lines)


def unpack_model(archive: Path, directory: Path) -> Model:
    """Load the model from model.tar.gz, unpacking it into `directory`."""
    with tarfile.open(archive) as opened:
        for member in opened.getmembers():
            content = opened.extractfile(member)
            if content is not None:  # a file; nothing that an archive names may leave the folder
                (directory / Path(member.name).name).write_bytes(content.read())
    return Model.load(directory)


def main() -> None:
    """Run as a processing job: `--month 3`, inputs `model` and `features`, output `evaluation`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--month", required=True, help="the held-out month, 3")
    arguments = parser.parse_args()

    def step() -> None:
        (month,) = parse_months(arguments.month)
        features, evaluation = processing_input("features"), processing_output("evaluation")
        # Unpacked beside the archive: only `evaluation` is uploaded.
        model = unpack_model(processing_input("model") / "model.tar.gz", processing_input("model"))
        report = evaluate(model, features, month)
        (evaluation / "evaluation.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
        (evaluation / "samples.jsonl").write_text(samples(read_months(features, [month])), encoding="utf-8")
        metrics = report["binary_classification_metrics"]
        logger.info(
            "month %d, %d flights: auc=%.4f baseline_auc=%.4f",
            month, report["rows"], metrics["auc"]["value"], metrics["baseline_auc"]["value"],
        )  # fmt: skip

    run(step)


if __name__ == "__main__":
    main()
