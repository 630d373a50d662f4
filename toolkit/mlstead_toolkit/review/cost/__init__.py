"""The cost section of a review: what an environment costs a month, before and after, and what is not known of it."""

from mlstead_toolkit.review.cost.changes import cost_of
from mlstead_toolkit.review.cost.remarks import remarks_of_cost

__all__ = ["cost_of", "remarks_of_cost"]
