"""Pages of docs/ that are written from the code; a test says that the committed ones are what this gives."""
