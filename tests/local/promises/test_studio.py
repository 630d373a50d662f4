"""Studio: no internet, our key, idle notebooks end, nobody in another's space, and nothing runs but our own image."""

from __future__ import annotations

import pytest
from deployed import ACCOUNT, PROJECT

from mlstead_toolkit.access import Context, Policies, Request, evaluate

pytestmark = pytest.mark.timeout(400)
HERE = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}"


@pytest.fixture(scope="module")
def domain(deployed):
    (domain_id,) = deployed.ids("aws:sagemaker/domain:Domain")
    return deployed.client("sagemaker").describe_domain(DomainId=domain_id)


@pytest.mark.promise("aws:sagemaker/domain:Domain")
def test_studio_has_no_way_out_but_the_private_network_and_our_key(deployed, domain):
    network = deployed.foundation["network"]
    assert (domain["AppNetworkAccessType"], domain["VpcId"]) == ("VpcOnly", network["vpc_id"])
    assert sorted(domain["SubnetIds"]) == sorted(network["subnet_ids"])
    for settings in (domain["DefaultUserSettings"], domain["DefaultSpaceSettings"]):
        assert settings["SecurityGroups"] == [network["notebook_security_group_id"]]
    assert domain["KmsKeyId"] == deployed.keys["artifacts"]
    assert domain["DomainSettings"]["DockerSettings"]["EnableDockerAccess"] == "DISABLED"
    assert domain["DefaultUserSettings"]["SharingSettings"]["NotebookOutputOption"] == "Disabled"


def test_under_the_domains_own_role_nothing_can_be_done(deployed, domain):
    role = deployed.roles["studio"]
    assert domain["DefaultUserSettings"]["ExecutionRole"] == role.principal.arn
    assert role.policies == []


@pytest.mark.promise("aws:sagemaker/userProfile:UserProfile")
def test_a_profile_works_under_the_exploration_role_and_ends_when_idle(deployed, domain):
    sagemaker = deployed.client("sagemaker")
    (listed,) = sagemaker.list_user_profiles(DomainIdEquals=domain["DomainId"])["UserProfiles"]
    settings = sagemaker.describe_user_profile(
        DomainId=domain["DomainId"], UserProfileName=listed["UserProfileName"])["UserSettings"]
    assert settings["ExecutionRole"] == deployed.roles["exploration"].principal.arn
    assert settings["SecurityGroups"] == [deployed.foundation["network"]["notebook_security_group_id"]]
    idle = settings["JupyterLabAppSettings"]["AppLifecycleManagement"]["IdleSettings"]
    assert (idle["LifecycleManagement"], idle["MaxIdleTimeoutInMinutes"]) == ("ENABLED", 60)


def decided(deployed, action, resource, **context):
    keys = {"sagemaker:UserProfileName": f"{PROJECT}-ada", "sagemaker:SpaceSharingType": "Private",
            "sagemaker:InstanceTypes": ["ml.t3.medium"],
            "sagemaker:OwnerUserProfileArn": f"{HERE}:user-profile/{context.pop('owner', 'none')}"}
    role = deployed.roles["exploration"]
    return evaluate(Request(role.principal, action, resource, Context({**keys, **context})),
                    Policies(role.policies)).allowed


def test_people_keep_spaces_of_their_own_and_open_nobody_elses(deployed, domain):
    here = domain["DomainId"]
    own, others = f"{here}/{PROJECT}-ada", f"{here}/{PROJECT}-eve"
    for action in ("sagemaker:CreateSpace", "sagemaker:UpdateSpace", "sagemaker:DeleteSpace"):
        assert decided(deployed, action, f"{HERE}:space/{here}/mine", owner=own)
        assert not decided(deployed, action, f"{HERE}:space/{here}/mine", owner=others)
        assert not decided(deployed, action, f"{HERE}:space/{here}/mine", owner=own,
                           **{"sagemaker:SpaceSharingType": "Shared"})
        assert not decided(deployed, action, f"{HERE}:space/d-another/mine", owner=own)
    assert decided(deployed, "sagemaker:CreatePresignedDomainUrl", f"{HERE}:user-profile/{own}")
    assert not decided(deployed, "sagemaker:CreatePresignedDomainUrl", f"{HERE}:user-profile/{others}")


def test_no_app_starts_before_there_is_an_image_and_nobody_changes_domain_or_profile(deployed, domain):
    here = domain["DomainId"]
    own = f"{here}/{PROJECT}-ada"
    assert not decided(deployed, "sagemaker:CreateApp", f"{HERE}:app/{own}/jupyterlab/default", owner=own)
    for action, resource in (("UpdateDomain", f"domain/{here}"), ("UpdateUserProfile", f"user-profile/{own}"),
                             ("CreateUserProfile", f"user-profile/{here}/new"), ("CreateImage", "image/new"),
                             ("CreateTrainingJob", "training-job/new"), ("CreateProcessingJob", "processing-job/new")):
        assert not decided(deployed, f"sagemaker:{action}", f"{HERE}:{resource}", owner=own), action


def test_volumes_of_spaces_are_encrypted_with_the_key_of_artifacts_through_sagemaker_alone(deployed):
    analyst = deployed.roles["exploration"]
    through = {"kms:ViaService": "sagemaker.eu-west-1.amazonaws.com", "kms:GrantIsForAWSResource": True}
    assert deployed.on_key(analyst, "kms:CreateGrant", "artifacts", through).allowed
    assert not deployed.on_key(analyst, "kms:CreateGrant", "artifacts", {
        "kms:ViaService": "sagemaker.eu-west-1.amazonaws.com"}).allowed
    assert not deployed.on_key(analyst, "kms:CreateGrant", "raw", through).allowed


def test_the_address_that_opens_studio_is_of_the_projects_profile(deployed, domain):
    url = deployed.client("sagemaker").create_presigned_domain_url(
        DomainId=domain["DomainId"], UserProfileName=f"{PROJECT}-data-science")["AuthorizedUrl"]
    assert url.startswith(domain["Url"])
