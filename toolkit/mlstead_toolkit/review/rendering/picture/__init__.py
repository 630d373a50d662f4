"""A review's diagram as a picture that a page can hold: SVG, without a script."""

from mlstead_toolkit.review.rendering.picture.drawing import drawn

__all__ = ["drawn"]
