"""From a registered model to answers, and alarms."""
