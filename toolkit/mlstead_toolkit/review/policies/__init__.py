"""The policies section of a review: what the rules find on one side alone, what is excepted, what is weaker."""

from mlstead_toolkit.review.policies.changes import policies_of
from mlstead_toolkit.review.policies.remarks import remarks_of_policies

__all__ = ["policies_of", "remarks_of_policies"]
