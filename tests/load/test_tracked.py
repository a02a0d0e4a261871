"""Files that git tracks count in spite of `.gitignore`, in each format of its index."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from iamlint.load import LoadOptions, list_files
from iamlint.load.find.tracked import Tracked
from iamlint.load.find.tree import FileTree

if TYPE_CHECKING:
    from pathlib import Path

FILES = {".gitignore": "*.json\nbuild/\n", "a.json": "1", "b.json": "2", "build/sub/c.json": "3"}
TRACKED = (".gitignore", "a.json", "build/sub/c.json")

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *args: str) -> None:
    subprocess.run(["git", "-C", str(folder), *args], check=True, capture_output=True)


def repository(folder: Path, *options: str) -> Path:
    for path, text in {**FILES, "build/d.json": "4"}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    git(folder, "init", "-q", *options)
    git(folder, "add", "-f", *TRACKED)
    return folder


def found(folder: Path) -> list[str]:
    return [file.path for file in list_files(["."], LoadOptions(root=folder, here=folder)).files]


@needs_git
@pytest.mark.parametrize("version", ["2", "3", "4"])
@pytest.mark.parametrize("names", ["sha1", "sha256"])
def test_tracked_files_are_read_in_ignored_folders_too(
    version: str, names: str, tmp_path: Path
) -> None:
    folder = repository(tmp_path, f"--object-format={names}")
    git(folder, "update-index", "--index-version", version)
    if version == "3":  # such as an entry that is only meant to be added has it
        git(folder, "add", "-f", "-N", "b.json")

    more = ["b.json"] if version == "3" else []
    assert found(folder) == ["a.json", *more, "build/sub/c.json"]


@needs_git
def test_index_of_a_second_work_tree_counts_there(tmp_path: Path) -> None:
    folder = repository(tmp_path / "one")
    author = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    git(folder, *author, "commit", "-q", "-m", "x")
    git(folder, "worktree", "add", "-q", str(tmp_path / "two"))

    assert found(tmp_path / "two") == ["a.json", "build/sub/c.json"]


@pytest.mark.parametrize(
    "data", [b"", b"DIRC", b"x" * 100, b"DIRC\0\0\0\2\0\0\0\1" + b"a.json" * 20], ids=repr
)
def test_index_that_is_none_tracks_nothing(data: bytes, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/index").write_bytes(data)
    tracked = Tracked(FileTree(), str(tmp_path))

    assert not tracked.holds(str(tmp_path / "a.json"), is_folder=False)


def test_folder_without_git_tracks_nothing(tmp_path: Path) -> None:
    tracked = Tracked(FileTree(), str(tmp_path))

    assert not tracked.holds(str(tmp_path / "a.json"), is_folder=False)
