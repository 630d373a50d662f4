"""The model: gradient boosting and the codes of its categories, and how both are kept in a folder.

Kept with skops, not pickle: loading names every type that it admits, so a model file that somebody swapped cannot run
code of its own.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import skops.io

from .features import CATEGORIES, FEATURES, Encoder, vocabulary_of

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

LEARNING_RATE = 0.05
"""Half of the library's default: trained on January, February says slightly better (ROC AUC .613 against .612)."""

TRUSTED_TYPES = [
    "functools.partial",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.utils.validation.check_array",
]
"""What the file holds beyond what skops trusts by itself; what a partial calls is checked like everything else."""


@dataclass(frozen=True)
class Model:
    """A trained classifier, the encoder of its columns, and the months it was trained on."""

    classifier: "HistGradientBoostingClassifier"
    encoder: Encoder
    train_months: Sequence[int]

    @classmethod
    def fit(
        cls, columns: Mapping[str, Sequence], late: Sequence[bool], train_months: Sequence[int], iterations: int
    ) -> "Model":
        """Train on equally long columns; the same input gives the same model."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        encoder = Encoder(vocabulary_of(columns))
        categorical = [position for position, name in enumerate(FEATURES) if name in CATEGORIES]
        classifier = HistGradientBoostingClassifier(
            learning_rate=LEARNING_RATE,
            max_iter=iterations,
            categorical_features=categorical,
            early_stopping=False,
            random_state=0,
        )
        classifier.fit(encoder.matrix(columns), np.asarray(late, dtype=bool))
        return cls(classifier, encoder, train_months)

    def probability_late(self, columns: Mapping[str, Sequence]) -> np.ndarray:
        """Give, for each row, the probability that the flight arrives late."""
        return self.classifier.predict_proba(self.encoder.matrix(columns))[:, 1]

    def save(self, directory: Path) -> None:
        """Write model.skops and model.json into an existing folder."""
        skops.io.dump(self.classifier, directory / "model.skops")
        facts = {"features": FEATURES, "train_months": self.train_months, "vocabulary": self.encoder.vocabulary}
        (directory / "model.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> "Model":
        """Read what `save` wrote.

        Raises:
            ValueError: the model was trained on other columns than this code builds.
            skops.io.exceptions.UntrustedTypesFoundException: the file holds a type that no model of ours has.
        """
        facts = json.loads((directory / "model.json").read_text(encoding="utf-8"))
        if tuple(facts["features"]) != FEATURES:
            raise ValueError(f"The model reads {facts['features']}, this code builds {list(FEATURES)}: train it again.")
        classifier = skops.io.load(directory / "model.skops", trusted=TRUSTED_TYPES)
        return cls(classifier, Encoder(facts["vocabulary"]), facts["train_months"])
