"""Who may take on a role of CI: the right repository, branch and environment, and nobody else's token."""

from __future__ import annotations

import json

import pytest

from mlstead import Context, OidcProviderArgs
from mlstead.access.repository import Repository
from mlstead.errors import MlsteadError
from mlstead_toolkit.access import Context as Circumstances
from mlstead_toolkit.access import Policies, Policy, Principal, Request, evaluate

MAIN, OURS, NUMBERED = "refs/heads/main", "acme/flight-delays", "acme@123/flight-delays@456"
RUNS = {}  # of the bootstrap, by its settings
REASON = "our GitLab is older than 18.7, and one team owns all environments"


def project(repository=OURS, environments=("dev", "prod"), **more):
    return {"flight-delays": {"repository": repository, "environments": list(environments), **more}}


def github(repository=OURS, ref=MAIN, environment="", event="push", audience="sts.amazonaws.com", template=()):
    """What GitHub's token of a job says, of what STS reads.

    https://docs.github.com/en/actions/reference/security/oidc
    """
    context = (f"environment:{environment}" if environment else
               "pull_request" if event == "pull_request" else f"ref:{ref}")
    parts = {"repo": f"repo:{repository}", "context": context, "ref": f"ref:{ref}"}
    sub = ":".join(parts[claim] for claim in template or ("repo", "context"))
    claims = {"aud": audience, "sub": sub, "ref": ref, "repository": repository}
    claims |= {"environment": environment} if environment else {}
    return {f"token.actions.githubusercontent.com:{claim}": value for claim, value in claims.items()}


def gitlab(path="acme/data/flight-delays", branch="main", tier="", kind="branch", host="gitlab.com",
           audience="sts.amazonaws.com"):
    """What GitLab's token says: IAM reads its subject and audience alone."""
    sub = f"project_path:{path}:ref_type:{kind}:ref:{branch}" + (f":deployment_tier:{tier}" if tier else "")
    return {f"{host}:aud": audience, f"{host}:sub": sub}


@pytest.fixture
def opens(run_bootstrap):
    """Ask whether a token opens a role, under settings of the bootstrap."""
    def ask(role, token, **settings):
        under = json.dumps(settings)
        made = RUNS[under] = RUNS.get(under) or run_bootstrap("dev", settings)
        trust = made.one("Role", role).inputs["assumeRolePolicy"]
        (statement,) = json.loads(trust)["Statement"]
        holder = Principal(statement["Principal"]["Federated"], federated=True)
        request = Request(holder, "sts:AssumeRoleWithWebIdentity", "*", Circumstances(token))
        return evaluate(request, Policies(
            resource=Policy.parse("trust", trust), resource_must_allow=True, resource_kind="role trust policy",
        )).allowed

    return ask


@pytest.mark.parametrize(("token", "allowed"), [
    (github(environment="dev"), True),
    (github(environment="prod"), False),
    (github(environment="dev", ref="refs/heads/feature"), False),
    (github(environment="dev", ref="refs/tags/main"), False),
    (github(environment="dev", ref="refs/pull/7/merge", event="pull_request"), False),
    (github(), False),
    (github(event="pull_request", ref="refs/pull/7/merge"), False),
    (github("acme/other", environment="dev"), False),
    (github("acme/flight-delays-2", environment="dev"), False),
    (github("stranger/flight-delays", environment="dev"), False),
    (github(NUMBERED, environment="dev"), False),
    (github(environment="dev", audience="https://github.com/acme"), False),
    (github(environment="dev:prod"), False),
    ({key: value for key, value in github(environment="dev").items() if not key.endswith(":ref")}, False),
])
def test_only_a_job_of_the_branch_for_the_environment_deploys(opens, token, allowed):
    assert opens("flight-delays-dev-deploy", token, projects=project()) is allowed


@pytest.mark.parametrize(("token", "allowed"), [
    (github(event="pull_request", ref="refs/pull/7/merge"), True),
    (github(), True),
    (github(ref="refs/heads/feature"), False),
    (github(environment="dev"), False),
    (github("stranger/flight-delays", event="pull_request", ref="refs/pull/7/merge"), False),
    (github(event="pull_request", ref="refs/pull/7/merge", audience="vault"), False),
])
def test_pull_requests_and_the_branch_of_the_repository_plan(opens, token, allowed):
    assert opens("flight-delays-dev-plan", token, projects=project()) is allowed


@pytest.mark.parametrize(("token", "allowed"), [
    (github(NUMBERED, environment="dev"), True),
    (github("acme@123/flight-delays@999", environment="dev"), False),  # the same name, made again by somebody else
    (github("acme@999/flight-delays@456", environment="dev"), False),
    (github(environment="dev"), False),
])
def test_a_repository_with_numbers_is_that_one_for_ever(opens, token, allowed):
    assert opens("flight-delays-dev-deploy", token, projects=project(NUMBERED)) is allowed


WITH_REF = ("repo", "context", "ref")


@pytest.mark.parametrize(("role", "token", "allowed"), [
    ("deploy", github(environment="dev", template=WITH_REF), True),
    ("deploy", github(environment="dev", ref="refs/heads/feature", template=WITH_REF), False),
    ("deploy", github(environment="dev"), False),  # before the subject is customised
    ("plan", github(event="pull_request", ref="refs/pull/7/merge", template=WITH_REF), True),
    ("plan", github(template=WITH_REF), True),
    ("plan", github(ref="refs/heads/feature", template=WITH_REF), False),
])
def test_a_customised_subject_has_the_branch_where_sts_reads_no_other_claim(opens, role, token, allowed):
    settings = {"projects": project(), "ci": {"branch_claim": "sub"}}
    assert opens(f"flight-delays-dev-{role}", token, **settings) is allowed


