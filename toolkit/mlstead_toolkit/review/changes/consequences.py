"""What goes with a resource when it goes, and who stands still meanwhile: by type, ours or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Holding:
    """What a resource holds.

    Args:
        lost: what goes with it.
        kept: what stays, as a clause; "" where nothing does.
        flag: the property without which AWS refuses while it holds something; "" where it never refuses.
        refused: whether AWS refuses whatever the program says, while it holds something.
        window: the property with the days for which a deletion can be taken back, and AWS's default; None: none.
        retained: a property, AWS's default for it, and the value with which what it holds stays; None where none does.
    """

    lost: str
    kept: str = ""
    flag: str = ""
    refused: bool = False
    window: tuple[str, int] | None = None
    retained: tuple[str, object, object] | None = None


@dataclass(frozen=True)
class Serving:
    """What a resource serves.

    Args:
        stops: what does not work while it is gone.
        beside: whether a new one stands beside the old until nobody needs it, unless the old one has to go first.
        missed: whether deleting it interrupts somebody; not where AWS or the program keeps it while it is used.
    """

    stops: str
    beside: bool = False
    missed: bool = True


_DATABASE: Final = "the database and everything in it, its automated backups too"
_BUCKET: Final = Holding("the bucket and every object in it", flag="forceDestroy")
_KEY: Final = Holding("the key, and with it everything that only it can decrypt", window=("deletionWindowInDays", 30))
_SCRATCH: Final = Holding("the file system and every file in it")

HOLDINGS: Final = {
    "aws:athena/database:Database": Holding("the database's tables and views", "the files in S3 stay", "forceDestroy"),
    "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault": Holding(
        "the vault and every recovery point in it", refused=True),
    "aws:backup/vault:Vault": Holding("the vault and every recovery point in it", flag="forceDestroy"),
    "aws:cloudtrail/eventDataStore:EventDataStore": Holding(
        "the event data store and every event in it", window=("", 7)),
    "aws:cloudwatch/eventArchive:EventArchive": Holding("the archive and every event in it"),
    "aws:cloudwatch/logGroup:LogGroup": Holding(
        "the log group and every line in it", retained=("skipDestroy", False, True)),
    "aws:cloudwatch/logStream:LogStream": Holding("the log stream and every line in it"),
    "aws:codeartifact/repository:Repository": Holding("the repository and every package in it"),
    "aws:codecommit/repository:Repository": Holding("the repository and its whole history"),
    "aws:cognito/userPool:UserPool": Holding("the user pool and every user in it"),
    "aws:datazone/domain:Domain": Holding("the domain with its projects and glossaries"),
    "aws:docdb/cluster:Cluster": Holding(_DATABASE),
    "aws:docdb/elasticCluster:ElasticCluster": Holding(_DATABASE),
    "aws:dynamodb/table:Table": Holding("the table, every item in it and its point-in-time backups"),
    "aws:dynamodb/tableReplica:TableReplica": Holding("the replica", "the table it was made from stays"),
    "aws:ebs/snapshot:Snapshot": Holding("the snapshot"),
    "aws:ebs/volume:Volume": Holding("the volume and everything on it"),
    "aws:ec2/ami:Ami": Holding("the image", "its snapshots stay"),
    "aws:ec2/instance:Instance": Holding("the instance and what is on its root and local disks"),
    "aws:ecr/repository:Repository": Holding("the repository and every image in it", flag="forceDelete"),
    "aws:ecrpublic/repository:Repository": Holding("the repository and every image in it", flag="forceDestroy"),
    "aws:efs/fileSystem:FileSystem": _SCRATCH,
    "aws:elasticache/cluster:Cluster": Holding("everything in the cache"),
    "aws:elasticache/replicationGroup:ReplicationGroup": Holding("everything in the cache"),
    "aws:elasticache/serverlessCache:ServerlessCache": Holding("everything in the cache"),
    "aws:fsx/lustreFileSystem:LustreFileSystem": _SCRATCH,
    "aws:fsx/ontapFileSystem:OntapFileSystem": _SCRATCH,
    "aws:fsx/ontapVolume:OntapVolume": Holding("the volume and every file in it"),
    "aws:fsx/openZfsFileSystem:OpenZfsFileSystem": _SCRATCH,
    "aws:fsx/openZfsVolume:OpenZfsVolume": Holding("the volume and every file in it"),
    "aws:fsx/windowsFileSystem:WindowsFileSystem": _SCRATCH,
    "aws:glue/catalogDatabase:CatalogDatabase": Holding(
        "the database and the definitions of its tables", "the files in S3 stay"),
    "aws:glue/catalogTable:CatalogTable": Holding(
        "the table's definition, its versions and the partitions that jobs registered", "the files in S3 stay"),
    "aws:glue/registry:Registry": Holding("the registry and every schema in it"),
    "aws:glue/schema:Schema": Holding("every version of the schema"),
    "aws:keyspaces/keyspace:Keyspace": Holding("the keyspace and every table in it"),
    "aws:keyspaces/table:Table": Holding("the table and every row in it"),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": Holding("records that are not delivered yet"),
    "aws:kinesis/stream:Stream": Holding("records that nobody has read yet"),
    "aws:kinesis/videoStream:VideoStream": Holding("the recorded video"),
    "aws:kms/externalKey:ExternalKey": _KEY,
    "aws:kms/key:Key": _KEY,
    "aws:kms/replicaKey:ReplicaKey": Holding(
        "the replica of the key", "the key it was made from decrypts the same", window=("deletionWindowInDays", 30)),
    "aws:memorydb/cluster:Cluster": Holding("the cluster and everything in it"),
    "aws:mq/broker:Broker": Holding("messages that nobody has read yet"),
    "aws:msk/cluster:Cluster": Holding("every topic and record in the cluster"),
    "aws:msk/serverlessCluster:ServerlessCluster": Holding("every topic and record in the cluster"),
    "aws:neptune/cluster:Cluster": Holding(_DATABASE),
    "aws:opensearch/domain:Domain": Holding("the domain, every index in it and its automated snapshots"),
    "aws:opensearch/serverlessCollection:ServerlessCollection": Holding("the collection and every index in it"),
    "aws:rds/cluster:Cluster": Holding(_DATABASE),
    "aws:rds/clusterSnapshot:ClusterSnapshot": Holding("the snapshot"),
    "aws:rds/instance:Instance": Holding(_DATABASE),
    "aws:rds/snapshot:Snapshot": Holding("the snapshot"),
    "aws:redshift/cluster:Cluster": Holding(_DATABASE),
    "aws:redshiftserverless/namespace:Namespace": Holding(_DATABASE),
    "aws:s3/bucket:Bucket": _BUCKET,
    "aws:s3/bucketObject:BucketObject": Holding("the object", "older versions of it stay in a bucket with versioning"),
    "aws:s3/bucketObjectv2:BucketObjectv2": Holding(
        "the object", "older versions of it stay in a bucket with versioning"),
    "aws:s3/bucketV2:BucketV2": _BUCKET,
    "aws:s3/directoryBucket:DirectoryBucket": _BUCKET,
    "aws:s3/vectorsIndex:VectorsIndex": Holding("the index and every vector in it"),
    "aws:s3/vectorsVectorBucket:VectorsVectorBucket": Holding(
        "the bucket and every vector in it", flag="forceDestroy"),
    "aws:s3tables/namespace:Namespace": Holding("the namespace and every table in it", refused=True),
    "aws:s3tables/table:Table": Holding("the table and its data"),
    "aws:s3tables/tableBucket:TableBucket": Holding("the bucket and every table in it", flag="forceDestroy"),
    "aws:sagemaker/domain:Domain": Holding(
        "everybody's home directory", retained=("retentionPolicy.homeEfsFileSystem", "Retain", "Retain")),
    "aws:sagemaker/featureGroup:FeatureGroup": Holding(
        "the group's definition and every record in its online store", "the offline store in S3 stays"),
    "aws:sagemaker/hub:Hub": Holding("the hub and everything published in it", refused=True),
    "aws:sagemaker/mlflowApp:MlflowApp": Holding(
        "every experiment, run and registered model in it", "artifacts in S3 stay"),
    "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer": Holding(
        "every experiment, run and registered model in it", "artifacts in S3 stay"),
    "aws:sagemaker/modelCard:ModelCard": Holding("every version of the model card"),
    "aws:sagemaker/modelPackageGroup:ModelPackageGroup": Holding(
        "every registered version of the model", "artifacts in S3 stay", refused=True),
    "aws:sagemaker/notebookInstance:NotebookInstance": Holding("every file on the notebook's volume"),
    "aws:sagemaker/space:Space": Holding("every file on the space's volume"),
    "aws:secretsmanager/secret:Secret": Holding(
        "the secret and every version of it", window=("recoveryWindowInDays", 30)),
    "aws:sqs/queue:Queue": Holding("messages that nobody has read yet"),
    "aws:timestreamwrite/database:Database": Holding("the database and every table in it", refused=True),
    "aws:timestreamwrite/table:Table": Holding("the table and every record in it"),
}
"""What holds data, from each service's page on deletion."""

