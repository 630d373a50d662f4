"""A first schema and first rules for data that nobody has described yet, for people to review."""