LAB = {"host": "gitlab"}
THERE = project("acme/data/flight-delays")


@pytest.mark.parametrize(("role", "token", "allowed"), [
    ("deploy", gitlab(tier="development"), True),
    ("deploy", gitlab(tier="production"), False),
    ("deploy", gitlab(), False),
    ("deploy", gitlab(branch="feature", tier="development"), False),
    ("deploy", gitlab(kind="tag", tier="development"), False),
    ("deploy", gitlab("acme/data/other", tier="development"), False),
    ("deploy", gitlab("stranger/flight-delays", tier="development"), False),
    ("deploy", gitlab(tier="development", audience="https://gitlab.com"), False),
    ("plan", gitlab(branch="feature"), True),
    ("plan", gitlab("stranger/flight-delays", branch="feature"), False),
    ("plan", gitlab(kind="tag", branch="1.0"), False),
])
def test_gitlab_s_subject_has_branch_and_tier(opens, role, token, allowed):
    assert opens(f"flight-delays-dev-{role}", token, projects=THERE, ci=LAB) is allowed


def test_a_gitlab_of_one_s_own_is_another_issuer(opens):
    ci = LAB | {"gitlab_url": "https://git.acme.example"}
    assert opens("flight-delays-prod-deploy", gitlab(tier="production", host="git.acme.example"), projects=THERE, ci=ci)
    assert not opens("flight-delays-prod-deploy", gitlab(tier="production"), projects=THERE, ci=ci)


def test_without_the_tier_whatever_runs_on_the_branch_deploys_and_the_plan_lists_it(opens, run_bootstrap):
    ci = LAB | {"tier_in_sub": {"weakened": REASON}}
    assert opens("flight-delays-prod-deploy", gitlab(), projects=THERE, ci=ci)
    assert not opens("flight-delays-prod-deploy", gitlab(branch="feature"), projects=THERE, ci=ci)
    roles = [each for each in run_bootstrap("dev", {"projects": THERE, "ci": ci}).resources
             if each.type == "mlstead:index:DeployRole"]
    assert [each.inputs for each in roles] == [{"weakenings": {"tier_in_sub": REASON}}] * 2


def test_an_account_that_trusts_the_issuer_already_makes_no_second_provider(run_bootstrap):
    made = run_bootstrap("dev", {"projects": project(), "ci": {"existing_provider": True}})
    assert made.of("OpenIdConnectProvider") == []
    (statement,) = json.loads(made.one("Role", "flight-delays-dev-deploy").inputs["assumeRolePolicy"])["Statement"]
    issuer = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    assert statement["Principal"] == {"Federated": issuer}


def test_the_provider_is_one_and_takes_one_audience(run_bootstrap):
    (provider,) = run_bootstrap("dev", {"projects": project()}).of("OpenIdConnectProvider")
    assert provider.inputs["url"] == "https://token.actions.githubusercontent.com"
    assert provider.inputs["clientIdLists"] == ["sts.amazonaws.com"]


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_a_partition_whose_sts_reads_no_branch_asks_for_the_customised_subject(run, partition):
    from mlstead import OidcProvider

    def program():
        context = Context("mlstead-bootstrap", "dev", "eu-west-1", "123456789012", partition)
        provider = OidcProvider("ci", OidcProviderArgs(context, existing=True))
        Repository(OURS).deploy_trust(provider, "dev")

    with pytest.raises(MlsteadError, match="no claim ref"):
        run(program)


@pytest.mark.parametrize(("ci", "repository", "typed"), [
    ({}, NUMBERED, [
        "gh api -X PUT repos/acme/flight-delays/actions/oidc/customization/sub -F use_default=true",
        "gh variable set PLAN_ROLE_DEV --body arn:aws:iam:::Role/flight-delays-dev-plan -R acme/flight-delays",
        "gh variable set STATE_BACKEND_DEV --body 's3://mlstead-state-123456789012-eu-west-1?region=eu-west-1'",
        "gh variable set DEPLOY_ROLE --env dev --body arn:aws:iam:::Role/flight-delays-dev-deploy"]),
    ({"branch_claim": "sub"}, OURS, [
        "customization/sub -F use_default=false -f 'include_claim_keys[]=repo' -f 'include_claim_keys[]=context' "
        "-f 'include_claim_keys[]=ref'"]),
    (LAB, "acme/data/flight-delays", [
        "glab api --hostname gitlab.com -X PUT 'projects/acme%2Fdata%2Fflight-delays?"
        "ci_id_token_sub_claim_components[]=project_path&ci_id_token_sub_claim_components[]=ref_type&"
        "ci_id_token_sub_claim_components[]=ref&ci_id_token_sub_claim_components[]=deployment_tier'",
        "glab variable set PLAN_ROLE_DEV arn:aws:iam:::Role/flight-delays-dev-plan -R acme/data/flight-delays",
        "glab variable set STATE_BACKEND_DEV 's3://mlstead-state-123456789012-eu-west-1?region=eu-west-1' -R",
        "glab variable set DEPLOY_ROLE arn:aws:iam:::Role/flight-delays-dev-deploy --scope dev"]),
])
def test_every_environment_says_what_to_type_in_its_repository(run_bootstrap, ci, repository, typed):
    made = run_bootstrap("dev", {"projects": project(repository, ["dev"]), "ci": ci})
    said = made.exports["ci"]["flight-delays-dev"]["next_step"]
    for part in typed:
        assert part in said
