"""User profiles of Studio domains."""

from __future__ import annotations

from mlstead_toolkit.cloud.sagemaker.domain import Domains
from mlstead_toolkit.cloud.sagemaker.record import Collection, Document, Record, kept, now, refusal
from mlstead_toolkit.cloud.sagemaker.settling import after_a_moment, require_settled, settle

KEPT = ("DomainId", "UserProfileName", "SingleSignOnUserIdentifier", "SingleSignOnUserValue", "UserSettings")
FIRST_USER = 200_005


class UserProfiles(Collection[Record]):
    """User profiles, named <domain>/<profile>, and the operations on them."""

    kind, name_member, arn_member = "user-profile", "UserProfileName", "UserProfileArn"
    status_member, list_member = "Status", "UserProfiles"
    summary_members = ("DomainId", "UserProfileName", "Status", "CreationTime", "LastModifiedTime")
    operations = (
        "create_user_profile",
        "describe_user_profile",
        "list_user_profiles",
        "update_user_profile",
        "delete_user_profile",
    )

    def create_user_profile(self, request: Document) -> Document:
        """Create a profile in a domain that is in service."""
        domain = self.peer(Domains).get(request["DomainId"])
        require_settled(domain, "Status")
        name, created = f"{domain.name}/{request['UserProfileName']}", now()
        description = {
            **kept(request, *KEPT),
            "UserProfileArn": self.arn(name),
            "HomeEfsFileSystemUid": str(FIRST_USER + len(self.of(domain.name))),
            "Status": "Pending",
            "CreationTime": created,
            "LastModifiedTime": created,
        }
        if name in self.records:
            raise refusal(f"UserProfile [{self.arn(name)}] already exists.", "ResourceInUse")
        profile = self.add(Record(name, self.arn(name), description, request.get("Tags", [])))
        settle(profile, "Status", "InService")
        return {"UserProfileArn": profile.arn}

    def describe_user_profile(self, request: Document) -> Document:
        """Describe a profile."""
        return self._asked(request).description

    def list_user_profiles(self, request: Document) -> Document:
        """List profiles, of all domains or of one."""
        renamed = {**request, "NameContains": request.get("UserProfileNameContains")}
        return self.listing(renamed, self.of(request["DomainIdEquals"]) if "DomainIdEquals" in request else None)

    def update_user_profile(self, request: Document) -> Document:
        """Change a profile's settings. Refused while it still changes, as on AWS."""
        profile = self._asked(request)
        require_settled(profile, "Status")
        profile.touch(Status="Updating", **kept(request, "UserSettings"))
        settle(profile, "Status", "InService")
        return {"UserProfileArn": profile.arn}

    def delete_user_profile(self, request: Document) -> Document:
        """Delete a profile; it is gone after a moment."""
        profile = self._asked(request)
        require_settled(profile, "Status")
        profile.touch(Status="Deleting")
        after_a_moment(lambda: self.records.pop(profile.name, None))
        return {}

    def of(self, domain_id: str) -> list[Record]:
        """Give the profiles of a domain."""
        return [one for one in list(self.records.values()) if one.description["DomainId"] == domain_id]

    def missing(self, name: str) -> Exception:
        """SageMaker's words for a profile that does not exist."""
        return refusal(f"UserProfile [{self.arn(name)}] does not exist.", "ResourceNotFound")

    def _asked(self, request: Document) -> Record:
        return self.get(f"{self.peer(Domains).get(request['DomainId']).name}/{request['UserProfileName']}")
