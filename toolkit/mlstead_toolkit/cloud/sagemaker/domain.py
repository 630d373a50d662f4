"""Studio domains."""

from __future__ import annotations

import uuid

from mlstead_toolkit.cloud.sagemaker.record import Collection, Document, Record, kept, now, refusal
from mlstead_toolkit.cloud.sagemaker.settling import after_a_moment, require_settled, settle
from mlstead_toolkit.cloud.sagemaker.vpc_config import check_vpc_config

CHANGING = (
    "AppNetworkAccessType",
    "AppSecurityGroupManagement",
    "DefaultSpaceSettings",
    "DefaultUserSettings",
    "TagPropagation",
)
KEPT = (*CHANGING, "DomainName", "AuthMode", "DomainSettings", "SubnetIds", "VpcId", "KmsKeyId")


class Domains(Collection[Record]):
    """Studio domains and the operations on them."""

    kind, name_member, arn_member = "domain", "DomainId", "DomainArn"
    status_member, list_member = "Status", "Domains"
    summary_members = ("DomainArn", "DomainId", "DomainName", "Status", "CreationTime", "LastModifiedTime", "Url")
    operations = (
        "create_domain",
        "describe_domain",
        "list_domains",
        "update_domain",
        "delete_domain",
        "create_presigned_domain_url",
    )

    def create_domain(self, request: Document) -> Document:
        """Create a domain in a network that exists; it is in service after a moment."""
        name = request["DomainName"]
        if any(one.description["DomainName"] == name for one in list(self.records.values())):
            raise refusal(f"Domain with name {name} already exists.", "ResourceInUse")
        self._check_network(request)
        domain_id, created = f"d-{uuid.uuid4().hex[:12]}", now()
        arn, url = self.arn(domain_id), f"https://{domain_id}.studio.{self.region}.sagemaker.aws"
        description = {
            "AppNetworkAccessType": "PublicInternetOnly",
            "TagPropagation": "DISABLED",
            **kept(request, *KEPT),
            "DomainId": domain_id,
            "DomainArn": arn,
            "Url": url,
            "HomeEfsFileSystemId": f"fs-{uuid.uuid4().hex[:17]}",
            "Status": "Pending",
            "CreationTime": created,
            "LastModifiedTime": created,
        }
        domain = self.add(Record(domain_id, arn, description, request.get("Tags", [])))
        settle(domain, "Status", "InService")
        return {"DomainArn": arn, "DomainId": domain_id, "Url": url}

    def describe_domain(self, request: Document) -> Document:
        """Describe a domain."""
        return self.describe(request)

    def list_domains(self, request: Document) -> Document:
        """List domains."""
        return self.listing(request)

    def update_domain(self, request: Document) -> Document:
        """Change a domain. Refused while it still changes, as on AWS."""
        domain = self.get(request["DomainId"])
        require_settled(domain, "Status")
        changes = kept(request, *CHANGING)
        if "DomainSettingsForUpdate" in request:
            changes["DomainSettings"] = request["DomainSettingsForUpdate"]
        self._check_network({**domain.description, **changes})
        domain.touch(Status="Updating", **changes)
        settle(domain, "Status", "InService")
        return {"DomainArn": domain.arn}

    def delete_domain(self, request: Document) -> Document:
        """Delete a domain. Refused while it has user profiles, as on AWS."""
        from mlstead_toolkit.cloud.sagemaker.user_profile import UserProfiles

        domain = self.get(request["DomainId"])
        require_settled(domain, "Status")
        if self.peer(UserProfiles).of(domain.name):
            raise refusal(
                f"Unable to delete Domain [{domain.name}] because UserProfile(s) are associated with it.",
                "ResourceInUse",
            )
        domain.touch(Status="Deleting")
        after_a_moment(lambda: self.records.pop(domain.name, None))
        return {}

    def create_presigned_domain_url(self, request: Document) -> Document:
        """Give an address that opens Studio for a profile; nothing answers there."""
        from mlstead_toolkit.cloud.sagemaker.user_profile import UserProfiles

        domain = self.get(request["DomainId"])
        self.peer(UserProfiles).get(f"{domain.name}/{request['UserProfileName']}")
        return {"AuthorizedUrl": f"{domain.description['Url']}/auth?token={uuid.uuid4().hex}"}

    def missing(self, name: str) -> Exception:
        """SageMaker's words for a domain that does not exist."""
        return refusal(f"Domain [{name.rpartition('/')[2]}] does not exist.", "ResourceNotFound")

    def _check_network(self, request: Document) -> None:
        groups = request["DefaultUserSettings"].get("SecurityGroups", [])
        if request.get("AppNetworkAccessType") == "VpcOnly" and not groups:
            raise refusal("DefaultUserSettings needs SecurityGroups where AppNetworkAccessType is VpcOnly.")
        check_vpc_config(
            {"Subnets": request.get("SubnetIds", []), "SecurityGroupIds": groups}, self.account, self.region
        )
