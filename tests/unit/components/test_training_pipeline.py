"""The training pipeline: the reviewed JSON, filled, and what its role may do."""

from __future__ import annotations

import json

import pytest

from mlstead.errors import MlsteadError
from mlstead.pipelines.pipeline_definition import PipelineDefinition
from mlstead_toolkit.access import Context, Policies, Policy, Principal, Request, evaluate

NAME = "flight-delays-pipeline"
REFINED_KEY = "arn:aws:kms:eu-west-1:123456789012:key/33333333-3333-4333-8333-333333333333"
ARTIFACTS_KEY = "arn:aws:kms:eu-west-1:123456789012:key/44444444-4444-4444-8444-444444444444"
SUBNETS, GROUP = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"], "sg-0a1b2c3d4e5f60001"
GUARDS = {"EnableNetworkIsolation": True, "EnableInterContainerTrafficEncryption": True}
NETWORK = {"VpcConfig": {
    "Subnets": [{"Get": "Parameters.FirstSubnet"}, {"Get": "Parameters.SecondSubnet"}],
    "SecurityGroupIds": [{"Get": "Parameters.SecurityGroup"}],
}}
INSTANCES = {"TrainingInstanceType": "ml.m5.large"}
MACHINE = {"VolumeKmsKeyId": {"Get": "Parameters.KmsKey"}, "InstanceType": {"Get": "Parameters.TrainingInstanceType"}}
JOB = GUARDS | NETWORK | {"ResourceConfig": MACHINE, "OutputDataConfig": {"KmsKeyId": {"Get": "Parameters.KmsKey"}}}


@pytest.fixture
def definition(tmp_path):
    def write(parameters=(), steps=({"Name": "Train", "Type": "Training", "Arguments": JOB},)):
        file = tmp_path / "training.json"
        file.write_text(json.dumps({"Version": "2020-12-01", "Parameters": list(parameters), "Steps": list(steps)}))
        return PipelineDefinition(file)

    return write


def test_the_provisioned_definition_is_the_reviewed_one_with_its_parameters_filled(project, project_directory):
    pipeline = project.one("Pipeline", NAME)
    filled = json.loads(pipeline.inputs["pipelineDefinition"])
    reviewed = json.loads((project_directory.parent / "pipelines" / "training.json").read_text())
    assert filled["Steps"] == reviewed["Steps"]
    defaults = {each["Name"]: each["DefaultValue"] for each in filled["Parameters"]}
    assert list(defaults) == [each["Name"] for each in reviewed["Parameters"]]
    assert all(value not in (None, "") for value in defaults.values())
    assert defaults["Image"] == "123456789012.dkr.ecr.eu-west-1.amazonaws.com/flight-delays-dev:0.1.0"
    assert defaults["CuratedUri"] == "s3://lake-curated-0a1b2c3/flight-delays"
    assert defaults["ArtifactsUri"] == "s3://lake-artifacts-0a1b2c3/flight-delays"
    assert defaults["KmsKey"] == ARTIFACTS_KEY
    assert [defaults[name] for name in ("FirstSubnet", "SecondSubnet", "SecurityGroup")] == [*SUBNETS, GROUP]
    assert defaults["ModelPackageGroup"] == "flight-delays-dev"
    for each in reviewed["Parameters"]:
        if "DefaultValue" in each:
            assert defaults[each["Name"]] == each["DefaultValue"]


def test_every_job_writes_with_the_key_of_the_zone_it_writes_to(project):
    pipeline = project.one("Pipeline", NAME)
    filled = json.loads(pipeline.inputs["pipelineDefinition"])
    values = {f"Parameters.{each['Name']}": each["DefaultValue"] for each in filled["Parameters"]}
    key_of = {"Features": "3333", "Artifacts": "4444"}  # foundation_outputs.json
    checked = 0
    for step in filled["Steps"]:
        output = step["Arguments"].get("ProcessingOutputConfig") or step["Arguments"].get("OutputDataConfig")
        if output is None:
            continue
        for zone, digits in key_of.items():
            if f"Parameters.{zone}Uri" in json.dumps(output):
                assert digits in values[output["KmsKeyId"]["Get"]], step["Name"]
                checked += 1
    assert checked >= 3


def test_a_parameter_without_a_value_is_refused(definition):
    with pytest.raises(MlsteadError, match="parameter Colour has no value"):
        definition([{"Name": "Colour", "Type": "String"}]).check({})


def test_a_value_without_a_parameter_is_refused_with_a_guess(definition):
    with pytest.raises(MlsteadError, match=r"(?s)no parameter MinimunAuc.*did you mean MinimumAuc"):
        definition([{"Name": "MinimumAuc", "Type": "Float", "DefaultValue": 0.6}]).check({"MinimunAuc": 0.7})


