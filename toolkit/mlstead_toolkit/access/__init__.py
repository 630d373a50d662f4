"""Who may do what: IAM policies, decided with their conditions as AWS documents it.

`evaluate(Request(principal, action, resource, context), Policies(identity=…, resource=…))` gives a Decision: allowed,
denied by a statement, or allowed by none. It calls nothing and knows no emulator, so that the local cloud, tests and
the review of a change ask the same questions of the same code.

Not decided here, since nothing that mlstead deploys has them: policies of an organisation (SCP, RCP), ACLs, KMS grants.
"""

from mlstead_toolkit.access.decision import Decision
from mlstead_toolkit.access.evaluation import Policies, evaluate
from mlstead_toolkit.access.policy import Policy, PolicyError
from mlstead_toolkit.access.principal import Principal
from mlstead_toolkit.access.request import Context, Request

__all__ = ["Context", "Decision", "Policies", "Policy", "PolicyError", "Principal", "Request", "evaluate"]
