"""What the pipelines share: a processing job in the private network, and how it gets its data.

The parameters here are filled by infra/ in each environment. A step's entry point runs in the project's root
(/opt/program in the image), so that tables.toml and gates.toml are found by their names.
"""

from _sdk import pipeline_session  # first: it settles what the SDK reads
from sagemaker.core.helper.pipeline_variable import PipelineVariable
from sagemaker.core.network import NetworkConfig
from sagemaker.core.processing import Processor
from sagemaker.core.shapes import ProcessingInput, ProcessingOutput, ProcessingS3Input, ProcessingS3Output
from sagemaker.core.workflow.functions import Join
from sagemaker.core.workflow.parameters import ParameterString
from sagemaker.mlops.workflow.steps import ProcessingStep

image = ParameterString("Image")
first_subnet = ParameterString("FirstSubnet")  # parameters have no lists, so the network's subnets come one by one
second_subnet = ParameterString("SecondSubnet")
security_group = ParameterString("SecurityGroup")
kms_key = ParameterString("KmsKey")  # of the artifacts zone, and of every volume
processing_instance = ParameterString("ProcessingInstanceType")

session = pipeline_session()
HOUR = 3600
VOLUME_GB = 10


def processor(
    module: str, role: PipelineVariable, output_key: PipelineVariable = kms_key, *, isolated: bool = True
) -> Processor:
    """Give a processing job that runs one module in the project's image, inside the private network.

    SageMaker carries its data in and out through that network. An isolated module has itself none; one that is not
    reaches the network's endpoints of AWS services, and no internet.

    Args:
        module: the module's full name.
        role: what it runs under.
        output_key: the key of the zone that SageMaker writes its outputs to: a zone's bucket refuses every other.
        isolated: whether the module itself is cut off from every network.
    """
    return Processor(
        image_uri=image,
        entrypoint=["python", "-m", module],
        role=role,
        instance_count=1,
        instance_type=processing_instance,
        volume_size_in_gb=VOLUME_GB,
        volume_kms_key=kms_key,
        output_kms_key=output_key,
        max_runtime_in_seconds=HOUR,
        network_config=NetworkConfig(
            subnets=[first_subnet, second_subnet],
            security_group_ids=[security_group],
            enable_network_isolation=isolated,
            encrypt_inter_container_traffic=True,
        ),
        sagemaker_session=session,
    )


def reads(name: str, *uri: str | PipelineVariable) -> ProcessingInput:
    """Name an input, and what in the lake it is; the step finds it in the folder of that name."""
    where = f"/opt/ml/processing/input/{name}"
    source = ProcessingS3Input(s3_uri=_joined(uri), local_path=where, s3_data_type="S3Prefix", s3_input_mode="File")
    return ProcessingInput(input_name=name, s3_input=source)


def writes(name: str, *uri: str | PipelineVariable) -> ProcessingOutput:
    """Name an output, and where in the lake the folder of that name goes."""
    where = f"/opt/ml/processing/output/{name}"
    target = ProcessingS3Output(s3_uri=_joined(uri), local_path=where, s3_upload_mode="EndOfJob")
    return ProcessingOutput(output_name=name, s3_output=target)


def written(step: ProcessingStep, name: str) -> PipelineVariable:
    """Give where an earlier step's output went; whoever reads it waits for that step."""
    return step.properties.ProcessingOutputConfig.Outputs[name].S3Output.S3Uri


def _joined(uri: tuple[str | PipelineVariable, ...]) -> PipelineVariable | str:
    return uri[0] if len(uri) == 1 else Join("/", list(uri))
