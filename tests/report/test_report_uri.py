"""How reports name files for code hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iamlint.load.find.uri import RepositoryPaths

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a.json", "infra/a.json"),
        ("./sub/../a.json", "infra/a.json"),
        ("../b.json", "b.json"),
        ("über uns/100%#?:[x].json", "infra/%C3%BCber%20uns/100%25%23%3F%3A%5Bx%5D.json"),
        ("a\\b\n.json", "infra/a%5Cb%0A.json"),
        ("../../other/deep/c.json", "deep/c.json"),
    ],
)
def test_file_is_named_from_the_root_of_its_repository(tmp_path: Path, path: str, uri: str) -> None:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    (tmp_path / "repo" / "infra").mkdir()
    (tmp_path / "other" / "deep").mkdir(parents=True)
    (tmp_path / "other" / ".git").write_text("gitdir: elsewhere")

    assert RepositoryPaths(tmp_path / "repo" / "infra").of(path) == uri


def test_file_of_no_repository_is_named_from_the_working_directory(tmp_path: Path) -> None:
    uris = RepositoryPaths(tmp_path / "here")

    assert uris.of("a.json") == "a.json"
    assert uris.of(str(tmp_path / "here" / "b.json")) == "b.json"
    assert uris.of("../c.json") == (tmp_path / "c.json").as_uri()
