"""Settings of a project's infra/."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from mlstead.access.team_roles import check_members
from mlstead.job_logs import check_retention
from mlstead.pipelines.starts import check_schedule
from mlstead.serving.endpoint import MOST_INSTANCES
from mlstead.settings.settings import Block, Settings, checked, refused
from mlstead.settings.strength import Strength
from mlstead.settings.studio_settings import ExplorationSettings
from mlstead.training.image_repository import check_digest

InstanceType = Annotated[
    str, Field(pattern=r"^ml\.[a-z0-9-]+\.[a-z0-9]+$", examples=["ml.m5.large"]), Strength.NEUTRAL,
]


class ImageSettings(Block):
    """Which container image jobs and endpoint run."""

    tag: Annotated[str, Field(min_length=1, max_length=128), Strength.NEUTRAL]
    """The image's tag in the project's repository; CI's is the commit that it was built from."""

    digest: Annotated[str | None, checked(check_digest), Strength.NEUTRAL] = None
    """What the image is, `sha256:…` as its push printed it; not set: whatever the tag names."""


class ModelVersion(Block):
    """The model version that the endpoint serves: the one reviewed line that `mlstead promote` writes."""

    version: Annotated[int, Field(ge=1), Strength.NEUTRAL]
    """Version of the model package in the project's registry."""


Members = Annotated[list[str], checked(check_members), Strength.NEUTRAL]


class TeamSettings(Block):
    """Who works with the project: ARNs of IAM roles and users, * allowed in their names."""

    data_engineers: Members = []
    """Who may bring data in, and mend and release what the gates kept back; not set: whoever IAM policies let."""

    data_scientists: Members = []
    """Who may explore what is curated and train on it; not set: whoever IAM policies let."""

    ml_engineers: Members = []
    """Who may train, approve models, ask the endpoint and push images; not set: whoever IAM policies let."""

    auditors: Members = []
    """Who may read what everything is set to, and no data; not set: whoever IAM policies let."""


class JobSettings(Block):
    """What a kind of job runs on."""

    instance_type: InstanceType = "ml.m5.large"
    """SageMaker instance type; local disks (…d, g5, p4d …) are encrypted by hardware, other volumes with our key."""


class EndpointSettings(JobSettings):
    """What the endpoint runs on."""

    instance_count: Annotated[int, Field(ge=1, le=MOST_INSTANCES), Strength.HIGHER] = 1
    """How many instances share the traffic; at least 2 in production (FSBP SageMaker.4).

    Weakened: with one, the endpoint is away while its instance is replaced or its zone is down.
    """

    log_retention_days: Annotated[int, checked(check_retention), Strength.LONGER] = 365
    """How long the endpoint's logs are kept, in days that CloudWatch Logs knows.

    Weakened: what the endpoint answered and why it failed before cannot be looked into.
    """


class QuerySettings(Block):
    """What SQL queries of the project's tables may cost."""

    scan_limit_gb: Annotated[int, Field(ge=1), Strength.LOWER] = 10
    """How much one query may read before Athena stops it, in gigabytes.

    Weakened: one careless query costs more, by the terabyte that it reads.
    """


class GateSettings(Block):
    """What else runs, and watches, between what is delivered and what is vouched for."""

    schedule: Annotated[str | None, checked(check_schedule), Strength.NEUTRAL] = None
    """When the data pipeline runs besides by deliveries: rate(1 day), cron(0 3 * * ? *), UTC; not set: never."""

    glue_data_quality: Annotated[bool, Strength.NEUTRAL] = False
    """Whether Glue Data Quality gets the gates' rules for the tables in curated, as a second opinion."""

    macie: Annotated[bool, Strength.TRUE] = False
    """Whether Macie, enabled in the account and admitted by the foundation's `macie`, looks through raw every week.

    Without the foundation's setting it finds nothing, since it can read nothing.

    Weakened: personal data that no rule expected in raw is found when it comes to the gates, or not at all.
    """


def _model(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    if value == "latest-approved":
        raise refused(
            "is latest-approved, which needs the roll-out pipeline, and this version of mlstead does not have it.",
            "name the version, for example model: {version: 1}, or type: mlstead promote <environment> 1",
        )
    try:
        return handler(value)
    except ValidationError:
        raise refused(f"is {value!r}.", "write model: none, or model: {version: 1}") from None


class ProjectSettings(Settings):
    """Settings of a project's infra/."""

    foundation: Annotated[str, Strength.NEUTRAL]
    """The foundation's stack: `organization/mlstead-foundation/<environment>`."""

    image: ImageSettings
    """Which container image jobs and endpoint run."""

    model: Annotated[Literal["none"] | ModelVersion, WrapValidator(_model), Strength.NEUTRAL] = "none"
    """What the endpoint serves: none yet, or {version: N}."""

    processing: JobSettings = JobSettings()
    """What processing jobs run on."""

    training: JobSettings = JobSettings()
    """What training jobs run on."""

    endpoint: EndpointSettings = EndpointSettings()
    """What the endpoint runs on."""

    gates: GateSettings = GateSettings()
    """What else runs, and watches, between what is delivered and what is vouched for."""

    query: QuerySettings = QuerySettings()
    """What SQL queries of the project's tables may cost."""

    exploration: ExplorationSettings = ExplorationSettings()
    """Who explores in SageMaker Studio, and with what."""

    team: TeamSettings = TeamSettings()
    """Who works with the project."""

    @property
    def model_version(self) -> int | None:
        """The version that the endpoint serves, or None while there is none."""
        return None if self.model == "none" else self.model.version
