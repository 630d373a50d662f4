"""Where the policies of a stack stand, one file a kind: what each says as permissions."""
