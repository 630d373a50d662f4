"""Amazon ECR.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
"""

from __future__ import annotations

from mlstead_toolkit.access.calls.row import Row, Service, each

REPOSITORY = "repository/{repositoryName}"

TABLE = Service("ecr", {
    "CreateRepository": Row(REPOSITORY, tags="tags"),
    "DescribeRepositories": Row("repository/{repositoryNames}"),
    "GetAuthorizationToken": Row(),
    **each("DeleteRepository GetLifecyclePolicy PutLifecyclePolicy DeleteLifecyclePolicy PutImageTagMutability "
           "PutImageScanningConfiguration GetRepositoryPolicy SetRepositoryPolicy DeleteRepositoryPolicy "
           "DescribeImages ListImages BatchGetImage GetDownloadUrlForLayer BatchCheckLayerAvailability PutImage "
           "InitiateLayerUpload UploadLayerPart CompleteLayerUpload BatchDeleteImage DescribeImageScanFindings",
           REPOSITORY),
    "ListTagsForResource": Row("{resourceArn}"),
    "TagResource": Row("{resourceArn}", tags="tags"),
    "UntagResource": Row("{resourceArn}", context={"aws:TagKeys": "tagKeys"}),
}, tagging="ecr:TagResource", tag_keys=("ecr:ResourceTag",))
