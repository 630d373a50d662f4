"""What is deployed in one environment, and the decisions of its policies."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mlstead_toolkit.access.decision import Decision, Kind
from mlstead_toolkit.access.deployed.resource_policies import (
    absent_as_none,
    endpoint_for,
    endpoint_policy,
    resource_policy,
)
from mlstead_toolkit.access.deployed.roles import Clients, DeployedRole
from mlstead_toolkit.access.evaluation import Policies, evaluate
from mlstead_toolkit.access.policy import Policy
from mlstead_toolkit.access.principal import Principal
from mlstead_toolkit.access.request import Context, Request, Value

IN_NETWORK = frozenset({"ingestion", "gate", "processing", "training", "endpoint", "monitoring", "exploration"})
"""Uses whose work runs in the foundation's network: its calls come through the VPC's endpoints."""
OBJECT_KEYS = {
    "s3:getobject": "kms:Decrypt", "s3:getobjectversion": "kms:Decrypt", "s3:putobject": "kms:GenerateDataKey",
}
"""What S3 asks of the key that encrypts an object, in the caller's name."""
_MUST_ALLOW = ("kms", "sts")
"""Services whose resources are closed to whoever their own policy does not name or leave to the account."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks, with the policies that are his own."""

    principal: Principal
    policies: Sequence[Policy] = ()
    boundary: Policy | None = None
    id: str = ""
    use: str = ""

    @classmethod
    def of_role(cls, role: DeployedRole, session: str = "session") -> Identity:
        """Give a session of a role."""
        return cls(role.principal(session), role.identity(), role.bounds(), f"{role.id}:{session}", role.use)


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether something may be done, and every decision that it took: the action's own, then that of S3's key."""

    decisions: tuple[Decision, ...]

    @property
    def allowed(self) -> bool:
        """Whether everything that it takes is allowed."""
        return all(decision.allowed for decision in self.decisions)

    @property
    def deciding(self) -> Decision:
        """The decision that refuses; where none does, the action's own."""
        return next((decision for decision in self.decisions if not decision.allowed), self.decisions[0])