_CALLS: Final = "it does not answer, and callers get errors"

SERVINGS: Final = {
    "aws:apigateway/restApi:RestApi": Serving("it does not answer, and the new one has another address"),
    "aws:apigateway/stage:Stage": Serving(_CALLS),
    "aws:apigatewayv2/api:Api": Serving("it does not answer, and the new one has another address"),
    "aws:apigatewayv2/stage:Stage": Serving(_CALLS),
    "aws:athena/workgroup:Workgroup": Serving(
        "nobody can run queries in it; its query history and saved queries go with it"),
    "aws:cloudfront/distribution:Distribution": Serving("it does not answer, and the new one has another address"),
    "aws:cloudwatch/eventRule:EventRule": Serving("events and schedules meanwhile start nothing", beside=True),
    "aws:cloudwatch/eventTarget:EventTarget": Serving("events and schedules meanwhile start nothing", beside=True),
    "aws:ec2/eip:Eip": Serving("its address is given back, and another takes its place"),
    "aws:ec2/instance:Instance": Serving("what runs on it does not answer"),
    "aws:ec2/internetGateway:InternetGateway": Serving("the network has no way to the internet"),
    "aws:ec2/natGateway:NatGateway": Serving("private subnets have no way out, and connections break"),
    "aws:ec2/route:Route": Serving("traffic has no way there", beside=True),
    "aws:ec2/routeTable:RouteTable": Serving("its subnets have no routes", beside=True, missed=False),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Serving("the subnet has the main route table alone"),
    "aws:ec2/securityGroup:SecurityGroup": Serving(
        "what runs behind it cannot be reached, nor reach anything", beside=True, missed=False),
    "aws:ec2/subnet:Subnet": Serving(
        "what runs in it has to move, and AWS refuses to delete it while anything does"),
    "aws:ec2/vpc:Vpc": Serving("everything in the network has to be made anew"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Serving(
        "what runs without a way to the internet cannot reach the service"),
    "aws:ecs/cluster:Cluster": Serving("its services stop"),
    "aws:ecs/service:Service": Serving(_CALLS),
    "aws:eks/cluster:Cluster": Serving("everything on the cluster stops, and its state goes with it"),
    "aws:glue/connection:Connection": Serving("jobs cannot reach what it leads to"),
    "aws:glue/job:Job": Serving("it cannot be started", beside=True),
    "aws:glue/trigger:Trigger": Serving("the jobs that it starts are not started", beside=True),
    "aws:iam/instanceProfile:InstanceProfile": Serving("instances have no credentials", beside=True, missed=False),
    "aws:iam/role:Role": Serving("whatever runs as it has no credentials", beside=True, missed=False),
    "aws:iam/rolePolicy:RolePolicy": Serving("the role may not do what it allows", beside=True, missed=False),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Serving(
        "the role may not do what it allows", beside=True, missed=False),
    "aws:kms/alias:Alias": Serving("whoever names the key by it is refused", beside=True, missed=False),
    "aws:lakeformation/permissions:Permissions": Serving(
        "whoever it is for is refused the data", beside=True, missed=False),
    "aws:lakeformation/resource:Resource": Serving("queries on data there are refused"),
    "aws:lambda/alias:Alias": Serving(_CALLS),
    "aws:lambda/eventSourceMapping:EventSourceMapping": Serving("nothing is read from its source"),
    "aws:lambda/function:Function": Serving(_CALLS),
    "aws:lambda/functionUrl:FunctionUrl": Serving("it does not answer, and the new one has another address"),
    "aws:lb/listener:Listener": Serving(_CALLS),
    "aws:lb/loadBalancer:LoadBalancer": Serving("it does not answer, and the new one has another address"),
    "aws:lb/targetGroup:TargetGroup": Serving(_CALLS, beside=True, missed=False),
    "aws:mwaa/environment:Environment": Serving("no workflow runs"),
    "aws:pipes/pipe:Pipe": Serving("nothing is carried over"),
    "aws:route53/record:Record": Serving("the name leads nowhere"),
    "aws:sagemaker/domain:Domain": Serving("nobody can open Studio, and users have to be made anew"),
    "aws:sagemaker/endpoint:Endpoint": Serving("nothing answers"),
    "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer": Serving("runs cannot be tracked"),
    "aws:sagemaker/notebookInstance:NotebookInstance": Serving("the notebook is closed"),
    "aws:sagemaker/pipeline:Pipeline": Serving("it cannot be started, and a run that is under way holds the deletion"),
    "aws:sagemaker/userProfile:UserProfile": Serving("its user cannot open Studio, and running applications end"),
    "aws:scheduler/schedule:Schedule": Serving("what it starts is not started", beside=True),
    "aws:sfn/stateMachine:StateMachine": Serving("it cannot be started, and runs that are under way end"),
    "aws:sns/topic:Topic": Serving("messages reach nobody; subscriptions go with it and must be confirmed again"),
    "aws:sns/topicSubscription:TopicSubscription": Serving("messages do not reach the subscriber", beside=True),
    "aws:sqs/queue:Queue": Serving("messages are refused"),
}
"""What somebody or something uses while it runs."""

_ENDPOINT: Final = ("a new one is made beside the old, and the endpoint moves over to it while it answers "
                    "(blue/green): no downtime")
MOVES: Final = {
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": _ENDPOINT,
    "aws:sagemaker/model:Model": _ENDPOINT,
}
"""What is made anew for every change, so that what uses it moves over in place."""


def lost_with(type_: str) -> str:
    """Say what goes with a resource of a type when it goes; "" where nothing does."""
    return HOLDINGS[type_].lost if type_ in HOLDINGS else ""
