"""Amazon SageMaker Studio: domains, user profiles, and the images that JupyterLab runs."""

from __future__ import annotations

from typing import Any, Final

from mlstead_toolkit.aws.coverage import Coverage
from mlstead_toolkit.aws.members import member_shape, to_request
from mlstead_toolkit.aws.properties import (
    REGION,
    TAGS,
    Property,
    arn,
    arn_set,
    block,
    blocks,
    boolean,
    integer,
    mapping,
    replacing,
    string,
    string_list,
    string_set,
    unsupported,
)
from mlstead_toolkit.aws.schema import Call, Ready, ResourceType, Step, Tagging
from mlstead_toolkit.aws.work import Work, request_shape
from mlstead_toolkit.engine.values import Properties

_TAGGING: Final = Tagging(handle=("ResourceArn", "arn"), listing="ListTags", listed="Tags", add="AddTags",
                          remove="DeleteTags")
_LARGEST_ID: Final = 65_535
_FIRST_POSIX_USER, _FIRST_POSIX_GROUP = 10_000, 1_001


def _switch(name: str, *more: Property) -> Property:
    return block(name, *more, string("status"))


def _resource_spec() -> Property:
    return block("defaultResourceSpec", string("instanceType"), arn("lifecycleConfigArn"), arn("sagemakerImageArn"),
                 string("sagemakerImageVersionAlias"), arn("sagemakerImageVersionArn"))


def _images() -> Property:
    return blocks("customImages", string("appImageConfigName", required=True), string("imageName", required=True),
                  integer("imageVersionNumber"))


def _repositories() -> Property:
    return blocks("codeRepositories", string("repositoryUrl", required=True), ordered=False)


def _lifecycle() -> tuple[Property, ...]:
    idle = (integer("idleTimeoutInMinutes"), string("lifecycleManagement"), integer("maxIdleTimeoutInMinutes"),
            integer("minIdleTimeoutInMinutes"))
    return (block("appLifecycleManagement", block("idleSettings", *idle)), arn("builtInLifecycleConfigArn"),
            arn_set("lifecycleConfigArns"), _resource_spec())


def _apps(*file_system: Property) -> tuple[Property, ...]:
    """Give the blocks that people and shared spaces have in common; `file_system` is how one of their own is named."""
    return (
        blocks("customFileSystemConfigs", *file_system),
        block("customPosixUserConfig", integer("gid", required=True, minimum=_FIRST_POSIX_GROUP),
              integer("uid", required=True, minimum=_FIRST_POSIX_USER)),
        block("jupyterLabAppSettings", *_lifecycle(), _repositories(), _images(),
              block("emrSettings", arn_set("assumableRoleArns"), arn_set("executionRoleArns"))),
        block("jupyterServerAppSettings", _repositories(), _resource_spec(), arn_set("lifecycleConfigArns")),
        block("kernelGatewayAppSettings", _images(), _resource_spec(), arn_set("lifecycleConfigArns")),
        string_set("securityGroups"),
        block("spaceStorageSettings",
              block("defaultEbsStorageSettings", integer("defaultEbsVolumeSizeInGb", required=True),
                    integer("maximumEbsVolumeSizeInGb", required=True)), computed=True),
    )


_FILE_SYSTEM: Final = block("efsFileSystemConfig", string("fileSystemId", required=True),
                            string("fileSystemPath", required=True))
_FILE_SYSTEM_OF_PROFILE: Final = blocks("efsFileSystemConfigs", string("fileSystemId", required=True),
                                        string("fileSystemPath"), api="EFSFileSystemConfig")


def _user_settings(file_system: Property) -> tuple[Property, ...]:
    return (
        arn("executionRole", required=True),
        *_apps(file_system),
        string("autoMountHomeEfs", computed=True),
        block("canvasAppSettings",
              _switch("directDeploySettings"),
              _switch("emrServerlessSettings", arn("executionRoleArn")),
              block("generativeAiSettings", arn("amazonBedrockRoleArn")),
              blocks("identityProviderOauthSettings", string("dataSourceName"), arn("secretArn", required=True),
                     string("status")),
              _switch("kendraSettings"),
              _switch("modelRegisterSettings", arn("crossAccountModelRegisterRoleArn")),
              _switch("timeSeriesForecastingSettings", arn("amazonForecastRoleArn")),
              block("workspaceSettings", string("s3ArtifactPath"), string("s3KmsKeyId"))),
        block("codeEditorAppSettings", *_lifecycle(), _images()),
        string("defaultLandingUri"),
        block("rSessionAppSettings", _images(), _resource_spec()),
        block("rStudioServerProAppSettings", string("accessStatus"), string("userGroup")),
        block("sharingSettings", string("notebookOutputOption", default="Disabled"), string("s3KmsKeyId"),
              string("s3OutputPath")),
        string("studioWebPortal", computed=True),
        block("studioWebPortalSettings", string_set("hiddenAppTypes"), string_set("hiddenInstanceTypes"),
              string_set("hiddenMlTools")),
        block("tensorBoardAppSettings", _resource_spec()),
    )


