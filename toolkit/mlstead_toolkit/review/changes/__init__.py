"""What a change changes, resource by resource, and what that may break."""

from mlstead_toolkit.review.changes.changes import changes_of
from mlstead_toolkit.review.changes.remarks import remarks_of_changes

__all__ = ["changes_of", "remarks_of_changes"]
