"""What moto's EC2 leaves out of Amazon VPC. Contract: tests/local/aws_types/test_network_contract.py."""
