"""What `mlstead doctor ENV` looks at in a real account, before anything is deployed there; nothing is changed."""
