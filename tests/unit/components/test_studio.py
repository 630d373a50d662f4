"""SageMaker Studio: private, without root, and nobody in another's space."""

from __future__ import annotations

import pytest

from mlstead import (
    ExecutionRole,
    ExecutionRoleArgs,
    FoundationReference,
    ImageRepository,
    ImageRepositoryArgs,
    Network,
    NetworkArgs,
    StudioDomain,
    StudioDomainArgs,
    StudioProfiles,
    StudioProfilesArgs,
    Weakened,
)
from mlstead.errors import MlsteadError

DOMAIN_ID = "d-0a1b2c3d4e5f"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/44444444-4444-4444-8444-444444444444"


@pytest.fixture
def made(run, context):
    def make(**options):
        def program():
            there = FoundationReference("organization/mlstead-foundation/dev", context)
            images = ImageRepository("images", ImageRepositoryArgs(context, KEY))
            role = ExecutionRole("exploration", ExecutionRoleArgs(context, "exploration"))
            StudioProfiles("studio", StudioProfilesArgs(
                context, there.studio, role, there.lake, there.network, images, **options))

        return run(program)

    return make


@pytest.fixture
def domain(run, context):
    def program():
        network = FoundationReference("organization/mlstead-foundation/dev", context).network
        StudioDomain("studio", StudioDomainArgs(context, KEY, network, idle_minutes=90, volume_gb=20))

    return run(program)


def statements(made):
    policy = made.one("RolePolicy", "exploration-use-studio").policies()["policy"]
    return {each["Sid"]: each for each in policy["Statement"]}


def test_the_domain_is_in_the_private_network_alone_and_encrypted(domain):
    inputs = domain.one("Domain", "studio").inputs
    assert (inputs["appNetworkAccessType"], inputs["kmsKeyId"]) == ("VpcOnly", KEY)
    assert inputs["subnetIds"] == ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
    for settings in (inputs["defaultUserSettings"], inputs["defaultSpaceSettings"]):
        assert settings["securityGroups"] == ["sg-0a1b2c3d4e5f60002"]
    assert inputs["domainSettings"]["dockerSettings"] == {"enableDockerAccess": "DISABLED"}
    assert inputs["defaultUserSettings"]["sharingSettings"] == {"notebookOutputOption": "Disabled"}


def test_a_third_zone_of_the_network_makes_no_other_domain(run, context):
    def program():
        network = Network("network", NetworkArgs(context, KEY, zones=3))
        StudioDomain("studio", StudioDomainArgs(context, KEY, network))

    made = run(program)
    subnets = [each.name for each in made.of("Subnet")]
    assert len(subnets) == 3
    inputs = made.one("Domain", "studio").inputs
    assert len(inputs["subnetIds"]) == 2 and not any("network-c" in subnet for subnet in inputs["subnetIds"])


def test_nothing_of_the_domain_outlives_it_to_hold_the_network(domain):
    inputs = domain.one("Domain", "studio").inputs
    assert inputs["retentionPolicy"] == {"homeEfsFileSystem": "Delete"}
    assert inputs["defaultUserSettings"]["autoMountHomeEfs"] == "Disabled"  # so nothing lies there that could be lost


def test_idle_notebooks_end_and_nobody_can_choose_later(domain, made):
    inputs = domain.one("Domain", "studio").inputs
    settings = [inputs["defaultUserSettings"], inputs["defaultSpaceSettings"],
                made(idle_minutes=90).one("UserProfile", "studio-data-science").inputs["userSettings"]]
    for each in settings:
        assert each["jupyterLabAppSettings"]["appLifecycleManagement"]["idleSettings"] == {
            "lifecycleManagement": "ENABLED", "idleTimeoutInMinutes": 90, "minIdleTimeoutInMinutes": 60,
            "maxIdleTimeoutInMinutes": 90}


def test_the_domains_own_role_may_do_nothing(domain):
    assert domain.of("RolePolicy") == []
    (role,) = domain.of("Role")
    settings = domain.one("Domain", "studio").inputs["defaultUserSettings"]
    assert settings["executionRole"].endswith(f"{role.name}-0a1b2c3")


def test_records_name_the_person_not_only_the_role(domain):
    assert domain.one("Domain", "studio").inputs["domainSettings"]["executionRoleIdentityConfig"] == "USER_PROFILE_NAME"
    (role,) = domain.of("Role")
    (trust,) = role.policies()["assumeRolePolicy"]["Statement"]
    assert trust["Action"] == ["sts:AssumeRole", "sts:SetSourceIdentity"]  # or nothing starts under it


