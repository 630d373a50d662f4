"""Keys, one for each data domain."""
