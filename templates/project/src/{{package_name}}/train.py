"""Train: gradient boosting on the features of the training months; SageMaker runs it as the image's command `train`."""

import logging
from pathlib import Path

from mlstead_jobs.container import hyperparameters, model_directory, run, training_channel

from .features import LABEL
from .model import Model
from .months import parse_months, read_months

logger = logging.getLogger(__name__)


def train(features: Path, train_months: list[int], iterations: int, model_to: Path) -> None:
    """Train on the named months of `features` and write the model into the folder `model_to`."""
    rows = read_months(features, train_months)
    late = rows[LABEL].to_numpy()
    logger.info("training on %d flights of months %s, %.1f %% late", len(rows), train_months, 100 * late.mean())
    model = Model.fit(rows, late, train_months, iterations)
    model.save(model_to)

    from sklearn.metrics import roc_auc_score

    # The pipeline's metric definition reads this line.
    logger.info("train_auc=%.4f", roc_auc_score(late, model.probability_late(rows)))


def main() -> None:
    """Run as a training job: channel `features`, hyperparameters `train_months` and `iterations`."""

    def step() -> None:
        settings = hyperparameters()
        months = parse_months(settings["train_months"])
        train(training_channel("features"), months, int(settings["iterations"]), model_directory())

    run(step)


if __name__ == "__main__":
    main()
