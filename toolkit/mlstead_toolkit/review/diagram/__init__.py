"""What a change touches, as a diagram."""

from mlstead_toolkit.review.diagram.diagram import diagram_of

__all__ = ["diagram_of"]
