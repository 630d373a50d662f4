"""The page, the data for a script and the findings for a code host."""

from __future__ import annotations

import json
from dataclasses import replace

from rich_review import DIAGRAM, environment, review

from mlstead_toolkit.review.rendering import as_json, html, sarif
from mlstead_toolkit.review.rendering.picture import drawn
from mlstead_toolkit.review.report import Remark, Review
from mlstead_toolkit.review.told import ENVIRONMENT, told
from mlstead_toolkit.review.verdict import Verdict


def test_the_page_draws_the_diagram_and_shows_no_source_of_it() -> None:
    page = html(review())
    assert "flowchart" not in page and "classDef" not in page
    assert "<svg " in page and "DataPipeline flight-delays-data</text>" in page and "+ Role" in page


def test_an_arrow_leads_from_a_box_on_the_left_to_one_on_the_right() -> None:
    picture = drawn(DIAGRAM.splitlines())
    assert picture.count('<path class="arrow') == 2 and picture.count("dotted") == 1
    assert ">policy</text>" in picture
    assert picture.count('class="box') == 3


def test_arrows_in_a_circle_are_drawn() -> None:
    circle = ['r0["a"]:::added', 'r1["b"]:::changed', "r0 --> r1", "r1 --> r0", "r1 --> r1", "r1 --> nowhere"]
    assert drawn(circle).count('<path class="arrow') == 3


def test_nothing_to_draw_is_no_picture() -> None:
    assert drawn(["flowchart LR"]) == ""


def test_the_page_leaves_nothing_out() -> None:
    remarks = tuple(Remark(Verdict.MAY_LOSE_DATA, f"part {number} of {'x' * 2000} is lost", "lake")
                    for number in range(300))
    page = html(Review("shop", "main", "this change", (replace(environment("dev"), remarks=remarks),)))
    assert all(f"part {number} of" in page for number in range(300)) and "Shortened" not in page


def test_data_says_verdicts_in_words_and_amounts_as_they_are() -> None:
    data = json.loads(json.dumps(as_json(review())))
    assert data["version"] == 1 and data["verdict"] == "cannot be deployed"
    dev = data["environments"][0]
    assert dev["counts"] == {"create": 1, "update": 1, "replace": 2, "delete": 1}
    assert dev["cost"]["after"] == "211.84" and dev["cloud"]["drift"][0]["name"] == "lake"
    assert dev["changes"][2]["deleteBeforeReplace"] is True


def test_findings_have_levels_places_and_rules() -> None:
    log = sarif(review())
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted(set(rules))
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note") and result["message"]["text"].endswith(".")
        where = result["locations"][0]["physicalLocation"]
        assert where["artifactLocation"]["uri"] == "infra/__main__.py" and where["region"]["startLine"] >= 1
    (stopped,) = [result for result in run["results"] if result["ruleId"] == "cannot-be-deployed"]
    assert stopped["level"] == "error" and stopped["locations"][0]["physicalLocation"]["region"]["startLine"] == 12


def test_a_finding_that_moves_to_another_line_is_the_same_finding() -> None:
    def prints(place: str) -> list[str]:
        remark = Remark(Verdict.DOWNTIME, "it stands still", "queue", place=place)
        one = replace(environment("dev"), remarks=(remark,), policies=())
        log = sarif(Review("shop", "main", "this change", (one,)))
        return [result["partialFingerprints"]["mlstead/v1"] for result in log["runs"][0]["results"]]

    assert prints("infra/__main__.py:3") == prints("infra/__main__.py:9") == prints("")


def test_all_forms_are_the_same_twice() -> None:
    assert html(review()) == html(review())
    assert as_json(review()) == as_json(review()) and sarif(review()) == sarif(review())


def test_what_differs_by_the_name_of_its_environment_alone_is_told_once() -> None:
    remark = Remark(Verdict.DOWNTIME, "queue of dev stands still", "shop-dev")
    other = replace(remark, text="queue of prod stands still", subject="shop-prod")
    (one,) = told({"dev": (remark,), "prod": (other,)})
    assert one.environments == ("dev", "prod")
    assert one.item.subject == f"shop-{ENVIRONMENT}"


def test_what_one_environment_alone_has_keeps_its_name() -> None:
    remark = Remark(Verdict.DOWNTIME, "queue of dev stands still", "shop-dev")
    found = told({"dev": (remark,), "prod": (replace(remark, text="another"),)})
    assert [(one.item.subject, one.environments) for one in found] == [("shop-dev", ("dev",)), ("shop-dev", ("prod",))]
