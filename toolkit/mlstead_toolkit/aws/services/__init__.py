"""One file for each AWS service: a list of rows, and small hooks where its API differs."""
