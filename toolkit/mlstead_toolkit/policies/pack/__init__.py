"""The rules, served to a real Pulumi engine; here alone pulumi-policy is imported."""
