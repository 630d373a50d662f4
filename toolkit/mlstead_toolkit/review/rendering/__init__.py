"""A review as a comment, as a page, as data for a script, and as findings for a code host.

`markdown(review)`, `html(review)`, `as_json(review)` and `sarif(review)`: pure functions, the same byte for byte for
the same review.
"""

from mlstead_toolkit.review.rendering.comment import markdown
from mlstead_toolkit.review.rendering.data import as_json
from mlstead_toolkit.review.rendering.findings import sarif
from mlstead_toolkit.review.rendering.page import html

__all__ = ["as_json", "html", "markdown", "sarif"]
