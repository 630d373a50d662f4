"""What a role may do with S3's data, decided by the policies as they are deployed (decision 7)."""