@dataclass
class DeployedPolicies:
    """The policies of one environment. What was read once is not read again.

    Args:
        clients: gives boto3 clients.
        region: of the environment.
        environment: local, dev, staging, prod.
    """

    clients: Clients
    region: str
    environment: str
    _resources: dict[tuple[bool, str], Policy | None] = field(default_factory=dict, repr=False)
    _endpoints: dict[str, tuple[str, str] | None] = field(default_factory=dict, repr=False)
    _origins: dict[str, str | None] = field(default_factory=dict, repr=False)
    _bucket_keys: dict[str, tuple[str, bool] | None] = field(default_factory=dict, repr=False)

    def decide(self, who: Identity, action: str, resource: str, context: Mapping[str, Value] | None = None) -> Answer:
        """Decide one action, and what S3 asks of the object's key for it.

        Args:
            who: who asks.
            action: such as s3:GetObject.
            resource: ARN of what it is done to; "*" for an action that knows no resource.
            context: context keys, over those that any call of his brings; one that is empty is left out.
        """
        decided = self._decide(who, action, resource, self._usual(who, action, resource) | dict(context or {}))
        return Answer((decided, *(self._on_key(who, action, resource, *key) for key in self._key(action, resource))))

    def _decide(self, who: Identity, action: str, resource: str, keys: Mapping[str, Value]) -> Decision:
        given = {key: value for key, value in keys.items() if value != ""}
        through = given.get("aws:SourceVpce")
        service = action.partition(":")[0].lower()
        kind: Kind = "role trust policy" if service == "sts" else "resource-based policy"
        return evaluate(
            Request(who.principal, action, resource, Context(given)),
            Policies(
                who.policies, self._policy_of(action, resource), who.boundary,
                endpoint=self._policy_of_endpoint(through) if isinstance(through, str) else None,
                resource_account=_account_of(resource), resource_must_allow=service in _MUST_ALLOW, resource_kind=kind,
            ),
        )

    def _usual(self, who: Identity, action: str, resource: str) -> dict[str, Value]:
        """Give the context keys of any call that is made over TLS, from where the work of its use runs."""
        now, account = time.time(), _account_of(resource) or who.principal.account
        usual: dict[str, Value] = {
            "aws:SecureTransport": True, "aws:ViaAWSService": False, "aws:RequestedRegion": self.region,
            "aws:CurrentTime": f"{datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H:%M:%SZ}", "aws:EpochTime": int(now),
            "aws:ResourceAccount": account,
        }
        if resource.startswith("arn:") and resource.split(":")[2] == "s3":
            usual["s3:ResourceAccount"] = account
        if resource.startswith("arn:") and resource.split(":")[2] == "kms":
            usual["kms:CallerAccount"] = who.principal.account
        if who.id:
            usual |= {"aws:userid": who.id, "aws:PrincipalType": "AssumedRole"}
        if who.use in IN_NETWORK and (endpoint := self._endpoint_for(action)):
            known = self._endpoint(endpoint)
            usual |= {"aws:SourceVpce": endpoint, "aws:SourceVpc": known[0] if known else ""}
        return usual

    def _on_key(self, who: Identity, action: str, resource: str, key: str, bucket_key: bool) -> Decision:
        """Decide what S3 asks of a key. With bucket keys on, the encryption context is the bucket, else the object."""
        named = resource.partition("/")[0] if bucket_key else resource
        return self._decide(who, OBJECT_KEYS[action.lower()], key, {
            "aws:SecureTransport": True, "aws:RequestedRegion": self.region, "aws:ViaAWSService": True,
            "aws:ResourceAccount": _account_of(key), "kms:ViaService": f"s3.{self.region}.amazonaws.com",
            "kms:CallerAccount": who.principal.account, "kms:EncryptionContextKeys": ["aws:s3:arn"],
            "kms:EncryptionContext:aws:s3:arn": named, "kms:GrantIsForAWSResource": False,
        })

    def _key(self, action: str, resource: str) -> Iterator[tuple[str, bool]]:
        if action.lower() in OBJECT_KEYS and resource.startswith("arn:") and "/" in resource:
            bucket = resource.partition("/")[0].rpartition(":")[2]
            if bucket not in self._bucket_keys:
                self._bucket_keys[bucket] = self._default_key(bucket)
            if found := self._bucket_keys[bucket]:
                yield found

    def _default_key(self, bucket: str) -> tuple[str, bool] | None:
        """Give the KMS key that encrypts a bucket's objects by default, and whether bucket keys are on."""
        s3 = self.clients("s3")
        answer = absent_as_none(lambda: s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"])
        for rule in answer["Rules"] if answer else ():
            if key := rule.get("ApplyServerSideEncryptionByDefault", {}).get("KMSMasterKeyID"):
                return key, bool(rule.get("BucketKeyEnabled"))
        return None

    def _policy_of(self, action: str, resource: str) -> Policy | None:
        # Every object has its bucket's policy.
        owner = resource.partition("/")[0] if resource.split(":")[2:3] == ["s3"] else resource
        asked = action.lower().startswith("sts:"), owner
        if asked not in self._resources:
            text = resource_policy(self.clients, action, owner)
            self._resources[asked] = None if text is None else Policy.parse(f"the policy of {owner}", text)
        return self._resources[asked]

    def _endpoint_for(self, action: str) -> str | None:
        service = action.partition(":")[0].lower()
        if service not in self._origins:
            self._origins[service] = endpoint_for(self.clients, self.environment, action)
        return self._origins[service]

    def _endpoint(self, endpoint: str) -> tuple[str, str] | None:
        if endpoint not in self._endpoints:
            self._endpoints[endpoint] = endpoint_policy(self.clients, endpoint)
        return self._endpoints[endpoint]

    def _policy_of_endpoint(self, endpoint: str) -> Policy | None:
        found = self._endpoint(endpoint)
        return Policy.parse(f"the VPC endpoint {endpoint}", found[1]) if found else None


def _account_of(resource: str) -> str:
    return resource.split(":")[4] if resource.count(":") >= 5 else ""
