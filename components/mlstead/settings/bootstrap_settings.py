"""Settings of stacks/bootstrap."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mlstead.lake.bucket import MOST_DAYS
from mlstead.settings.settings import Guard, Settings, checked
from mlstead.settings.strength import Strength
from mlstead.state_backend import check_deployers


class BootstrapSettings(Settings):
    """Settings of stacks/bootstrap."""

    deployers: Annotated[list[str], checked(check_deployers), Strength.NEUTRAL] = []
    """ARNs of the IAM principals that deploy, and so read states and secrets; not set: whoever IAM policies let."""

    noncurrent_days: Annotated[int, Field(ge=1, le=MOST_DAYS), Strength.LONGER] = 365
    """How long overwritten and deleted versions of a state can be brought back, in days.

    Weakened: a state that was spoilt longer ago than this is gone.
    """

    locked: Guard = True
    """Whether Pulumi refuses to delete bucket and keys, and the bucket its own deletion and that of old versions.

    Weakened: whoever may administer buckets can delete every state with its history.
    """
