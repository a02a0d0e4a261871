"""Makes the picture of the README: `python -m scripts.pictures`.

It shows real runs on the README's own example, in colour, and loads nothing: rich's template takes
fonts from another host, so ours names fonts of the system.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text

ROOT: Final = Path(__file__).parent.parent
README: Final = ROOT / "README.md"
PICTURE: Final = ROOT / "docs" / "pictures" / "check.svg"
COMMANDS: Final = (
    ("iamlint", "check"),
    ("iamlint", "can", "role/deployer", "s3:GetObject", "--on", "arn:aws:s3:::artifacts/app.zip"),
)
_COLUMNS: Final = 104
_POLICY = re.compile(r'^```json title="(roles/[^"]+)"\n(.*?)^```', re.DOTALL | re.MULTILINE)
_TEMPLATE: Final = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font: {char_height}px/{line_height}px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  white-space: pre;
}}
.{unique_id}-title {{ font: bold 18px system-ui, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def picture() -> str:
    """Return the picture of what the commands print now."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in _POLICY.findall(README.read_text(encoding="utf-8")):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        shown = [
            f"\x1b[1m$ {' '.join(words)}\x1b[0m\n{_printed(words, folder)}" for words in COMMANDS
        ]
    console = Console(
        record=True, width=_COLUMNS, file=io.StringIO(), force_terminal=True, legacy_windows=False
    )
    console.print(Text.from_ansi("\n".join(shown)), overflow="fold")
    return console.export_svg(
        title="iamlint", theme=SVG_EXPORT_THEME, code_format=_TEMPLATE, unique_id="iamlint"
    )


def _printed(words: tuple[str, ...], folder: Path) -> str:
    """Return what a command prints in colour, without links: a picture has none."""
    program = shutil.which(words[0], path=Path(sys.executable).parent)
    environment = {**os.environ, "FORCE_COLOR": "1"}
    environment.pop("NO_COLOR", None)
    done = subprocess.run(  # noqa: S603 - our own program
        [program or words[0], *words[1:], "--no-cache"]
        if words[1] == "check"
        else [program or words[0], *words[1:]],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return re.sub(r"\x1b\]8;;.*?\x1b\\", "", done.stdout)


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
