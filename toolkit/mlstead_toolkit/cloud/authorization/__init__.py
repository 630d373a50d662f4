"""What roles may do here, decided by the deployed policies: every call, and what is done for them (decision 7)."""
