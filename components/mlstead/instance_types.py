"""SageMaker instance types: which of them take no volume key, because they bring local disks."""

from __future__ import annotations

import re

from mlstead.refusal import Refusal

# Accelerators with NVMe disks whose names have no `d` to say so.
# https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html
_WITH_DISKS = frozenset({"dl1", "g5", "g6", "g6e", "g7", "g7e", "gr6", "p5", "p5e", "p5en", "trn1", "trn1n", "trn2"})


def check_disks(instance_type: str, where: str) -> None:
    """Refuse an instance type whose disks take no KMS key: jobs and endpoints here encrypt every volume with one."""
    if has_local_disks(instance_type):
        raise Refusal(
            f"{instance_type} has local disks: they take no key of ours, and every volume here has one.", where=where,
            fix="choose a type whose volumes are EBS alone, such as ml.m5.large, ml.c7i.xlarge or ml.p3.2xlarge",
        )


def has_local_disks(instance_type: str) -> bool:
    """Tell whether ml.<family>.<size> brings NVMe disks: SageMaker takes no KMS key for a job on such an instance.

    Source: VolumeKmsKeyId, https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html
    """
    family = instance_type.split(".")[1]
    attributes = re.sub(r"-.*", "", re.sub(r"^[a-z]+\d+", "", family))
    return "d" in attributes or family in _WITH_DISKS or family.startswith("p6")
