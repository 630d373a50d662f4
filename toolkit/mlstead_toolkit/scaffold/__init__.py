"""New projects from mlstead's templates, by Copier."""

from mlstead_toolkit.scaffold.project import new_project

__all__ = ["new_project"]
