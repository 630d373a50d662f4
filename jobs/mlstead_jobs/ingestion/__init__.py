"""From what was delivered to batches in raw: every row, in a stream, each batch one file and one manifest."""
