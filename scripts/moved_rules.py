"""Pages of rules that were renamed or removed, for `scripts/site.py`: their links stay valid."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parent.parent / "docs" / "data" / "moved-rules.toml"


def pages(text: str) -> dict[str, str]:
    """Return the pages that a text such as that of `DATA` asks for, by the old names."""
    moved = tomllib.loads(text)
    renamed = {old: _renamed(old, new) for old, new in moved["renamed"].items()}
    removed = {old: _removed(old, **facts) for old, facts in moved["removed"].items()}
    return renamed | removed


def _renamed(old: str, new: str) -> str:
    return (
        f'# {old}\n\n<meta http-equiv="refresh" content="0; url=../{new}/">\n\n'
        f"This rule is now [{new}](../{new}/index.md).\n"
    )


def _removed(old: str, version: str, why: str) -> str:
    return f"# {old}\n\nThis rule was removed in {version}: {why}.\n"
