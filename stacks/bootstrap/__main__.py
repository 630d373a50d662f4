"""What an account needs before its first stack: a bucket for Pulumi's states and a key for the secrets in them."""

import pulumi

import mlstead

settings = mlstead.BootstrapSettings.load()
context = mlstead.Context.of_stack(settings.owner)

backend = mlstead.StateBackend("state", mlstead.StateBackendArgs(
    context, settings.deployers, noncurrent_days=settings.noncurrent_days, locked=settings.locked,
))

for output, value in {
    "account_id": context.account_id, "region": context.region, "backend_url": backend.backend_url,
    "secrets_provider": backend.secrets_provider, "next_step": backend.next_step,
}.items():
    pulumi.export(output, value)
