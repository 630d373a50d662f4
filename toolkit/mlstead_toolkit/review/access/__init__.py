"""The access section of a review: who may do what from now on, who no more, and what is laid open."""

from mlstead_toolkit.review.access.changes import access_of
from mlstead_toolkit.review.access.remarks import remarks_of_access

__all__ = ["access_of", "remarks_of_access"]
