"""Reports and baselines are written as a whole, and never through a link of the repository."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iamlint.writing import write_file

if TYPE_CHECKING:
    from tests.support.program import Program


POLICY = (
    '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
)


@pytest.mark.parametrize(
    "command",
    [
        ["check", "p.json", "-o", "json:out.json"],
        ["check", "p.json", "-o", "json:sub/out.json"],
        ["check", "p.json", "--baseline", "out.json", "--update-baseline"],
        ["baseline", "create", "p.json", "-o", "out.json"],
    ],
)
def test_nothing_is_written_through_a_link(
    command: list[str], iamlint: Program, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    (work / ".git").mkdir(parents=True)
    (work / "p.json").write_text(POLICY)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "out.json").write_text("old")
    (work / "out.json").symlink_to(outside / "out.json")
    (work / "sub").symlink_to(outside)
    os.chdir(work)

    result = iamlint(*command)

    assert result.code == 2
    assert (outside / "out.json").read_text() == "old"
    assert (work / "out.json").is_symlink()


def test_refusal_names_the_file_and_the_reason(iamlint: Program, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(POLICY)
    (tmp_path / "out.json").symlink_to(tmp_path / "p.json")

    assert iamlint("check", "p.json", "-o", "json:out.json").err == (
        "error: `out.json` cannot be written: a symbolic link leads to it\n"
    )


def test_link_that_is_not_of_the_repository_is_followed(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "out.json").symlink_to(tmp_path / "real.json")

    write_file(Path("../out.json"), "new", tmp_path / "work")

    assert (tmp_path / "real.json").read_text() == "new"
    assert (tmp_path / "out.json").is_symlink()


def test_what_is_no_file_is_written_to(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()

    write_file(pipe, "new", tmp_path)
    write_file(Path("/dev/stdout"), "said", tmp_path)
    reader.join()

    assert read == ["new"]
    assert capfd.readouterr().out == "said"


def test_full_disk_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "out.json").write_text("old")
    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        write_file(tmp_path / "out.json", "new", tmp_path)

    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("out.json", "old")]


def write_often(place: Path, text: str, root: Path) -> None:
    for _ in range(20):
        write_file(place, text, root)


def test_two_writers_never_mix_their_output(tmp_path: Path) -> None:
    place = tmp_path / "out.json"
    texts = [letter * 100_000 for letter in "ab"]
    writers = [threading.Thread(target=write_often, args=(place, text, tmp_path)) for text in texts]
    for writer in writers:
        writer.start()
    seen = set()
    while any(writer.is_alive() for writer in writers):
        if place.exists():
            seen.add(place.read_text())

    assert seen <= set(texts)
    assert [one.name for one in tmp_path.iterdir()] == ["out.json"]


def test_new_file_has_the_mode_of_new_files_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("old")
    (tmp_path / "old").chmod(0o600)
    (tmp_path / "plain").write_text("")

    for name in ("old", "new"):
        write_file(tmp_path / name, "new", tmp_path)

    assert (tmp_path / "old").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode
