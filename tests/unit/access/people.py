"""Who asks in these tests: a role's session, a user, another account's role, somebody with a token, a service."""

from __future__ import annotations

from mlstead_toolkit.access import Principal

ACCOUNT = "111122223333"
ROLE = Principal(f"arn:aws:iam::{ACCOUNT}:role/team/training", "SageMaker", {"project": "flights", "Team": "blue"})
USER = Principal(f"arn:aws:iam::{ACCOUNT}:user/ada")
STRANGER = Principal("arn:aws:iam::444455556666:role/theirs", "x", {"project": "flights"})
VOUCHED = Principal(f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.com", federated=True)
SERVICE = Principal(service="logging.s3.amazonaws.com")
