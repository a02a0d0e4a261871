"""A repository from anywhere: nothing in it runs, nothing leaves it, nothing is guessed."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from iamlint.errors import ReadError, UsageError
from iamlint.revisions.sides import blobs, git_files
from iamlint.revisions.sides.blobs import BlobReader
from iamlint.revisions.sides.git import GitRepository
from tests.revisions.sides.repo import POLICY, SETTINGS, Repo, actions, sides

if TYPE_CHECKING:
    from pathlib import Path

HOOKS = ("post-index-change", "reference-transaction", "post-checkout", "pre-auto-gc", "fsmonitor")
PROGRAMS = (
    *("core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.askPass"),
    *("core.gitProxy", "core.alternateRefsCommand", "diff.external", "diff.evil.command"),
    *("diff.evil.textconv", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process"),
    *("merge.evil.driver", "credential.helper", "gpg.program", "interactive.diffFilter"),
    *("pager.diff", "pager.ls-tree", "pager.rev-parse", "uploadpack.packObjectsHook"),
    *("remote.origin.uploadpack", "remote.origin.proxy"),
)
ALIASES = ("rev-parse", "ls-tree", "ls-files", "cat-file", "diff-tree", "diff-index", "merge-base")


@pytest.fixture
def marker(repo: Repo, tmp_path: Path) -> Path:
    """A file that appears if anything that the repository names runs; not by what made it."""
    ran, script = tmp_path / "ran", tmp_path / "evil.sh"
    script.write_text(f'#!/bin/sh\necho "$0 $*" >> {ran}\nexit 1\n')
    script.chmod(0o755)
    repo.commit({"b.json": POLICY % "PutObject", ".gitattributes": "* filter=evil diff=evil\n"})
    repo.commit({"f.json": POLICY % "Put*"}, branch="feature")
    (repo.top / "hooks").mkdir()
    for name in HOOKS:
        (repo.top / "hooks" / name).symlink_to(script)
    for key in PROGRAMS:
        repo.git("config", key, str(script))
    for name in ALIASES:
        repo.git("config", f"alias.{name}", f"!{script}")
    repo.git("config", "core.hooksPath", str(repo.top / "hooks"))
    repo.write({"a.json": POLICY % "ListBucket", "c.json": POLICY % "ListBucket"})
    return ran


def test_nothing_that_a_repository_names_runs(repo: Repo, marker: Path) -> None:
    for names in ((), ("main",), ("main", "feature"), ("main...feature",), ("HEAD~1..",)):
        sides(repo, *names)
    sides(repo, index=True)
    for name in ("gone", "main...gone", "-x", "!ls", "ext::sh -c evil"):
        with pytest.raises(UsageError):
            sides(repo, name)

    assert not marker.exists()


def test_the_programs_that_a_repository_names_would_run_otherwise(repo: Repo, marker: Path) -> None:
    subprocess.run(["git", "diff", "HEAD~1"], cwd=repo.top, capture_output=True, check=False)

    assert marker.exists()


@pytest.mark.parametrize("protocol", ["file", "ext"])
def test_a_missing_object_is_never_fetched(repo: Repo, marker: Path, protocol: str) -> None:
    script = marker.with_name("evil.sh")
    url = str(repo.top) if protocol == "file" else f"ext::{script}"
    for key, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": url,
        f"protocol.{protocol}.allow": "always",
    }.items():
        repo.git("config", key, value)
    blob = repo.git("rev-parse", "main:a.json")
    (repo.top / ".git/objects" / blob[:2] / blob[2:]).unlink()

    old, new = sides(repo, "main", "feature")

    assert (set(actions(old)), old.not_analysed) == ({"b.json"}, new.not_analysed)
    assert [(one.path, one.reason, one.unreadable) for one in new.not_analysed] == [
        (
            "a.json",
            "cannot be read: its content is missing in this clone, which is partial or damaged",
            True,
        )
    ]
    assert set(actions(new)) == {"b.json", "f.json"}
    assert not marker.exists()
    subprocess.run(["git", "cat-file", "-p", blob], cwd=repo.top, capture_output=True, check=False)
    assert marker.exists()


@pytest.mark.parametrize("name", ["..", ".", ".git", ".GIT"])
def test_a_tree_with_impossible_names_is_refused(repo: Repo, name: str) -> None:
    blob = repo.git("rev-parse", "HEAD:a.json")
    inner = hand_made(repo, "100644", "a.json", blob)
    tree = hand_made(repo, "40000", name, inner)
    commit = repo.git("commit-tree", tree, "-m", "evil")

    with pytest.raises(ReadError) as raised:
        sides(repo, commit, "main")

    assert raised.value.message == (
        f"a revision has the path `{name}/a.json`, which no working tree can have"
    )


def hand_made(repo: Repo, mode: str, name: str, oid: str) -> str:
    """Write a tree that `git mktree` would refuse."""
    data = f"{mode} {name}\0".encode() + bytes.fromhex(oid)
    done = subprocess.run(
        ["git", "hash-object", "-w", "-t", "tree", "--stdin", "--literally"],
        cwd=repo.top,
        input=data,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()


def test_a_revision_with_more_names_than_any_repository_is_refused(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tree that holds another one ten times, ten levels deep, has a million files."""
    monkeypatch.setattr(git_files, "MAX_NAMES", 1_000_000)
    tree = repo.git("rev-parse", "HEAD^{tree}")
    for _ in range(9):
        tree = made_tree(repo, {str(number): tree for number in range(10)})

    with pytest.raises(ReadError, match="git lists more than 1,000,000 bytes of names"):
        sides(repo, repo.git("commit-tree", tree, "-m", "wide"), "main")


