"""AWS Lake Formation where moto falls short: grants, tags with inheritance, what new tables are granted by default."""
