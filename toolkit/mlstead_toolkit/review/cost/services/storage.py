"""What keeps data: Amazon S3, Amazon ECR, Amazon DynamoDB, Amazon EFS.

https://aws.amazon.com/s3/pricing/, https://aws.amazon.com/ecr/pricing/, https://aws.amazon.com/dynamodb/pricing/,
https://aws.amazon.com/efs/pricing/
"""

from __future__ import annotations

from typing import Final

from mlstead_toolkit.review.cost.charge import Charges, Use, by_use

_BUCKET: Final = by_use(Use("storage", "s3-storage", assumption="storage_gb"), Use("requests"))

CHARGES: Final[dict[str, Charges]] = {
    "aws:dynamodb/table:Table": by_use(Use("reads, writes and storage")),
    "aws:ecr/repository:Repository": by_use(Use("images", "ecr-storage", assumption="image_gb")),
    "aws:efs/fileSystem:FileSystem": by_use(Use("files by the GB")),
    "aws:s3/bucket:Bucket": _BUCKET,
    "aws:s3/bucketAccelerateConfiguration:BucketAccelerateConfiguration": by_use(Use("data that is accelerated")),
    "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": by_use(
        Use("objects that are watched")),
    "aws:s3/bucketMetadataConfiguration:BucketMetadataConfiguration": by_use(Use("updates, and tables of metadata")),
    "aws:s3/bucketMetric:BucketMetric": by_use(Use("metrics of requests")),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": by_use(Use("copies, and data between regions")),
    "aws:s3/bucketV2:BucketV2": _BUCKET,
    "aws:s3/directoryBucket:DirectoryBucket": by_use(Use("storage and requests")),
    "aws:s3/inventory:Inventory": by_use(Use("objects that are listed")),
}
