"""What gates.toml demands, evaluated: by pandera, for rows chunk by chunk and for a batch over its statistics."""
