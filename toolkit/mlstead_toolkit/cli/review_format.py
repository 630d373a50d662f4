"""What a review can be written as; apart, since the table of commands needs it before anything heavy is imported."""

from enum import StrEnum


class ReviewFormat(StrEnum):
    """Names that `--format` takes."""

    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    SARIF = "sarif"
