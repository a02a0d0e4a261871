"""The files below a folder that match a glob.

https://developer.hashicorp.com/terraform/language/functions/fileset
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from iamlint.late_pattern import late_pattern
from iamlint.load.find.tree import is_inside

if TYPE_CHECKING:
    from iamlint.load.terraform.language.folder import Folder

MAX_FILES: Final = 5_000
"""Files and folders that are visited."""

_TOKEN: Final = late_pattern(r"\*\*/?|\*|\?|\[!?[^\]/]+\]|\{[^{}]*\}")


def fileset(folder: Folder, path: str, glob: str) -> list[str] | None:
    """Return the paths of files below a folder that match a glob; None if unknown."""
    start = folder.beside(path)
    if os.path.isabs(path) or "\0" in path or not is_inside(start, folder.home):
        return None
    found: list[str] = []
    todo, seen = [start], 0
    while todo:
        place = todo.pop()
        try:
            children = folder.tree.children(place)
        except (OSError, ValueError):
            return None
        seen += len(children)
        if seen > MAX_FILES:
            return None
        for child in children:
            if child.is_dir(follow_symlinks=False):
                todo.append(child.path)
            elif child.is_file(follow_symlinks=False):
                found.append(os.path.relpath(child.path, start).replace(os.sep, "/"))
    pattern = _pattern(glob)
    return sorted(name for name in found if pattern.fullmatch(name))


def _pattern(glob: str) -> re.Pattern[str]:
    done, parts = 0, []
    for match in _TOKEN.finditer(glob):
        parts += [re.escape(glob[done : match.start()]), _translated(match[0])]
        done = match.end()
    return re.compile("".join([*parts, re.escape(glob[done:])]))


def _translated(token: str) -> str:
    match token[0], token:
        case _, "**/":
            return "(?:[^/]+/)*+"
        case _, "**":
            return ".*+"
        case _, "*":
            return "[^/]*"
        case _, "?":
            return "[^/]"
        case "{", _:
            return f"(?:{'|'.join(map(re.escape, token[1:-1].split(',')))})"
    return f"[{token[1:-1].replace('!', '^', 1) if token[1] == '!' else token[1:-1]}]"
