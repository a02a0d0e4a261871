"""Small repositories of git, made in a temporary folder, and what their sides hold."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from iamlint.revisions.sides.opening import open_pairs

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.revisions.sides.side import ComparedSide

SETTINGS = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}
POLICY = """{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:%s", "Resource": "arn:aws:s3:::shelf/*"}]}"""


class Repo:
    """A repository on branch `main`."""

    def __init__(self, top: Path, *options: str) -> None:
        self.top = top
        top.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *options)

    def git(self, *words: str, at: Path | None = None) -> str:
        done = subprocess.run(
            ["git", *words], cwd=at or self.top, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            place = self.top / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")

    def commit(self, files: dict[str, str], *, branch: str = "") -> str:
        """Write files and commit everything; return the id of the commit."""
        if branch:
            self.git("checkout", "-q", "-b", branch)
        self.write(files)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "change")
        return self.git("rev-parse", "HEAD")


def pairs(
    repo: Repo,
    old: str | None = None,
    new: str | None = None,
    *paths: str,
    at: str = "",
    **more: object,
) -> tuple[tuple[ComparedSide, ComparedSide], ...]:
    """Open all pairs of sides from the top of a repository, or from a folder in it."""
    return open_pairs(old, new, paths, here=repo.top / at, **more)  # type: ignore[arg-type]


def sides(
    repo: Repo,
    old: str | None = None,
    new: str | None = None,
    *paths: str,
    at: str = "",
    **more: object,
) -> tuple[ComparedSide, ComparedSide]:
    """Open the first pair alone."""
    return pairs(repo, old, new, *paths, at=at, **more)[0]


def actions(side: ComparedSide) -> dict[str, list[str]]:
    """Return the actions of each policy of a side, by the name of its file on both sides."""
    return {
        side.relative(document.path): [
            entry.text.removeprefix("s3:")
            for s in document.policy.statements
            for entry in s.actions
        ]
        for document in side.documents
    }