@pytest.mark.parametrize(("kind", "value"), [("Float", "high"), ("Integer", 1.5), ("Integer", True), ("String", 3)])
def test_a_value_of_another_type_is_refused(definition, kind, value):
    with pytest.raises(MlsteadError, match=kind):
        definition([{"Name": "Limit", "Type": kind}]).fill({"Limit": value})


def test_a_default_is_replaced_and_zero_counts_as_one(definition):
    made = definition([{"Name": "A", "Type": "Float", "DefaultValue": 0}, {"Name": "B", "Type": "String"}])
    made.check({"B": "x"})
    values = {each["Name"]: each["DefaultValue"] for each in json.loads(made.fill({"B": "x"}))["Parameters"]}
    assert values == {"A": 0, "B": "x"}


@pytest.mark.parametrize("guard", list(GUARDS))
def test_a_job_open_to_a_network_is_refused_wherever_it_stands(definition, guard):
    inner = {"Name": "Late", "Type": "Processing", "Arguments": {"NetworkConfig": {**GUARDS, guard: False}}}
    outer = {"Name": "Choose", "Type": "Condition", "Arguments": {"IfSteps": [], "ElseSteps": [inner]}}
    with pytest.raises(MlsteadError, match=f"Late does not set {guard}"):
        definition(steps=[outer]).check_jobs(INSTANCES)


def test_a_job_that_talks_to_its_network_must_still_encrypt_and_be_in_it(definition):
    def check(**changes):
        step = {"Name": "Gate", "Type": "Processing", "Arguments": {
            "NetworkConfig": GUARDS | NETWORK | {"EnableNetworkIsolation": False} | changes,
            "ProcessingResources": {"ClusterConfig": JOB["ResourceConfig"]},
        }}
        definition(steps=[step]).check_jobs(INSTANCES, isolated=False)

    check()
    with pytest.raises(MlsteadError, match="Gate does not set EnableInterContainerTrafficEncryption"):
        check(EnableInterContainerTrafficEncryption=False)
    with pytest.raises(MlsteadError, match="Gate does not run in the private network"):
        check(VpcConfig={})


