"""The plan on the terminal, and as data."""

import json
from io import StringIO

import pytest
from rich.console import Console

from mlstead_toolkit.cli import console
from mlstead_toolkit.cli.plan_view import as_data, print_plans, warnings
from mlstead_toolkit.engine.plan import Operation, PropertyChange, StackPlan, Step
from mlstead_toolkit.engine.values import UNKNOWN

STACK = "urn:pulumi:local::shop::pulumi:pulumi:Stack::shop-local"
LAKE = "urn:pulumi:local::shop::mlstead:lake:DataLake::lake"
BUCKET = "aws:s3/bucket:Bucket"


def step(operation: Operation, name: str, type_: str = BUCKET, parent: str = LAKE, **more: object) -> Step:
    return Step(operation, f"urn:pulumi:local::shop::{type_}::{name}", type_, name, parent=parent, **more)  # type: ignore[arg-type]


def plan(*steps: Step) -> StackPlan:
    return StackPlan("shop", "local", [
        Step(Operation.SAME, STACK, "pulumi:pulumi:Stack", "shop-local", custom=False),
        Step(Operation.SAME, LAKE, "mlstead:lake:DataLake", "lake", parent=STACK, custom=False),
        *steps,
    ])


@pytest.fixture(autouse=True)
def fresh_consoles() -> None:
    console.out.cache_clear()
    console.err.cache_clear()


def printed(capsys: pytest.CaptureFixture[str], *plans: StackPlan) -> list[str]:
    print_plans(plans)
    return capsys.readouterr().out.splitlines()


def test_a_changed_resource_stands_below_the_component_that_holds_it(capsys: pytest.CaptureFixture[str]) -> None:
    shown = printed(capsys, plan(step(Operation.CREATE, "raw"), step(Operation.SAME, "logs")))
    assert shown[0] == "shop (local)"
    assert "mlstead:lake:DataLake" in shown[2] and "└─ " in shown[2]
    assert shown[3].startswith(" +") and "   └─ aws:s3:Bucket" in shown[3] and shown[3].endswith("create")
    assert not any("logs" in line for line in shown)


def test_a_changed_property_stands_below_its_resource_with_before_and_after(capsys: pytest.CaptureFixture[str]) -> None:
    change = PropertyChange("tags.owner", "update", "ann", "bob")
    shown = printed(capsys, plan(step(Operation.UPDATE, "raw", changes=(change,))))
    assert any(line.strip() == '~ tags.owner: "ann" => "bob"' for line in shown)


def test_the_counts_name_every_kind_of_change(capsys: pytest.CaptureFixture[str]) -> None:
    shown = printed(capsys, plan(step(Operation.CREATE, "a"), step(Operation.UPDATE, "b"), step(Operation.DELETE, "c")))
    assert {line.strip() for line in shown} >= {"+  1 to create", "~  1 to update", "-  1 to delete", "2 unchanged"}


def test_nothing_to_do_says_that_nothing_changed(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, plan())[0].startswith("Nothing changed")


def test_a_bucket_that_would_go_is_warned_of_with_what_is_lost() -> None:
    (warning,) = warnings([plan(step(Operation.REPLACE, "raw"))])
    assert "raw" in warning and "every object in it" in warning


def test_what_is_protected_is_warned_of_when_it_would_go_but_not_when_it_is_updated() -> None:
    topic = "aws:sns/topic:Topic"
    found = warnings([plan(step(Operation.DELETE, "a", topic, protect=True), step(Operation.UPDATE, "b", protect=True),
                           step(Operation.DELETE, "c", topic))])
    assert len(found) == 1 and found[0].startswith("a ") and "protected" in found[0]


def test_the_plan_as_data_is_json_whatever_it_holds() -> None:
    change = PropertyChange("policy", "update", "x", UNKNOWN)
    data = json.loads(json.dumps(as_data([plan(step(Operation.UPDATE, "raw", changes=(change,)))])))
    assert data["changed"] and data["summary"] == {"same": 2, "update": 1}
    assert data["stacks"][0]["steps"][0]["changes"][0]["after"] == "output<string>"


@pytest.mark.parametrize("name", ["lake-access-logs", "a-name-that-leaves-hardly-any-room-for-what-it-is"])
def test_a_row_fits_a_narrow_terminal_where_the_type_can_give_way(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Console(file=StringIO(), force_terminal=True, width=80, color_system=None, soft_wrap=True)
    monkeypatch.setattr("mlstead_toolkit.cli.plan_view.out", lambda: screen)
    long = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    print_plans([plan(step(Operation.CREATE, name, long))])
    (row,) = (line for line in screen.file.getvalue().splitlines() if name in line)  # type: ignore[attr-defined]
    assert "create" in row and "…" in row and (len(row) <= 80 or len(name) > 40)
