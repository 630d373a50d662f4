"""What an account needs before its first stack: where states and secrets lie, and the roles that CI deploys with."""

import pulumi

import mlstead

settings = mlstead.BootstrapSettings.load()
context = mlstead.Context.of_stack(settings.owner)

backend = mlstead.StateBackend("state", mlstead.StateBackendArgs(
    context, settings.let_in(context), noncurrent_days=settings.noncurrent_days, locked=settings.locked,
))

# Who deploys from CI: for each environment a role that plans, and one that deploys
served = list(settings.served(context))
provider = mlstead.OidcProvider("ci", mlstead.OidcProviderArgs(context, **settings.ci.provider())) if served else None
ci = {}
for of, repository in served:
    who = (of, repository, provider, backend)
    plan = mlstead.PlanRole(f"{of.name}-plan", mlstead.PlanRoleArgs(*who))
    if of.is_foundation:
        deploy = mlstead.FoundationDeployRole(f"{of.name}-deploy", mlstead.FoundationDeployRoleArgs(
            *who, tier_in_sub=settings.ci.tier_in_sub,
        ))
    else:
        deploy = mlstead.DeployRole(f"{of.name}-deploy", mlstead.DeployRoleArgs(
            *who, instance_types=settings.instance_types, tier_in_sub=settings.ci.tier_in_sub,
        ))
    ci[of.name] = {"plan": plan.arn, "deploy": deploy.arn, "next_step": deploy.next_step(plan)}

for output, value in {
    "account_id": context.account_id, "region": context.region, "backend_url": backend.backend_url,
    "secrets_provider": backend.secrets_provider, **({"ci": ci} if ci else {}), "next_step": backend.next_step,
}.items():
    pulumi.export(output, value)