_DOMAIN_SETTINGS: Final = block(
    "domainSettings",
    block("dockerSettings", string("enableDockerAccess"), string_set("vpcOnlyTrustedAccounts")),
    string("executionRoleIdentityConfig"),
    block("rStudioServerProDomainSettings", _resource_spec(), arn("domainExecutionRoleArn", required=True),
          string("rStudioConnectUrl"), string("rStudioPackageManagerUrl")),
    string_set("securityGroupIds"),
    block("trustedIdentityPropagationSettings", string("status", required=True)),
)
_CHANGING: Final = ("appNetworkAccessType", "appSecurityGroupManagement", "defaultSpaceSettings", "defaultUserSettings",
                    "domainSettings", "tagPropagation")


def _update_domain(work: Work) -> None:
    """Change a domain in one call: it takes no other until that is done, and names one block differently."""
    shape = request_shape(work.target, work.row.service, "UpdateDomain")
    arguments = to_request([line for line in work.row.properties if line.name in work.changed], work.inputs, shape)
    if "domainSettings" in work.changed:
        arguments["DomainSettingsForUpdate"] = to_request(
            _DOMAIN_SETTINGS.fields, work.inputs.get("domainSettings") or {},
            member_shape(shape, ["DomainSettingsForUpdate"]))
    work.call("UpdateDomain", DomainId=work.resource_id, **arguments)


def _find_domain(work: Work, _since: float) -> str | None:
    listed = work.call("ListDomains").get("Domains", [])
    return next((one["DomainId"] for one in listed if one["DomainName"] == work.inputs["domainName"]), None)


def _find_profile(work: Work, _since: float) -> str | None:
    listed = work.call("ListUserProfiles", DomainIdEquals=work.inputs["domainId"]).get("UserProfiles", [])
    name = work.inputs["userProfileName"]
    return next((_profile_arn(work, one) for one in listed if one["UserProfileName"] == name), None)


def _profile_arn(work: Work, listed: dict[str, Any]) -> str:
    return str(work.call("DescribeUserProfile", DomainId=listed["DomainId"],
                         UserProfileName=listed["UserProfileName"])["UserProfileArn"])


def _name_profile(_operation: str, arguments: dict[str, Any], state: Properties) -> None:
    """Name the profile where only its ARN is known: …:user-profile/<domain>/<profile>."""
    if "UserProfileName" not in arguments:
        _, arguments["DomainId"], arguments["UserProfileName"] = str(state["arn"]).rsplit("/", 2)


def _number_version(_operation: str, arguments: dict[str, Any], _state: Properties) -> None:
    if "Version" in arguments:
        arguments["Version"] = int(arguments["Version"])


def _version(facts: Properties) -> Any:
    return int(str(facts.get("arn", "/0")).rpartition("/")[2])


def _find_version(work: Work, _since: float) -> str | None:
    """Find the newest version of the image that was made from the same image; versions have no tags."""
    from mlstead_toolkit.aws.failures import Refusal

    try:
        listed = work.call("ListImageVersions", ImageName=work.inputs["imageName"], SortBy="VERSION",
                           SortOrder="DESCENDING").get("ImageVersions", [])
    except Refusal as refusal:
        if refusal.says_gone(work.row.gone):
            return None
        raise
    for one in listed:
        resource_id = f"{work.inputs['imageName']},{one['Version']}"
        if resource_id in work.held:
            continue
        found = work.call("DescribeImageVersion", ImageName=work.inputs["imageName"], Version=one["Version"])
        if found["BaseImage"] == work.inputs["baseImage"]:
            return resource_id
    return None


def _container() -> tuple[Property, ...]:
    return (
        block("containerConfig", string_list("containerArguments"), string_list("containerEntrypoints"),
              mapping("containerEnvironmentVariables")),
        _file_system(),
    )


def _file_system() -> Property:
    return block("fileSystemConfig", integer("defaultGid", default=100, maximum=_LARGEST_ID),
                 integer("defaultUid", default=1000, maximum=_LARGEST_ID),
                 string("mountPath", default="/home/sagemaker-user"))


DOMAIN: Final = ResourceType(
    "aws:sagemaker/domain:Domain",
    service="sagemaker",
    identity="{id}",
    properties=(
        *replacing(
            string("domainName", required=True),
            string("authMode", required=True),
            string("kmsKeyId"),
            string_set("subnetIds", required=True),
            string("vpcId", required=True),
        ),
        string("appNetworkAccessType", default="PublicInternetOnly"),
        string("appSecurityGroupManagement"),
        block("defaultSpaceSettings", arn("executionRole", required=True), *_apps(_FILE_SYSTEM)),
        block("defaultUserSettings", *_user_settings(_FILE_SYSTEM), required=True),
        _DOMAIN_SETTINGS,
        block("retentionPolicy", string("homeEfsFileSystem", default="Retain")),
        string("tagPropagation", default="DISABLED"),
        REGION, TAGS,
    ),
    outputs=(string("id", api="DomainId"), string("arn", api="DomainArn"), string("url"),
             string("homeEfsFileSystemId"), string("securityGroupIdForDomainBoundary"),
             string("singleSignOnApplicationArn"), string("singleSignOnManagedApplicationInstanceId")),
    create=Call("CreateDomain"),
    read=Call("DescribeDomain"),
    delete=Call("DeleteDomain", also=("retentionPolicy",)),
    steps=(Step(_CHANGING, _update_domain, on_create=False),),
    ready=Ready("Status", good=("InService",), bad=("Failed", "Update_Failed", "Delete_Failed")),
    wait_gone=True,
    coverage=Coverage.SIMULATED,
    tagging=_TAGGING,
    find=_find_domain,
)

