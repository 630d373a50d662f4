"""What actions are called, by service: rows of names, words and how much they let somebody do; the first that fits.

`{}` is where the resource stands, at the end where there is none of it; a phrase that ends in `!` takes none.
Names and what they do: https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

from typing import Final, TypeAlias

from mlstead_toolkit.review.access.words.level import Level

Row: TypeAlias = tuple[str, str, Level]

READ, WRITE, ADMINISTER = Level.READ, Level.WRITE, Level.ADMINISTER
ANYTHING: Final = "do anything with"

_LOOK: Final[tuple[Row, ...]] = (("List* Describe* Get* BatchGet* Search* View* Lookup* Filter* Check*", "see", READ),)
OTHERS: Final[tuple[Row, ...]] = (
    *_LOOK,
    ("Query* Scan* Select* Read* Download*", "read", READ),
    ("TagResource UntagResource AddTags DeleteTags CreateTags TagResources UntagResources", "tag", WRITE),
    ("*Policy *Permission *Permissions *Acl *Grant *PublicAccess*", "decide who may use", ADMINISTER),
    ("Start* Run* Execute* Resume* Send*Execution*", "start", WRITE),
    ("Stop* Cancel* Terminate* Abort*", "stop", WRITE),
    ("Invoke*", "invoke", WRITE),
    ("Publish* Send*", "send to", WRITE),
    ("Create* Register* BatchCreate*", "create", WRITE),
    ("Delete* BatchDelete* Remove* Deregister* Purge*", "delete", WRITE),
    ("Put* Update* Modify* Set* Add* Associate* Disassociate* Attach* Detach* Enable* Disable* Change* Upload* Write* "
     "Batch* Reset* Retry* Restore* Copy* Import* Rotate*", "change", WRITE),
)
"""Of services that have no rows, and of actions that a service's rows leave."""