@pytest.mark.parametrize("network", [
    {}, {"VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}},
    {"VpcConfig": {"Subnets": NETWORK["VpcConfig"]["Subnets"][:1], "SecurityGroupIds": []}},
])
def test_a_job_outside_the_private_network_is_refused(definition, network):
    step = {"Name": "Late", "Type": "Processing", "Arguments": {"NetworkConfig": GUARDS | network}}
    with pytest.raises(MlsteadError, match=r"Late does not run in the private network(.|\n)*FirstSubnet"):
        definition(steps=[step]).check_jobs(INSTANCES)


@pytest.mark.parametrize("machine", [
    {}, {"ResourceConfig": {}}, {"ResourceConfig": {"VolumeKmsKeyId": "alias/another"}},
    {"ProcessingResources": {"ClusterConfig": {"VolumeKmsKeyId": {"Get": "Parameters.RawKey"}}}},
])
def test_a_job_whose_volume_the_pipelines_role_may_not_make_is_refused(definition, machine):
    step = {"Name": "Train", "Type": "Training", "Arguments": GUARDS | NETWORK | machine}
    with pytest.raises(MlsteadError, match="Train does not encrypt its volume with the parameter KmsKey"):
        definition(steps=[step]).check_jobs(INSTANCES)


@pytest.mark.parametrize("chosen", ["ml.p5.48xlarge", {"Get": "Parameters.Largest"}, None])
def test_a_job_on_what_no_setting_names_is_refused(definition, chosen):
    machine = MACHINE | {"InstanceType": chosen}
    step = {"Name": "Train", "Type": "Training", "Arguments": JOB | {"ResourceConfig": machine}}
    with pytest.raises(MlsteadError, match=r"Train runs on what no setting names(.|\n)*TrainingInstanceType"):
        definition(steps=[step]).check_jobs(INSTANCES)


@pytest.mark.parametrize("outputs", [
    {"OutputDataConfig": {"S3OutputPath": "s3://b/x"}},
    {"OutputDataConfig": {"KmsKeyId": "alias/another"}},
    {"OutputDataConfig": {"KmsKeyId": {"Get": "Parameters.RawKey"}}},
    {"ProcessingOutputConfig": {"Outputs": [{"OutputName": "x"}]}},
])
def test_a_job_that_does_not_encrypt_what_it_writes_is_refused(definition, outputs):
    step = {"Name": "Train", "Type": "Training", "Arguments": JOB | outputs}
    with pytest.raises(MlsteadError, match=r"Train does not encrypt what it writes(.|\n)*KmsKey or FeaturesKey"):
        definition(steps=[step]).check_jobs(INSTANCES, ["FeaturesKey"])


def test_the_pipelines_role_starts_no_job_on_another_instance_type_or_with_another_key(project):
    text = project.one("RolePolicy", "flight-delays-pipeline-role-run-jobs").inputs["policy"]
    policy = Policy.parse("run-jobs", text)
    asked = {
        "sagemaker:NetworkIsolation": True, "sagemaker:InterContainerTrafficEncryption": True,
        "sagemaker:VpcSubnets": SUBNETS, "sagemaker:VpcSecurityGroupIds": [GROUP],
        "sagemaker:InstanceTypes": ["ml.m5.large"], "sagemaker:VolumeKmsKey": ARTIFACTS_KEY,
        "sagemaker:OutputKmsKey": REFINED_KEY,
    }

    def may(**changes):
        context = {key: value for key, value in {
            **asked, **{f"sagemaker:{key}": value for key, value in changes.items()}}.items() if value is not None}
        job = "arn:aws:sagemaker:eu-west-1:123456789012:training-job/pipelines-x-Train-y"
        request = Request(Principal("arn:aws:iam::123456789012:role/r", "s"), "sagemaker:CreateTrainingJob", job,
                          Context(context))
        return evaluate(request, Policies([policy])).allowed

    assert may()
    for key, others in {
        "InstanceTypes": ["ml.p5.48xlarge", ["ml.m5.large", "ml.p5.48xlarge"]], "OutputKmsKey": [GROUP, SUBNETS[0]],
        "VolumeKmsKey": [REFINED_KEY], "VpcSubnets": [["subnet-x"]], "NetworkIsolation": [False],
        "InterContainerTrafficEncryption": [False], "VpcSecurityGroupIds": [["sg-x"]],
    }.items():
        assert not any(may(**{key: other}) for other in [None, *others]), key


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"Parameters": [], "Steps": []}', "not json"])
def test_a_file_that_is_no_definition_is_refused(tmp_path, text):
    file = tmp_path / "training.json"
    file.write_text(text)
    with pytest.raises(MlsteadError, match="no pipeline definition"):
        PipelineDefinition(file)


def test_a_missing_definition_says_what_to_type(tmp_path):
    with pytest.raises(MlsteadError, match="mlstead compile"):
        PipelineDefinition(tmp_path / "none.json")


@pytest.mark.parametrize("given", ["KmsKey", "TrainingRole", "FeaturesKey", "CuratedUri"])
def test_a_parameter_that_the_component_fills_cannot_be_overridden(run, project_directory, given):
    import mlstead
    from mlstead import Context

    def program():
        context = Context.of_stack()
        foundation = mlstead.FoundationReference("f", context)
        images = mlstead.ImageRepository("i", mlstead.ImageRepositoryArgs(context, "key"))
        registry = mlstead.ModelRegistry("m", mlstead.ModelRegistryArgs(context))
        mlstead.TrainingPipeline("t", mlstead.TrainingPipelineArgs(
            context, project_directory.parent / "pipelines" / "training.json", foundation.lake, foundation.network,
            images.image("1"), registry, parameters={given: "another"},
        ))

    with pytest.raises(MlsteadError, match=f"{given}: filled by the component itself"):
        run(program)


def test_the_pipelines_role_starts_only_closed_jobs_of_the_project_in_its_network_with_its_key(project):
    policy = project.one("RolePolicy", "flight-delays-pipeline-role-run-jobs").policies()["policy"]
    create = {each["Sid"]: each for each in policy["Statement"]}["CreateJobs"]
    assert create["Condition"] == {
        "Bool": {"sagemaker:NetworkIsolation": "true", "sagemaker:InterContainerTrafficEncryption": "true"},
        "ForAllValues:StringEquals": {
            "sagemaker:VpcSubnets": SUBNETS, "sagemaker:VpcSecurityGroupIds": [GROUP],
            "sagemaker:InstanceTypes": ["ml.m5.large"],
        },
        "Null": {
            "sagemaker:VpcSubnets": "false", "sagemaker:VpcSecurityGroupIds": "false",
            "sagemaker:InstanceTypes": "false",
        },
        "ArnEquals": {
            "sagemaker:VolumeKmsKey": ARTIFACTS_KEY, "sagemaker:OutputKmsKey": [ARTIFACTS_KEY, REFINED_KEY],
        },
    }
    names = [resource.split("/")[1] for resource in create["Resource"]]
    assert set(names) == {"pipelines-*", "flight-delays-*"}


