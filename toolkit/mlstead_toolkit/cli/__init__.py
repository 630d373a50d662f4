"""The command `mlstead`: thin files that parse, call the packages beside this one, and print."""
