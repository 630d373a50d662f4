"""What the tests of the diagram share."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "changes"))
