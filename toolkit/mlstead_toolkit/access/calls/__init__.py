"""What IAM asks of a call: actions on resources, with the context keys that the call brings.

One table a service, from AWS's Service Authorization Reference; the tests hold every action, resource and key to it.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""

from mlstead_toolkit.access.calls.call import ApiCall, Encryption, Known, Need, UnknownCall
from mlstead_toolkit.access.calls.tables import SERVICES, needs

__all__ = ["SERVICES", "ApiCall", "Encryption", "Known", "Need", "UnknownCall", "needs"]
