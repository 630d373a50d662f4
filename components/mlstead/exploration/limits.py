"""What bounds the cost of a notebook that nobody looks after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlstead.refusal import Refusal

if TYPE_CHECKING:
    from pulumi_aws.sagemaker import (
        UserProfileUserSettingsJupyterLabAppSettingsAppLifecycleManagementArgsDict as IdleShutdown,
    )
    from pulumi_aws.sagemaker import UserProfileUserSettingsSpaceStorageSettingsArgsDict as Storage

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_IdleSettings.html
LEAST_IDLE, MOST_IDLE = 60, 525_600
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DefaultEbsStorageSettings.html
LEAST_VOLUME, MOST_VOLUME = 5, 16_384


def check_limits(idle_minutes: int, volume_gb: int, where: str) -> None:
    """Refuse a time or a size that SageMaker does not take."""
    for name, value, least, most in (("idle_minutes", idle_minutes, LEAST_IDLE, MOST_IDLE),
                                     ("volume_gb", volume_gb, LEAST_VOLUME, MOST_VOLUME)):
        if not least <= value <= most:
            raise Refusal(f"{name} is {value}.", where=f"{where}.{name}", fix=f"choose {least} to {most}")


def idle_shutdown(minutes: int) -> IdleShutdown:
    """Give the block that ends an idle JupyterLab after so many minutes; a space may say fewer, never more.

    https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-idle-shutdown.html
    """
    return {"idle_settings": {
        "lifecycle_management": "ENABLED", "idle_timeout_in_minutes": minutes,
        "min_idle_timeout_in_minutes": LEAST_IDLE, "max_idle_timeout_in_minutes": minutes,
    }}


def volumes(most_gb: int) -> Storage:
    """Give the block that lets a space's volume start as the smallest and grow to so many GB."""
    return {"default_ebs_storage_settings": {
        "default_ebs_volume_size_in_gb": LEAST_VOLUME, "maximum_ebs_volume_size_in_gb": most_gb,
    }}
