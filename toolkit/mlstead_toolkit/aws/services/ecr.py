"""Amazon ECR: repositories of images and how long they keep them."""

from __future__ import annotations

import json
from typing import Final

from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    block,
    blocks,
    boolean,
    document,
    string,
)
from mlstead_toolkit.aws.schema import (
    AutomaticName,
    Call,
    ResourceType,
    Step,
    Tagging,
)
from mlstead_toolkit.aws.work import Work
from mlstead_toolkit.engine.values import Properties


def _force(work: Work) -> None:
    if work.purge:
        work.inputs = {**work.inputs, "forceDelete": True}


def _check_rules(inputs: Properties) -> list[tuple[str, str]]:
    text = inputs.get("policy")
    if not isinstance(text, str):
        return []
    try:
        rules = json.loads(text).get("rules")
    except (ValueError, AttributeError):
        return []
    if not isinstance(rules, list) or not rules:
        return [("policy", "has no rules")]
    needed = ("rulePriority", "selection", "action")
    return [("policy", f"lacks {name} in rules[{index}]") for index, rule in enumerate(rules) for name in needed
            if not isinstance(rule, dict) or name not in rule]


REPOSITORY: Final = ResourceType(
    "aws:ecr/repository:Repository",
    service="ecr",
    identity="{name}",
    name=AutomaticName("name", 256, lower=True),
    properties=(
        string("name", replaces=True, computed=True, api="repositoryName"),
        string("imageTagMutability", default="MUTABLE"),
        blocks("imageTagMutabilityExclusionFilters", string("filter", required=True),
               string("filterType", required=True)),
        block("imageScanningConfiguration", boolean("scanOnPush", required=True)),
        blocks("encryptionConfigurations", string("encryptionType", default="AES256"),
               string("kmsKey", computed=True), replaces=True),
        boolean("forceDelete", api="force"),
        REGION, TAGS,
    ),
    outputs=(string("arn", api="repositoryArn"), string("registryId"), string("repositoryUrl", api="repositoryUri")),
    create=Call("CreateRepository", result="repository"),
    read=Call("DescribeRepositories", result="repositories.0", ids=("repositoryNames", "name")),
    delete=Call("DeleteRepository", also=("forceDelete",)),
    steps=(
        Step(("imageTagMutability", "imageTagMutabilityExclusionFilters"), Call("PutImageTagMutability"),
             on_create=False),
        Step(("imageScanningConfiguration",), Call("PutImageScanningConfiguration"), on_create=False),
    ),
    tagging=Tagging(handle=("resourceArn", "arn"), listing="ListTagsForResource", listed="tags", add="TagResource",
                    remove="UntagResource", on_create="tags", tags="tags", keys="tagKeys"),
    before_delete=_force,
)

LIFECYCLE_POLICY: Final = ResourceType(
    "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    service="ecr",
    identity="{repository}",
    properties=(
        string("repository", required=True, replaces=True, api="repositoryName"),
        document("policy", required=True, replaces=True, api="lifecyclePolicyText"),
        REGION,
    ),
    outputs=(string("registryId"),),
    create=Call("PutLifecyclePolicy"),
    read=Call("GetLifecyclePolicy"),
    delete=Call("DeleteLifecyclePolicy"),
    singleton=True,
    validate=_check_rules,
)

RESOURCE_TYPES: Final = (REPOSITORY, LIFECYCLE_POLICY)
