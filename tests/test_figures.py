"""The figures of the code can be printed, and name no circle of imports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parent.parent / "scripts" / "figures.py"


def test_figures_are_printed_and_no_imports_go_in_a_circle() -> None:
    done = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, check=True)

    rows = [line for line in done.stdout.splitlines() if "import circles" in line]
    assert rows == [
        "| import circles at import time | 0 |",
        "| import circles with imports in functions | 0 |",
        "| import circles with imports for types | 0 |",
    ]
