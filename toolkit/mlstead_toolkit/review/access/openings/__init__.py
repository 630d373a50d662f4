"""What lays a resource open by its settings, not by a policy: networks, public buckets, calls without a caller."""
