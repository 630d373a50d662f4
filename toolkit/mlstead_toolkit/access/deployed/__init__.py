"""What is deployed, read with boto3 alike on AWS and on the local cloud, and asked who may do what.

`project_roles(client, project, environment)` names the roles of a project, `read_role` reads one with every policy that
has a say in what it may do, and `DeployedPolicies.decide` asks the evaluator about it. Nothing here changes anything.
"""

from mlstead_toolkit.access.deployed.decisions import Answer, DeployedPolicies, Identity
from mlstead_toolkit.access.deployed.roles import DeployedRole, NamedRole, NoSuchRole, project_roles, read_role

__all__ = [
    "Answer", "DeployedPolicies", "DeployedRole", "Identity", "NamedRole", "NoSuchRole", "project_roles", "read_role",
]
