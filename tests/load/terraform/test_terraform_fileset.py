"""The files that `fileset` matches: each is a policy, and an unknown pattern gives none.

https://developer.hashicorp.com/terraform/language/functions/fileset
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

from iamlint.load import LoadOptions, load
from iamlint.load.terraform.language import fileset
from iamlint.policy.grammar import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from iamlint.load import Loaded

FILES: Final = (
    "a.json",
    "b.json",
    "ab.json",
    "c.txt",
    "deep/d.json",
    "deep/er/e.json",
    "x[1].json",
)
MODULE: Final = """
resource "aws_iam_policy" "p" {
  for_each = fileset(%s, "%s")
  name     = each.value
  policy   = file("${path.module}/policies/${each.value}")
}
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    for name in FILES:
        path = tmp_path / "m/policies" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"Statement": [statement]}))
    return tmp_path


def loaded(repository: Path, glob: str, folder: str = '"${path.module}/policies"') -> Loaded:
    (repository / "m/main.tf").write_text(MODULE % (folder, glob))
    return load(["m/main.tf"], LoadOptions(root=repository))


def named(repository: Path, glob: str) -> list[str]:
    """Return the names of the policies that a module creates from the files of a glob."""
    return [document.name or "" for document in loaded(repository, glob).documents]


@pytest.mark.parametrize(
    ("glob", "names"),
    [
        ("a.json", ["a.json"]),
        ("*.json", ["a.json", "ab.json", "b.json", "x[1].json"]),
        ("?.json", ["a.json", "b.json"]),
        ("[ab].json", ["a.json", "b.json"]),
        ("[!a].json", ["b.json"]),
        ("{a,ab}.json", ["a.json", "ab.json"]),
        ("*/*.json", ["deep/d.json"]),
        ("**/e.json", ["deep/er/e.json"]),
        ("deep/**", ["deep/d.json", "deep/er/e.json"]),
        ("**/*.{txt,none}", ["c.txt"]),
        ("none*", []),
    ],
)
def test_each_file_that_a_glob_names_makes_a_policy(
    glob: str, names: list[str], repository: Path
) -> None:
    assert named(repository, glob) == names


def test_link_to_a_file_or_a_folder_is_not_followed(repository: Path) -> None:
    (repository / "m/policies/z.json").symlink_to(repository / "m/policies/a.json")
    (repository / "m/policies/round").symlink_to(repository / "m/policies")

    assert named(repository, "{z,round/a}.json") == []


@pytest.mark.parametrize("folder", ['"/etc"', '"${path.module}/../.."', '"${path.module}/none"'])
def test_folder_that_is_outside_or_not_there_names_files_that_are_not_known(
    folder: str, repository: Path
) -> None:
    found = loaded(repository, "*", folder)

    assert (found.documents, [one.kind for one in found.not_analysed]) == ((), [Kind.IDENTITY])


def test_folder_of_too_many_files_names_files_that_are_not_known(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fileset, "MAX_FILES", len(FILES) - 1)

    found = loaded(repository, "a.json")

    assert (found.documents, [one.kind for one in found.not_analysed]) == ((), [Kind.IDENTITY])
