"""Settings of SageMaker Studio: the foundation's domain, and a project's profiles in it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mlstead.exploration.limits import LEAST_IDLE, LEAST_VOLUME, MOST_IDLE, MOST_VOLUME
from mlstead.exploration.studio_profiles import check_profiles
from mlstead.settings.settings import Block, Guard, checked
from mlstead.settings.strength import Strength

AppInstanceType = Annotated[str, Field(pattern=r"^ml\.[a-z0-9-]+\.[a-z0-9]+$", examples=["ml.t3.medium"])]


class StudioSettings(Block):
    """The domain of SageMaker Studio."""

    idle_minutes: Annotated[int, Field(ge=LEAST_IDLE, le=MOST_IDLE), Strength.LOWER] = 60
    """After how long without a running kernel or terminal JupyterLab is shut down, in minutes.

    Weakened: what nobody uses costs by the hour for longer.
    """

    volume_gb: Annotated[int, Field(ge=LEAST_VOLUME, le=MOST_VOLUME), Strength.NEUTRAL] = 50
    """How far the volume of a person's space may grow, in GB."""


class ExplorationSettings(StudioSettings):
    """Who explores in Studio, and with what."""

    profiles: Annotated[list[str], checked(check_profiles), Strength.NEUTRAL] = ["data-science"]
    """Names of the profiles, best one a person: records name the profile."""

    image_tag: Annotated[Annotated[str, Field(min_length=1, max_length=128)] | None, Strength.NEUTRAL] = None
    """The tag of the image that JupyterLab runs; not set: there is none yet, and no JupyterLab starts in Studio."""

    instance_types: Annotated[list[AppInstanceType], Field(min_length=1), Strength.NEUTRAL] = [
        "ml.t3.medium", "ml.t3.large", "ml.m5.large", "ml.m5.xlarge",
    ]
    """What JupyterLab may run on; the first is what it runs on where nobody chooses."""

    own_image: Guard = True
    """Whether JupyterLab starts in the project's own image alone.

    Weakened: it also starts in AWS's images, where everyone can become root of the container.
    """
