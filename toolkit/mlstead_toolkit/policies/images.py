"""Container images by their names."""

from __future__ import annotations

import re
from typing import Final

from mlstead_toolkit.policies.account import ACCOUNT

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
_ECR: Final = re.compile(ACCOUNT + r"\.dkr[.-]ecr(-fips)?\.")
# AWS gives its own analyzer no tags: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-pre-built-container.html
_MODEL_MONITOR: Final = "sagemaker-model-monitor-analyzer"


def is_floating(image: str) -> bool:
    """Tell whether another image can come to stand behind the name: it has no tag, or `latest`, and no digest."""
    name, tagged, tag = image.rpartition("/")[2].partition(":")
    if "@sha256:" in image or name == _MODEL_MONITOR:
        return False
    return not tagged or tag == "latest"


def is_in_ecr(image: str) -> bool:
    """Tell whether it comes from a private registry of ECR, which AWS itself reaches without the internet."""
    return _ECR.match(image) is not None
