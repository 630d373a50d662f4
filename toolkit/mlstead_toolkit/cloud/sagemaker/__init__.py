"""SageMaker for real: one file a thing, each with a record of it and the operations on it."""
