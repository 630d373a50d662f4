"""Examples of the theme sagemaker_endpoints."""

from __future__ import annotations

from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Resource, Stack
from mlstead_toolkit.policies.rules.sagemaker_endpoints import (
    ALARM,
    ENDPOINT,
    ENDPOINT_CONFIGURATION,
    SCALABLE_TARGET,
)

KEY = "arn:aws:kms:eu-west-1:123456789012:key/one"
VARIANT = {"variantName": "primary", "modelName": "flights-1a2b3c4", "instanceType": "ml.m5.large",
           "initialInstanceCount": 2}
SERVERLESS = {"variantName": "primary", "modelName": "flights-1a2b3c4",
              "serverlessConfig": {"maxConcurrency": 5, "memorySizeInMb": 2048}}
CAPTURE = {"enableCapture": True, "initialSamplingPercentage": 100, "kmsKeyId": KEY,
           "destinationS3Uri": "s3://flights-artifacts/capture", "captureOptions": [{"captureMode": "Input"}]}


def _configured(**changed: Any) -> Resource:
    return resource(ENDPOINT_CONFIGURATION, **{
        "name": "flights-1a2b3c4", "kmsKeyArn": KEY, "productionVariants": [VARIANT], "dataCaptureConfig": CAPTURE,
    } | changed)


def _configuration(environment: str = "dev", **changed: Any) -> Stack:
    return stack(_configured(**changed), environment=environment)


def _variant(environment: str = "dev", **changed: Any) -> Stack:
    return _configuration(environment, productionVariants=[VARIANT | changed])


def _endpoint(*alarms: dict[str, Any], environment: str = "dev", scales: str | None = None,
              variant: dict[str, Any] = VARIANT) -> Stack:
    configuration = _configured(productionVariants=[variant])
    endpoint = resource(ENDPOINT, refers={"endpointConfigName": configuration}, name="flights-dev")
    watching = [resource(ALARM, alarm["metricName"], **{
        "alarmActions": ["arn:aws:sns:eu-west-1:123456789012:alarms"], "dimensions": {"EndpointName": "flights-dev"},
    } | alarm) for alarm in alarms]
    target = [resource(SCALABLE_TARGET, resourceId=scales, minCapacity=2, maxCapacity=6)] if scales else []
    return stack(configuration, endpoint, *watching, *target, environment=environment)


def _argued() -> Stack:
    component = resource("mlstead:index:Endpoint", weakenings={"capture": "the answers are personal data"})
    bare = _configured(dataCaptureConfig=None)
    return stack(component, Resource(bare.properties, ENDPOINT_CONFIGURATION, "bare", "urn:bare", component.urn))


GOOD = _configuration()
ERRORS = {"metricName": "Invocation5XXErrors"}

EXAMPLES = {
    "sagemaker-endpoint-encrypted": example(
        (GOOD, _configuration(kmsKeyArn=None, productionVariants=[VARIANT | {"instanceType": "ml.g5.xlarge"}]),
         _configuration(kmsKeyArn=None, productionVariants=[SERVERLESS])),
        (_configuration(kmsKeyArn=None),
         _configuration(kmsKeyArn=None, productionVariants=[VARIANT | {"instanceType": "ml.g5.xlarge"}],
                        shadowProductionVariants=[VARIANT])),
    ),
    "sagemaker-endpoint-outputs-encrypted": example(
        (GOOD, _configuration(asyncInferenceConfig={"outputConfig": {"s3OutputPath": "s3://flights-artifacts/answers",
                                                                     "kmsKeyId": KEY}})),
        (_configuration(dataCaptureConfig=CAPTURE | {"kmsKeyId": None}),
         _configuration(asyncInferenceConfig={"outputConfig": {"s3OutputPath": "s3://flights-artifacts/answers"}}),
         _variant(coreDumpConfig={"destinationS3Uri": "s3://flights-artifacts/crashes"})),
    ),
    "sagemaker-endpoint-captured": example((GOOD, _argued()), (
        _configuration(dataCaptureConfig=None), _configuration(dataCaptureConfig=CAPTURE | {"enableCapture": False}),
    )),
    "sagemaker-endpoint-several-instances": example(
        (_variant("prod"), _variant(initialInstanceCount=1), _configuration("prod", productionVariants=[SERVERLESS])),
        (_variant("prod", initialInstanceCount=1), _variant("production", initialInstanceCount=None)),
    ),
    "sagemaker-endpoint-no-shell": example(GOOD, _variant(enableSsmAccess=True)),
    "sagemaker-endpoint-alarmed": example(_endpoint(ERRORS), (
        _endpoint(), _endpoint({"metricName": "ModelLatency"}),
        _endpoint(ERRORS | {"dimensions": {"EndpointName": "another-dev"}}),
    )),
    "sagemaker-endpoint-keeps-up": example(
        (_endpoint(ERRORS), _endpoint(ERRORS, environment="prod", variant=SERVERLESS),
         _endpoint(ERRORS, environment="prod", scales="endpoint/flights-dev/variant/primary"),
         _endpoint(ERRORS, {"metricName": "ModelLatency"}, environment="prod")),
        (_endpoint(ERRORS, environment="prod"),
         _endpoint(ERRORS, environment="prod", scales="endpoint/another-dev/variant/primary")),
    ),
}
