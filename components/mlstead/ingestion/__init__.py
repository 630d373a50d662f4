"""How data comes in: what a project's gates.toml demands of it."""
