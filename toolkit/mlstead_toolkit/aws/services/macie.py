"""Amazon Macie: whether it is on, and the jobs that look for personal data in buckets. No emulator has it."""

from __future__ import annotations

from typing import Final

from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    Property,
    block,
    blocks,
    boolean,
    integer,
    replacing,
    string,
    string_list,
    string_set,
)
from mlstead_toolkit.aws.schema import AutomaticName, Call, ResourceType, Step, Tagging
from mlstead_toolkit.engine.values import Properties


def _tag_values() -> Property:
    return blocks("tagValues", string("key"), string("value"))


def _conditions(name: str, simple: str, tagged: str, *more: Property) -> Property:
    """Make the conditions that let buckets or objects in, or keep them out."""
    return block(name, blocks(
        "ands",
        block(simple, string("comparator"), string("key"), string_list("values")),
        block(tagged, string("comparator"), *more, _tag_values()),
        api="and",
    ))


def _both(name: str, simple: str, tagged: str, *more: Property) -> Property:
    return block(name, *(_conditions(side, simple, tagged, *more) for side in ("excludes", "includes")))


def _check_job(inputs: Properties) -> list[tuple[str, str]]:
    definition, faults = inputs.get("s3JobDefinition"), []
    if isinstance(definition, dict):
        given = [name for name in ("bucketCriteria", "bucketDefinitions") if definition.get(name)]
        if len(given) != 1:
            faults.append(("s3JobDefinition", "needs bucketDefinitions or bucketCriteria, and not both"))
    kind = inputs.get("jobType")
    if isinstance(kind, str) and (kind == "SCHEDULED") != bool(inputs.get("scheduleFrequency")):
        faults.append(("scheduleFrequency", "belongs to a job of type SCHEDULED, and to no other"))
    return faults


ACCOUNT: Final = ResourceType(
    "aws:macie2/account:Account",
    service="macie2",
    identity="{accountId}",
    properties=(
        string("findingPublishingFrequency", computed=True),
        string("status", computed=True),
        REGION,
    ),
    outputs=(
        string("accountId", api="", template="{account}"),
        string("createdAt"), string("serviceRole"), string("updatedAt", volatile=True),
    ),
    coverage=Coverage.DECLARED_ONLY,
    create=Call("EnableMacie"),
    read=Call("GetMacieSession"),
    delete=Call("DisableMacie"),
    steps=(Step(("*",), Call("UpdateMacieSession"), on_create=False),),
)

CLASSIFICATION_JOB: Final = ResourceType(
    "aws:macie2/classificationJob:ClassificationJob",
    service="macie2",
    identity="{jobId}",
    name=AutomaticName("name", 500, prefix_property="namePrefix"),
    properties=(
        *replacing(
            string("jobType", required=True),
            block("s3JobDefinition",
                  _both("bucketCriteria", "simpleCriterion", "tagCriterion"),
                  blocks("bucketDefinitions", string("accountId", required=True),
                         string_list("buckets", required=True)),
                  _both("scoping", "simpleScopeTerm", "tagScopeTerm", string("key"), string("target")),
                  required=True),
            string_set("customDataIdentifierIds"),
            string("description", maximum=200),
            boolean("initialRun"),
            string("name", computed=True),
            string("namePrefix", computed=True, local=True),
            integer("samplingPercentage", computed=True, minimum=1, maximum=100),
            block("scheduleFrequency", boolean("dailySchedule"),
                  integer("monthlySchedule", api="monthlySchedule.dayOfMonth", minimum=1, maximum=31),
                  string("weeklySchedule", api="weeklySchedule.dayOfWeek"), computed=True),
        ),
        string("jobStatus", computed=True, enum=("CANCELLED", "RUNNING", "USER_PAUSED")),
        REGION, TAGS,
    ),
    outputs=(string("createdAt"), string("jobArn"), string("jobId")),
    conflicts=(("name", "namePrefix"),),
    validate=_check_job,
    coverage=Coverage.DECLARED_ONLY,
    create=Call("CreateClassificationJob"),
    read=Call("DescribeClassificationJob"),
    delete=Call("UpdateClassificationJob", fixed=(("jobStatus", "CANCELLED"),)),
    steps=(Step(("jobStatus",), Call("UpdateClassificationJob"), on_create=False),),
    tagging=Tagging(handle=("resourceArn", "jobArn"), listing="ListTagsForResource", listed="tags", add="TagResource",
                    remove="UntagResource", on_create="tags", tags="tags", keys="tagKeys", as_map=True),
)

RESOURCE_TYPES: Final = (ACCOUNT, CLASSIFICATION_JOB)
