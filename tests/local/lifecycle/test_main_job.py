"""The main job, in the order in which a user does it; each test is the next thing that is typed."""

import json
import re

import pytest

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def before(scaffolded):
    """What every list call says before the first `up`."""
    scaffolded.succeed("cloud", "start")
    return scaffolded.snapshot()


def resources_in_state(machine):
    state = json.loads((machine.home / ".pulumi/stacks/flight-delays/local.json").read_text())
    return state["checkpoint"]["latest"]["resources"]


def test_a_new_project_is_a_clean_repository_with_one_commit(scaffolded):
    import subprocess

    status = subprocess.run(["git", "status", "--porcelain"], cwd=scaffolded.project, capture_output=True, text=True)
    log = subprocess.run(["git", "log", "--oneline"], cwd=scaffolded.project, capture_output=True, text=True)
    assert status.stdout == "" and len(log.stdout.splitlines()) == 1


def test_up_from_nothing_brings_everything_but_the_endpoint_and_says_what_comes_first(scaffolded, before):
    run = scaffolded.succeed("up", "local")
    assert " to create" in run.out
    assert "mlstead data ingest local, then mlstead train local" in run.out.splitlines()[-1]
    assert scaffolded.client("sagemaker").list_endpoints()["Endpoints"] == []
    assert scaffolded.client("sagemaker").list_pipelines()["PipelineSummaries"]


def test_up_again_says_that_nothing_changed_and_changes_nothing(scaffolded):
    there, state = scaffolded.snapshot(), resources_in_state(scaffolded)
    run = scaffolded.succeed("up", "local")
    assert "Nothing changed" in run.out
    assert scaffolded.snapshot() == there and resources_in_state(scaffolded) == state


def test_asking_before_there_is_a_model_says_what_to_do_first(scaffolded):
    assert "mlstead train local" in scaffolded.refuse("predict", "local").err
    assert "mlstead train local" in scaffolded.refuse("approve", "local", "1").err
    assert "never ran" in scaffolded.succeed("status", "local").out


def test_training_before_there_is_data_says_where_data_comes_from(scaffolded):
    assert "mlstead data ingest local" in scaffolded.refuse("train", "local").err
    assert "none has come in" in scaffolded.succeed("status", "local").out


def test_what_comes_in_goes_through_the_gates_and_every_row_is_accounted_for(scaffolded):
    run = scaffolded.succeed("data", "ingest", "local")
    assert "mlstead data report local weather month=02" in run.out.splitlines()[-1]  # an impossible wind
    found = scaffolded.succeed("data", "status", "local", "--json").json
    assert found["adds_up"] and found["totals"] == {
        "batches": 6, "rows_in": 87252, "rows_curated": 87251, "rows_quarantined": 1, "rows_unchecked": 0}
    assert "1 quarantined" in scaffolded.succeed("status", "local").out
    assert "between:wind_speed" in scaffolded.succeed("data", "report", "local", "weather", "2").out
    assert "flights/month=03" in scaffolded.succeed("logs", "local", "gate").out


def test_what_came_in_before_changes_nothing(scaffolded):
    before = scaffolded.succeed("data", "status", "local", "--json").json["batches"]
    files = scaffolded.succeed("data", "ingest", "local", "--json").json["files"]
    assert {batch["arrived"] for file in files for batch in file["batches"]} == {"unchanged"}
    assert scaffolded.succeed("data", "status", "local", "--json").json["batches"] == before


def test_a_mistyped_parameter_is_refused_before_anything_runs(scaffolded):
    assert "did you mean 'HoldoutMonth'" in scaffolded.refuse("train", "local", "-p", "HoldoutMonht=4").err
    assert "never ran" in scaffolded.succeed("status", "local").out