def test_a_revision_with_more_folders_than_any_repository_is_refused(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_files, "MAX_NAMES", 1_000_000)
    tree = repo.git("rev-parse", "HEAD^{tree}")
    for _ in range(200):
        tree = made_tree(repo, {"d": tree})
    tree = made_tree(repo, {str(number): tree for number in range(100)})

    with pytest.raises(ReadError, match="a revision has more than 1,000,000 bytes of names"):
        sides(repo, repo.git("commit-tree", tree, "-m", "deep"), "main")
    tree = made_tree(repo, {"x" * 4090: tree})
    with pytest.raises(ReadError, match="which no working tree can have"):
        sides(repo, repo.git("commit-tree", tree, "-m", "long"), "main")


def made_tree(repo: Repo, folders: dict[str, str]) -> str:
    """Write a tree of other trees."""
    lines = "".join(f"040000 tree {oid}\t{name}\n" for name, oid in folders.items())
    done = subprocess.run(
        ["git", "mktree"], cwd=repo.top, input=lines, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_one_content_of_very_many_files_is_not_read_for_all(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = len(POLICY % "GetObject")
    monkeypatch.setattr(blobs, "MAX_GIVEN", 5 * size)
    repo.commit({f"{number}.json": POLICY % "GetObject" for number in range(9)})

    old, _ = sides(repo, "HEAD", "HEAD")

    assert len(old.documents) < 9
    assert {one.reason for one in old.not_analysed} == {
        f"cannot be read: the files have more than {5 * size:,} bytes together"
    }


def test_a_link_that_leads_out_is_listed_and_not_read(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text(POLICY % "GetObject")
    links = {
        "up.json": "../secret.json",
        "absolute.json": str(tmp_path / "secret.json"),
        "folder/way.json": "../../secret.json",
        "both/way.json": "../folder/../../secret.json",
    }
    for name, target in links.items():
        (repo.top / name).parent.mkdir(exist_ok=True)
        (repo.top / name).symlink_to(target)
    repo.commit({})

    for side in sides(repo, "HEAD", "HEAD"):
        assert set(actions(side)) == {"a.json"}
        assert {one.path: one.reason for one in side.not_analysed} == dict.fromkeys(
            links, "symbolic link that leads out of the repository"
        )


def test_a_configuration_that_leads_out_is_refused(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "out.toml").write_text("")
    (repo.top / "iamlint.toml").symlink_to("../out.toml")
    repo.commit({})
    (repo.top / "iamlint.toml").unlink()

    with pytest.raises(UsageError) as raised:
        sides(repo)

    assert raised.value.message == (
        "HEAD: `iamlint.toml` is a link that leads out of the repository"
    )


@pytest.mark.parametrize(
    "text",
    [
        "extend = '../out.toml'",
        "[principals.'role/x']\npolicies = ['../out.json']",
        "[terraform]\nvar-files = ['../out.tfvars']",
    ],
)
def test_a_configuration_names_no_file_outside(repo: Repo, tmp_path: Path, text: str) -> None:
    for name in ("out.toml", "out.json", "out.tfvars"):
        (tmp_path / name).write_text("")
    repo.commit({"iamlint.toml": text})
    repo.write({"iamlint.toml": ""})

    with pytest.raises(UsageError, match="outside of the repository"):
        sides(repo)


def test_links_in_circles_lead_nowhere(repo: Repo) -> None:
    for number in range(60):
        (repo.top / f"l{number}").symlink_to(f"l{(number + 1) % 60}/x")
    (repo.top / "self").symlink_to("self")
    (repo.top / "here").symlink_to(".")
    (repo.top / "long").symlink_to("./" * 2000 + "a.json")
    repo.commit({})

    old, new = sides(repo, "HEAD", "HEAD")

    assert set(actions(old)) == set(actions(new)) == {"a.json"}


def test_a_large_blob_is_read_to_the_limit_alone(repo: Repo) -> None:
    repo.commit({"large.json": " " * 3_000_000 + "x"})
    git = GitRepository.around(str(repo.top), {"PATH": "/usr/bin:/bin", **SETTINGS})
    large, small = git.commit("HEAD:large.json"), repo.git("rev-parse", "HEAD:a.json")
    assert large is None  # only commits are revisions
    large = repo.git("rev-parse", "HEAD:large.json")
    reader = BlobReader(git)

    with reader.held_open():
        assert reader.read(large, 10) == b" " * 10
        assert reader.read(small, 1_000).decode() == POLICY % "GetObject"
        assert reader.size(large) == 3_000_001
        assert reader.read(small, 3) == b'{"V'
        assert reader.read(large, 5_000_000)[-2:] == b" x"
    assert reader.read(large, 3_000_001)[-1:] == b"x"
    with pytest.raises(OSError, match="missing"):
        reader.read("0" * 40, 1)


def test_no_process_of_git_is_left(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    start = GitRepository.start

    def kept(self: GitRepository, *words: str) -> subprocess.Popen[bytes]:
        started.append(start(self, *words))
        return started[-1]

    monkeypatch.setattr(GitRepository, "start", kept)
    sides(repo, "HEAD", "HEAD")
    repo.commit({"iamlint.toml": "wrong = 1"})
    with pytest.raises(UsageError):
        sides(repo)

    assert len(started) > 2
    assert all(process.returncode is not None for process in started)
