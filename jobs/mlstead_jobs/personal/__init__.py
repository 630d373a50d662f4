"""Personal data: finding it in what was delivered, and treating it as gates.toml says before it reaches curated."""
