"""The endpoint: nothing served yet, a first version, the next one."""

from __future__ import annotations

import pytest

from mlstead.errors import MlsteadError

OPERATIONS_KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-4111-8111-111111111111"
ARTIFACTS_KEY = "arn:aws:kms:eu-west-1:123456789012:key/44444444-4444-4444-8444-444444444444"


def test_the_first_deploy_without_a_model_makes_all_but_the_endpoint(project, serving):
    before = {(each.type, each.name) for each in project.resources}
    after = {(each.type, each.name) for each in serving.resources}
    assert before < after
    assert {type_ for type_, _ in after - before} == {
        "aws:sagemaker/model:Model", "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
        "aws:sagemaker/endpoint:Endpoint",
    }
    assert project.exports["next_step"] == (
        "no model is served yet; type: mlstead data ingest dev, then mlstead train dev")
    assert project.exports["endpoint_served_version"] is None
    assert project.exports["endpoint_name"] == "flight-delays-dev"


def test_a_version_is_served_from_the_registry_in_the_private_network_and_cut_off_even_from_that(serving):
    (model,) = serving.of("Model")
    package = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/flight-delays-dev/1"
    assert model.inputs["primaryContainer"] == {"modelPackageName": package}
    assert model.inputs["enableNetworkIsolation"] is True
    assert model.inputs["vpcConfig"] == {
        "subnets": ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
        "securityGroupIds": ["sg-0a1b2c3d4e5f60001"],
    }
    assert serving.exports["endpoint_served_version"] == 1


def test_all_traffic_is_captured_and_everything_is_encrypted(serving):
    (configuration,) = serving.of("EndpointConfiguration")
    capture = configuration.inputs["dataCaptureConfig"]
    assert capture["enableCapture"] is True
    assert capture["initialSamplingPercentage"] == 100
    assert capture["captureOptions"] == [{"captureMode": "Input"}, {"captureMode": "Output"}]
    assert capture["destinationS3Uri"] == "s3://lake-artifacts-0a1b2c3/flight-delays/capture"
    assert capture["destinationS3Uri"] == serving.exports["capture_uri"]
    assert capture["kmsKeyId"] == configuration.inputs["kmsKeyArn"] == ARTIFACTS_KEY
    (logs,) = serving.of("LogGroup")
    assert logs.inputs["name"] == "/aws/sagemaker/Endpoints/flight-delays-dev"
    assert (logs.inputs["kmsKeyId"], logs.inputs["retentionInDays"]) == (OPERATIONS_KEY, 365)


def test_a_new_version_collides_with_nothing(serving):
    (model,), (configuration,), (endpoint,) = (
        serving.of(kind) for kind in ("Model", "EndpointConfiguration", "aws:sagemaker/endpoint:Endpoint")
    )
    assert "name" not in model.inputs
    assert "name" not in configuration.inputs
    assert endpoint.inputs["name"] == "flight-delays-dev"
    assert any("rolePolicy" in urn for urn in model.dependencies)  # SageMaker checks what the role may do at once


def test_failures_refusals_and_slowness_raise_alarms_that_reach_somebody(serving):
    alarms = {each.inputs["metricName"]: each.inputs for each in serving.of("MetricAlarm")
              if each.inputs["namespace"] == "AWS/SageMaker"}
    assert set(alarms) == {"Invocation5XXErrors", "Invocation4XXErrors", "ModelLatency"}
    for alarm in alarms.values():
        assert alarm["dimensions"] == {"EndpointName": "flight-delays-dev", "VariantName": "primary"}
        assert alarm["treatMissingData"] == "notBreaching"
        assert len(alarm["alarmActions"]) == 1
    assert alarms["ModelLatency"]["threshold"] == 1_000_000  # microseconds
    assert sorted(serving.exports["alarms"]) == sorted(alarm["name"] for alarm in alarms.values())


def test_only_this_projects_alarms_publish_and_only_over_tls(serving):
    topic, policy = (serving.one(kind, "flight-delays-endpoint-topic") for kind in ("Topic", "TopicPolicy"))
    assert topic.inputs["kmsMasterKeyId"] == OPERATIONS_KEY
    allow, deny = policy.policies()["policy"]["Statement"]
    assert allow["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allow["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:flight-delays-dev-*"},
    }
    assert deny["Effect"] == "Deny"
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    names = [each.inputs["name"] for each in serving.of("MetricAlarm")]
    assert all(name.startswith("flight-delays-dev-") for name in names)


def test_images_cannot_be_moved_and_are_scanned_and_encrypted(project):
    (images,) = project.of("Repository")
    assert images.inputs["imageTagMutability"] == "IMMUTABLE"
    assert images.inputs["imageScanningConfiguration"] == {"scanOnPush": True}
    assert images.inputs["encryptionConfigurations"] == [{"encryptionType": "KMS", "kmsKey": ARTIFACTS_KEY}]
    (lifecycle,) = project.of("LifecyclePolicy")
    assert '"tagStatus":"untagged"' in lifecycle.inputs["policy"]


@pytest.mark.parametrize("wrong", [{"instance_count": 0}, {"capture_percent": 101}, {"log_retention_days": 100}])
def test_a_number_that_aws_would_refuse_is_refused_when_constructed(context, wrong):
    from mlstead import EndpointArgs

    with pytest.raises(MlsteadError):
        EndpointArgs(context, None, None, None, None, None, "key", **wrong)


def test_every_promised_output_is_there_and_plain(serving):
    assert set(serving.exports) >= {
        "project", "environment", "region", "pipeline_name", "model_package_group", "endpoint_name",
        "endpoint_served_version", "image_repository", "image_repository_url", "artifacts_bucket", "artifacts_prefix",
        "capture_uri", "alarms", "next_step", "data_pipeline_name", "landing_uri", "raw_uri", "quarantine_uri",
        "curated_uri", "ingestion_role_arn", "gate_role_arn", "dead_letters_url", "dead_letters_alarm",
        "failed_runs_alarm",
    }
    assert serving.exports["image_repository"] == "flight-delays-dev"
    assert serving.exports["artifacts_bucket"] == "lake-artifacts-0a1b2c3"
