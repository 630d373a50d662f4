"""What a role may do with S3's data, and which roles it may assume, decided by the deployed policies (decision 7)."""
