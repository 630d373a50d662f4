"""Write the pages: python -m mlstead_toolkit.pages docs."""

from __future__ import annotations

import sys
from pathlib import Path

from mlstead_toolkit.pages import policies, resource_types, settings

PAGES = {"settings.md": settings.page, "resource-types.md": resource_types.page, "policies.md": policies.page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (Path(sys.argv[1]) / name).write_text(page(), encoding="utf-8")
