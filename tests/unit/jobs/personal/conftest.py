"""The sample and its measurement lie beside the tests that demand something of them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