USER_PROFILE: Final = ResourceType(
    "aws:sagemaker/userProfile:UserProfile",
    service="sagemaker",
    identity="{arn}",
    properties=(
        *replacing(
            string("domainId", required=True),
            string("userProfileName", required=True),
            string("singleSignOnUserIdentifier"),
            string("singleSignOnUserValue"),
        ),
        block("userSettings", *_user_settings(_FILE_SYSTEM_OF_PROFILE)),
        REGION, TAGS,
    ),
    outputs=(string("arn", api="UserProfileArn"), string("homeEfsFileSystemUid")),
    create=Call("CreateUserProfile"),
    read=Call("DescribeUserProfile", also=("domainId", "userProfileName")),
    delete=Call("DeleteUserProfile", also=("domainId", "userProfileName")),
    steps=(Step(("*",), Call("UpdateUserProfile"), on_create=False),),
    ready=Ready("Status", good=("InService",), bad=("Failed", "Update_Failed", "Delete_Failed")),
    wait_gone=True,
    coverage=Coverage.SIMULATED,
    tagging=_TAGGING,
    to_api=_name_profile,
    find=_find_profile,
)

IMAGE: Final = ResourceType(
    "aws:sagemaker/image:Image",
    service="sagemaker",
    identity="{imageName}",
    properties=(
        string("imageName", required=True, replaces=True),
        arn("roleArn", required=True),
        string("description"),
        string("displayName"),
        REGION, TAGS,
    ),
    outputs=(string("arn", api="ImageArn"),),
    create=Call("CreateImage"),
    read=Call("DescribeImage"),
    delete=Call("DeleteImage"),
    steps=(Step(("*",), Call("UpdateImage"), on_create=False),),
    ready=Ready("ImageStatus", good=("CREATED",), bad=("CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED")),
    wait_gone=True,
    coverage=Coverage.SIMULATED,
    tagging=_TAGGING,
)

IMAGE_VERSION: Final = ResourceType(
    "aws:sagemaker/imageVersion:ImageVersion",
    service="sagemaker",
    identity="{imageName},{version}",
    properties=(
        *replacing(string("imageName", required=True), string("baseImage", required=True)),
        boolean("horovod"), string("jobType"), string("mlFramework"), string("processor"), string("programmingLang"),
        string("releaseNotes"), string("vendorGuidance", computed=True),
        *unsupported("the local cloud keeps no aliases of image versions", "aliases"),
        REGION,
    ),
    outputs=(string("arn", api="ImageVersionArn"), string("imageArn"), string("containerImage"),
             integer("version", template=_version)),
    create=Call("CreateImageVersion"),
    read=Call("DescribeImageVersion"),
    delete=Call("DeleteImageVersion"),
    steps=(Step(("*",), Call("UpdateImageVersion"), on_create=False),),
    ready=Ready("ImageVersionStatus", good=("CREATED",), bad=("CREATE_FAILED", "DELETE_FAILED")),
    wait_gone=True,
    coverage=Coverage.SIMULATED,
    to_api=_number_version,
    find=_find_version,
)

APP_IMAGE_CONFIGURATION: Final = ResourceType(
    "aws:sagemaker/appImageConfig:AppImageConfig",
    service="sagemaker",
    identity="{appImageConfigName}",
    properties=(
        string("appImageConfigName", required=True, replaces=True),
        block("codeEditorAppImageConfig", *_container()),
        block("jupyterLabImageConfig", *_container(), api="JupyterLabAppImageConfig"),
        block("kernelGatewayImageConfig",
              blocks("kernelSpecs", string("displayName"), string("name", required=True), required=True),
              _file_system()),
        REGION, TAGS,
    ),
    outputs=(string("arn", api="AppImageConfigArn"),),
    create=Call("CreateAppImageConfig"),
    read=Call("DescribeAppImageConfig"),
    delete=Call("DeleteAppImageConfig"),
    steps=(Step(("*",), Call("UpdateAppImageConfig"), on_create=False),),
    coverage=Coverage.SIMULATED,
    tagging=_TAGGING,
)

RESOURCE_TYPES: Final = (DOMAIN, USER_PROFILE, IMAGE, IMAGE_VERSION, APP_IMAGE_CONFIGURATION)