ROWS: Final[dict[str, tuple[Row, ...]]] = {
    "s3": (
        ("ListBucket ListBucketVersions ListBucketMultipartUploads ListMultipartUploadParts", "list", READ),
        ("GetObjectAcl GetObjectVersionAcl", "see who may read", READ),
        ("GetObject* GetDataAccess", "read", READ),
        ("PutObjectAcl PutObjectVersionAcl", "decide who may read", ADMINISTER),
        ("PutObjectTagging PutObjectVersionTagging DeleteObjectTagging DeleteObjectVersionTagging", "tag", WRITE),
        ("PutObjectRetention PutObjectLegalHold BypassGovernanceRetention", "lift the retention of", ADMINISTER),
        ("PutObject AbortMultipartUpload RestoreObject ReplicateObject", "write", WRITE),
        ("DeleteObject DeleteObjectVersion ReplicateDelete", "delete", WRITE),
        ("PutBucketPolicy DeleteBucketPolicy PutBucketAcl PutBucketPublicAccessBlock PutAccessPointPolicy "
         "PutAccountPublicAccessBlock PutBucketOwnershipControls", "decide who may use", ADMINISTER),
        ("CreateBucket", "create", WRITE), ("DeleteBucket", "delete all of", ADMINISTER),
        ("Get* List*", "read the settings of", READ),
        ("*", "change the settings of", ADMINISTER),
    ),
    "kms": (
        ("Decrypt", "decrypt with", READ),
        ("Encrypt GenerateDataKey* ReEncrypt*", "encrypt with", WRITE),
        ("GenerateMac VerifyMac Sign Verify", "sign with", WRITE),
        ("CreateGrant", "hand on the use of", WRITE), ("RetireGrant", "take back the use of", WRITE),
        ("DescribeKey Get* List*", "see the settings of", READ),
        ("PutKeyPolicy RevokeGrant", "decide who may use", ADMINISTER),
        ("*", "administer", ADMINISTER),
    ),
    "iam": (
        ("PassRole", "hand to a service", ADMINISTER),
        ("Get* List* Simulate* Generate*", "see", READ),
        ("CreateServiceLinkedRole", "create", WRITE),
        ("*", "administer", ADMINISTER),
    ),
    "sts": (
        ("AssumeRole*", "become", ADMINISTER), ("TagSession", "tag its sessions of", WRITE),
        ("SetSourceIdentity", "say who works under", READ), ("GetCallerIdentity", "ask who it is!", READ),
    ),
    "sagemaker": (
        ("InvokeEndpoint*", "invoke", WRITE),
        ("UpdateModelPackage", "approve", WRITE),
        ("CreateModelPackage", "register models in", WRITE),
        ("CreatePresigned*", "open", WRITE),
        ("GetRecord BatchGetRecord", "read", READ), ("PutRecord DeleteRecord", "write", WRITE),
        ("Create*Job", "start", WRITE), ("SendPipelineExecutionStep*", "answer", WRITE),
        ("QueryLineage", "see the lineage of", READ),
    ),
    "glue": (
        ("Get* BatchGet* List* Search* Query*", "read the metadata of", READ),
        ("PutResourcePolicy DeleteResourcePolicy", "decide who may use", ADMINISTER),
        ("Start*", "start", WRITE), ("Stop* Cancel*", "stop", WRITE),
        ("BatchDelete* Delete*", "delete", WRITE), ("TagResource UntagResource", "tag", WRITE),
        ("*", "write the metadata of", WRITE),
    ),
    "athena": (
        ("StartQueryExecution", "run queries in", WRITE), ("StopQueryExecution", "stop queries in", WRITE),
        ("Get* BatchGet* List*", "see queries and results of", READ),
    ),
    "lakeformation": (
        ("GetDataAccess", "query what Lake Formation lets it!", READ),
        ("DESCRIBE", "see", READ), ("SELECT", "query", READ), ("INSERT", "add rows to", WRITE),
        ("DELETE", "delete rows of", WRITE), ("ALTER", "change", WRITE), ("DROP", "drop", WRITE),
        ("CREATE_TABLE", "create tables in", WRITE), ("CREATE_DATABASE", "create databases in", WRITE),
        ("DATA_LOCATION_ACCESS", "make tables of", WRITE), ("ASSOCIATE", "put on", WRITE),
        ("ALL SUPER", ANYTHING, ADMINISTER), ("ADMINISTER", "administer", ADMINISTER),
        ("* to others", "let others use", ADMINISTER),
        ("Get* List* Search*", "see", READ), ("GrantPermissions RevokePermissions Batch*", "decide who may use",
                                              ADMINISTER),
    ),
    "logs": (
        ("GetLogEvents FilterLogEvents StartQuery GetQueryResults StartLiveTail GetLogRecord Unmask", "read", READ),
        ("CreateLogStream PutLogEvents CreateLogGroup", "write to", WRITE),
    ),
    "cloudwatch": (
        ("PutMetricData", "publish metrics!", WRITE),
        ("Get* List* Describe*", "see metrics and alarms!", READ),
        ("SetAlarmState EnableAlarmActions DisableAlarmActions", "silence", WRITE),
    ),
    "ecr": (
        ("GetAuthorizationToken", "sign in to the registry!", READ),
        ("BatchGetImage GetDownloadUrlForLayer", "pull images from", READ),
        ("BatchCheckLayerAvailability Get* List* Describe*", "see the images of", READ),
        ("PutImage InitiateLayerUpload UploadLayerPart CompleteLayerUpload", "push images to", WRITE),
        ("BatchDeleteImage", "delete images of", WRITE),
    ),
    "sqs": (
        ("SendMessage*", "send to", WRITE), ("ReceiveMessage DeleteMessage* ChangeMessageVisibility*",
                                             "take messages from", WRITE),
        ("PurgeQueue", "empty", WRITE), ("AddPermission RemovePermission", "decide who may use", ADMINISTER),
    ),
    "sns": (("Publish", "publish to", WRITE), ("Subscribe ConfirmSubscription", "subscribe to", READ)),
    "events": (("PutEvents", "send events to", WRITE), ("PutPermission RemovePermission", "decide who may use",
                                                        ADMINISTER)),
    "ssm": (("GetParameter*", "read", READ), ("PutParameter", "write", WRITE), ("StartSession", "sign in to", WRITE)),
    "secretsmanager": (
        ("GetSecretValue BatchGetSecretValue", "read", READ), ("PutSecretValue UpdateSecret*", "write", WRITE),
    ),
    "lambda": (("InvokeFunction*", "invoke", WRITE), ("AddPermission RemovePermission AddLayerVersionPermission",
                                                       "decide who may use", ADMINISTER)),
    "ec2": (
        ("CreateNetworkInterface DeleteNetworkInterface CreateNetworkInterfacePermission "
         "DeleteNetworkInterfacePermission", "put network interfaces into the network!", WRITE),
        ("AuthorizeSecurityGroup* RevokeSecurityGroup* ModifySecurityGroupRules", "open and close", ADMINISTER),
    ),
    "policy": (("attached", "do all that is allowed by", ADMINISTER),),
}

SERVICES: Final = {
    "s3": "S3", "kms": "KMS", "iam": "IAM", "sts": "STS", "sagemaker": "SageMaker", "glue": "Glue", "athena": "Athena",
    "lakeformation": "Lake Formation", "logs": "CloudWatch Logs", "cloudwatch": "CloudWatch", "ecr": "ECR",
    "sqs": "SQS", "sns": "SNS", "events": "EventBridge", "ssm": "SSM", "secretsmanager": "Secrets Manager",
    "lambda": "Lambda", "ec2": "EC2", "dynamodb": "DynamoDB", "elasticfilesystem": "EFS", "servicequotas": "Quotas",
}
"""What services are called; another goes by its prefix."""
