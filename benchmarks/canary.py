"""Renames one action in every policy text of a copy of a folder, and shows whether `check` sees it.

    python -m benchmarks.canary FOLDER

Finds policies by plain text search, without any loader: an action that the catalog knows, near a
word of a policy. One action is renamed for each such region of a file. A place is *reported* when a
finding stands in its line, *listed* when something of its file is listed as not analysed, which is
less exact; otherwise it is missed and printed. Executes nothing of the folder.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iamlint.catalog import Catalog

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIXES = (".json", ".json5", ".yaml", ".yml", ".template", ".tf", ".tofu", ".tfstate")
SKIPPED = {".git", ".terraform", "node_modules", ".venv"}
LARGEST = 2_000_000
APART = 12
"""Lines between two actions that lie in policies of their own."""

ACTION = re.compile(r"(?<![\w:$./-])([a-z][a-z0-9-]{1,30}):([A-Z][A-Za-z]{3,50})(?![\w:*/.-])")
SIGN = re.compile(r"(?i)\b(?:not_?)?actions?\b|\beffect\b|\bstatement")
COMMENT = re.compile(r"\s*(?:#|//|\*)")


@dataclass(frozen=True, slots=True)
class Place:
    """An action that is renamed."""

    path: str
    line: int
    action: str


def main() -> None:
    source = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / source.name
        shutil.copytree(source, copy, symlinks=True, ignore=shutil.ignore_patterns(*SKIPPED))
        (copy / ".git").mkdir(exist_ok=True)
        places = list(renamed(copy))
        report = checked(copy)
    show(places, report)


def renamed(folder: Path) -> Iterator[Place]:
    """Rename actions in files; yield where."""
    catalog = Catalog.open()
    for file in sorted(folder.rglob("*")):
        if file.is_symlink() or not file.is_file() or not file.name.endswith(SUFFIXES):
            continue
        if file.stat().st_size > LARGEST:
            continue
        try:
            lines = file.read_text(encoding="utf-8").split("\n")
        except UnicodeDecodeError:
            continue
        places = list(_places(lines, catalog))
        for number, start, end in places:
            lines[number] = f"{lines[number][:end]}Canary{lines[number][end:]}"
            path = file.relative_to(folder).as_posix()
            yield Place(path, number + 1, lines[number][start : end + len("Canary")])
        if places:
            file.write_text("\n".join(lines), encoding="utf-8")


def _places(lines: list[str], catalog: Catalog) -> Iterator[tuple[int, int, int]]:
    last = -APART
    for number, line in enumerate(lines):
        if number - last < APART or COMMENT.match(line):
            continue
        around = "\n".join(lines[max(0, number - APART) : number + APART])
        for found in ACTION.finditer(line):
            if catalog.action(found[0]) and SIGN.search(around):
                last = number
                yield number, found.start(), found.end()
                break


def checked(folder: Path) -> Any:
    command = [
        sys.executable,
        "-m",
        "iamlint",
        "--isolated",
        "check",
        ".",
        "--no-respect-gitignore",
    ]
    command += ["--output-format", "json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except ValueError:
        sys.exit(done.stderr)


def show(places: list[Place], report: Any) -> None:
    reported = {
        (one["path"], line)
        for one in report["findings"]
        for line in range(one["range"]["start"]["line"], one["range"]["end"]["line"] + 1)
    }
    listed = Counter(item["path"] for item in report["not_analysed"])
    counts: Counter[str] = Counter()
    for place in places:
        if (place.path, place.line) in reported:
            counts["reported"] += 1
        elif place.path in listed:
            counts["in a file with something listed as not analysed"] += 1
        else:
            counts["missed"] += 1
            print(f"missed: {place.path}:{place.line}: {place.action}")
    for name, number in counts.items():
        print(f"{number} of {len(places)} ({number / len(places):.1%}) {name}")


if __name__ == "__main__":
    main()
