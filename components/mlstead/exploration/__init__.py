"""Where people look at data: SageMaker Studio."""
