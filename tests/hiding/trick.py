"""A way of hiding a policy of an administrator in a repository, and the result of a check."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from iamlint.cli.session import Exit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tests.support.program import Program


STATEMENT: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
POLICY: dict[str, Any] = {"Version": "2012-10-17", "Statement": [STATEMENT]}
TEXT = json.dumps(POLICY)
CLEAN = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shelf/*"}
        ],
    }
)
"""A policy that each repository holds beside the hidden one, so that a run is never empty."""

GRANTED = "wildcard-admin"


class Outcome(StrEnum):
    """The result of a check of the repository for the hidden policy."""

    GRANT = "the grant is reported"
    GRAMMAR = "AWS would refuse the policy, and this is reported"
    REFUSED = "exit 2 names the file"
    LISTED = "not analysed, and a gate fails"
    SILENT = "nothing"


@dataclass(frozen=True)
class Trick:
    """Files by path; the policy is hidden in `at`, which is named or in a named folder."""

    name: str
    files: Mapping[str, str | bytes]
    at: str
    named: bool = False
    links: Mapping[str, str] = field(default_factory=dict)
    tracked: Sequence[str] = ()

    def __str__(self) -> str:
        return f"{self.name}, named" if self.named else self.name


def trick(
    name: str, files: str | bytes | Mapping[str, str | bytes], at: str = "", **more: Any
) -> Trick:
    """Return a trick; one text alone is that of `p.json` or of the file that `at` names."""
    if isinstance(files, str | bytes):
        at = at or "p.json"
        return Trick(name, {at: files}, at, **more)
    return Trick(name, files, at or next(iter(files)), **more)


def made(one: Trick, root: Path) -> Path:
    """Write the repository of a trick below a folder, and return it."""
    home = root / "repository"
    files = {".git/HEAD": "", "clean/clean.json": CLEAN, **one.files}
    for path, text in files.items():
        place = home / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode() if isinstance(text, str) else text)
    if one.tracked:
        (home / ".git/index").write_bytes(index(one.tracked))
    for path, target in one.links.items():
        place = home / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)
    return home


def index(paths: Sequence[str]) -> bytes:
    """Return the index of git of these files, https://git-scm.com/docs/index-format."""
    data = b"DIRC" + struct.pack(">LL", 2, len(paths))
    for path in sorted(path.encode() for path in paths):
        entry = bytes(60) + struct.pack(">H", len(path)) + path
        data += entry + bytes(8 - len(entry) % 8)
    return data + bytes(20)


def outcome(one: Trick, root: Path, iamlint: Program) -> Outcome:
    """Return the result of a check of the repository of a trick, a folder as in a gate."""
    home = made(one, root)
    gate = ("--fail-on-not-analysed", "--no-nested-config")
    paths = (str(home / one.at),) if one.named else (str(home), *gate)
    result = iamlint("check", *paths, "--output-format", "json")
    said = json.loads(result.out) if result.out else {"findings": [], "not_analysed": []}
    found = [f for f in said["findings"] if not f["suppressed"] and _is_at(one, f["path"])]
    if any(f["rule"] == GRANTED for f in found):
        return Outcome.GRANT
    if any(f["severity"] == "error" for f in found):
        return Outcome.GRAMMAR
    is_named = any(_is_at(one, item["path"]) for item in said["not_analysed"])
    if result.code != Exit.USAGE or not (is_named or one.at in result.err):
        return Outcome.SILENT
    return (
        Outcome.LISTED
        if "that may contain a policy could not be analysed" in result.err
        else Outcome.REFUSED
    )


def _is_at(one: Trick, path: str) -> bool:
    """Return whether a path is that of the hidden policy, or inside of it."""
    shown, at = PurePosixPath(path), PurePosixPath("repository") / one.at
    return shown.parts[: len(at.parts)] == at.parts
