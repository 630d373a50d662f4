"""Studio: notebooks without internet or root, that nobody else opens and that end when nobody works in them.

Controls: https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-and-internet-access.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlstead_toolkit.policies import Block, Level, Resource, Rule, Stack, own_controls

DOMAIN: Final = "aws:sagemaker/domain:Domain"
USER_PROFILE: Final = "aws:sagemaker/userProfile:UserProfile"
SPACE: Final = "aws:sagemaker/space:Space"
APP_IMAGE_CONFIGURATION: Final = "aws:sagemaker/appImageConfig:AppImageConfig"
SECURITY_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
INGRESS_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
GROUP_RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"

_APPS: Final = {"jupyterLabAppSettings": "JupyterLab", "codeEditorAppSettings": "CodeEditor"}


def _vpc_only(domain: Resource, _stack: Stack) -> Iterator[str]:
    if domain.get("appNetworkAccessType", "PublicInternetOnly") != "VpcOnly":
        yield "notebooks reach the internet past your network"


def _encrypted(domain: Resource, _stack: Stack) -> Iterator[str]:
    if not domain.filled("kmsKeyId"):
        yield "volumes are not encrypted with a KMS key of your own"


def _own_groups(domain: Resource, _stack: Stack) -> Iterator[str]:
    if not domain.filled("defaultUserSettings.securityGroups"):
        yield "notebooks have no security group of their own"


def _closed_groups(resource: Resource, stack: Stack) -> Iterator[str]:
    for group in stack.of(SECURITY_GROUP):
        if not any(group.urn in resource.property_dependencies.get(part, ()) for part in _parts(resource)):
            continue
        rules = [*stack.related(group, INGRESS_RULE, via="securityGroupId"),
                 *(one for one in stack.related(group, GROUP_RULE, via="securityGroupId")
                   if one.value("type") == "ingress")]
        if group.filled("ingress") or rules:
            yield f"notebooks admit connections: the group {group.name} has rules for what comes in"


def _named_people(domain: Resource, _stack: Stack) -> Iterator[str]:
    if domain.get("domainSettings.executionRoleIdentityConfig", "DISABLED") != "USER_PROFILE_NAME":
        yield "CloudTrail tells which role did something, but not who"


def _no_docker(domain: Resource, _stack: Stack) -> Iterator[str]:
    if domain.get("domainSettings.dockerSettings.enableDockerAccess", "DISABLED") == "ENABLED":
        yield "notebooks can start containers that nobody has reviewed"


def _ends_idle(resource: Resource, _stack: Stack) -> Iterator[str]:
    for settings in _settings(resource):
        hidden = settings.get("studioWebPortalSettings.hiddenAppTypes", [])
        for part, app in _APPS.items():
            # A profile that says nothing of an app has what the domain says.
            asked = settings.has(part) or (resource.type == DOMAIN and app not in hidden)
            idle = f"{part}.appLifecycleManagement.idleSettings.lifecycleManagement"
            if asked and settings.value(idle) != "ENABLED":
                yield f"{app} goes on running when nobody works in it"


def _shared_encrypted(resource: Resource, _stack: Stack) -> Iterator[str]:
    for settings in _settings(resource):
        if (settings.value("sharingSettings.notebookOutputOption") == "Allowed"
                and not settings.filled("sharingSettings.s3KmsKeyId")):
            yield "what notebooks show is shared without a KMS key of your own"
        workspace = "canvasAppSettings.workspaceSettings"
        if settings.has(f"{workspace}.s3ArtifactPath") and not settings.filled(f"{workspace}.s3KmsKeyId"):
            yield "what Canvas writes is not encrypted with a KMS key of your own"


def _own_role(profile: Resource, _stack: Stack) -> Iterator[str]:
    if not profile.filled("userSettings.executionRole"):
        yield "whoever has this profile works under the role of the whole domain"


def _not_shared(space: Resource, _stack: Stack) -> Iterator[str]:
    if space.value("spaceSharingSettings.sharingType") != "Private":
        yield "everyone of the domain opens it, with the role of the domain"


def _not_root(configuration: Resource, _stack: Stack) -> Iterator[str]:
    for part in ("jupyterLabImageConfig", "codeEditorAppImageConfig", "kernelGatewayImageConfig"):
        if str(configuration.value(f"{part}.fileSystemConfig.defaultUid")) == "0":
            yield f"whoever opens it is root of the container ({part})"


def _parts(resource: Resource) -> tuple[str, ...]:
    return ("defaultUserSettings", "defaultSpaceSettings") if resource.type == DOMAIN else ("userSettings",)


def _settings(resource: Resource) -> Iterator[Block]:
    return resource.blocks(_parts(resource)[0])


RULES: Final = (
    Rule(
        id="sagemaker-domain-vpc-only",
        level=Level.MANDATORY,
        controls=(own_controls.PRIVATE_NETWORK,),
        title="Studio reaches the internet only through your network.",
        fix='Set app_network_access_type="VpcOnly".',
        types=(DOMAIN,),
        check=_vpc_only,
    ),
    Rule(
        id="sagemaker-domain-encrypted",
        level=Level.MANDATORY,
        controls=(own_controls.OWN_KEYS,),
        title="Studio's volumes are encrypted with a customer-managed key.",
        fix="Set kms_key_id; another key is another domain, so set it from the start.",
        types=(DOMAIN,),
        check=_encrypted,
    ),
    Rule(
        id="sagemaker-domain-own-groups",
        level=Level.MANDATORY,
        controls=(own_controls.PRIVATE_NETWORK,),
        title="Studio's notebooks have a security group of their own.",
        fix="Set security_groups in default_user_settings.",
        types=(DOMAIN,),
        check=_own_groups,
    ),
    Rule(
        id="sagemaker-studio-groups-closed",
        level=Level.ADVISORY,
        controls=(own_controls.PRIVATE_NETWORK,),
        title="Notebooks admit no connection, another notebook's least of all.",
        fix="Take the ingress rules out of the group that notebooks have.",
        types=(DOMAIN, USER_PROFILE),
        check=_closed_groups,
    ),
    Rule(
        id="sagemaker-domain-names-people",
        level=Level.MANDATORY,
        controls=(own_controls.TRACEABLE,),
        title="What somebody does in Studio is recorded with the name of his profile.",
        fix='Set domain_settings={"execution_role_identity_config": "USER_PROFILE_NAME"}.',
        types=(DOMAIN,),
        check=_named_people,
    ),
    Rule(
        id="sagemaker-domain-no-docker",
        level=Level.ADVISORY,
        controls=(own_controls.REVIEWED_CODE,),
        title="Notebooks start no containers.",
        fix="Leave docker_settings out, or name the accounts whose images may run in vpc_only_trusted_accounts.",
        types=(DOMAIN,),
        check=_no_docker,
    ),
    Rule(
        id="sagemaker-studio-ends-idle",
        level=Level.ADVISORY,
        controls=(own_controls.BOUNDED_COST,),
        title="JupyterLab and Code Editor end when nobody works in them.",
        fix='Set app_lifecycle_management={"idle_settings": {"lifecycle_management": "ENABLED", …}}, or hide the app.',
        types=(DOMAIN, USER_PROFILE),
        check=_ends_idle,
    ),
    Rule(
        id="sagemaker-studio-shared-encrypted",
        level=Level.MANDATORY,
        controls=(own_controls.OWN_KEYS,),
        title="What Studio writes for others to see is encrypted with a customer-managed key.",
        fix='Set s3_kms_key_id, or notebook_output_option="Disabled".',
        types=(DOMAIN, USER_PROFILE),
        check=_shared_encrypted,
    ),
    Rule(
        id="sagemaker-user-profile-own-role",
        level=Level.ADVISORY,
        controls=(own_controls.SEPARATE_DUTIES,),
        title="A user profile says which role it works under.",
        fix="Set execution_role in user_settings to a role of the profile's project.",
        types=(USER_PROFILE,),
        check=_own_role,
    ),
    Rule(
        id="sagemaker-space-private",
        level=Level.ADVISORY,
        controls=(own_controls.LEAST_DATA,),
        title="A space belongs to one person.",
        fix='Set space_sharing_settings={"sharing_type": "Private"}, and ownership_settings.',
        types=(SPACE,),
        check=_not_shared,
    ),
    Rule(
        id="sagemaker-studio-not-root",
        level=Level.MANDATORY,
        controls=("FSBP SageMaker.3", own_controls.NO_SHELL),
        title="Nobody is root in a Studio image.",
        fix="Set default_uid to 1000 in file_system_config.",
        types=(APP_IMAGE_CONFIGURATION,),
        check=_not_root,
    ),
)