def test_training_registers_a_model_that_beats_the_baseline(scaffolded):
    run = scaffolded.succeed("train", "local", "--json")
    assert run.json["model_version"] == 1 and run.json["status"] == "Succeeded"
    assert run.json["metrics"]["auc"] > run.json["metrics"]["baseline_auc"] > 0.5
    assert {step["status"] for name, step in run.json["steps"].items()} <= {"Succeeded", "Skipped"}


def test_the_lines_of_a_step_can_be_read(scaffolded):
    assert "train_auc=" in scaffolded.succeed("logs", "local", "train").out
    assert "did you mean 'Train'" in scaffolded.refuse("logs", "local", "Trian").err


def test_what_nobody_approved_is_not_promoted(scaffolded):
    settings = (scaffolded.project / "infra/Pulumi.local.yaml").read_bytes()
    assert "mlstead approve local 1" in scaffolded.refuse("promote", "local", "1").err
    assert "registered: 1" in scaffolded.refuse("promote", "local", "7").err
    assert (scaffolded.project / "infra/Pulumi.local.yaml").read_bytes() == settings


def test_approving_and_promoting_change_one_line(scaffolded):
    import subprocess

    scaffolded.succeed("approve", "local", "1")
    assert "approved before" in scaffolded.succeed("approve", "local", "1").out
    scaffolded.succeed("promote", "local", "1")
    assert "nothing changed" in scaffolded.succeed("promote", "local", "1").out
    diff = subprocess.run(["git", "diff", "--numstat"], cwd=scaffolded.project, capture_output=True, text=True).stdout
    assert diff.split() == ["1", "1", "infra/Pulumi.local.yaml"]


def test_the_next_up_serves_that_version_and_the_one_after_changes_nothing(scaffolded):
    run = scaffolded.succeed("up", "local")
    assert "mlstead predict local" in run.out.splitlines()[-1]
    assert scaffolded.succeed("status", "local", "--json").json["endpoint"]["served_version"] == 1
    assert "Nothing changed" in scaffolded.succeed("up", "local").out


def test_what_is_served_runs_isolated_in_the_network_and_leaves_nothing_unencrypted(scaffolded):
    sagemaker, outputs = scaffolded.client("sagemaker"), scaffolded.succeed("outputs", "local", "--json").json
    endpoint = sagemaker.describe_endpoint(EndpointName=outputs["endpoint_name"])
    config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
    assert config["KmsKeyId"] and config["DataCaptureConfig"]["KmsKeyId"] == config["KmsKeyId"]
    model = sagemaker.describe_model(ModelName=config["ProductionVariants"][0]["ModelName"])
    assert model["EnableNetworkIsolation"] and len(model["VpcConfig"]["Subnets"]) >= 2
    assert model["VpcConfig"]["SecurityGroupIds"]


def test_nothing_that_was_granted_fell_short(scaffolded):
    """Every object that jobs and the endpoint have read and written so far was decided by their roles' policies."""
    trail = [json.loads(line) for line in (scaffolded.home / "cloud/calls.jsonl").read_text().splitlines()]
    by_roles = [line for line in trail if line["service"] == "s3" and ":role/" in line["principal"]]
    assert {line["operation"] for line in by_roles} == {"GetObject", "HeadObject", "PutObject", "ListObjectsV2"}
    assert not [line for line in by_roles if "refused" in line]


def test_the_endpoint_answers_beside_what_happened(scaffolded):
    answer = scaffolded.succeed("predict", "local", "--sample", "3", "--json").json
    assert answer["model_version"] == 1 and len(answer["predictions"]) == 3
    assert all(0 <= row["probability"] <= 1 and row["actual"] in (True, False) for row in answer["predictions"])
    assert "Version 1" in scaffolded.succeed("predict", "local", "-n", "1").out


def test_the_smoke_test_asks_what_is_served_and_minds_when_the_settings_name_another_version(scaffolded):
    found = scaffolded.succeed("ci", "smoke", "local", "--json").json
    assert found["model_version"] == 1 and 0 <= found["prediction"]["probability"] <= 1
    scaffolded.edit("infra/Pulumi.local.yaml", "{version: 1}", "{version: 2}")
    assert "name version 2, and the endpoint serves" in scaffolded.refuse("ci", "smoke", "local").err
    scaffolded.edit("infra/Pulumi.local.yaml", "{version: 2}", "{version: 1}")


