"""Guards that are switched off stand below every plan, once each, with their reasons."""

import json

import pytest
from pulumi.automation.events import EngineEvent

from mlstead_toolkit.cli import console
from mlstead_toolkit.cli.plan_view import as_data, print_plans
from mlstead_toolkit.cli.weakening_view import Weakening, planned, previewed
from mlstead_toolkit.engine.plan import Operation, StackPlan, Step

REASON = "a sandbox that is thrown away every night"
URN = "urn:pulumi:local::shop::"
LAKE, RAW = f"{URN}mlstead:index:DataLake::lake", f"{URN}mlstead:index:DataLake$mlstead:index:Bucket::lake-raw"
BUCKET = f"{URN}mlstead:index:DataLake$mlstead:index:Bucket$aws:s3/bucket:Bucket::lake-raw"


def component(urn: str, kind: str, weakenings: dict[str, str], parent: str | None = None,
              operation: Operation = Operation.SAME) -> Step:
    return Step(operation, urn, f"mlstead:index:{kind}", urn.rpartition("::")[2], parent=parent, custom=False,
                inputs={"weakenings": weakenings} if weakenings else {})


def plan(lake: dict[str, str], raw: dict[str, str], operation: Operation = Operation.SAME) -> StackPlan:
    bucket = Step(Operation.SAME, BUCKET, "aws:s3/bucket:Bucket", "lake-raw", parent=RAW,
                  inputs={"weakenings": {"tags": "an input of another's, which only has that name"}})
    return StackPlan("shop", "local", [component(LAKE, "DataLake", lake, operation=operation),
                                       component(RAW, "Bucket", raw, LAKE, operation), bucket])


@pytest.fixture(autouse=True)
def fresh_consoles() -> None:
    console.out.cache_clear()


def test_a_weakened_guard_is_listed_with_component_argument_and_reason(capsys: pytest.CaptureFixture[str]) -> None:
    print_plans([plan({}, {"events": REASON})])
    assert f"    shop: Bucket lake-raw, events: {REASON}" in capsys.readouterr().out.splitlines()


def test_a_plan_without_weakened_guards_says_nothing_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    print_plans([plan({}, {})])
    assert "eakened" not in capsys.readouterr().out


def test_what_a_child_takes_over_from_above_is_listed_once() -> None:
    assert planned([plan({"protect": REASON}, {"protect": REASON})]) == [
        Weakening("shop", "lake", "DataLake", "protect", REASON)]


def test_a_child_s_own_weakening_is_listed_beside_its_parent_s() -> None:
    found = planned([plan({"protect": REASON}, {"protect": REASON, "events": "nobody listens to them here"})])
    assert [(each.component, each.argument) for each in found] == [("lake", "protect"), ("lake-raw", "events")]


def test_what_goes_weakens_nothing_any_more() -> None:
    assert planned([plan({"protect": REASON}, {}, Operation.DELETE)]) == []


def test_a_script_reads_them_too() -> None:
    data = json.loads(json.dumps(as_data([plan({"protect": REASON}, {})])))
    assert data["weakenings"] == [{"stack": "shop", "component": "lake", "type": "DataLake", "argument": "protect",
                                   "reason": REASON}]


def test_they_are_found_in_the_events_of_pulumi_too() -> None:
    def event(urn: str, parent: str, inputs: dict[str, object]) -> EngineEvent:
        state = {"type": urn.split("::")[2].rpartition("$")[2], "urn": urn, "id": "", "parent": parent, "provider": "",
                 "inputs": inputs}
        return EngineEvent.from_json({"sequence": 1, "timestamp": 1, "resourcePreEvent": {"metadata": {
            "op": "same", "urn": urn, "type": state["type"], "provider": "", "new": state}}})

    found = previewed("shop", [event(LAKE, "", {"weakenings": {"protect": REASON}}),
                               event(RAW, LAKE, {"weakenings": {"protect": REASON}}), event(BUCKET, RAW, {})])
    assert found == [Weakening("shop", "lake", "DataLake", "protect", REASON)]