def test_every_profile_works_under_the_projects_role_in_the_private_network(made):
    run = made(profiles=["ada", "grace"])
    profiles = {each.inputs["userProfileName"]: each.inputs for each in run.of("UserProfile")}
    assert set(profiles) == {"flight-delays-ada", "flight-delays-grace"}
    for inputs in profiles.values():
        assert inputs["domainId"] == DOMAIN_ID
        assert inputs["userSettings"]["executionRole"].endswith("Role/exploration-0a1b2c3")
        assert inputs["userSettings"]["securityGroups"] == ["sg-0a1b2c3d4e5f60002"]


def test_without_an_image_everything_stands_and_no_jupyterlab_starts(made):
    run = made()
    assert run.of("Image") == run.of("ImageVersion") == run.of("AppImageConfig") == []
    assert "customImages" not in run.of("UserProfile")[0].inputs["userSettings"]["jupyterLabAppSettings"]
    assert not [each for each in statements(run).values() if "sagemaker:CreateApp" in each["Action"]]


def test_with_an_image_jupyterlab_runs_it_alone_and_not_as_root(made):
    run = made(image_tag="0.1.0")
    (image,), (version,), (configuration,) = run.of("Image"), run.of("ImageVersion"), run.of("AppImageConfig")
    assert version.inputs["baseImage"] == "123456789012.dkr.ecr.eu-west-1.amazonaws.com/flight-delays-dev:0.1.0"
    lab = configuration.inputs["jupyterLabImageConfig"]
    assert lab["fileSystemConfig"]["defaultUid"] == 1000
    assert lab["containerConfig"]["containerEnvironmentVariables"] == {
        "AWS_DEFAULT_REGION": "eu-west-1", "CURATED_URI": "s3://lake-curated-0a1b2c3/flight-delays"}
    start = statements(run)["StartApps"]
    assert start["Condition"]["ForAllValues:ArnEquals"]["sagemaker:ImageArns"] == [
        f"arn:aws:sagemaker:::Image/{image.name}-0a1b2c3"]
    assert start["Condition"]["Null"] == {"sagemaker:InstanceTypes": "false", "sagemaker:ImageArns": "false"}


def test_another_image_takes_none_away_from_the_spaces_that_name_it(made):
    run = made(image_tag="0.1.0")
    assert [each.type.rpartition(":")[2] for each in run.resources if each.retained] == ["ImageVersion"]


def test_aws_images_take_a_written_reason(made):
    with pytest.raises(MlsteadError, match="without saying why"):
        made(own_image=False)
    start = statements(made(own_image=Weakened("a workshop with people from outside")))["StartApps"]
    assert "sagemaker:ImageArns" not in str(start)


def test_nobody_opens_or_changes_what_is_anothers(made):
    by_sid = statements(made(image_tag="0.1.0"))
    own = f"arn:aws:sagemaker:eu-west-1:123456789012:user-profile/{DOMAIN_ID}/${{sagemaker:UserProfileName}}"
    assert by_sid["OpenStudio"]["Resource"] == [own]
    for sid in ("KeepSpaces", "EndApps", "StartApps"):
        assert by_sid[sid]["Condition"]["ArnLike"] == {"sagemaker:OwnerUserProfileArn": own}
        assert by_sid[sid]["Condition"]["StringEquals"] == {"sagemaker:SpaceSharingType": ["Private"]}
        assert all(DOMAIN_ID in resource for resource in by_sid[sid]["Resource"])


def test_jupyterlab_runs_on_the_instance_types_given_and_by_default_on_the_first(made):
    run = made(image_tag="0.1.0", instance_types=["ml.m5.large", "ml.m5.xlarge"])
    start = statements(run)["StartApps"]["Condition"]
    assert start["ForAllValues:StringEquals"] == {"sagemaker:InstanceTypes": ["ml.m5.large", "ml.m5.xlarge"]}
    spec = run.of("UserProfile")[0].inputs["userSettings"]["jupyterLabAppSettings"]["defaultResourceSpec"]
    assert spec["instanceType"] == "ml.m5.large"


@pytest.mark.parametrize(("options", "part"), [
    ({"idle_minutes": 59}, "choose 60 to 525600"),
    ({"volume_gb": 4}, "choose 5 to 16384"),
    ({"profiles": ["Ada Lovelace"]}, "lower-case letters"),
    ({"profiles": ["ada", "ada"]}, "name each once"),
    ({"profiles": ["a" * 31]}, "at most 30"),
    ({"instance_types": []}, "name at least one type"),
])
def test_what_sagemaker_would_refuse_is_refused_when_constructed(made, options, part):
    with pytest.raises(MlsteadError) as refused:
        made(**options)
    assert part in str(refused.value)


def test_the_template_and_the_foundation_have_studio_without_a_setting(foundation, project):
    (domain,) = foundation.of("Domain")
    assert domain.inputs["domainName"] == "mlstead-foundation-dev"
    assert [each.inputs["userProfileName"] for each in project.of("UserProfile")] == ["flight-delays-data-science"]
