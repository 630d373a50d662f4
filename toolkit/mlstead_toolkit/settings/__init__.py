"""Settings of stacks as a whole: every one of them, in every environment, and which environment is the weaker."""
