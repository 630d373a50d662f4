"""What can be queried: databases, tables, how sensitive their columns are, and where queries run."""
