"""SageMaker endpoints: encrypted, recorded, watched, and enough of them in production.

Controls: https://docs.aws.amazon.com/securityhub/latest/userguide/sagemaker-controls.html,
https://docs.aws.amazon.com/config/latest/developerguide/sagemaker-endpoint-configuration-kms-key-configured.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead.pipelines.instance_types import has_local_disks
from mlstead_toolkit.policies import Block, Level, NotDecided, Resource, Rule, Stack, own_controls
from mlstead_toolkit.policies.argued import argued

ENDPOINT: Final = "aws:sagemaker/endpoint:Endpoint"
ENDPOINT_CONFIGURATION: Final = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
ALARM: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"
SCALABLE_TARGET: Final = "aws:appautoscaling/target:Target"

_PRODUCTION: Final = ("prod", "production")


def _encrypted(configuration: Resource, _stack: Stack) -> Iterator[str]:
    if configuration.filled("kmsKeyArn"):
        return
    for variant in _variants(configuration):
        if not variant.has("serverlessConfig") and not has_local_disks(variant.get("instanceType", "")):
            yield f"the volume of {_name(variant)} is not encrypted with a KMS key of your own"


def _outputs_encrypted(configuration: Resource, _stack: Stack) -> Iterator[str]:
    outputs = [("what is captured", one) for one in configuration.blocks("dataCaptureConfig")]
    outputs += [("what is answered later", one) for one in configuration.blocks("asyncInferenceConfig.outputConfig")]
    outputs += [("what a crash leaves", core) for variant in _variants(configuration)
                for core in variant.blocks("coreDumpConfig")]
    for what, output in outputs:
        if not output.filled("kmsKeyId"):
            yield f"{what} is not written with a KMS key of your own"


def _captured(configuration: Resource, stack: Stack) -> Iterator[str]:
    if not configuration.flag("dataCaptureConfig.enableCapture") and not argued(configuration, stack, "capture"):
        yield "nothing records what the model is asked and what it answers"


def _several(configuration: Resource, stack: Stack) -> Iterator[str]:
    if stack.environment not in _PRODUCTION:
        return
    for variant in configuration.blocks("productionVariants"):
        if not variant.has("serverlessConfig") and variant.get("initialInstanceCount", 1) < 2:
            yield f"{_name(variant)} runs on a single instance in production"


def _no_shell(configuration: Resource, _stack: Stack) -> Iterator[str]:
    for variant in _variants(configuration):
        if variant.flag("enableSsmAccess"):
            yield f"a shell can be opened on the machines of {_name(variant)}"


def _alarmed(endpoint: Resource, stack: Stack) -> Iterator[str]:
    if not _is_watched(endpoint, stack, "Invocation5XXErrors"):
        yield "no alarm tells anybody that the endpoint fails to answer (metric Invocation5XXErrors)"


def _keeps_up(endpoint: Resource, stack: Stack) -> Iterator[str]:
    if stack.environment not in _PRODUCTION or _is_watched(endpoint, stack, "ModelLatency", "OverheadLatency"):
        return
    configuration = stack.referred(endpoint, ENDPOINT_CONFIGURATION, via="endpointConfigName")
    if configuration is not None and all(each.has("serverlessConfig") or each.has("managedInstanceScaling")
                                         for each in configuration.blocks("productionVariants")):
        return
    for target in stack.of(SCALABLE_TARGET):
        if endpoint.urn in target.property_dependencies.get("resourceId", ()):
            return
        if target.value("resourceId").startswith(f"endpoint/{endpoint.value('name')}/"):
            return
    yield "the endpoint keeps its number of instances, and nobody is told when they are too few"


def _is_watched(endpoint: Resource, stack: Stack, *metrics: str) -> bool:
    undecided = None
    for alarm in stack.of(ALARM):
        try:
            if alarm.value("metricName") not in metrics or not alarm.filled("alarmActions"):
                continue
            if (endpoint.urn in alarm.property_dependencies.get("dimensions", ())
                    or alarm.value("dimensions.EndpointName") == endpoint.value("name")):
                return True
        except NotDecided as needed:
            undecided = needed
    if undecided:
        raise undecided
    return False


def _variants(configuration: Resource) -> list[Block]:
    return [*configuration.blocks("productionVariants"), *configuration.blocks("shadowProductionVariants")]


def _name(variant: Block) -> str:
    return f"variant {variant.get('variantName', 'without a name')}"


RULES: Final = (
    Rule(
        id="sagemaker-endpoint-encrypted",
        level=Level.MANDATORY,
        controls=("AWS Config sagemaker-endpoint-configuration-kms-key-configured", own_controls.OWN_KEYS),
        title="Volumes of an endpoint are encrypted with a customer-managed key, but where the hardware does it.",
        fix="Set kms_key_arn.",
        types=(ENDPOINT_CONFIGURATION,),
        check=_encrypted,
    ),
    Rule(
        id="sagemaker-endpoint-outputs-encrypted",
        level=Level.MANDATORY,
        controls=(own_controls.OWN_KEYS,),
        title="What an endpoint writes, captured or answered, is encrypted with a customer-managed key.",
        fix="Set kms_key_id in data_capture_config, output_config of async_inference_config and core_dump_config.",
        types=(ENDPOINT_CONFIGURATION,),
        check=_outputs_encrypted,
    ),
    Rule(
        id="sagemaker-endpoint-captured",
        level=Level.ADVISORY,
        controls=(own_controls.WATCHED,),
        title="What an endpoint is asked and answers is recorded.",
        fix="Set data_capture_config with enable_capture=True: without it neither drift nor a bad answer can be seen.",
        types=(ENDPOINT_CONFIGURATION,),
        check=_captured,
    ),
    Rule(
        id="sagemaker-endpoint-several-instances",
        level=Level.MANDATORY,
        controls=("FSBP SageMaker.4",),
        title="In production an endpoint has at least two instances, in two zones.",
        fix="Set initial_instance_count to 2 or more.",
        types=(ENDPOINT_CONFIGURATION,),
        check=_several,
    ),
    Rule(
        id="sagemaker-endpoint-no-shell",
        level=Level.MANDATORY,
        controls=(own_controls.NO_SHELL,),
        title="Nobody can open a shell where a model answers.",
        fix="Leave enable_ssm_access out of every variant.",
        types=(ENDPOINT_CONFIGURATION,),
        check=_no_shell,
    ),
    Rule(
        id="sagemaker-endpoint-alarmed",
        level=Level.ADVISORY,
        controls=(own_controls.WATCHED,),
        title="Somebody is told when an endpoint fails to answer.",
        fix="Add an aws.cloudwatch.MetricAlarm on Invocation5XXErrors of this endpoint, with alarm_actions.",
        types=(ENDPOINT,),
        check=_alarmed,
    ),
    Rule(
        id="sagemaker-endpoint-keeps-up",
        level=Level.ADVISORY,
        controls=(own_controls.WATCHED,),
        title="In production an endpoint grows with what it is asked, or somebody is told when it is slow.",
        fix="Add an aws.appautoscaling.Target and Policy for endpoint/<name>/variant/<variant>, or an alarm on "
            "ModelLatency.",
        types=(ENDPOINT,),
        check=_keeps_up,
    ),
)
