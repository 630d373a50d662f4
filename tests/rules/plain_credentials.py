"""Examples of the theme plain_credentials."""

from __future__ import annotations

import base64
import json
from typing import Any

from stack_builder import example, resource, stack

from mlstead_toolkit.policies import Stack
from mlstead_toolkit.policies.pipeline_jobs import PIPELINE
from mlstead_toolkit.policies.rules.glue import JOB
from mlstead_toolkit.policies.rules.plain_credentials import CODE_REPOSITORY, STUDIO_SCRIPT
from mlstead_toolkit.policies.rules.sagemaker_models import MODEL
from mlstead_toolkit.policies.rules.sagemaker_notebooks import NOTEBOOK
from mlstead_toolkit.policies.rules.sagemaker_studio import USER_PROFILE

IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/flights:1.4.0"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:flights/db"
TOKEN = "hf_" + "a" * 34
HARMLESS = {"DB_PASSWORD_ARN": SECRET, "API_TOKEN": SECRET, "TOKENIZER": "bert", "MAX_TOKENS": "512", "SECRET": "",
            "PAD_TOKEN": "<pad>", "EOS_TOKEN": "</s>", "MASK_TOKEN": "[MASK]", "CURATED_URI": "s3://lake-curated/flights"}


def _model(environment: dict[str, str], *, second: bool = False) -> Stack:
    container = {"image": IMAGE, "environment": environment}
    return stack(resource(
        MODEL, enableNetworkIsolation=True, executionRoleArn="arn:aws:iam::123456789012:role/endpoint",
        vpcConfig={"subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]},
        **({"containers": [{"image": IMAGE}, container]} if second else {"primaryContainer": container}),
    ))


def _job(**arguments: str) -> Stack:
    return stack(resource(JOB, securityConfiguration="flights-1a2b3c4", glueVersion="5.0", command={"name": "glueetl"},
                          defaultArguments=arguments))


def _pipeline(password: Any) -> Stack:
    step = {"Name": "Ask", "Type": "Lambda", "Arguments": {"Environment": {"DB_PASSWORD": password}}}
    return stack(resource(PIPELINE, roleArn="arn:aws:iam::123456789012:role/pipeline", pipelineDefinition=json.dumps({
        "Steps": [step], "Parameters": [{"Name": "Where", "Type": "String", "DefaultValue": SECRET},
                                        {"Name": "What", "Type": "String", "DefaultValue": "correct horse"}],
    })))


def _script(line: str) -> Stack:
    return stack(resource(STUDIO_SCRIPT, studioLifecycleConfigContent=base64.b64encode(line.encode()).decode()))


def _repository(url: str) -> Stack:
    return stack(resource(CODE_REPOSITORY, gitConfig={"repositoryUrl": url, "secretArn": SECRET}))


def _notebook(url: str) -> Stack:
    return stack(resource(
        NOTEBOOK, directInternetAccess="Disabled", rootAccess="Disabled", subnetId="subnet-1", securityGroups=["sg-1"],
        kmsKeyId="arn:aws:kms:eu-west-1:123456789012:key/one", platformIdentifier="notebook-al2023-v1",
        instanceMetadataServiceConfiguration={"minimumInstanceMetadataServiceVersion": "2"},
        roleArn="arn:aws:iam::123456789012:role/notebook", additionalCodeRepositories=[url],
    ))


def _profile(url: str) -> Stack:
    ends = {"idleSettings": {"lifecycleManagement": "ENABLED"}}
    return stack(resource(USER_PROFILE, userSettings={
        "executionRole": "arn:aws:iam::123456789012:role/studio",
        "jupyterLabAppSettings": {"appLifecycleManagement": ends, "codeRepositories": [{"repositoryUrl": url}]},
    }))


CODE = "https://git.acme.example/flights.git"

EXAMPLES = {
    "no-credentials-in-settings": example((_model(HARMLESS), _job(**{"--db-password": SECRET})), (
        _model({"DB_PASSWORD": "correct horse"}), _model({"hfToken": "anything"}, second=True),
        _model({"WHERE": "postgresql://flights:horse@db/flights"}), _model({"GREETING": TOKEN}),
        _job(**{"--api-key": "0123456789"}),
    )),
    "no-credentials-in-pipelines": example((_pipeline(SECRET), _pipeline({"Get": "Parameters.Where"})), (
        _pipeline("correct horse"), _pipeline({"Get": "Parameters.What"}),
    )),
    "no-credentials-in-scripts": example(_script("pip install flights"), (
        _script(f"export HF_TOKEN={TOKEN}"), _script("aws configure set aws_access_key_id AKIAIOSFODNN7EXAMPLE"),
    )),
    "no-credentials-in-git-addresses": example((_repository(CODE), _notebook(CODE), _profile(CODE)), (
        _repository("https://robot:correcthorse@git.acme.example/flights.git"), _notebook("http://git.acme.example/x"),
        _profile("https://oauth2:glpat-aaaaaaaaaaaaaaaaaaaa@gitlab.com/acme/flights.git"),
    )),
}
