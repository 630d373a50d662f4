"""What is charged for the types of a service, one file a service; each has CHARGES. cost/tariff.py collects them."""