def test_a_file_of_rows_is_answered_and_a_broken_one_is_refused_with_the_reason(scaffolded):
    sample = scaffolded.succeed("predict", "local", "-n", "1", "--json").json["predictions"][0]
    rows = scaffolded.folder / "rows.json"
    rows.write_text(json.dumps({"instances": [sample["features"]]}))
    again = scaffolded.succeed("predict", "local", "--file", str(rows), "--json").json["predictions"][0]
    assert again["probability"] == sample["probability"]
    as_csv = scaffolded.folder / "rows.csv"
    as_csv.write_text(",".join("" if value is None else str(value) for value in sample["features"].values()) + "\n")
    assert abs(scaffolded.succeed("predict", "local", "-f", str(as_csv), "--json").json["predictions"][0]["probability"]
               - sample["probability"]) < 1e-5
    rows.write_text("this is not JSON")
    assert "not JSON" in scaffolded.refuse("predict", "local", "--file", str(rows)).err
    other = scaffolded.folder / "rows.xml"
    other.write_text("<rows/>")
    assert "neither CSV nor JSON" in scaffolded.refuse("predict", "local", "--file", str(other)).err


def test_plain_boto3_gets_415_from_a_payload_that_is_neither_csv_nor_json(scaffolded):
    from botocore.exceptions import ClientError

    name = scaffolded.succeed("outputs", "local", "--json").json["endpoint_name"]
    with pytest.raises(ClientError) as caught:
        scaffolded.client("sagemaker-runtime").invoke_endpoint(EndpointName=name, Body=b"<a/>", ContentType="text/xml")
    assert caught.value.response["OriginalStatusCode"] == 415


def test_training_code_that_raises_fails_the_step_with_its_own_words(scaffolded):
    file, line = "src/flight_delays/train.py", "    rows = read_months("
    scaffolded.edit(file, line, f"    raise ValueError('the oven is cold')\n{line}")
    run = scaffolded.refuse("train", "local")
    assert "Train failed" in run.err and "the oven is cold" in run.err and "mlstead logs local Train" in run.err
    assert re.search(r"where: src/flight_delays/train.py:\d+", run.err) and "Traceback" not in run.out + run.err
    assert "Traceback" in scaffolded.succeed("logs", "local", "Train").out
    assert scaffolded.succeed("status", "local", "--json").json["endpoint"]["served_version"] == 1
    scaffolded.edit(file, "    raise ValueError('the oven is cold')\n", "")


def test_status_names_the_version_the_training_and_the_alarms(scaffolded):
    shown = scaffolded.succeed("status", "local").out
    assert "serves version 1" in shown and re.search(r"auc 0\.\d+ \(baseline 0\.\d+\)", shown)
    assert "Failed: " in shown and "none firing" in shown


def test_destroy_refuses_what_is_protected_before_anything_is_touched(scaffolded):
    there = scaffolded.snapshot()
    assert "mlstead destroy local --yes" in scaffolded.refuse("destroy", "local").err
    assert scaffolded.snapshot() == there


def test_destroy_leaves_what_was_there_before_and_names_the_keys_that_wait(scaffolded, before, differences):
    run = scaffolded.succeed("destroy", "local", "--yes")
    assert "lifted the protection" in run.out
    kms = scaffolded.client("kms")
    waiting = [key["KeyId"] for key in kms.list_keys()["Keys"]
               if kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "PendingDeletion"]
    assert waiting and run.out.count("Stays: ") >= len(waiting)
    assert differences(before, scaffolded.snapshot()) == {}


def test_destroying_again_says_that_there_is_nothing(scaffolded):
    assert "mlstead up local" in scaffolded.refuse("destroy", "local", "--yes").err
