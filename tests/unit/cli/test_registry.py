"""What the registry's reports and versions say."""

from mlstead_toolkit.cli.metrics_view import headline
from mlstead_toolkit.cli.model_registry import metrics

REPORT = {"binary_classification_metrics": {"auc": {"value": 0.7049, "standard_deviation": "NaN"},
                                            "baseline_auc": {"value": 0.61}, "note": "x", "broken": {"value": "NaN"}},
          "rows": 28834}


def test_a_report_gives_its_figures_by_name() -> None:
    assert metrics(REPORT) == {"auc": 0.7049, "baseline_auc": 0.61}


def test_the_headline_sets_the_baseline_beside_the_model() -> None:
    assert headline(metrics(REPORT)) == "auc 0.705 (baseline 0.610)"
    assert headline({}) == ""
