"""What runs inside an ML project's jobs: ingestion, and the gates between the zones of the data lake.

Depends on nothing of Pulumi's. Names are loaded where they are used: the command line reads ledgers without pandas.
"""
