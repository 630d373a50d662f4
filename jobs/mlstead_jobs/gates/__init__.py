"""The gates between raw and curated: what passes, what is quarantined, and the report that says so."""
