"""Settings of the three stacks, read from Pulumi.<stack>.yaml."""
