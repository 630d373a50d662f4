"""Amazon Macie.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmacie.html
"""

from __future__ import annotations

from mlstead_toolkit.access.calls.row import Row, Service, each

TABLE = Service("macie2", {
    **each("EnableMacie DisableMacie GetMacieSession UpdateMacieSession"),
    "CreateClassificationJob": Row("classification-job/*", tags="tags"),
    **each("DescribeClassificationJob UpdateClassificationJob", "classification-job/{jobId}"),
    "ListTagsForResource": Row("{resourceArn}"),
    "TagResource": Row("{resourceArn}", tags="tags"),
    "UntagResource": Row("{resourceArn}", context={"aws:TagKeys": "tagKeys"}),
}, tagging="macie2:TagResource")
