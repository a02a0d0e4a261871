"""Paths on the command line start at the current folder, wherever the configuration is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Program

POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}
OTHER = {"Version": "2012-10-17", "Statement": []}
TEST = """
[[test]]
name = "reads"
as = "%s"
can = ["s3:GetObject"]
resource = ["arn:aws:s3:::b/k"]
"""
ASK = ("s3:GetObject", "--on", "arn:aws:s3:::b/k", "--expect", "allowed")
COMMANDS = {
    "check": ("check", "a.json", "--show-files"),
    "check a folder": ("check", "in", "--show-files"),
    "check with a baseline": ("check", "a.json", "--baseline", "b.json"),
    "can": ("can", "a.json", *ASK),
    "can with a path upwards": ("can", "../sub/a.json", *ASK),
    "can with a configuration": ("--config", "own.toml", "can", "a.json", *ASK),
    "test": ("test", "t.iamtest.toml"),
    "config show": ("config", "show", "a.json"),
    "baseline": ("baseline", "show", "a.json", "--baseline", "b.json"),
}
PLACES = ("", "repo", "repo/sub", "repo/sub/in")


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("place", [*PLACES, None])
def test_paths_start_at_the_current_folder(
    command: tuple[str, ...],
    place: str | None,
    iamlint: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = tmp_path / "repo" / "sub"
    (here / "in").mkdir(parents=True)
    (tmp_path / "repo" / ".git").mkdir()
    for above in (tmp_path, tmp_path / "repo"):
        (above / "a.json").write_text(json.dumps(OTHER))
    (here / "a.json").write_text(json.dumps(POLICY))
    (here / "in" / "c.json").write_text(json.dumps(POLICY))
    (here / "b.json").write_text('{"version": 1, "reason": "old", "findings": []}')
    (here / "own.toml").write_text("")
    # A configuration above the repository does not count.
    way = "sub/a.json" if place == "repo" else "a.json"
    (here / "t.iamtest.toml").write_text(TEST % way)
    if place is not None:
        (tmp_path / place / "iamlint.toml").write_text('account = "111122223333"\n')
    monkeypatch.chdir(here)

    result = iamlint(*command)

    assert (result.code, result.err.startswith("error")) == (0, False), result