def test_the_pipelines_role_opens_its_own_group_alone_and_tags_it_only_as_it_does(project):
    policy = project.one("RolePolicy", "flight-delays-pipeline-role-register-models").policies()["policy"]
    statements = {each["Sid"]: each for each in policy["Statement"]}
    group = statements["OpenGroup"]["Resource"]
    assert len(group) == 1 and group == statements["TagGroup"]["Resource"] and group != ["*"]
    assert statements["OpenGroup"]["Action"] == ["sagemaker:CreateModelPackageGroup"]
    assert statements["TagGroup"]["Condition"] == {"Null": {"sagemaker:TaggingAction": "false"}}


def test_the_pipeline_waits_for_what_its_role_may_do(project):
    pipeline = project.one("Pipeline", NAME)
    policies = {urn.rpartition("::")[2] for urn in pipeline.dependencies if "rolePolicy" in urn}
    granted = {each.name for each in project.of("RolePolicy") if each.name.startswith(f"{NAME}-")}
    assert policies == granted


def test_processing_and_training_reach_nothing_that_has_not_passed_the_gates(project):
    grants = {each.name.removeprefix(f"{NAME}-") for each in project.of("RolePolicy") if each.name.startswith(NAME)}
    of_jobs = {"observe", "volumes", "join-network", "pull-images"}
    assert {each.removeprefix("processing-") for each in grants if each.startswith("processing-")} == of_jobs | {
        "read-curated", "read-write-features", "read-write-artifacts",
    }
    assert {each.removeprefix("training-") for each in grants if each.startswith("training-")} == of_jobs | {
        "read-features", "write-artifacts",
    }


def test_only_roles_that_are_granted_it_can_start_the_pipeline(run, project_directory, monkeypatch):
    import runpy

    monkeypatch.chdir(project_directory)

    def program():
        names = runpy.run_path("__main__.py")
        names["pipeline"].grant_start(names["exploration"])

    config = {"foundation": "f", "image": {"tag": "1"}}
    granted = run(program, config=config)
    starting = {each.name: s["Resource"] for each, s in granted.statements()
                if "sagemaker:StartPipelineExecution" in s["Action"]}
    assert {name.removeprefix("flight-delays-") for name in starting} == {
        "data-starts-role-start", "team-data-engineer-start-flight-delays-data", f"exploration-start-{NAME}",
        f"team-data-scientist-start-{NAME}", f"team-ml-engineer-start-{NAME}",
    }
    arn, executions = starting[f"flight-delays-exploration-start-{NAME}"]
    assert arn.endswith("/flight-delays-pipeline-0a1b2c3")
    assert executions == f"{arn}/execution/*"


def test_a_job_with_local_disks_gets_no_volume_key_and_the_role_may_start_it(run_project):
    given = run_project("dev", {"training": {"instance_type": "ml.g5.xlarge"}})
    pipeline = given.one("Pipeline", NAME)
    steps = {step["Name"]: step["Arguments"] for step in json.loads(pipeline.inputs["pipelineDefinition"])["Steps"]}
    assert "VolumeKmsKeyId" not in steps["Train"]["ResourceConfig"]
    assert "VolumeKmsKeyId" in steps["Prepare"]["ProcessingResources"]["ClusterConfig"]
    policy = given.one("RolePolicy", "flight-delays-pipeline-role-run-jobs").policies()["policy"]
    created = {one["Sid"]: one["Condition"] for one in policy["Statement"] if one["Sid"].startswith("Create")}
    assert created["CreateJobs"]["ArnEquals"]["sagemaker:VolumeKmsKey"] == ARTIFACTS_KEY
    assert created["CreateJobs"]["ForAllValues:StringEquals"]["sagemaker:InstanceTypes"] == ["ml.m5.large"]
    keyless = created["CreateJobsOnLocalDisks"]
    assert keyless["ForAllValues:StringEquals"]["sagemaker:InstanceTypes"] == ["ml.g5.xlarge"]
    assert keyless["Null"]["sagemaker:VolumeKmsKey"] == "true" and keyless["Bool"] == created["CreateJobs"]["Bool"]


def test_an_endpoint_with_local_disks_names_no_key_for_them(run_project):
    settings = {"model": {"version": 1}, "endpoint": {"instance_type": "ml.g5.xlarge", "instance_count": 2}}
    (configuration,) = run_project("dev", settings).of("EndpointConfiguration")
    assert "kmsKeyArn" not in configuration.inputs
