"""The pictures of the page about formats are there, are shown, and are small."""

from __future__ import annotations

import re
from pathlib import Path

from iamlint.report.graph.formats import GRAPH_FORMATS
from scripts.graph_pictures import FOLDER, PICTURES

PAGE = Path(__file__).parent.parent.parent.parent / "docs" / "graph-formats.md"
TEXT = PAGE.read_text(encoding="utf-8")
MOST_BYTES = 150_000


def test_page_shows_every_picture() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(pictures/(.+?)\)", TEXT)

    assert shown == list(PICTURES)
    assert sorted(path.name for path in FOLDER.glob("graph-*")) == sorted(PICTURES)
    assert all((FOLDER / name).stat().st_size < MOST_BYTES for name in PICTURES)


def test_page_has_every_format() -> None:
    assert re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE) == list(GRAPH_FORMATS)
