"""Take the pictures of `docs/graph-formats.md` with Chromium: `python -m scripts.graph_pictures`.

The page is of an account by hand. Each picture is a file of less than 150 kB.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from iamlint.report.graph.formats import GRAPH_FORMATS
from tests.report.graph.graphs import ALL
from tests.report.graph.many import many

FOLDER: Final = Path(__file__).parent.parent / "docs" / "pictures"
PICTURES: Final = {"graph-page.png": (1120, 520), "graph-phone.png": (500, 700)}
"""Their names, widths and heights."""
_PRINCIPALS: Final = 24
_SECONDS: Final = 60
_FLAGS: Final = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")


def main() -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("error: the pictures need `chromium`")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "graph.html"
        page.write_text(GRAPH_FORMATS["html"](many(_PRINCIPALS), ALL), encoding="utf-8")
        for name, (width, height) in PICTURES.items():
            size = f"--window-size={width},{height}"
            shot = f"--screenshot={FOLDER / name}"
            command = [chromium, *_FLAGS, size, shot, page.as_uri()]
            subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)  # noqa: S603 - our own


if __name__ == "__main__":
    main()
