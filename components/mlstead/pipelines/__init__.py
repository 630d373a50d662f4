"""Pipelines of jobs in the private network: their reviewed definition, what starts them, what they may start."""
