"""The data pipeline: what its jobs may do, what starts it, and its options."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlstead.catalog.table_definitions import read_tables
from mlstead.errors import MlsteadError
from mlstead.ingestion.data_quality import ruleset
from mlstead.ingestion.gate_definitions import read_gates

NAME = "flight-delays-data"
EVENTS = "arn:aws:events:eu-west-1:123456789012:rule"
TOKEN_KEY = "arn:aws:kms:eu-west-1:123456789012:key/55555555-5555-4555-8555-555555555555"
OPERATIONS_KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-4111-8111-111111111111"


def statements(made, policy):
    document = made.one("RolePolicy", policy).policies()["policy"]
    return {statement["Sid"]: statement for statement in document["Statement"]}


def grants(made, role):
    return {each.name.removeprefix(f"{role}-") for each in made.of("RolePolicy") if each.name.startswith(f"{role}-")}


def test_its_definition_is_filled_with_the_zones_and_the_key_of_tokens(project):
    filled = json.loads(project.one("Pipeline", NAME).inputs["pipelineDefinition"])
    values = {each["Name"]: each["DefaultValue"] for each in filled["Parameters"]}
    for zone in ("raw", "quarantine", "curated"):
        assert values[f"{zone.capitalize()}Uri"] == f"s3://lake-{zone}-0a1b2c3/flight-delays"
    assert values["TokenKey"] == TOKEN_KEY
    assert values["IngestionRole"].endswith(f"{NAME}-ingestion-0a1b2c3")
    assert values["GateRole"].endswith(f"{NAME}-gate-0a1b2c3")
    assert project.one("Pipeline", NAME).inputs["pipelineName"] == "flight-delays-dev-data"


def test_each_job_has_a_role_with_what_it_needs_and_nothing_more(project):
    of_jobs = {"observe", "volumes", "join-network", "pull-images"}
    assert grants(project, f"{NAME}-ingestion") == of_jobs | {"read-write-raw", "write-quarantine-files"}
    assert grants(project, f"{NAME}-gate") == of_jobs | {
        "read-raw", "read-write-quarantine", "read-write-curated", "tokens",
    }


def test_ingestion_gives_nobodys_word_and_no_report(project):
    (policy,) = (each for each in project.of("RolePolicy") if each.name == f"{NAME}-ingestion-write-quarantine-files")
    written = [resource for statement in json.loads(policy.inputs["policy"])["Statement"]
               if "s3:PutObject" in statement["Action"] for resource in statement["Resource"]]
    assert [resource.partition("/")[2] for resource in written] == ["flight-delays/files/*"]


def test_no_role_can_write_to_raw_and_to_curated_or_delete_anything(serving):
    writes = {}
    for policy, statement in serving.statements():
        assert not any("Delete" in action and action.startswith("s3:") for action in statement["Action"])
        if policy.type.endswith("RolePolicy") and "s3:PutObject" in statement["Action"]:
            writes.setdefault(policy.inputs["role"], set()).update(
                zone for zone in ("raw", "curated") if f"lake-{zone}-" in json.dumps(statement["Resource"]))
    assert {"raw", "curated"} not in writes.values() and {"raw"} in writes.values() and {"curated"} in writes.values()


def test_only_the_gate_derives_tokens_and_only_by_the_one_algorithm(serving):
    deriving = [(policy.name, statement) for policy, statement in serving.statements()
                if any("Mac" in action for action in statement["Action"])]
    assert deriving == [(f"{NAME}-gate-tokens", {
        "Sid": "DeriveTokens", "Effect": "Allow", "Action": ["kms:GenerateMac"], "Resource": [TOKEN_KEY],
        "Condition": {"StringEquals": {"kms:MacAlgorithm": "HMAC_SHA_256"}},
    })]


def test_its_jobs_talk_to_their_network_but_leave_it_as_little_as_training_does(project):
    create = statements(project, f"{NAME}-role-run-jobs")["CreateJobs"]
    isolated = statements(project, "flight-delays-pipeline-role-run-jobs")["CreateJobs"]
    assert create["Action"] == ["sagemaker:CreateProcessingJob"]
    assert all(":processing-job/" in resource for resource in create["Resource"])
    key, written = isolated["Condition"]["ArnEquals"]["sagemaker:VolumeKmsKey"], "sagemaker:OutputKmsKey"
    assert create["Condition"] == isolated["Condition"] | {
        "Bool": {"sagemaker:InterContainerTrafficEncryption": "true"},
        "ArnEquals": {"sagemaker:VolumeKmsKey": key}, "ArnEqualsIfExists": {written: [key]},  # they write themselves
    }
    assert isolated["Condition"]["Bool"]["sagemaker:NetworkIsolation"] == "true"


def test_that_its_jobs_are_not_isolated_stands_in_the_graph_with_its_reason(project):
    weak = {each.name: each.inputs["weakenings"] for each in project.resources
            if each.type == "mlstead:index:Pipeline" and "weakenings" in each.inputs}
    assert weak.keys() == {NAME}
    assert "S3 themselves" in weak[NAME]["network_isolation"]


def test_deliveries_and_releases_of_this_project_start_it(project):
    patterns = {each.name: json.loads(each.inputs["eventPattern"]) for each in project.of("EventRule")}
    for rule, bucket, prefix in (("deliveries", "lake-raw-0a1b2c3", "flight-delays/landing/"),
                                 ("releases", "lake-quarantine-0a1b2c3", "flight-delays/releases/")):
        assert patterns.pop(f"{NAME}-starts-{rule}") == {
            "source": ["aws.s3"], "detail-type": ["Object Created"], "account": ["123456789012"],
            "detail": {"bucket": {"name": [bucket]}, "object": {"key": [{"prefix": prefix}]}},
        }
    assert not patterns


def test_rules_start_this_pipeline_alone_and_nobody_else_has_their_role(project):
    (start,) = statements(project, f"{NAME}-starts-role-start").values()
    assert start["Action"] == ["sagemaker:StartPipelineExecution"]
    assert start["Resource"] == [f"arn:aws:sagemaker:::Pipeline/{NAME}-0a1b2c3"]
    (trust,) = project.one("Role", f"{NAME}-starts-role").policies()["assumeRolePolicy"]["Statement"]
    assert trust["Principal"] == {"Service": "events.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": [f"{EVENTS}/{NAME}-starts-{rule}-0a1b2c3" for rule in ("deliveries", "releases")]},
    }
    for target in project.of("EventTarget"):
        assert target.inputs["arn"] == start["Resource"][0]
        assert target.inputs["roleArn"].endswith(f"{NAME}-starts-role-0a1b2c3")


def test_a_start_that_failed_is_kept_encrypted_and_raises_an_alarm(project):
    queue = project.one("Queue", f"{NAME}-starts-dead-letters")
    assert queue.inputs["sqsManagedSseEnabled"] is True
    assert queue.inputs["messageRetentionSeconds"] == 14 * 24 * 3600
    targets = project.of("EventTarget")
    assert len(targets) == 2
    for target in targets:
        assert "dead-letters" in target.inputs["deadLetterConfig"]["arn"]
        assert target.inputs["retryPolicy"]["maximumEventAgeInSeconds"] == 3600
        # A target that is made before it may start anything, or leave what it could not, loses the first events.
        assert {urn.rpartition("::")[2] for urn in target.dependencies} >= {
            f"{NAME}-starts-role-start", f"{NAME}-starts-dead-letters"}
    alarm = project.one("MetricAlarm", f"{NAME}-starts-dead-letters").inputs
    assert (alarm["namespace"], alarm["metricName"]) == ("AWS/SQS", "ApproximateNumberOfMessagesVisible")
    assert (alarm["threshold"], alarm["treatMissingData"]) == (1, "notBreaching")
    assert alarm["name"] == "flight-delays-dev-data-undelivered-events" == project.exports["dead_letters_alarm"]
    topic = project.one("Topic", f"{NAME}-starts-dead-letters-topic")
    assert topic.inputs["kmsMasterKeyId"] == OPERATIONS_KEY and len(alarm["alarmActions"]) == 1


def test_a_run_that_failed_raises_an_alarm_where_an_undelivered_event_does(project):
    alarm = project.one("MetricAlarm", f"{NAME}-starts-failed-runs").inputs
    assert alarm["name"] == "flight-delays-dev-data-failed-runs" == project.exports["failed_runs_alarm"]
    assert (alarm["namespace"], alarm["metricName"]) == ("AWS/Sagemaker/ModelBuildingPipeline", "ExecutionFailed")
    assert alarm["dimensions"] == {"PipelineName": project.exports["data_pipeline_name"]}
    assert (alarm["statistic"], alarm["threshold"], alarm["treatMissingData"]) == ("Sum", 1, "notBreaching")
    assert alarm["alarmActions"] == project.one("MetricAlarm", f"{NAME}-starts-dead-letters").inputs["alarmActions"]


def test_only_its_own_rules_put_anything_into_the_queue_and_only_over_tls(project):
    (policy,) = project.of("QueuePolicy")
    take, deny = policy.policies()["policy"]["Statement"]
    assert take["Principal"] == {"Service": "events.amazonaws.com"} and take["Action"] == ["sqs:SendMessage"]
    assert take["Condition"] == {"ArnEquals": {
        "aws:SourceArn": [f"{EVENTS}/{NAME}-starts-{rule}-0a1b2c3" for rule in ("deliveries", "releases")],
    }}
    assert (deny["Effect"], deny["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_a_schedule_starts_it_too(run_project):
    made = run_project("dev", {"gates": {"schedule": "cron(0 3 * * ? *)"}})
    rule = made.one("EventRule", f"{NAME}-starts-schedule")
    assert rule.inputs["scheduleExpression"] == "cron(0 3 * * ? *)"
    (trust,) = made.one("Role", f"{NAME}-starts-role").policies()["assumeRolePolicy"]["Statement"]
    assert f"{EVENTS}/{NAME}-starts-schedule-0a1b2c3" in trust["Condition"]["ArnLike"]["aws:SourceArn"]
    assert made.one("EventTarget", f"{NAME}-starts-schedule")


@pytest.mark.parametrize("schedule", ["daily", "rate(1 days)", "rate(2 day)", "rate(0 days)", "cron(0 3 * * ?)", ""])
def test_a_schedule_that_eventbridge_would_refuse_is_refused_when_constructed(context, schedule):
    from mlstead import DataPipelineArgs

    with pytest.raises(MlsteadError, match=r"rate\(1 day\)"):
        DataPipelineArgs(context, "data.json", None, None, None, "key", "key", None, schedule=schedule)


@pytest.mark.parametrize("schedule", [None, "rate(1 day)", "rate(12 hours)", "cron(0/15 8-18 ? * MON-FRI *)"])
def test_a_schedule_that_eventbridge_takes_is_taken(context, schedule):
    from mlstead import DataPipelineArgs

    assert DataPipelineArgs(context, "data.json", None, None, None, "k", "k", None, schedule=schedule)


def test_macie_looks_through_this_projects_part_of_raw_where_it_is_asked_for(project, run_project):
    assert not project.of("ClassificationJob")
    (job,) = run_project("dev", {"gates": {"macie": True}}).of("ClassificationJob")
    definition = job.inputs["s3JobDefinition"]
    assert definition["bucketDefinitions"] == [{"accountId": "123456789012", "buckets": ["lake-raw-0a1b2c3"]}]
    (own,) = definition["scoping"]["includes"]["ands"]
    assert own["simpleScopeTerm"] == {
        "comparator": "STARTS_WITH", "key": "OBJECT_KEY", "values": ["flight-delays/"],
    }
    assert job.inputs["jobType"] == "SCHEDULED" and job.inputs["scheduleFrequency"] == {"weeklySchedule": "MONDAY"}


def test_glue_data_quality_gets_the_gates_rules_of_every_curated_table_where_it_is_asked_for(project, run_project):
    assert not project.of("DataQualityRuleset")
    rulesets = run_project("dev", {"gates": {"glue_data_quality": True}}).of("DataQualityRuleset")
    tables = {each.inputs["targetTable"]["tableName"]: each for each in rulesets}
    assert tables.keys() == {"flight_delays_flights", "flight_delays_weather"}
    flights = tables["flight_delays_flights"]
    assert flights.inputs["targetTable"]["databaseName"] == "mlstead_dev_curated"
    assert flights.inputs["name"] == "flight-delays-dev-flights"
    assert 'IsComplete "carrier"' in flights.inputs["ruleset"]
    assert any(urn.endswith("flight-delays-tables-curated-flights") for urn in flights.dependencies)


@pytest.mark.parametrize(("there", "written", "said"), [
    ('batch = "month"', 'batch = "mnth"', "batch names mnth, which is no column"),
    ("origin = {", "orign = {", "columns names orign, .*Did you mean origin"),
    ("required = true", "requird = true", "has no key requird"),
    ("[flights]", "[flights", "This is no TOML"),
])
def test_gates_that_its_jobs_would_fail_on_are_refused_before_anything_is_made(
    run_project, monkeypatch, tmp_path, there, written, said,
):
    from mlstead.ingestion import data_pipeline

    def changed(path, tables):
        (tmp_path / "gates.toml").write_text(Path(path).read_text().replace(there, written, 1))
        return read_gates(tmp_path / "gates.toml", tables)

    monkeypatch.setattr(data_pipeline, "read_gates", changed)
    with pytest.raises(MlsteadError, match=said) as refused:
        run_project("dev", {})
    assert str(tmp_path) in str(refused.value) and "fix:" in str(refused.value)


TABLES = """
[raw.orders]
comment = "An order"
path = "orders"
columns = { id = "bigint", code = "string", paid = "double", mail = "string", note = "string", at = "timestamp" }
[curated.orders]
comment = "An order"
path = "orders"
columns = { id = "bigint", code = "string", paid = "double", mail = "string", note = "string", at = "timestamp" }
"""
GATES = """
[orders]
batch = { column = "at", every = "month" }
key = ["id"]
rows = { at_least = 10, at_most = 20 }
[orders.columns]
id = { required = true, between = [1, 9] }
code = { matches = "[A-Z]+", length = [2, 4], missing_at_most = 0.1 }
paid = { mean_between = [1.5, 20] }
mail = { required = true, matches = ".+@.+", personal = "tokenise", kind = "email" }
note = { required = true, personal = "mask" }
"""


def test_rules_are_written_in_glues_language_as_far_as_it_can_say_them(tmp_path):
    (tmp_path / "tables.toml").write_text(TABLES)
    (tmp_path / "gates.toml").write_text(GATES)
    tables = read_tables(tmp_path / "tables.toml")
    gate = read_gates(tmp_path / "gates.toml", tables).gates["orders"]
    given = '" where "code is not null"'
    assert ruleset(gate, tables["curated"]["orders"]) == "Rules = [" + ", ".join([
        "RowCount >= 10", 'IsPrimaryKey "id" "at"',
        'IsComplete "id"', 'ColumnValues "id" >= 1', 'ColumnValues "id" <= 9',
        'Completeness "code" >= 0.9', f'ColumnLength "code" >= 2{given[1:]}', f'ColumnLength "code" <= 4{given[1:]}',
        f'ColumnValues "code" matches "^(?:[A-Z]+)${given}',
        'Mean "paid" >= 1.5', 'Mean "paid" <= 20',
        'IsComplete "mail"',  # a token is no address, and a mask may be empty
    ]) + "]"
