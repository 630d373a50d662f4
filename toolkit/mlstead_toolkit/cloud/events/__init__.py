"""EventBridge as it acts: rules that come due or match, targets that admit them or do not, retries and dead letters."""
