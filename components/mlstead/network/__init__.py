"""The private network that jobs, endpoints and notebooks run in."""
