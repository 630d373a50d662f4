"""The rules as a policy pack of Pulumi's: `pulumi preview --policy-pack "$(mlstead policies path)"`."""

from mlstead_toolkit.policies.pack.serving import serve

serve()
