"""SageMaker instance types: which of them take no volume key, because they bring disks that encrypt themselves."""

from __future__ import annotations

import re

# Accelerators with NVMe disks whose names have no `d` to say so.
# https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html
_WITH_DISKS = frozenset({"dl1", "g5", "g6", "g6e", "g7", "g7e", "gr6", "p5", "p5e", "p5en", "trn1", "trn1n", "trn2"})


def has_local_disks(instance_type: str) -> bool:
    """Tell whether ml.<family>.<size> brings NVMe disks, as most with a GPU do.

    They are encrypted by the machine's hardware, with a key that ends with the instance, and SageMaker refuses to be
    given another: VolumeKmsKeyId, https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html
    """
    _, _, rest = instance_type.partition(".")
    family = rest.partition(".")[0]
    attributes = re.sub(r"-.*", "", re.sub(r"^[a-z]+\d+", "", family))
    return "d" in attributes or family in _WITH_DISKS or family.startswith("p6")
