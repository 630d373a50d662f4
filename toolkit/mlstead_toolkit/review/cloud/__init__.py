"""What the cloud says of a change, where there are credentials: Pulumi's own previews, and drift."""

from mlstead_toolkit.review.cloud.previews import with_previews

__all__ = ["with_previews"]
