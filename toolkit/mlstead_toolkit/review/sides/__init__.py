"""The two sides of a change: their files, their interpreters, the foundation that they build on."""
