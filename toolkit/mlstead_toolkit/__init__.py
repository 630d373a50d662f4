"""The command `mlstead`: scaffold, embedded engine, local AWS provider and local cloud."""
