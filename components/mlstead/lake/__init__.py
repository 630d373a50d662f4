"""The data lake: buckets, their guards, and who may do what in them."""
